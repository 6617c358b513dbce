//! Records that are not what this version writes.

use doorway_core::clock::UnixSeconds;
use doorway_core::packing::pack;
use doorway_core::registration::{DeploymentPolicy, Registration};
use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE};
use doorway_tests::{AttributeValue, Item, KeysMode, refused};
use http::StatusCode;
use serde_json::json;

use super::*;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn item(attributes: &[(&str, AttributeValue)]) -> Item {
    attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn packed(value: serde_json::Value) -> AttributeValue {
    let serde_json::Value::Object(object) = value else { panic!("an object is packed") };
    AttributeValue::B(pack(&object).into())
}

#[tokio::test]
async fn a_broken_registration_is_our_fault_and_says_which() {
    let (platform, mut tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let good = serde_json::to_string(&platform.registration()).unwrap();
    for (case, document) in [
        ("none", None),
        ("no text", Some(AttributeValue::N("7".to_owned()))),
        ("no JSON", Some(text("{"))),
        ("empty", Some(text("{}"))),
        ("an unknown member", Some(text(&good.replace("\"issuer\"", "\"isuer\"")))),
        ("no URL", Some(text(&good.replace("https://lms.example/auth", "lms.example")))),
        ("a script", Some(text(&good.replace("https://lms.example/auth", "javascript:alert(1)")))),
        ("an algorithm that is none", Some(text(&good.replace("RS256", "none")))),
    ] {
        let mut attributes = item(&[("pk", text("issuer#https://lms.example")), ("sk", text("client#client-1"))]);
        attributes.extend(document.map(|document| ("registration".to_owned(), document)));
        tool.put_item(REGISTRATIONS_TABLE, attributes).await;
        tool.restart();
        for answer in [login(&tool).await, finish(&tool, &platform, &begun).await] {
            let line = refused(case, &answer, 500, "record_broken");
            assert_reason(
                case,
                &line,
                "table `doorway-registrations` holds a broken record `issuer#https://lms.example`",
            );
        }
    }
    tool.parts.registrations().put(&platform.registration()).await.unwrap();
    tool.restart();
    finish(&tool, &platform, &begun).await.launch_id();
}

#[tokio::test]
async fn a_broken_deployment_lets_nobody_in() {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let registration = Registration { deployments: DeploymentPolicy::Any, ..platform.registration() };
    let mut tool = TestTool::start(&[registration]).await;
    let begun = tool.begin(&platform).await;
    for status in [None, Some(text("ACTIVE")), Some(text("")), Some(AttributeValue::Bool(true))] {
        let mut attributes =
            item(&[("pk", text(r#"deployments#["https://lms.example","client-1"]"#)), ("sk", text("dep-1"))]);
        attributes.extend(status.clone().map(|status| ("status".to_owned(), status)));
        tool.put_item(REGISTRATIONS_TABLE, attributes).await;
        tool.restart();
        let line = refused("deployment", &finish(&tool, &platform, &begun).await, 500, "record_broken");
        assert_reason("deployment", &line, "`status` must be active, pending or disabled");
    }
    assert_eq!(tool.stored_launches().await.len(), 0);
}

#[tokio::test]
async fn broken_keys_in_the_table_are_passed_over() {
    let (platform, mut tool) = set_up().await;
    tool.launch(&platform).await;
    let pk = format!("platform-keys#{}", platform.registration().jwks_uri);
    let number = |value: u64| AttributeValue::N(value.to_string());
    let now = tool.now();
    for (case, keys, fetched_at) in [
        ("no keys", None, number(now)),
        ("no JSON", Some(text("{")), number(now)),
        ("bytes", Some(AttributeValue::B(vec![1].into())), number(now)),
        ("no time", Some(text(r#"{"keys":[]}"#)), text("yesterday")),
        ("a time to come", Some(text(r#"{"keys":[]}"#)), number(now + 86_400)),
        ("a time before all", Some(text(r#"{"keys":[]}"#)), AttributeValue::N("-1".to_owned())),
    ] {
        let mut attributes = item(&[("pk", text(&pk)), ("sk", text("keys")), ("fetched_at", fetched_at)]);
        attributes.insert("fresh_until".to_owned(), number(now + 3600));
        attributes.extend(keys.map(|keys| ("keys".to_owned(), keys)));
        tool.put_item(REGISTRATIONS_TABLE, attributes).await;
        tool.restart();
        let fetches = platform.fetches();
        tool.launch(&platform).await;
        assert_eq!(platform.fetches(), fetches + 1, "{case}");
    }
    // Written well again by the launch.
    platform.set_mode(KeysMode::Status(StatusCode::INTERNAL_SERVER_ERROR));
    tool.restart();
    tool.launch(&platform).await;
}

/// What a launch without fault looks like in the table.
async fn good_launch(tool: &TestTool, platform: &FakePlatform) -> (String, Item) {
    let id = tool.launch(platform).await;
    let items = tool.stored_launches().await;
    let item = items.into_iter().find(|item| item["id"] == text(&id)).expect("the launch is stored");
    (id, item)
}

#[tokio::test]
async fn a_broken_launch_is_our_fault_for_reading_and_redeeming() {
    let (platform, tool) = set_up().await;
    let document = |claims: serde_json::Value| json!({"issuer": ISSUER, "clientId": "client-1", "deploymentId": "dep-1", "claims": claims});
    for (case, name, value) in [
        ("kept is text", "kept", text("x")),
        ("kept is no packing", "kept", AttributeValue::B(vec![1, 2, 3].into())),
        ("kept is of the future", "kept", AttributeValue::B(vec![250, 2, 3].into())),
        ("kept is empty", "kept", AttributeValue::B(Vec::new().into())),
        ("no issuer", "kept", packed(json!({"clientId": "client-1", "deploymentId": "dep-1", "claims": {}}))),
        (
            "an empty client",
            "kept",
            packed(json!({"issuer": ISSUER, "clientId": "", "deploymentId": "1", "claims": {}})),
        ),
        ("no claims", "kept", packed(document(json!({})))),
        ("claims that are a person", "kept", packed(document(json!("Ada Morgan")))),
        ("an unknown message", "kept", packed(document(json!({ doorway_lti::claim::MESSAGE_TYPE: "x" })))),
    ] {
        for (method, path) in [("GET", ""), ("POST", "/redeem")] {
            let (id, mut stored) = good_launch(&tool, &platform).await;
            stored.insert(name.to_owned(), value.clone());
            tool.put_item(LAUNCHES_TABLE, stored).await;
            let answer = tool.api(method, &format!("/v1/launches/{id}{path}")).await;
            let line = refused(case, &answer, 500, "record_broken");
            assert_reason(case, &line, "table `");
            assert!(!line.to_string().contains(&id), "a launch id is a code: {line}");
        }
    }
}

#[tokio::test]
async fn broken_personal_claims_do_not_stop_reading_and_are_not_handed_out() {
    let (platform, tool) = set_up().await;
    let (id, mut stored) = good_launch(&tool, &platform).await;
    stored.insert("personal".to_owned(), AttributeValue::B(vec![1, 2, 3].into()));
    tool.put_item(LAUNCHES_TABLE, stored).await;
    refused("redeem", &tool.redeem(&id).await, 500, "record_broken");
}

#[tokio::test]
async fn a_launch_that_expired_but_is_still_in_the_table_is_gone() {
    let (platform, tool) = set_up().await;
    let (id, _) = good_launch(&tool, &platform).await;
    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status, StatusCode::OK);
    let end = UnixSeconds(tool.now() + 120 * 24 * 3600);
    assert_eq!(redeemed.json()["expiresAt"], doorway_core::date::rfc3339(end));
    tool.clock.advance(120 * 24 * 3600 - 1);
    assert_eq!(tool.api("GET", &format!("/v1/launches/{id}")).await.status, StatusCode::OK);
    tool.clock.advance(1);
    refused("read", &tool.api("GET", &format!("/v1/launches/{id}")).await, 410, "launch_expired");
}

#[tokio::test]
async fn broken_tool_keys_are_not_published() {
    let (_platform, tool) = set_up().await;
    let missing = refused("none yet", &tool.get("/.well-known/jwks.json").await, 503, "tool_keys_missing");
    assert_reason("none yet", &missing, "no published keys yet");
    for keys in [None, Some(text("{")), Some(AttributeValue::N("1".to_owned()))] {
        let mut attributes = item(&[("pk", text("tool-keys")), ("sk", text("public"))]);
        attributes.extend(keys.map(|keys| ("keys".to_owned(), keys)));
        tool.put_item(REGISTRATIONS_TABLE, attributes).await;
        refused("keys", &tool.get("/.well-known/jwks.json").await, 500, "record_broken");
    }
    tool.parts.tool_keys().publish(&json!({ "keys": [] })).await.unwrap();
    assert_eq!(tool.get("/.well-known/jwks.json").await.json(), json!({ "keys": [] }));
}
