//! Launches: which record takes which change, and what is left of it afterwards.

use doorway_core::launch_id::LaunchId;
use doorway_core::store::StoreError;
use doorway_core::store::launches::awaiting::NewAwaiting;
use doorway_core::store::launches::{
    Answered, Launches, NewLaunch, REDEEM_SECONDS, Redeemed, Stored, TOMBSTONE_SECONDS, TakeBack,
};
use doorway_local::database::LAUNCHES_TABLE;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{Issuer, UserId};
use doorway_lti::json::Object;
use doorway_tests::{AttributeValue, BEGIN, Item, TestTool};
use serde_json::json;

const UNTIL: UnixSeconds = UnixSeconds(BEGIN.0 + 1_000_000);

fn id(letter: &str) -> LaunchId {
    LaunchId::try_from(letter.repeat(32).as_str()).expect("32 letters are a launch id")
}

fn issuer() -> Issuer {
    Issuer::try_from("https://lms.example").expect("the issuer is one")
}

fn user(sub: &str) -> UserId {
    UserId::try_from(sub).expect("the user id is one")
}

fn object(name: &str) -> Object {
    Object::from_iter([("name".to_owned(), json!(name))])
}

fn later(seconds: u64) -> UnixSeconds {
    UnixSeconds(BEGIN.0 + seconds)
}

async fn store(launches: &Launches, id: &LaunchId, user_id: Option<&UserId>, state_expires_at: UnixSeconds) {
    let launch = NewLaunch {
        id,
        issuer: &issuer(),
        user_id,
        kept: object("kept"),
        personal: object("personal"),
        state_expires_at,
        attempt: [1; 8],
    };
    assert_eq!(launches.store(&launch, BEGIN).await.expect("the table takes launches"), Stored::New);
}

async fn keep_awaiting(launches: &Launches, handle: &LaunchId, user_id: Option<&UserId>) -> Result<(), StoreError> {
    let awaiting = NewAwaiting {
        id: handle,
        launch_id: &id("L"),
        issuer: &issuer(),
        user_id,
        record: object("awaiting"),
        expires_at: later(600),
    };
    launches.keep_awaiting(&awaiting).await
}

/// How redeeming ended, in a word.
async fn redeemed(launches: &Launches, id: &LaunchId, attempt: u8, now: UnixSeconds) -> &'static str {
    match launches.redeem(id, [attempt; 8], UNTIL, now).await.expect("the table serves") {
        Redeemed::Now(..) => "now",
        Redeemed::AnswerLost => "answer lost",
        Redeemed::Before => "before",
        Redeemed::Expired => "expired",
        Redeemed::Unknown => "unknown",
    }
}

async fn redeem(launches: &Launches, id: &LaunchId, attempt: u8) -> TakeBack {
    match launches.redeem(id, [attempt; 8], UNTIL, BEGIN).await.expect("the table serves") {
        Redeemed::Now(_, take_back) => take_back,
        _ => panic!("not redeemed"),
    }
}

async fn item(tool: &TestTool, id: &LaunchId) -> Option<Item> {
    let of_id = |item: &Item| item["id"].as_s().is_ok_and(|text| text == id.as_str());
    tool.stored_launches().await.into_iter().find(of_id)
}

/// The names of its attributes, sorted.
fn names(item: &Item) -> Vec<&str> {
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_record_stays_as_long_as_its_state_and_an_hour_whichever_clock_is_ahead() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    for (letter, state_expires_at, expires_at) in
        [("A", later(600), later(600 + TOMBSTONE_SECONDS)), ("B", UnixSeconds(BEGIN.0 - 600), later(TOMBSTONE_SECONDS))]
    {
        store(&launches, &id(letter), None, state_expires_at).await;
        let stored = launches.get(&id(letter)).await.unwrap().unwrap();
        assert_eq!(stored.redeem_by, later(REDEEM_SECONDS));
        assert_eq!(stored.expires_at, expires_at);
        assert!((stored.kept, stored.personal) == (object("kept"), Some(object("personal"))));
    }
}

#[tokio::test]
async fn a_launch_is_redeemed_while_it_can_be_and_has_what_was_personal() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    store(&launches, &id("B"), None, later(600)).await;
    assert_eq!(redeemed(&launches, &id("A"), 1, later(REDEEM_SECONDS)).await, "expired");
    assert_eq!(redeemed(&launches, &id("A"), 1, later(REDEEM_SECONDS - 1)).await, "now");
    assert_eq!(redeemed(&launches, &id("A"), 1, BEGIN).await, "answer lost");
    assert_eq!(redeemed(&launches, &id("A"), 2, BEGIN).await, "before");
    launches.forget(&id("A"), BEGIN).await.unwrap();
    assert_eq!(redeemed(&launches, &id("A"), 1, BEGIN).await, "unknown", "forgotten after it was redeemed");
    launches.forget(&id("B"), BEGIN).await.unwrap();
    assert_eq!(redeemed(&launches, &id("B"), 1, BEGIN).await, "unknown", "forgotten before it was redeemed");
    assert_eq!(redeemed(&launches, &id("C"), 1, BEGIN).await, "unknown", "never there");
    assert!(item(&tool, &id("C")).await.is_none());
}

#[tokio::test]
async fn a_record_that_says_it_was_redeemed_is_not_redeemed_whatever_else_it_has() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    let mut marked = item(&tool, &id("A")).await.unwrap();
    marked.insert("redeemed".to_owned(), AttributeValue::B(vec![7; 8].into()));
    tool.put_item(LAUNCHES_TABLE, marked).await;
    assert_eq!(redeemed(&launches, &id("A"), 1, BEGIN).await, "before");
}

#[tokio::test]
async fn a_redeeming_that_is_taken_back_leaves_the_launch_as_it_was_for_an_hour() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, BEGIN).await;
    let before = item(&tool, &id("A")).await.unwrap();
    let first = redeem(&launches, &id("A"), 1).await;
    launches.take_back(&id("A"), first, later(7)).await.unwrap();
    let after = item(&tool, &id("A")).await.unwrap();
    assert_eq!(names(&after), names(&before));
    assert_eq!(launches.get(&id("A")).await.unwrap().unwrap().expires_at, later(7 + TOMBSTONE_SECONDS));
}

#[tokio::test]
async fn only_the_redeeming_that_stands_is_taken_back() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    let before = item(&tool, &id("A")).await.unwrap();
    let first = redeem(&launches, &id("A"), 1).await;
    // Taken back and redeemed anew meanwhile.
    tool.put_item(LAUNCHES_TABLE, before).await;
    let second = redeem(&launches, &id("A"), 2).await;
    launches.take_back(&id("A"), first, BEGIN).await.unwrap();
    assert_eq!(redeemed(&launches, &id("A"), 3, BEGIN).await, "before");

    launches.forget(&id("A"), BEGIN).await.unwrap();
    let forgotten = item(&tool, &id("A")).await.unwrap();
    launches.take_back(&id("A"), second, BEGIN).await.unwrap();
    assert_eq!(item(&tool, &id("A")).await.unwrap(), forgotten, "nothing personal comes back");
}

#[tokio::test]
async fn what_cannot_be_read_is_not_redeemed() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    let good = item(&tool, &id("A")).await.unwrap();
    let mut broken = good.clone();
    broken.insert("kept".to_owned(), AttributeValue::B(vec![7; 8].into()));
    tool.put_item(LAUNCHES_TABLE, broken.clone()).await;
    let error = launches.redeem(&id("A"), [1; 8], UNTIL, BEGIN).await.err().expect("its record is broken");
    assert!(matches!(error, StoreError::Broken { .. }), "{error}");
    assert_eq!(names(&item(&tool, &id("A")).await.unwrap()), names(&broken), "taken back");
    tool.put_item(LAUNCHES_TABLE, good).await;
    assert_eq!(redeemed(&launches, &id("A"), 2, BEGIN).await, "now");
}

#[tokio::test]
async fn a_deep_linking_request_is_answered_once_and_only_while_it_is_there() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    let again = |same_request| Answered::Before { same_request, at: later(7) };
    assert_eq!(launches.answer(&id("A"), &[1; 32], later(7)).await.unwrap(), Answered::Now);
    assert_eq!(launches.answer(&id("A"), &[1; 32], later(9)).await.unwrap(), again(true));
    assert_eq!(launches.answer(&id("A"), &[2; 32], later(9)).await.unwrap(), again(false));
    launches.forget(&id("A"), BEGIN).await.unwrap();
    let forgotten = item(&tool, &id("A")).await.unwrap();
    assert_eq!(launches.answer(&id("A"), &[1; 32], later(9)).await.unwrap(), Answered::Unknown);
    assert_eq!(item(&tool, &id("A")).await.unwrap(), forgotten);
    assert_eq!(launches.answer(&id("B"), &[1; 32], later(9)).await.unwrap(), Answered::Unknown);
    assert!(item(&tool, &id("B")).await.is_none());
}

#[tokio::test]
async fn a_forgotten_launch_is_a_tombstone_for_an_hour_and_what_was_not_there_is_none() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), Some(&user("41")), later(600)).await;
    assert!(launches.is_used(&id("A")).await.unwrap() && launches.get(&id("A")).await.unwrap().is_some());
    launches.forget(&id("A"), later(7)).await.unwrap();
    assert!(launches.is_used(&id("A")).await.unwrap() && launches.get(&id("A")).await.unwrap().is_none());
    let tombstone = item(&tool, &id("A")).await.unwrap();
    assert_eq!(names(&tombstone), ["attempt", "expires_at", "id", "redeem_by"]);
    assert_eq!(tombstone["expires_at"], AttributeValue::N(later(7 + TOMBSTONE_SECONDS).0.to_string()));

    launches.forget(&id("B"), BEGIN).await.unwrap();
    assert!(!launches.is_used(&id("B")).await.unwrap());
    assert!(item(&tool, &id("B")).await.is_none());
}

#[tokio::test]
async fn what_waits_waits_until_its_state_ends_and_is_no_launch() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    keep_awaiting(&launches, &id("A"), None).await.unwrap();
    let waits = async |now| {
        let found = launches.find_awaiting(&id("A"), now).await.unwrap();
        found.is_some_and(|found| found.launch_id == id("L") && found.record == object("awaiting"))
    };
    assert!(waits(BEGIN).await && waits(later(599)).await);
    assert!(!waits(later(600)).await);
    assert!(launches.get(&id("A")).await.unwrap().is_none());
    assert_eq!(redeemed(&launches, &id("A"), 1, BEGIN).await, "unknown");
    launches.remove_awaiting(&id("A")).await.unwrap();
    assert!(item(&tool, &id("A")).await.is_none());
    // A launch with this id does not wait.
    store(&launches, &id("A"), None, later(600)).await;
    assert!(launches.find_awaiting(&id("A"), BEGIN).await.unwrap().is_none());
}

#[tokio::test]
async fn all_that_is_kept_of_a_user_is_found_and_nothing_of_anybody_else() {
    let tool = TestTool::start(&[]).await;
    let (launches, ada) = (tool.parts.launches(), user("41"));
    store(&launches, &id("A"), Some(&ada), later(600)).await;
    store(&launches, &id("B"), Some(&ada), later(600)).await;
    store(&launches, &id("C"), Some(&user("42")), later(600)).await;
    store(&launches, &id("D"), None, later(600)).await;
    keep_awaiting(&launches, &id("E"), Some(&ada)).await.unwrap();
    keep_awaiting(&launches, &id("F"), Some(&user("42"))).await.unwrap();
    keep_awaiting(&launches, &id("G"), None).await.unwrap();
    redeem(&launches, &id("B"), 1).await;

    let page = launches.of_user_page(&issuer(), &ada, None).await.unwrap();
    assert!(page.next.is_none());
    let mut found = page.found;
    found.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
    let shown: Vec<_> = found
        .iter()
        .map(|one| {
            (one.id.clone(), one.kept == object("kept"), one.personal.is_some(), one.is_redeemed, one.expires_at)
        })
        .collect();
    let of_an_hour = later(600 + TOMBSTONE_SECONDS);
    assert_eq!(
        shown,
        [
            (id("A"), true, true, false, of_an_hour),
            (id("B"), true, false, true, UNTIL),
            (id("E"), false, false, false, later(600)),
        ]
    );
    assert!(found[2].kept == object("awaiting"));

    assert!(launches.forget_user_page(&issuer(), &ada, None, BEGIN).await.unwrap().is_none());
    assert!(launches.of_user_page(&issuer(), &ada, None).await.unwrap().found.is_empty());
    assert_eq!(launches.of_user_page(&issuer(), &user("42"), None).await.unwrap().found.len(), 2);
}

#[tokio::test]
async fn what_the_table_does_not_do_is_said_not_to_be_done() {
    let tool = TestTool::start(&[]).await;
    let launches = tool.parts.launches();
    store(&launches, &id("A"), None, later(600)).await;
    let take_back = redeem(&launches, &id("A"), 1).await;
    tool.drop_table(LAUNCHES_TABLE).await;
    let failed = [
        ("redeem a launch", launches.redeem(&id("A"), [1; 8], UNTIL, BEGIN).await.map(drop)),
        ("take a redeeming back", launches.take_back(&id("A"), take_back, BEGIN).await),
        ("answer a deep-linking request", launches.answer(&id("A"), &[1; 32], BEGIN).await.map(drop)),
        ("forget a launch", launches.forget(&id("A"), BEGIN).await),
        ("keep a launch that waits", keep_awaiting(&launches, &id("A"), None).await),
        ("remove a launch that waited", launches.remove_awaiting(&id("A")).await),
    ];
    for (operation, outcome) in failed {
        let error = outcome.expect_err(operation).to_string();
        assert!(error.contains(operation), "{operation}: {error}");
    }
}
