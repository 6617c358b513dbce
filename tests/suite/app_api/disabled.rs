//! A Registration or a Deployment that is switched off: nothing of its old launches is handed out any more.

use doorway_core::clock::Clock as _;
use doorway_core::registration::{Deployment, DeploymentPolicy, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_lti::ids::DeploymentId;
use doorway_tests::refused;

use super::*;

/// Sets the status and waits until every function has noticed.
async fn set(tool: &TestTool, platform: &FakePlatform, status: Status) {
    let mut registration = platform.registration();
    registration.status = status;
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
}

#[tokio::test]
async fn launches_of_a_registration_that_is_not_active_are_neither_read_nor_redeemed() {
    for status in [Status::Disabled, Status::Pending] {
        let (tool, platform) = tool_and_platform().await;
        let (redeemed, unredeemed) = (tool.launch(&platform).await, tool.launch(&platform).await);
        tool.redeem(&redeemed).await;
        set(&tool, &platform, status).await;
        for answer in [read(&tool, &redeemed).await, read(&tool, &unredeemed).await, tool.redeem(&unredeemed).await] {
            let line = refused(&format!("{status:?}"), &answer, 403, "registration_disabled");
            let reason = "registration `client-1` of issuer `https://lms.example` is not active";
            assert_eq!(line["rejection.reason"], reason);
        }
    }
}

#[tokio::test]
async fn launches_of_a_deployment_that_is_switched_off_are_neither_read_nor_redeemed() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let mut registration = platform.registration();
    registration.deployments = DeploymentPolicy::Any;
    let tool = TestTool::start(&[registration.clone()]).await;
    let (redeemed, unredeemed) = (tool.launch(&platform).await, tool.launch(&platform).await);
    tool.redeem(&redeemed).await;

    let id = DeploymentId::try_from(platform.deployment_id.as_str()).expect("the id is one");
    let deployment = Deployment { id, status: Status::Disabled, tenant: None };
    let put = tool.parts.deployments().put(&registration.key(), &deployment, tool.clock.now()).await;
    put.expect("the table takes items");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    for answer in [read(&tool, &redeemed).await, tool.redeem(&unredeemed).await] {
        refused("off", &answer, 403, "deployment_disabled");
    }
}

#[tokio::test]
async fn launches_of_a_deployment_that_is_not_listed_any_more_are_neither_read_nor_redeemed() {
    let (tool, platform) = tool_and_platform().await;
    let (redeemed, unredeemed) = (tool.launch(&platform).await, tool.launch(&platform).await);
    tool.redeem(&redeemed).await;
    let mut registration = platform.registration();
    registration.deployments = DeploymentPolicy::Listed(Vec::new());
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    for answer in [read(&tool, &redeemed).await, tool.redeem(&unredeemed).await] {
        refused("not listed", &answer, 403, "deployment_unknown");
    }
}

#[tokio::test]
async fn launches_of_a_registration_that_was_removed_are_neither_read_nor_redeemed() {
    let (tool, platform) = tool_and_platform().await;
    let (redeemed, unredeemed) = (tool.launch(&platform).await, tool.launch(&platform).await);
    tool.redeem(&redeemed).await;
    tool.parts.registrations().remove(&platform.registration().key()).await.expect("the table removes items");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    for answer in [read(&tool, &redeemed).await, tool.redeem(&unredeemed).await] {
        refused("removed", &answer, 403, "registration_disabled");
    }
}

#[tokio::test]
async fn a_registration_that_is_switched_on_again_has_its_launches_back() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    tool.redeem(&id).await;
    set(&tool, &platform, Status::Disabled).await;
    refused("off", &read(&tool, &id).await, 403, "registration_disabled");
    set(&tool, &platform, Status::Active).await;
    assert_eq!(read(&tool, &id).await.status, 200);
}

#[tokio::test]
async fn launches_of_a_registration_that_is_switched_off_can_be_forgotten() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    set(&tool, &platform, Status::Disabled).await;
    assert_eq!(forget(&tool, &id).await.status, 204);
    assert!(stored(&tool, &id).await.is_none());
}

#[tokio::test]
async fn other_registrations_are_not_switched_off_with_it() {
    let off = FakePlatform::start("https://lms.example", "client-1").await;
    let on = FakePlatform::start("https://lms.example", "client-2").await;
    let tool = TestTool::start(&[off.registration(), on.registration()]).await;
    let id = tool.launch(&on).await;
    set(&tool, &off, Status::Disabled).await;
    assert_eq!(tool.redeem(&id).await.status, 200);
}
