//! The 1EdTech tool certification suite, case by case (certification digest §2 to §5).

mod suite;

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::message::{Launch, Message};
use doorway_lti::rejection::Malformed;
use doorway_lti::role::Principal;
use serde_json::{Value, json};

use crate::support::{NOW, PLATFORM};

use suite::{accepted, header, missing, refused, remove, role, set, student, suite, teacher};

#[test]
fn b1_no_kid_is_refused() {
    let header = json!({ "badtestonly": "12345", "alg": "RS256" });
    refused("B1", &header, &student(), Rejection::KeyIdMissing);
}

#[test]
fn b2_an_incorrect_kid_is_refused() {
    let header = json!({ "kid": "imstester_66068", "alg": "RS256" });
    refused("B2", &header, &student(), Rejection::KeyIdUnknown);
}

#[test]
fn b3_and_b4_a_wrong_or_missing_version_is_refused() {
    refused("B3", &header(), &set(student(), claim::VERSION, "11.3"), Rejection::VersionUnsupported);
    refused("B4", &header(), &remove(student(), &[claim::VERSION]), missing(&[claim::VERSION]));
}

#[test]
fn b5_what_is_no_lti_message_is_refused_cleanly() {
    let claims = json!({ "name": "badltilaunch" });
    refused("B5", &json!({}), &claims, Malformed::NoAlgorithm);
    let token = PLATFORM.token(&json!({}), &claims);
    let (two_parts, _) = token.rsplit_once('.').unwrap();
    for text in ["", "badltilaunch", two_parts] {
        suite().refuses("B5, fewer than three parts", text, Malformed::NotThreeParts);
    }
    let all = [
        "iss",
        "aud",
        "exp",
        "iat",
        "nonce",
        claim::MESSAGE_TYPE,
        claim::VERSION,
        claim::DEPLOYMENT_ID,
        claim::TARGET_LINK_URI,
        claim::RESOURCE_LINK,
        claim::ROLES,
        "sub",
    ];
    refused("B5 under a good header", &header(), &claims, missing(&all));
}

#[test]
fn b6_every_missing_lti_claim_is_named() {
    let absent = [claim::MESSAGE_TYPE, claim::VERSION, claim::ROLES];
    refused("B6", &header(), &remove(student(), &absent), missing(&absent));
    let absent = ["aud", "iss", "sub", claim::DEPLOYMENT_ID, claim::ROLES];
    let named = missing(&["iss", "aud", claim::DEPLOYMENT_ID, claim::ROLES, "sub"]);
    refused("B6, another capture", &header(), &remove(student(), &absent), named);
}

#[test]
fn b7_incorrect_timestamps_are_refused() {
    let claims = set(set(student(), "iat", 11_111), "exp", 22_222);
    let expired = Rejection::Expired { by_seconds: NOW - 22_222 - 60, leeway_seconds: 60 };
    refused("B7", &header(), &claims, expired);
}

#[test]
fn b8_to_b11_a_missing_claim_is_refused() {
    for (case, name) in [
        ("B8", claim::MESSAGE_TYPE),
        ("B9", claim::ROLES),
        ("B10", claim::DEPLOYMENT_ID),
        ("B11", claim::RESOURCE_LINK),
    ] {
        refused(case, &header(), &remove(student(), &[name]), missing(&[name]));
    }
}

#[test]
fn b11_a_resource_link_without_an_id_is_none() {
    for link in [json!({}), json!({ "id": "" }), json!({ "id": null }), json!({ "title": "x" }), json!([]), json!("x")]
    {
        let claims = set(student(), claim::RESOURCE_LINK, link);
        refused("B11", &header(), &claims, missing(&["resource_link.id"]));
    }
}

#[test]
fn b12_a_missing_user_is_refused() {
    refused("B12 as captured", &header(), &set(student(), "sub", ""), Rejection::UserMissing);
    refused("B12 as described", &header(), &remove(student(), &["sub"]), Rejection::UserMissing);
}

const NAMES: [&str; 4] = ["name", "given_name", "middle_name", "family_name"];

fn no_pii(claims: Value) -> Value {
    remove(remove(claims, &NAMES), &["email"])
}

fn is_instructor_only(launch: &Launch) -> bool {
    let roles = &launch.roles;
    roles.is_instructor() && !roles.is_learner() && !roles.is_administrator() && !roles.is_platform_administrator()
}

fn is_learner_only(launch: &Launch) -> bool {
    let roles = &launch.roles;
    roles.is_learner() && !roles.is_instructor() && !roles.is_mentor() && !roles.is_administrator()
}

fn has_least_privilege(launch: &Launch) -> bool {
    use Principal::{Administrator, ContentDeveloper, Instructor, Learner, Manager, Member, Mentor, Officer};
    let all = [Administrator, ContentDeveloper, Instructor, Learner, Manager, Member, Mentor, Officer];
    !all.into_iter().any(|principal| launch.roles.has(principal)) && !launch.roles.is_platform_administrator()
}

#[test]
fn t1_to_t3_a_teacher_is_an_instructor() {
    for roles in [
        json!([role("membership#Instructor")]),
        json!([role("membership#Instructor"), role("institution/person#Staff"), role("institution/person#Other")]),
        json!(["Instructor"]),
    ] {
        assert!(is_instructor_only(&accepted(&set(teacher(), claim::ROLES, roles.clone()))), "{roles}");
    }
}

#[test]
fn t4_and_t5_an_unknown_role_and_no_role_are_accepted_with_least_privilege() {
    for roles in [json!([role("unknown/unknown#Helper")]), json!([""]), json!([])] {
        assert!(has_least_privilege(&accepted(&set(teacher(), claim::ROLES, roles.clone()))), "{roles}");
    }
}

#[test]
fn t6_and_s6_email_only() {
    for claims in [teacher(), student()] {
        let names = accepted(&remove(claims, &NAMES)).names;
        assert!(names.email.is_some());
        assert_eq!((names.name, names.given_name, names.middle_name, names.family_name), (None, None, None, None));
    }
}

#[test]
fn t7_and_s7_names_only() {
    for (claims, name) in [(teacher(), "Lauren Colleen Hutton"), (student(), "Carrie Ann Lowell")] {
        let names = accepted(&remove(claims, &["email"])).names;
        assert_eq!((names.name.as_deref(), names.email), (Some(name), None));
    }
}

#[test]
fn t8_and_s8_no_personal_data() {
    for (claims, sub) in [(teacher(), "39890"), (student(), "40899")] {
        let launch = accepted(&no_pii(claims));
        assert_eq!(launch.user_id.unwrap().as_str(), sub);
        assert_eq!((launch.names.name, launch.names.email), (None, None));
    }
}

#[test]
fn t9_and_s9_email_without_context() {
    for claims in [teacher(), student()] {
        let launch = accepted(&remove(remove(claims, &NAMES), &[claim::CONTEXT]));
        assert!(launch.context.is_none() && launch.names.email.is_some());
    }
}

#[test]
fn t10_and_s10_a_new_resource_link() {
    for claims in [teacher(), student()] {
        let launch = accepted(&set(claims, claim::RESOURCE_LINK, json!({ "id": "a new one" })));
        assert_eq!(launch.resource_link().unwrap().id, "a new one");
    }
}

#[test]
fn s1_to_s4_a_student_is_a_learner() {
    let institution = [role("institution/person#Student"), role("institution/person#Mentor")];
    for roles in [
        json!([role("membership#Learner")]),
        json!([role("membership#Learner"), institution[0], institution[1]]),
        json!(["Learner"]),
        json!([role("membership#Learner"), role("uknownrole/unknown#Unknown")]),
    ] {
        let launch = accepted(&set(student(), claim::ROLES, roles.clone()));
        assert!(is_learner_only(&launch), "{roles}");
        assert!(launch.role_scope_mentor.is_empty(), "{roles}");
    }
}

#[test]
fn s5_no_role_is_accepted_with_least_privilege() {
    assert!(has_least_privilege(&accepted(&set(student(), claim::ROLES, json!([""])))));
}

#[test]
fn only_a_resource_link_and_a_context() {
    let claims =
        remove(no_pii(student()), &["locale", claim::CUSTOM, claim::LIS, claim::AGS_ENDPOINT, claim::NRPS_SERVICE]);
    let launch = accepted(&claims);
    assert!(
        launch.ags.is_none() && launch.nrps.is_none() && launch.platform.is_none() && launch.presentation.is_none()
    );
    assert_eq!(launch.context.unwrap().id, "8893483");
    assert_eq!(launch.target_link_uri.as_deref(), Some("https://tool.example/lti/launch"));
}

#[test]
fn the_services_are_read_as_sent() {
    let launch = accepted(&teacher());
    let ags = launch.ags.unwrap();
    assert!(ags.line_items.unwrap().ends_with("/8893483/lineitems"));
    assert_eq!((ags.line_item, ags.scope.len()), (None, 3));
    assert!(launch.nrps.unwrap().memberships_url.ends_with("namesandroles.html?memberships=1879"));
}

/// The captured request of §6.2: no `target_link_uri`, no `resource_link`, no `locale`, no roster.
fn deep_linking_request() -> Value {
    let mut claims = remove(teacher(), &[claim::TARGET_LINK_URI, claim::RESOURCE_LINK, "locale", claim::NRPS_SERVICE]);
    claims[claim::MESSAGE_TYPE] = "LtiDeepLinkingRequest".into();
    claims[claim::LAUNCH_PRESENTATION] = json!({ "document_target": "window", "height": 360, "width": 480 });
    claims[claim::DEEP_LINKING_SETTINGS] = json!({
        "accept_types": ["link", "file", "html", "ltiResourceLink"],
        "accept_media_types": "image/*,text/html,application/json",
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": true,
        "auto_create": true,
        "title": "Select some content",
        "text": "Some text",
        "data": "909708",
        "deep_link_return_url": "https://ltiadvantagevalidator.imsglobal.org/ltitool/deeplinkresponse.html",
    });
    claims
}

#[test]
fn the_deep_linking_request_of_the_suite_is_accepted() {
    let launch = accepted(&deep_linking_request());
    let Message::DeepLinking { settings } = &launch.message else { panic!("{:?}", launch.message) };
    assert_eq!(
        settings.deep_link_return_url,
        "https://ltiadvantagevalidator.imsglobal.org/ltitool/deeplinkresponse.html"
    );
    assert_eq!(settings.accept_types, ["link", "file", "html", "ltiResourceLink"]);
    assert_eq!(settings.accept_media_types, ["image/*", "text/html", "application/json"]);
    assert_eq!(settings.accept_presentation_document_targets, ["iframe", "window"]);
    assert_eq!((settings.accept_multiple, settings.auto_create, settings.accept_lineitem), (true, true, None));
    assert_eq!(settings.data, Some(json!("909708")));
    let presentation = launch.presentation.as_ref().unwrap();
    assert_eq!(presentation.document_target.as_deref(), Some("window"));
    assert_eq!((presentation.height, presentation.width), (Some(360), Some(480)));
    assert!(launch.ags.is_some() && launch.target_link_uri.is_none() && launch.resource_link().is_none());
}

#[test]
fn a_deep_linking_request_without_a_way_back_is_refused() {
    let no_settings = remove(deep_linking_request(), &[claim::DEEP_LINKING_SETTINGS]);
    refused("settings", &header(), &no_settings, missing(&[claim::DEEP_LINKING_SETTINGS]));
    let no_url = "deep_linking_settings.deep_link_return_url";
    for settings in [
        json!({}),
        json!([]),
        json!("x"),
        json!({ "deep_link_return_url": "" }),
        json!({ "deep_link_return_url": null }),
    ] {
        let claims = set(deep_linking_request(), claim::DEEP_LINKING_SETTINGS, settings);
        refused("return url", &header(), &claims, missing(&[no_url]));
    }
}

#[test]
fn the_link_that_was_passed_is_launched() {
    let claims = set(student(), claim::TARGET_LINK_URI, "https://tool.example/chosen?chapter=2");
    let claims = set(claims, claim::ROLES, json!([role("membership#Learner"), role("institution/person#Student")]));
    let launch = accepted(&claims);
    assert!(is_learner_only(&launch));
    assert_eq!(launch.target_link_uri.as_deref(), Some("https://tool.example/chosen?chapter=2"));
}
