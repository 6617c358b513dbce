//! The payloads are complete, and as odd as those that they stand for.

use doorway_mock_platform::claims::LaunchClaims;
use doorway_mock_platform::claims::names::{
    AGS_ENDPOINT, BASIC_OUTCOME, CONTEXT, CUSTOM, DEEP_LINKING_SETTINGS, DEPLOYMENT_ID, EXT, FOR_USER,
    LAUNCH_PRESENTATION, LIS, MESSAGE_TYPE, NAMES_ROLES, RESOURCE_LINK, ROLES, TARGET_LINK_URI, TOOL_PLATFORM, VERSION,
};
use doorway_mock_platform::{User, users};
use serde_json::{Value, json};

use crate::support::{ISSUER, NOW};

fn launch(user: &User) -> LaunchClaims<'_> {
    LaunchClaims {
        issuer: ISSUER,
        client_id: "maple-tool",
        deployment_id: "7",
        nonce: "n0nce",
        issued_at: NOW,
        target_link_uri: "https://tool.example/app",
        user,
    }
}

fn teacher() -> User {
    users().remove(0)
}

fn assert_has(claims: &Value, names: &[&str]) {
    for name in names {
        assert!(claims.get(name).is_some(), "{name}");
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_payload_has_what_every_message_requires() {
    let user = teacher();
    let launch = launch(&user);
    let payloads = [
        launch.resource_link(),
        launch.deep_linking(),
        launch.submission_review(),
        launch.data_privacy(),
        launch.moodle_sized(),
        launch.canvas_sized(),
    ];
    for claims in payloads {
        assert_eq!(claims["iss"], ISSUER);
        assert_eq!(claims["aud"], "maple-tool");
        assert_eq!(claims["sub"], user.id);
        assert_eq!(claims["nonce"], "n0nce");
        assert_eq!(claims["iat"], NOW);
        assert!(claims["exp"].as_u64() > Some(NOW));
        assert_eq!(claims[VERSION], "1.3.0");
        assert_eq!(claims[DEPLOYMENT_ID], "7");
        assert_eq!(claims[TARGET_LINK_URI], "https://tool.example/app");
        assert!(claims[ROLES].is_array());
        assert_eq!(claims["name"], "Ada Morgan");
    }
}

#[test]
fn a_resource_link_launch_is_complete() {
    let user = teacher();
    let claims = launch(&user).resource_link();
    assert_eq!(claims[MESSAGE_TYPE], "LtiResourceLinkRequest");
    assert_eq!(claims["exp"], NOW + 300);
    assert!(!claims[RESOURCE_LINK]["id"].as_str().unwrap().is_empty());
    assert_has(
        &claims,
        &[CONTEXT, TOOL_PLATFORM, LAUNCH_PRESENTATION, LIS, CUSTOM, AGS_ENDPOINT, NAMES_ROLES, "given_name", "email"],
    );
}

#[test]
fn a_deep_linking_request_has_settings_and_no_resource_link() {
    let user = teacher();
    let claims = launch(&user).deep_linking();
    assert_eq!(claims[MESSAGE_TYPE], "LtiDeepLinkingRequest");
    assert!(claims.get(RESOURCE_LINK).is_none());
    assert_has(
        &claims[DEEP_LINKING_SETTINGS],
        &["deep_link_return_url", "accept_types", "accept_presentation_document_targets", "data"],
    );
}

#[test]
fn a_submission_review_says_whose_work_and_which_column() {
    let user = teacher();
    let claims = launch(&user).submission_review();
    assert_eq!(claims[MESSAGE_TYPE], "LtiSubmissionReviewRequest");
    assert_eq!(claims[FOR_USER]["user_id"], "52");
    assert_has(&claims[AGS_ENDPOINT], &["lineitem"]);
    assert_has(&claims, &[RESOURCE_LINK, CONTEXT]);
}

#[test]
fn a_data_privacy_launch_is_about_a_person_and_no_course() {
    let user = teacher();
    let claims = launch(&user).data_privacy();
    assert_eq!(claims[MESSAGE_TYPE], "LtiDataPrivacyLaunchRequest");
    for absent in [RESOURCE_LINK, CONTEXT, FOR_USER] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn a_school_that_releases_no_names_sends_none() {
    let user = teacher().without_personal_data();
    for claims in [launch(&user).resource_link(), launch(&user).moodle_sized(), launch(&user).canvas_sized()] {
        for name in ["name", "given_name", "family_name", "email"] {
            assert!(claims.get(name).is_none(), "{name}");
        }
        assert_eq!(claims["sub"], user.id);
    }
}

#[test]
fn a_moodle_launch_has_moodles_members_and_no_others() {
    let user = teacher();
    let claims = launch(&user).moodle_sized();
    let mut expected = vec![
        "iss",
        "aud",
        "sub",
        "iat",
        "exp",
        "nonce",
        "name",
        "given_name",
        "family_name",
        "email",
        AGS_ENDPOINT,
        BASIC_OUTCOME,
        CONTEXT,
        CUSTOM,
        DEPLOYMENT_ID,
        EXT,
        LAUNCH_PRESENTATION,
        LIS,
        MESSAGE_TYPE,
        NAMES_ROLES,
        RESOURCE_LINK,
        ROLES,
        TARGET_LINK_URI,
        TOOL_PLATFORM,
        VERSION,
    ];
    let mut found = keys(&claims);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_moodle_launch_has_moodles_oddities() {
    let user = teacher();
    let claims = launch(&user).moodle_sized();
    assert_eq!(claims["exp"], NOW + 60);
    assert_eq!(claims[CONTEXT]["type"], json!(["CourseSection"]));
    assert!(claims[RESOURCE_LINK]["description"].as_str().unwrap().contains("\r\n"));
    assert_eq!(claims[CUSTOM]["section"], "$No.Such.Var");
    assert_eq!(claims[EXT]["lms"], "moodle-2");
    assert!(claims[AGS_ENDPOINT]["lineitem"].as_str().unwrap().ends_with("/lineitem?type_id=2"));
    assert!(claims[ROLES].as_array().unwrap().is_sorted_by_key(|role| role.as_str()));
}

#[test]
fn a_canvas_launch_has_canvass_oddities() {
    let user = teacher();
    let claims = launch(&user).canvas_sized();
    assert_eq!(claims["exp"], NOW + 3600);
    assert_eq!(claims["azp"], claims["aud"]);
    assert_eq!(claims[RESOURCE_LINK]["id"], claims[CONTEXT]["id"]);
    assert!(claims[RESOURCE_LINK]["title"].is_null());
    assert_eq!(claims["https://www.instructure.com/placement"], "course_navigation");
    assert!(keys(&claims[CUSTOM]).len() > 20);
    assert!(claims[CUSTOM]["canvas_user_id"].is_number());
    for (claim, member) in [(AGS_ENDPOINT, "lineitems"), (NAMES_ROLES, "context_memberships_url")] {
        assert!(claims[claim][member].as_str().unwrap().starts_with("https://maple.instructure.example/"));
    }
}

#[test]
fn a_canvas_launch_mixes_roles_of_three_kinds() {
    let user = teacher();
    let claims = launch(&user).canvas_sized();
    let roles = claims[ROLES].to_string();
    for kind in ["membership#Instructor", "institution/person#Faculty", "system/person#User"] {
        assert!(roles.contains(kind), "{kind}");
    }
}

#[test]
fn six_people_go_to_the_school_and_no_two_are_one() {
    let users = users();
    let positions: Vec<_> = users.iter().map(|user| user.position.as_str()).collect();
    assert_eq!(positions, ["Teacher", "Student", "Student", "Student", "Teaching assistant", "Administrator"]);
    let ids: std::collections::HashSet<_> = users.iter().map(|user| &user.id).collect();
    assert_eq!(ids.len(), users.len());
}

#[test]
fn only_the_teacher_and_the_assistant_teach() {
    let teaching: Vec<_> = users().into_iter().filter(User::is_teacher).map(|user| user.position).collect();
    assert_eq!(teaching, ["Teacher", "Teaching assistant"]);
}
