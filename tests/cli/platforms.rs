//! Registering Platforms, and changing what is registered.

use doorway_cli::Exit;
use doorway_core::registration::Status;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_tests::{FakePlatform, TestTool, refused};
use serde_json::json;

use crate::support::Cli;

const MOODLE: &str = "platform add moodle https://moodle.school.example --client-id abc";

async fn set_up() -> (TestTool, Cli) {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    (tool, cli)
}

#[tokio::test]
async fn a_known_platform_is_registered_by_its_address() {
    let (_tool, cli) = set_up().await;
    cli.done(MOODLE).await;
    let shown = cli.done("platform show https://moodle.school.example abc").await;
    let expected = json!({
        "issuer": "https://moodle.school.example", "clientId": "abc",
        "authorizationEndpoint": "https://moodle.school.example/mod/lti/auth.php",
        "tokenEndpoint": "https://moodle.school.example/mod/lti/token.php",
        "jwksUri": "https://moodle.school.example/mod/lti/certs.php",
        "algorithms": ["RS256"], "deployments": "any", "allowAnonymous": false, "status": "active",
    });
    assert_eq!(shown, json!({ "registration": expected, "recordedDeployments": [] }));
    let listed = cli.done("platform list").await;
    assert_eq!(listed, json!({ "registrations": [expected], "broken": [] }));
}

#[tokio::test]
async fn every_option_of_add_is_stored() {
    let (_tool, cli) = set_up().await;
    let line = "platform add canvas https://north.instructure.com --client-id 10000000000123 --deployment 1:a --deployment 2:b \
                --tenant North --service-origin https://canvas.north.example --frame-origin https://learn.north.example \
                --allow-anonymous --pending --algorithm ES256 --token-audience https://x.example/aud";
    let stored = cli.done(line).await["registration"].clone();
    assert_eq!(stored["issuer"], "https://canvas.instructure.com");
    assert_eq!(stored["deployments"], json!(["1:a", "2:b"]));
    assert_eq!((&stored["tenant"], &stored["status"]), (&json!("North"), &json!("pending")));
    assert_eq!(stored["serviceOrigins"], json!(["https://north.instructure.com/", "https://canvas.north.example/"]));
    assert_eq!(stored["frameOrigins"], json!(["https://learn.north.example/"]));
    assert_eq!((&stored["allowAnonymous"], &stored["algorithms"]), (&json!(true), &json!(["ES256"])));
    assert_eq!(stored["tokenAudience"], "https://x.example/aud");
}

#[tokio::test]
async fn an_unknown_platform_is_registered_with_all_its_addresses() {
    let (_tool, cli) = set_up().await;
    let fault = cli
        .refused("platform add custom https://lms.example/ --client-id c --jwks-uri https://lms.example/k", Exit::Usage)
        .await;
    assert_eq!(fault.wrong, "a custom Platform needs --authorization-endpoint, --token-endpoint");
    let line = "platform add custom https://lms.example/ --client-id c --jwks-uri https://lms.example/k \
                --authorization-endpoint https://lms.example/a --token-endpoint https://lms.example/t";
    let stored = cli.done(line).await["registration"].clone();
    assert_eq!((&stored["issuer"], &stored["deployments"]), (&json!("https://lms.example/"), &json!("pending")));
}

#[tokio::test]
async fn add_never_changes_what_is_registered() {
    let (_tool, cli) = set_up().await;
    cli.done(MOODLE).await;
    let fault = cli.refused(&format!("{MOODLE} --tenant Other"), Exit::Conflict).await;
    assert!(fault.todo.contains("platform set"), "{fault}");
    let shown = cli.done("platform show https://moodle.school.example abc").await;
    assert_eq!(shown["registration"].get("tenant"), None);
}

#[tokio::test]
async fn an_issuer_that_looks_like_a_registered_one_is_refused() {
    let (_tool, cli) = set_up().await;
    cli.done(MOODLE).await;
    let fault = cli.refused(&format!("{MOODLE} --issuer https://moodle.school.example/"), Exit::Conflict).await;
    assert!(fault.wrong.contains("looks like"), "{fault}");
}

/// Else tokens for the gradebook of the first would go to the services of the second.
#[tokio::test]
async fn a_client_of_another_platform_is_refused() {
    let (tool, cli) = set_up().await;
    cli.done("platform add brightspace https://maple.brightspace.com --client-id 0b7c5a6e").await;
    let fault = cli.refused("platform add brightspace https://evil.example --client-id 0b7c5a6e", Exit::Conflict).await;
    assert!(fault.wrong.contains("https://maple.brightspace.com"), "{fault}");
    assert_eq!(tool.parts.registrations().all().await.unwrap().registrations.len(), 1);
    cli.done("platform add brightspace https://oak.brightspace.com --client-id 91d44f4b").await;
}

#[tokio::test]
async fn what_a_preset_needs_beside_the_address_is_asked_for() {
    let (_tool, cli) = set_up().await;
    let fault = cli.refused("platform add sakai https://sakai.example --client-id c", Exit::Usage).await;
    assert!(fault.wrong.contains("--tool-id"), "{fault}");
    let fault = cli.refused("platform add openedx https://edx.example --client-id c", Exit::Usage).await;
    assert!(fault.wrong.contains("--block-id"), "{fault}");
    cli.done("platform add sakai https://sakai.example --client-id c --tool-id 12").await;
    cli.done("platform add openedx https://edx.example --client-id c --block-id 7").await;
}

#[tokio::test]
async fn set_changes_members_all_or_none() {
    let (_tool, cli) = set_up().await;
    cli.done(MOODLE).await;
    let key = "https://moodle.school.example abc";
    let changed = cli.done(&format!("platform set {key} tenant=North deployments=1,2 tokenAudience=x")).await;
    assert_eq!(changed["registration"]["deployments"], json!(["1", "2"]));
    let fault = cli
        .refused(
            &format!("platform set {key} tenant=South tennant=x serviceOrigins=https://a.example/path"),
            Exit::Usage,
        )
        .await;
    assert!(fault.wrong.contains("`tennant`") && fault.wrong.contains("origins without a path"), "{fault}");
    let shown = cli.done(&format!("platform show {key}")).await["registration"].clone();
    assert_eq!((&shown["tenant"], &shown["tokenAudience"]), (&json!("North"), &json!("x")));
    let changed = cli.done(&format!("platform set {key} tokenAudience=")).await;
    assert_eq!(changed["registration"].get("tokenAudience"), None);
}

#[tokio::test]
async fn what_is_not_registered_is_said_with_what_looks_like_it() {
    let (_tool, cli) = set_up().await;
    cli.done(MOODLE).await;
    let fault = cli.refused("platform show http://moodle.school.example/ abc", Exit::NotFound).await;
    assert!(fault.todo.contains("`https://moodle.school.example abc`"), "{fault}");
    cli.refused("platform disable https://other.example x", Exit::NotFound).await;
}

#[tokio::test]
async fn a_platform_that_is_disabled_launches_no_more_until_it_is_enabled() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let cli = Cli::of(&tool).await;
    tool.launch(&platform).await;
    cli.done("platform disable https://lms.example client-1").await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    let begin =
        [("iss", "https://lms.example"), ("login_hint", "7"), ("target_link_uri", "x"), ("client_id", "client-1")];
    refused("off", &tool.post("/lti/login", &begin, &[]).await, 403, "registration_disabled");
    let enabled = cli.done("platform enable https://lms.example client-1").await;
    assert_eq!((&enabled["status"], &enabled["before"]), (&json!(Status::Active), &json!(Status::Disabled)));
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    tool.launch(&platform).await;
}

#[tokio::test]
async fn remove_asks_and_takes_the_deployments_along() {
    let tool = TestTool::start(&[]).await;
    let (cli, no) = (Cli::of(&tool).await, Cli::with(&tool, Some("no"), "").await);
    cli.done(MOODLE).await;
    cli.done("deployment activate https://moodle.school.example abc 7").await;
    let remove = "platform remove https://moodle.school.example abc";
    cli.refused(remove, Exit::NotConfirmed).await;
    no.refused(remove, Exit::NotConfirmed).await;
    assert!(no.asked()[0].contains("1 recorded Deployment"), "{:?}", no.asked());
    let yes = Cli::with(&tool, Some("yes"), "").await;
    assert_eq!(yes.done(remove).await["deployments"], json!(["7"]));
    cli.refused(remove, Exit::NotFound).await;
    cli.done(MOODLE).await;
    let listed = cli.done("deployment list https://moodle.school.example abc").await;
    assert_eq!(listed["deployments"], json!([]));
    cli.done(&format!("{remove} --yes")).await;
}
