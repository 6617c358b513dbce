//! F12: a Deployment that nobody agreed to gets no data.

use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_lti::claim;
use doorway_lti::ids::DeploymentId;
use doorway_tests::{Answer, refused};
use serde_json::json;

use super::*;

async fn set_up_with(deployments: DeploymentPolicy) -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let registration = Registration { deployments, ..platform.registration() };
    let tool = TestTool::start(&[registration]).await;
    (platform, tool)
}

async fn launch_from(tool: &TestTool, platform: &FakePlatform, deployment: &str) -> Answer {
    tool.launch_with(platform, |claims| claims[claim::DEPLOYMENT_ID] = json!(deployment)).await
}

async fn decide(tool: &TestTool, platform: &FakePlatform, id: &str, status: Status, tenant: Option<&str>) {
    let deployment =
        Deployment { id: id.try_into().expect("the id is no empty text"), status, tenant: tenant.map(str::to_owned) };
    let key = platform.registration().key();
    tool.parts.deployments().put(&key, &deployment, doorway_tests::BEGIN).await.expect("the table is there");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
}

/// The items that record Deployments.
async fn recorded(tool: &TestTool) -> Vec<String> {
    tool.all_items().await.into_iter().filter(|item| item.contains("\"deployments#")).collect()
}

#[tokio::test]
async fn f12_a_list_is_the_whole_truth() {
    let ids = ["dep-1", "dep-3"].map(|id| DeploymentId::try_from(id).unwrap()).to_vec();
    let (platform, tool) = set_up_with(DeploymentPolicy::Listed(ids)).await;
    for deployment in ["dep-1", "dep-3"] {
        launch_from(&tool, &platform, deployment).await.launch_id();
    }
    for deployment in ["dep-2", "dep-", "DEP-1", "dep-1 ", "dep-11", "1", "null"] {
        refused(deployment, &launch_from(&tool, &platform, deployment).await, 403, "deployment_unknown");
    }
    assert_eq!(tool.stored_launches().await.len(), 2);
    assert!(recorded(&tool).await.is_empty(), "a stranger's Deployment is not even recorded");
    // An operator's record does not widen the list.
    decide(&tool, &platform, "dep-2", Status::Active, None).await;
    refused("dep-2", &launch_from(&tool, &platform, "dep-2").await, 403, "deployment_unknown");
}

#[tokio::test]
async fn f12_an_empty_list_lets_nobody_in() {
    let (platform, tool) = set_up_with(DeploymentPolicy::Listed(Vec::new())).await;
    refused("dep-1", &launch_from(&tool, &platform, "dep-1").await, 403, "deployment_unknown");
}

#[tokio::test]
async fn f12_an_unknown_deployment_is_recorded_once_and_waits_for_an_operator() {
    let (platform, tool) = set_up_with(DeploymentPolicy::Pending).await;
    let mut line = serde_json::Value::Null;
    for _ in 0..3 {
        line = refused("at first", &launch_from(&tool, &platform, "new").await, 403, "deployment_pending");
        tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    }
    assert_eq!(line["lti.deployment_id"], "new");
    assert_eq!(recorded(&tool).await.len(), 1);
    assert_eq!(tool.stored_launches().await.len(), 0, "no data before somebody agreed");

    decide(&tool, &platform, "new", Status::Active, Some("Maple School")).await;
    let id = launch_from(&tool, &platform, "new").await.launch_id();
    assert_eq!(tool.redeem(&id).await.json()["tenant"], "Maple School");
    refused("another", &launch_from(&tool, &platform, "newer").await, 403, "deployment_pending");

    decide(&tool, &platform, "new", Status::Disabled, None).await;
    refused("switched off", &launch_from(&tool, &platform, "new").await, 403, "deployment_disabled");
    assert_eq!(recorded(&tool).await.len(), 2);
}

#[tokio::test]
async fn f12_where_any_may_launch_each_is_recorded_once_and_can_be_switched_off() {
    let (platform, tool) = set_up_with(DeploymentPolicy::Any).await;
    for deployment in ["a", "b", "a", "b"] {
        launch_from(&tool, &platform, deployment).await.launch_id();
        tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    }
    assert_eq!(recorded(&tool).await.len(), 2);
    decide(&tool, &platform, "a", Status::Disabled, None).await;
    refused("a", &launch_from(&tool, &platform, "a").await, 403, "deployment_disabled");
    launch_from(&tool, &platform, "b").await.launch_id();
}

#[tokio::test]
async fn f12_a_token_that_does_not_verify_records_nothing() {
    let (platform, tool) = set_up_with(DeploymentPolicy::Any).await;
    for change in [("aud", json!("client-2")), ("nonce", json!("x")), ("exp", json!(22_222)), ("sub", json!(""))] {
        let answer = tool.launch_with(&platform, |claims| claims[change.0] = change.1.clone()).await;
        assert_eq!(answer.status.as_u16(), 401, "{}", change.0);
    }
    assert!(recorded(&tool).await.is_empty());
}

#[tokio::test]
async fn f12_deployments_of_two_registrations_with_one_id_are_two() {
    let (platform, tool) = set_up_with(DeploymentPolicy::Pending).await;
    let second = FakePlatform::start(ISSUER, "client-2").await;
    let registration = Registration { deployments: DeploymentPolicy::Pending, ..second.registration() };
    tool.parts.registrations().put(&registration).await.unwrap();
    decide(&tool, &platform, "1", Status::Active, None).await;
    launch_from(&tool, &platform, "1").await.launch_id();
    refused("the other client's", &launch_from(&tool, &second, "1").await, 403, "deployment_pending");
}
