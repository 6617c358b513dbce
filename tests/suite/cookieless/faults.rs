//! A table or a secret fails while a launch waits: a page, no launch, and nothing is lost that need not be.

use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE, create_tables};
use doorway_tests::{AttributeValue, Mood, log_lines, refused};

use super::*;

#[tokio::test]
async fn where_the_launches_table_fails_nothing_waits_and_nothing_lands() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    tool.drop_table(LAUNCHES_TABLE).await;
    let again = tool.post_token_without_cookie(&waiting.begun, &waiting.token).await;
    for (case, answer) in [("launch", again), ("completion", waiting.complete(&tool).await)] {
        refused(case, &answer, 503, "storage_unavailable");
        assert!(forms(&answer).iter().all(|form| form.action == "/lti/login"), "{case}: nothing to complete");
    }
    create_tables(&tool.parts.aws).await.unwrap();
    refused("what waited is gone", &waiting.complete(&tool).await, 409, "launch_not_waiting");
    waiting_for(&tool, waiting.begun, waiting.token).await.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn where_the_registrations_table_fails_what_waits_goes_on_waiting() {
    let (platform, mut tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    tool.drop_table(REGISTRATIONS_TABLE).await;
    tool.restart();
    refused("completion", &waiting.complete(&tool).await, 503, "storage_unavailable");
    let login = tool.post("/lti/login", &login_with(&[("lti_storage_target", "_parent")]), &[]).await;
    refused("login", &login, 503, "storage_unavailable");
    create_tables(&tool.parts.aws).await.unwrap();
    tool.parts.registrations().put(&platform.registration()).await.unwrap();
    waiting.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn where_the_state_key_is_gone_what_waits_goes_on_waiting() {
    let (platform, mut tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let good = std::fs::read(&tool.parts.state_key).unwrap();
    std::fs::remove_file(&tool.parts.state_key).unwrap();
    tool.restart();
    refused("completion", &waiting.complete(&tool).await, 503, "secret_unavailable");
    std::fs::write(&tool.parts.state_key, good).unwrap();
    waiting.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn a_launch_that_has_landed_stays_so_where_what_waited_cannot_be_removed() {
    let (platform, mut tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let front = tool.put_behind_front().await;
    front.tables(Mood::RefusingSome { operations: &["DeleteItem"], code: "AccessDeniedException" });
    let before = log_lines().len();
    let id = waiting.complete(&tool).await.launch_id();
    let lines = log_lines().split_off(before);
    let told: Vec<_> = lines.iter().filter(|line| line["message"] == "a launch that is over still waits").collect();
    assert_eq!(told.len(), 1, "{lines:?}");
    assert_eq!(told[0]["level"], "WARN");
    assert!(told[0]["reason"].as_str().is_some_and(|reason| reason.contains("AccessDeniedException")), "{}", told[0]);
    refused("again", &waiting.complete(&tool).await, 409, "launch_already_used");
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_broken_record_is_our_fault_and_is_no_launch() {
    let (platform, tool) = set_up().await;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let bytes = |bytes: &[u8]| AttributeValue::B(bytes.to_vec().into());
    for (case, name, value) in [
        ("what waits is text", "awaiting", text("{}")),
        ("what waits is no packing", "awaiting", bytes(&[1, 2, 3])),
        ("what waits is nothing", "awaiting", bytes(&[])),
        (
            "what waits is no launch",
            "awaiting",
            AttributeValue::B(doorway_core::packing::pack(&Default::default()).into()),
        ),
        ("the launch's id is none", "launch", text("x")),
        ("the launch's id is a number", "launch", AttributeValue::N("1".to_owned())),
    ] {
        let waiting = waiting(&tool, &platform).await;
        let items = tool.stored_launches().await;
        let mut item = items.into_iter().find(|item| item["id"] == text(&waiting.handle())).expect("it waits");
        item.insert(name.to_owned(), value);
        tool.put_item(LAUNCHES_TABLE, item).await;
        let line = refused(case, &waiting.complete(&tool).await, 500, "record_broken");
        let reason = line["rejection.reason"].as_str().expect("a refusal has a reason");
        assert!(reason.contains("holds a broken record") && !reason.contains(&waiting.handle()), "{case}: {reason}");
        // The launch posted again writes a good one.
        waiting_for(&tool, waiting.begun, waiting.token).await.complete(&tool).await.launch_id();
    }
}
