//! Invites, the Tool's keys and the App's keys, by command.

use doorway_cli::Exit;
use doorway_core::secret::SECRET_CACHE_SECONDS;
use doorway_tests::{Answer, FakePlatform, TestTool};
use http::header::AUTHORIZATION;
use http::{Request, StatusCode};

use crate::support::Cli;

async fn read_launch(tool: &TestTool, id: &str, key: &str) -> Answer {
    let request = Request::get(format!("/v1/launches/{id}")).header(AUTHORIZATION, format!("Bearer {key}"));
    tool.send(request.body(String::new().into()).unwrap()).await
}

#[tokio::test]
async fn an_invite_is_a_link_that_the_tool_knows_and_no_other_does() {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    let made = cli.done("invite --tenant maple --days 2").await;
    let link = made["link"].as_str().unwrap();
    let (_, path) = link.split_once("/lti/register").unwrap();
    assert_eq!(tool.get(&format!("/lti/register{path}")).await.status, StatusCode::OK);
    assert_eq!(tool.get(&format!("/lti/register{path}x")).await.code(), "invite_unknown");
    tool.clock.advance(2 * 24 * 3600);
    assert_eq!(tool.get(&format!("/lti/register{path}")).await.code(), "invite_expired");
}

#[tokio::test]
async fn one_app_key_replaces_another() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let (cli, id) = (Cli::of(&tool).await, tool.launch(&platform).await);
    tool.redeem(&id).await;
    let made = cli.done("app-key create").await;
    let (key, key_id) = (made["key"].as_str().unwrap(), made["id"].as_str().unwrap());
    tool.clock.advance(SECRET_CACHE_SECONDS);
    assert_eq!(read_launch(&tool, &id, key).await.status, StatusCode::OK);
    assert_eq!(read_launch(&tool, &id, doorway_tests::APP_KEY).await.status, StatusCode::OK, "both are valid");
    let listed = cli.done("app-key list").await;
    assert!(listed["keys"].as_array().unwrap().iter().any(|listed| listed["id"] == key_id), "{listed}");
    assert!(!listed.to_string().contains(key));
    cli.done(&format!("app-key revoke {key_id}")).await;
    tool.clock.advance(SECRET_CACHE_SECONDS);
    assert_eq!(read_launch(&tool, &id, key).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(read_launch(&tool, &id, doorway_tests::APP_KEY).await.status, StatusCode::OK);
    cli.refused("app-key revoke nobody", Exit::NotFound).await;
}

/// The ids of the published keys.
async fn published(tool: &TestTool) -> Vec<String> {
    let set = tool.parts.tool_keys().published().await.unwrap();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_rotate_when_their_time_has_come_and_are_revoked_at_once() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let cli = Cli::of(&tool).await;
    let listed = cli.done("keys list").await;
    let next = listed["keys"].as_array().unwrap().iter().find(|key| key["kind"] == "signing" && key["place"] == "next");
    let next = next.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(cli.done("keys rotate signing").await["changed"], false, "nobody can know the next key yet");
    tool.clock.advance(2 * 24 * 3600);
    let rotated = cli.done("keys rotate signing").await;
    assert_eq!((&rotated["changed"], &rotated["current"]), (&true.into(), &next.clone().into()));
    assert_eq!(published(&tool).await.len(), 3, "the one before stays published");
    let revoked = cli.done(&format!("keys revoke {next}")).await;
    assert_ne!(revoked["current"], next);
    assert!(!published(&tool).await.contains(&next));
    cli.refused(&format!("keys revoke {next}"), Exit::NotFound).await;
    // Logins under way survive a rotation of the key that sealed them.
    let begun = tool.begin(&platform).await;
    tool.clock.advance(60);
    cli.done("keys rotate state").await;
    tool.post_token(&begun, &platform.key.id_token(&tool.good_claims(&platform, &begun))).await.launch_id();
}
