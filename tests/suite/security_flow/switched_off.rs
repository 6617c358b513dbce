//! F17: what is switched off stays off, at launch and on every later request.

use doorway_core::registration::{Registration, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_tests::refused;
use http::StatusCode;

use super::*;

async fn set_status(tool: &TestTool, platform: &FakePlatform, status: Status) {
    let registration = Registration { status, ..platform.registration() };
    tool.parts.registrations().put(&registration).await.expect("the table is there");
}

#[tokio::test]
async fn f17_a_registration_that_is_switched_off_launches_no_more_within_the_stated_seconds() {
    for status in [Status::Disabled, Status::Pending] {
        let (platform, tool) = set_up().await;
        tool.launch(&platform).await;
        let begun = tool.begin(&platform).await;
        set_status(&tool, &platform, status).await;
        // What the function believes without asking, and no longer.
        tool.clock.advance(REGISTRATION_CACHE_SECONDS - 1);
        tool.launch(&platform).await;
        tool.clock.advance(1);
        let fields = [("iss", ISSUER), ("login_hint", "7"), ("target_link_uri", "x"), ("client_id", "client-1")];
        refused("login", &tool.post("/lti/login", &fields, &[]).await, 403, "registration_disabled");
        let late = tool.post_token(&begun, &token(&tool, &platform, &begun)).await;
        refused("a login that was begun before", &late, 403, "registration_disabled");
        // And on again, with the login that was begun before.
        set_status(&tool, &platform, Status::Active).await;
        tool.clock.advance(REGISTRATION_CACHE_SECONDS);
        tool.post_token(&begun, &token(&tool, &platform, &begun)).await.launch_id();
    }
}

#[tokio::test]
async fn f17_an_old_launch_of_a_registration_that_is_switched_off_serves_no_request() {
    let (platform, tool) = set_up().await;
    let redeemed = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&redeemed).await.status, StatusCode::OK);
    let fresh = tool.launch(&platform).await;
    set_status(&tool, &platform, Status::Disabled).await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    refused("read", &tool.api("GET", &format!("/v1/launches/{redeemed}")).await, 403, "registration_disabled");
    let answer = tool.redeem(&fresh).await;
    refused("redeem", &answer, 403, "registration_disabled");
    assert!(!answer.body.contains("Ada"), "nothing of the launch is told");
    // Forgetting is always possible.
    for id in [&redeemed, &fresh] {
        assert_eq!(tool.api("DELETE", &format!("/v1/launches/{id}")).await.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn f17_a_registration_that_is_gone_is_as_one_that_never_was() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let client = tool.parts.aws.dynamodb().await;
    let key = |text: &str| doorway_tests::AttributeValue::S(text.to_owned());
    let table = doorway_local::database::REGISTRATIONS_TABLE;
    let request = client.delete_item().table_name(table).key("pk", key("issuer#https://lms.example"));
    request.key("sk", key("client#client-1")).send().await.unwrap();
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    let answer = tool.post_token(&begun, &token(&tool, &platform, &begun)).await;
    refused("the launch of a login before", &answer, 400, "registration_unknown");
}
