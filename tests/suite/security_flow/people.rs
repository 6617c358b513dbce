//! F14 to F16: roles, anonymous users, and what LTI 1.1 called them.

use doorway_lti::claim;
use doorway_tests::refused;
use serde_json::{Value, json};

use super::*;

const CONTEXT_ROLE: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";
const LTI_1P1: &str = doorway_mock_platform::claims::names::LTI_1P1;
const INSTITUTION_ROLE: &str = "http://purl.imsglobal.org/vocab/lis/v2/institution/person";

/// The user as the App sees it after a launch with these claims.
async fn user_with(tool: &TestTool, platform: &FakePlatform, change: impl FnOnce(&mut Value)) -> Value {
    let id = tool.launch_with(platform, change).await.launch_id();
    tool.redeem(&id).await.json()["user"].clone()
}

#[tokio::test]
async fn f14_no_role_that_only_looks_like_one_gives_a_privilege() {
    let (platform, tool) = set_up().await;
    for roles in [
        json!([format!("{CONTEXT_ROLE}/Learner#Instructor")]),
        json!([format!("{INSTITUTION_ROLE}#Instructor"), format!("{INSTITUTION_ROLE}#Faculty")]),
        json!([format!("{INSTITUTION_ROLE}#Administrator")]),
        json!(["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"]),
        json!(["Learner,Instructor"]),
        json!("Learner,Instructor"),
        json!(["instructor"]),
        json!(["Instructor "]),
        json!(["INSTRUCTOR"]),
        json!(["membership#Instructor"]),
        json!(["https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]),
        json!([format!("{CONTEXT_ROLE}#Instructor2")]),
        json!([format!("{CONTEXT_ROLE}#NotInstructor")]),
        json!([format!("https://evil.example/?{CONTEXT_ROLE}#Instructor")]),
        json!(["Faculty", "Teacher", "TeachingAssistant"]),
        json!([""]),
        json!([]),
        json!([["Instructor"]]),
        json!([{"role": "Instructor"}]),
    ] {
        let user = user_with(&tool, &platform, |claims| claims[claim::ROLES] = roles.clone()).await;
        for flag in ["isInstructor", "isAdministrator", "isContentDeveloper", "isTeachingAssistant", "isMentor"] {
            assert_eq!(user[flag], false, "{flag} by {roles}");
        }
    }
    for roles in [json!(["Instructor"]), json!([format!("{CONTEXT_ROLE}#Instructor")])] {
        let user = user_with(&tool, &platform, |claims| claims[claim::ROLES] = roles.clone()).await;
        assert_eq!(user["isInstructor"], true, "{roles}");
    }
}

#[tokio::test]
async fn f15_an_empty_user_is_never_an_account() {
    let (platform, tool) = set_up().await;
    let allowing = FakePlatform::start(ISSUER, "client-2").await;
    let registration = doorway_core::registration::Registration { allow_anonymous: true, ..allowing.registration() };
    tool.parts.registrations().put(&registration).await.unwrap();
    for platform in [&platform, &allowing] {
        let empty = tool.launch_with(platform, |claims| claims["sub"] = json!("")).await;
        refused("an empty user", &empty, 401, "user_missing");
    }
    let absent = |claims: &mut Value| drop(claims.as_object_mut().map(|claims| claims.remove("sub")));
    refused("no user", &tool.launch_with(&platform, absent).await, 401, "user_missing");
    refused("null", &tool.launch_with(&platform, |claims| claims["sub"] = Value::Null).await, 401, "user_missing");
    // Where it is allowed, an anonymous launch has no user at all, and no two share one.
    let mut launches = Vec::new();
    for _ in 0..2 {
        let id = tool.launch_with(&allowing, absent).await.launch_id();
        let launch = tool.redeem(&id).await.json();
        assert_eq!(launch["user"].get("id"), None);
        launches.push(id);
    }
    assert_ne!(launches[0], launches[1]);
    let stored = tool.stored_launches().await;
    assert!(stored.iter().all(|item| !item.contains_key("user")), "nothing joins two anonymous launches");
}

#[tokio::test]
async fn f16_ids_of_lti_1_1_are_passed_through_and_link_nothing() {
    let (platform, tool) = set_up().await;
    let first = tool.launch(&platform).await;
    let before = tool.redeem(&first).await.json()["user"].clone();
    for migration in [
        json!({"user_id": "41", "oauth_consumer_key": "key", "oauth_consumer_key_sign": "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps="}),
        json!({"user_id": "41", "oauth_consumer_key": "key"}),
        json!({"user_id": "2", "oauth_consumer_key": "key", "oauth_consumer_key_sign": "forged"}),
        json!({"user_id": "", "oauth_consumer_key": ""}),
        json!([]),
        json!("not an object"),
        Value::Null,
    ] {
        let id = tool.launch_with(&platform, |claims| claims[LTI_1P1] = migration.clone()).await.launch_id();
        let launch = tool.redeem(&id).await.json();
        assert_eq!(launch["user"], before, "who it is depends on `sub` alone");
        assert_eq!(launch["claims"][LTI_1P1], migration, "as sent");
        assert_ne!(launch["migration"]["verified"], true, "a key without a signature of its secret proves nothing");
        let kept = tool.api("GET", &format!("/v1/launches/{id}")).await.json();
        assert_eq!(kept["claims"].get(LTI_1P1), None, "nothing of it is kept");
        assert_eq!(kept.get("migration"), None, "nothing of it is kept");
    }
}
