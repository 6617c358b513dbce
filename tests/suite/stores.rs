//! What the stores promise, on the embedded DynamoDB.

mod deployments;
mod launches;
mod registrations;

use doorway_core::launch_id::LaunchId;
use doorway_core::store::launches::{NewLaunch, Redeemed, Stored};
use doorway_core::store::schema::create_registrations_table;
use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::Issuer;
use doorway_lti::json::Object;
use doorway_mock_platform::claims::LaunchClaims;
use doorway_tests::{AttributeValue, FakePlatform, Item, TestTool, teacher};

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_known_again_when_it_is_repeated() {
    let tool = TestTool::start(&[]).await;
    let (launches, now) = (tool.parts.launches(), UnixSeconds(tool.now()));
    let (id, issuer) =
        (LaunchId::try_from("A".repeat(32).as_str()).unwrap(), Issuer::try_from("https://lms.example").unwrap());
    let launch = |attempt| NewLaunch {
        id: &id,
        issuer: &issuer,
        user_id: None,
        kept: Object::new(),
        personal: Object::new(),
        state_expires_at: now,
        attempt,
    };
    assert_eq!(launches.store(&launch([1; 8]), now).await.unwrap(), Stored::New);
    assert_eq!(launches.store(&launch([1; 8]), now).await.unwrap(), Stored::New, "our own write, repeated");
    assert_eq!(launches.store(&launch([2; 8]), now).await.unwrap(), Stored::AlreadyUsed, "another request");
}

#[tokio::test]
async fn a_redeeming_that_could_not_be_answered_is_taken_back() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let mut tool = TestTool::start(&[platform.registration()]).await;
    let id = tool.launch(&platform).await;
    let registrations = tool.parts.registrations().table().clone();
    let client = tool.parts.aws.dynamodb().await.clone();
    client.delete_table().table_name(REGISTRATIONS_TABLE).send().await.unwrap();
    tool.restart();
    let outage = tool.redeem(&id).await;
    assert_eq!((outage.status.as_u16(), outage.code().as_str()), (503, "storage_unavailable"));

    create_registrations_table(&registrations).await.unwrap();
    tool.parts.registrations().put(&platform.registration()).await.unwrap();
    tool.restart();
    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status.as_u16(), 200, "{}", redeemed.body);
    assert!(redeemed.json()["user"]["email"].is_string(), "its personal claims are still there");
    assert_eq!(tool.redeem(&id).await.code(), "launch_redeemed");
}

#[tokio::test]
async fn a_redeeming_is_known_again_and_taken_back_by_itself_alone() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let id = LaunchId::try_from(tool.launch(&platform).await.as_str()).unwrap();
    let (launches, now) = (tool.parts.launches(), UnixSeconds(tool.now()));
    let until = UnixSeconds(now.0 + 1_000);
    let Redeemed::Now(_, first) = launches.redeem(&id, [1; 8], until, now).await.unwrap() else {
        panic!("not redeemed")
    };
    let repeated = launches.redeem(&id, [1; 8], until, now).await.unwrap();
    assert!(matches!(repeated, Redeemed::AnswerLost), "our own update, repeated");
    assert!(matches!(launches.redeem(&id, [2; 8], until, now).await.unwrap(), Redeemed::Before), "another request");

    launches.take_back(&id, first, now).await.unwrap();
    let Redeemed::Now(_, second) = launches.redeem(&id, [3; 8], until, now).await.unwrap() else {
        panic!("taken back")
    };
    launches.take_back(&id, second, now).await.unwrap();
    let Redeemed::Now(_, third) = launches.redeem(&id, [4; 8], until, now).await.unwrap() else { panic!("taken back") };
    launches.forget(&id, now).await.unwrap();
    launches.take_back(&id, third, now).await.unwrap();
    assert!(launches.get(&id).await.unwrap().is_none(), "what was forgotten does not come back");
}

/// The size of an item by DynamoDB's rules: names and values.
fn size(item: &Item) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number.len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        other => panic!("launches hold texts, numbers and bytes, not {other:?}"),
    };
    item.iter().map(|(name, attribute)| name.len() + value(attribute)).sum()
}

#[tokio::test]
async fn a_launch_of_moodle_or_canvas_is_stored_in_one_write_unit() {
    let platform = FakePlatform::start("https://lms.example", "10000000000123").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    for is_canvas in [false, true] {
        let begun = tool.begin(&platform).await;
        let (nonce, user) = (begun.nonce(), teacher());
        let launch: LaunchClaims<'_> = platform.claims(&nonce, tool.now(), &user);
        let claims = if is_canvas { launch.canvas_sized() } else { launch.moodle_sized() };
        let id = tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();
        let client = tool.parts.aws.dynamodb().await;
        let key = AttributeValue::S(id);
        let stored = client.get_item().table_name(LAUNCHES_TABLE).key("id", key).send().await.unwrap();
        let size = size(&stored.item.expect("the launch is stored"));
        assert!(size <= 1024, "{size} bytes");
    }
}
