//! Deciding which installations may launch.

use doorway_cli::Exit;
use doorway_core::registration::{DeploymentPolicy, Registration};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_tests::{FakePlatform, TestTool, refused};
use serde_json::json;

use crate::support::Cli;

async fn set_up(deployments: DeploymentPolicy) -> (TestTool, FakePlatform, Cli) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let registration = Registration { deployments, ..platform.registration() };
    let tool = TestTool::start(&[registration]).await;
    let cli = Cli::of(&tool).await;
    (tool, platform, cli)
}

#[tokio::test]
async fn a_deployment_that_waits_is_seen_and_activated_with_its_tenant() {
    let (tool, platform, cli) = set_up(DeploymentPolicy::Pending).await;
    refused("waits", &tool.launch_with(&platform, |_| {}).await, 403, "deployment_pending");
    let listed = cli.done("deployment list https://lms.example client-1").await;
    assert_eq!(listed["deployments"], json!([{ "id": "dep-1", "status": "pending", "tenant": null }]));
    cli.done("deployment activate https://lms.example client-1 dep-1 --tenant North").await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    let id = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&id).await.json()["tenant"], "North");
    // Switched off and on again it keeps its tenant.
    cli.done("deployment disable https://lms.example client-1 dep-1").await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    refused("off", &tool.api("GET", &format!("/v1/launches/{id}")).await, 403, "deployment_disabled");
    let on = cli.done("deployment activate https://lms.example client-1 dep-1").await;
    assert_eq!(on["deployment"]["tenant"], "North");
}

#[tokio::test]
async fn where_the_registration_lists_them_the_list_is_changed() {
    let (tool, platform, cli) = set_up(DeploymentPolicy::Listed(Vec::new())).await;
    refused("unlisted", &tool.launch_with(&platform, |_| {}).await, 403, "deployment_unknown");
    cli.done("deployment activate https://lms.example client-1 dep-1").await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    tool.launch(&platform).await;
    cli.done("deployment disable https://lms.example client-1 dep-1").await;
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    refused("unlisted", &tool.launch_with(&platform, |_| {}).await, 403, "deployment_unknown");
    let line = "deployment activate https://lms.example client-1 dep-1 --tenant North";
    assert!(cli.refused(line, Exit::Usage).await.todo.contains("tenant="));
}

#[tokio::test]
async fn a_deployment_can_be_activated_before_it_is_seen() {
    let (tool, platform, cli) = set_up(DeploymentPolicy::Pending).await;
    cli.done("deployment activate https://lms.example client-1 dep-1").await;
    tool.launch(&platform).await;
}
