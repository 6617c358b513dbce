//! What changes between a launch and its completion: switched off, not agreed to yet, forgotten, a new state key.

use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, Status};
use doorway_core::secret::SECRET_REREAD_SECONDS;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_tests::refused;

use super::*;
use crate::concurrency::rotate;

async fn set_status(tool: &TestTool, platform: &FakePlatform, status: Status) {
    let registration = Registration { status, ..platform.registration() };
    tool.parts.registrations().put(&registration).await.expect("the table is there");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
}

async fn decide(tool: &TestTool, platform: &FakePlatform, status: Status) {
    let id = platform.deployment_id.as_str().try_into().expect("the id is an id");
    let deployment = Deployment { id, status, tenant: None };
    let key = platform.registration().key();
    tool.parts.deployments().put(&key, &deployment, doorway_tests::BEGIN).await.expect("the table is there");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
}

#[tokio::test]
async fn a_registration_that_was_switched_off_meanwhile_completes_nothing() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    for status in [Status::Disabled, Status::Pending] {
        set_status(&tool, &platform, status).await;
        refused("switched off", &waiting.complete(&tool).await, 403, "registration_disabled");
        let again = tool.post_token_without_cookie(&waiting.begun, &waiting.token).await;
        refused("posted again", &again, 403, "registration_disabled");
    }
    set_status(&tool, &platform, Status::Active).await;
    waiting.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn a_deployment_that_nobody_agreed_to_completes_nothing_until_somebody_does() {
    let (platform, tool) = set_up_with(|registration| registration.deployments = DeploymentPolicy::Pending).await;
    let waiting = waiting(&tool, &platform).await;
    let line = refused("pending", &waiting.complete(&tool).await, 403, "deployment_pending");
    assert_eq!(line["lti.deployment_id"], "dep-1");
    decide(&tool, &platform, Status::Active).await;
    let id = waiting.complete(&tool).await.launch_id();
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_deployment_that_was_switched_off_meanwhile_completes_nothing() {
    let (platform, tool) = set_up_with(|registration| registration.deployments = DeploymentPolicy::Any).await;
    tool.launch(&platform).await;
    let waiting = waiting(&tool, &platform).await;
    decide(&tool, &platform, Status::Disabled).await;
    refused("switched off", &waiting.complete(&tool).await, 403, "deployment_disabled");
    assert!(nobody_waits(&tool).await, "what nobody may have is not kept");
    decide(&tool, &platform, Status::Active).await;
    refused("it is gone", &waiting.complete(&tool).await, 409, "launch_not_waiting");
    waiting_for(&tool, waiting.begun.clone(), waiting.token.clone()).await.complete(&tool).await.launch_id();
}

/// No data of a Deployment that may not launch is kept, not even for the few minutes of a login.
#[tokio::test]
async fn what_is_not_welcome_does_not_wait() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
    let mut claims = tool.good_claims(&platform, &begun);
    claims[doorway_lti::claim::DEPLOYMENT_ID] = "stranger".into();
    let strange = tool.post_token_without_cookie(&begun, &platform.key.id_token(&claims)).await;
    refused("not on the list", &strange, 403, "deployment_unknown");
    assert!(nobody_waits(&tool).await);

    let (platform, tool) = set_up_with(|registration| registration.deployments = DeploymentPolicy::Any).await;
    let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
    decide(&tool, &platform, Status::Disabled).await;
    let token = token(&tool, &platform, &begun);
    refused("off", &tool.post_token_without_cookie(&begun, &token).await, 403, "deployment_disabled");
    assert!(nobody_waits(&tool).await);
    decide(&tool, &platform, Status::Active).await;
    waiting_for(&tool, begun, token).await.complete(&tool).await.launch_id();
}

async fn nobody_waits(tool: &TestTool) -> bool {
    tool.stored_launches().await.iter().all(|item| !item.contains_key("awaiting"))
}

#[tokio::test]
async fn forgetting_a_user_removes_what_waits_for_them_and_for_nobody_else() {
    let (platform, tool) = set_up().await;
    let mine = waiting(&tool, &platform).await;
    let others = waiting_with(&tool, &platform, |claims| claims["sub"] = "52".into()).await;
    let answer = tool.api("DELETE", "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let items = tool.stored_launches().await;
    let left = items.iter().find(|item| item["id"].as_s() == Ok(&mine.handle())).expect("a tombstone");
    let kept = ["awaiting", "user", "launch"].iter().any(|name| left.contains_key(*name));
    assert!(!kept, "{left:?}");
    refused("forgotten", &mine.complete(&tool).await, 409, "launch_not_waiting");
    others.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn what_waits_can_be_forgotten_by_its_handle_and_posted_anew() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let answer = tool.api("DELETE", &format!("/v1/launches/{}", waiting.handle())).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    refused("forgotten", &waiting.complete(&tool).await, 409, "launch_not_waiting");
    waiting_for(&tool, waiting.begun.clone(), waiting.token.clone()).await.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn a_rotation_of_the_state_key_at_any_step_ends_no_launch() {
    for rotated_after in ["the login", "the launch"] {
        let (platform, tool) = set_up().await;
        // An instance that has read the first key, and one that reads both.
        tool.launch(&platform).await;
        let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
        let token = token(&tool, &platform, &begun);
        if rotated_after == "the login" {
            rotate(&tool);
        }
        let waiting = waiting_for(&tool.twin(), begun, token).await;
        if rotated_after == "the launch" {
            rotate(&tool);
        }
        let fresh = tool.twin();
        waiting.complete(&fresh).await.launch_id();
        for tool in [&tool, &fresh] {
            refused(rotated_after, &waiting.complete(tool).await, 409, "launch_already_used");
        }
    }
}

#[tokio::test]
async fn an_instance_with_the_old_state_key_completes_what_a_new_one_began() {
    let (platform, tool) = set_up().await;
    tool.launch(&platform).await;
    rotate(&tool);
    let waiting = waiting(&tool.twin(), &platform).await;
    tool.clock.advance(SECRET_REREAD_SECONDS);
    waiting.complete(&tool).await.launch_id();
}
