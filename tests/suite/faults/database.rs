//! A table is missing.

use doorway_core::registration::{DeploymentPolicy, Registration};
use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE, create_tables};
use doorway_tests::{Mood, begun, log_lines, refused};
use http::StatusCode;

use super::*;

#[tokio::test]
async fn when_the_launches_table_fails_the_login_is_not_burned() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    tool.drop_table(LAUNCHES_TABLE).await;
    let line = refused("launch", &finish(&tool, &platform, &begun).await, 503, "storage_unavailable");
    assert_reason("launch", &line, "table `doorway-launches` failed to store a launch: ResourceNotFoundException");
    create_tables(&tool.parts.aws).await.unwrap();
    finish(&tool, &platform, &begun).await.launch_id();
}

#[tokio::test]
async fn when_the_registrations_table_fails_known_platforms_are_served_from_memory_for_a_while() {
    let (platform, tool) = set_up().await;
    tool.launch(&platform).await;
    tool.drop_table(REGISTRATIONS_TABLE).await;
    let begun = begun(&login(&tool).await);
    finish(&tool, &platform, &begun).await.launch_id();
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    refused("login", &login(&tool).await, 503, "storage_unavailable");
    let unfinished = finish(&tool, &platform, &begun).await;
    refused("launch", &unfinished, 503, "storage_unavailable");
}

#[tokio::test]
async fn without_the_table_of_keys_they_are_fetched_from_the_platform() {
    let (platform, tool) = set_up().await;
    // The Registration is in memory; every read and write of keys fails.
    let begun = begun(&login(&tool).await);
    refused("warms the launch function", &tool.post_token(&begun, "x").await, 400, "token_malformed");
    tool.drop_table(REGISTRATIONS_TABLE).await;
    finish(&tool, &platform, &begun).await.launch_id();
    assert_eq!(platform.fetches(), 1);
}

#[tokio::test]
async fn keys_that_the_table_does_not_take_are_kept_in_memory_and_the_log_says_so() {
    let (platform, mut tool) = set_up().await;
    let begun = begun(&login(&tool).await);
    let front = tool.put_behind_front().await;
    front.tables(Mood::RefusingSome { operations: &["PutItem"], code: "AccessDeniedException" });
    let before = log_lines().len();
    refused("the launch is not stored", &finish(&tool, &platform, &begun).await, 503, "storage_unavailable");
    let lines = log_lines().split_off(before);
    let told = lines.iter().find(|line| line["message"] == "the table of Platforms' keys was passed over");
    let error = told.and_then(|line| line["error"].as_str()).unwrap_or_default();
    assert!(error.contains("failed to put a Platform's keys: AccessDeniedException"), "{lines:?}");
    front.tables(Mood::Well);
    finish(&tool, &platform, &begun).await.launch_id();
    assert_eq!(platform.fetches(), 1);
}

#[tokio::test]
async fn a_redeem_that_cannot_be_answered_is_not_lost() {
    let (platform, mut tool) = set_up().await;
    let id = tool.launch(&platform).await;
    tool.drop_table(REGISTRATIONS_TABLE).await;
    tool.restart();
    let answer = tool.redeem(&id).await;
    refused("the registration cannot be read", &answer, 503, "storage_unavailable");
    assert!(answer.body.contains("may repeat its request"));
    create_tables(&tool.parts.aws).await.unwrap();
    tool.parts.registrations().put(&platform.registration()).await.unwrap();
    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.body);
    assert_eq!(redeemed.json()["user"]["name"], "Ada Morgan");
    refused("again", &tool.redeem(&id).await, 410, "launch_redeemed");
}

#[tokio::test]
async fn a_deployment_that_cannot_be_recorded_does_not_launch() {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let registration = Registration { deployments: DeploymentPolicy::Any, ..platform.registration() };
    let mut tool = TestTool::start(&[registration]).await;
    let begun = tool.begin(&platform).await;
    let front = tool.put_behind_front().await;
    front.tables(Mood::RefusingSome { operations: &["PutItem"], code: "AccessDeniedException" });
    let line = refused("launch", &finish(&tool, &platform, &begun).await, 503, "storage_unavailable");
    assert_reason(
        "launch",
        &line,
        "table `doorway-registrations` failed to record a deployment: AccessDeniedException",
    );
    front.tables(Mood::Well);
    finish(&tool, &platform, &begun).await.launch_id();
}
