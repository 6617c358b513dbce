//! The bus hears of launches that were verified: each once, with nobody in it, and whether it takes them or not nobody waits.

use doorway_core::date::rfc3339;
use doorway_core::registration::Registration;
use doorway_tests::{BUS, BusMood, FakeEventBus, FakePlatform, TestTool, log_lines, refused};
use serde_json::{Value, json};

use crate::cookieless::waiting_with;

/// A Platform of a customer's, a Tool, and the bus that it tells.
async fn set_up() -> (FakePlatform, TestTool, std::sync::Arc<FakeEventBus>) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let registration = Registration { tenant: Some("Maple School".to_owned()), ..platform.registration() };
    let mut tool = TestTool::start(&[registration]).await;
    let (bus, events) = FakeEventBus::start().await;
    tool.tell(events);
    (platform, tool, bus)
}

fn launch_verified(platform: &FakePlatform, proven_by: &str) -> Value {
    json!({
        "version": 1,
        "tenant": "Maple School",
        "platform": { "issuer": "https://lms.example", "clientId": "client-1", "deploymentId": platform.deployment_id },
        "messageType": "LtiResourceLinkRequest",
        "browserProvenBy": proven_by,
    })
}

#[tokio::test]
async fn a_verified_launch_is_told_once_and_names_nobody() {
    let (platform, tool, bus) = set_up().await;
    let begun = tool.begin(&platform).await;
    let claims = tool.good_claims(&platform, &begun);
    let token = platform.key.id_token(&claims);
    let id = tool.post_token(&begun, &token).await.launch_id();
    let mut told = bus.take();
    // The SDK writes times as numbers; what counts is the moment.
    let time = told[0].as_object_mut().unwrap().remove("Time").expect("an event has its time");
    assert_eq!(time.as_f64(), Some(tool.now() as f64), "{}", rfc3339(doorway_core::clock::UnixSeconds(tool.now())));
    let expected = json!({
        "Source": "doorway", "DetailType": "Launch Verified", "EventBusName": BUS,
        "Detail": launch_verified(&platform, "cookie"),
    });
    assert_eq!(told, [expected]);
    let text = told[0].to_string();
    let personal = ["sub", "name", "given_name", "family_name", "email"].map(|claim| claims[claim].as_str().unwrap());
    for secret in personal.into_iter().chain([id.as_str(), token.as_str()]) {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    refused("used", &tool.post_token(&begun, &token).await, 409, "launch_already_used");
    assert_eq!(bus.take(), Vec::<Value>::new(), "what is refused is nobody's news");
}

#[tokio::test]
async fn a_launch_that_storage_proved_is_told_when_it_is_completed() {
    let (platform, tool, bus) = set_up().await;
    let waiting = waiting_with(&tool, &platform, |_| {}).await;
    assert_eq!(bus.take(), Vec::<Value>::new(), "nothing was issued yet");
    waiting.complete(&tool).await.launch_id();
    let details: Vec<_> = bus.take().into_iter().map(|entry| entry["Detail"].clone()).collect();
    assert_eq!(details, [launch_verified(&platform, "platform-storage")]);
}

#[tokio::test]
async fn a_launch_lands_whether_the_bus_takes_its_event_or_not() {
    let (platform, tool, bus) = set_up().await;
    for (mood, reason) in [
        (BusMood::RefusingEntries, "the bus refused the event: ThrottlingException"),
        (BusMood::Denying, "AccessDeniedException: not authorized"),
        (BusMood::Silent, "the bus did not answer in time"),
    ] {
        bus.set_mood(mood);
        let id = tool.launch(&platform).await;
        assert_eq!(tool.redeem(&id).await.status, 200, "{mood:?}");
        let warned = |line: &Value| line["event"] == "Launch Verified" && line["reason"] == reason;
        assert!(log_lines().iter().any(warned), "{mood:?}");
    }
}
