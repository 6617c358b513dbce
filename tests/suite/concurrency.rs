//! Many at once (security row F2): of fifty identical launches, and of fifty redeems, exactly one succeeds, also
//! when they reach several instances of the functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorway_tests::{Answer, FakePlatform, TestTool};
use http::StatusCode;
use http::header::LOCATION;

const MANY: usize = 50;

/// How many answers of each kind: by the code of refusals, "ok" for the rest.
fn counted(answers: &[Answer]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        let refused = answer.status.is_client_error() || answer.status.is_server_error();
        *counts.entry(if refused { answer.code() } else { "ok".to_owned() }).or_default() += 1;
    }
    counts
}

fn one_of(many: usize, code: &str) -> BTreeMap<String, usize> {
    BTreeMap::from([("ok".to_owned(), 1), (code.to_owned(), many - 1)])
}

/// What every request answers; all of them run at once, spread over the instances.
async fn at_once<F>(tools: &[Arc<TestTool>], request: impl Fn(Arc<TestTool>) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let running: Vec<_> = tools.iter().cycle().take(MANY).map(|tool| tokio::spawn(request(tool.clone()))).collect();
    let mut answers = Vec::new();
    for request in running {
        answers.push(request.await.expect("no request panics"));
    }
    answers
}

/// This many instances over the same tables, none of which has served a request.
async fn instances(platform: &FakePlatform, count: usize) -> Vec<Arc<TestTool>> {
    let first = TestTool::start(&[platform.registration()]).await;
    let mut tools: Vec<_> = (1..count).map(|_| Arc::new(first.twin())).collect();
    tools.push(Arc::new(first));
    tools
}

async fn platform() -> FakePlatform {
    FakePlatform::start("https://lms.example", "client-1").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f2_of_fifty_identical_launches_exactly_one_succeeds() {
    for count in [1, 2, 5] {
        let platform = platform().await;
        let tools = instances(&platform, count).await;
        let begun = tools[0].begin(&platform).await;
        let token = platform.key.id_token(&tools[0].good_claims(&platform, &begun));
        let answers = at_once(&tools, |tool| {
            let (begun, token) = (begun.clone(), token.clone());
            async move { tool.post_token(&begun, &token).await }
        })
        .await;
        assert_eq!(counted(&answers), one_of(MANY, "launch_already_used"), "{count} instances");
        let landed: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).collect();
        assert_eq!(landed.len(), 1);
        assert!(answers.iter().all(|answer| answer.headers.contains_key(LOCATION) == answer.status.is_redirection()));
        assert_eq!(tools[0].stored_launches().await.len(), 1);
        assert_eq!(tools[0].redeem(&landed[0].launch_id()).await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f2_of_fifty_redeems_at_once_exactly_one_succeeds() {
    for count in [1, 2, 5] {
        let platform = platform().await;
        let tools = instances(&platform, count).await;
        let id = tools[0].launch(&platform).await;
        let answers = at_once(&tools, |tool| {
            let id = id.clone();
            async move { tool.redeem(&id).await }
        })
        .await;
        assert_eq!(counted(&answers), one_of(MANY, "launch_redeemed"), "{count} instances");
        let told: Vec<_> = answers.iter().filter(|answer| answer.body.contains("Ada")).collect();
        assert_eq!(told.len(), 1, "the personal claims were handed out once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_different_launches_at_once_all_succeed() {
    let platform = Arc::new(platform().await);
    let tools = instances(&platform, 2).await;
    let answers = at_once(&tools, |tool| {
        let platform = platform.clone();
        async move { tool.launch_with(&platform, |_| {}).await }
    })
    .await;
    assert_eq!(counted(&answers), BTreeMap::from([("ok".to_owned(), MANY)]));
    let ids: std::collections::HashSet<_> = answers.iter().map(Answer::launch_id).collect();
    assert_eq!((ids.len(), tools[0].stored_launches().await.len()), (MANY, MANY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bad_posts_among_the_good_ones_do_not_take_the_place_of_the_one() {
    let platform = platform().await;
    let tools = instances(&platform, 2).await;
    let begun = tools[0].begin(&platform).await;
    let mut claims = tools[0].good_claims(&platform, &begun);
    let good = platform.key.id_token(&claims);
    claims["aud"] = "client-2".into();
    let bad = platform.key.id_token(&claims);
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let answers = at_once(&tools, |tool| {
        let turn = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let token = if turn < MANY / 2 { bad.clone() } else { good.clone() };
        let mut begun = begun.clone();
        if turn % 5 == 4 {
            "__Host-lti_other=x".clone_into(&mut begun.cookie);
        }
        async move { tool.post_token(&begun, &token).await }
    })
    .await;
    let counts = counted(&answers);
    assert_eq!((counts["ok"], counts["audience_mismatch"]), (1, MANY / 2), "{counts:?}");
}

/// The state key's secret as rotation writes it: a new key, and the one before.
pub(crate) fn rotate(tool: &TestTool) {
    let text = std::fs::read_to_string(&tool.parts.state_key).expect("the state key is there");
    let old: serde_json::Value = serde_json::from_str(&text).expect("the state key is JSON");
    let secret = format!("{}{}", "rotated-".repeat(6), old["secret"].as_str().map_or(0, str::len));
    let new = serde_json::json!({
        "id": "2", "secret": secret, "previous": { "id": old["id"], "secret": old["secret"] },
    });
    std::fs::write(&tool.parts.state_key, new.to_string()).expect("the state key can be written");
}

#[tokio::test]
async fn a_rotation_of_the_state_key_between_two_posts_makes_no_second_launch() {
    let platform = platform().await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let begun = tool.begin(&platform).await;
    let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
    tool.post_token(&begun, &token).await.launch_id();
    rotate(&tool);
    // A new instance knows the new key from the beginning, the old one once it reads again.
    let fresh = tool.twin();
    for (case, tool) in [("an instance with the old key", &tool), ("one with both", &fresh)] {
        let answer = tool.post_token(&begun, &token).await;
        doorway_tests::refused(case, &answer, 409, "launch_already_used");
    }
    assert_eq!(tool.stored_launches().await.len(), 1);
}

#[tokio::test]
async fn logins_survive_a_rotation_whichever_instance_serves_them() {
    let platform = platform().await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let before = tool.begin(&platform).await;
    tool.post_token(&tool.begin(&platform).await, "x").await;
    rotate(&tool);
    let fresh = tool.twin();
    let after = fresh.begin(&platform).await;
    // The old instance has not read the new key yet: it reads again for a state that it cannot open.
    tool.clock.advance(doorway_core::secret::SECRET_REREAD_SECONDS);
    for (case, tool, begun) in [("old login", &fresh, &before), ("new login", &tool, &after)] {
        let token = platform.key.id_token(&tool.good_claims(&platform, begun));
        assert_eq!(tool.post_token(begun, &token).await.status, StatusCode::SEE_OTHER, "{case}");
    }
}
