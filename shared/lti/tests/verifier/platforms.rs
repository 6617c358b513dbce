//! Launches as real Platforms send them, with the oddities of the platforms digest.

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::id_token::AnonymousLaunches;
use doorway_lti::message::{Launch, Message};
use doorway_lti::role::Role;
use serde_json::{Value, json};

use crate::support::*;

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

/// Canvas: claims from when the login began, null members, numbers in `custom`, all kinds of roles.
fn canvas() -> Value {
    json!({
        "iss": "https://canvas.instructure.com", "aud": "10000000000123", "azp": "10000000000123",
        "sub": "535fa085f22b4655f48cd5a36a9215f64c062838", "iat": NOW - 200, "exp": NOW + 3400, "nonce": NONCE,
        "name": "Test Student", "given_name": "Test", "family_name": "Student", "email": null,
        "picture": "https://canvas.example/images/messages/avatar-50.png", "locale": "en",
        "errors": { "errors": {} },
        "https://www.instructure.com/placement": null,
        claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "4:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
        claim::TARGET_LINK_URI: "https://tool.example/lti",
        claim::RESOURCE_LINK: {
            "id": "4dde05e8ca1973bcca9bffc13e1548820eee93a3", "title": null, "description": null,
            "validation_context": null, "errors": { "errors": {} },
        },
        claim::CONTEXT: {
            "id": "4dde05e8ca1973bcca9bffc13e1548820eee93a3", "label": "BIO", "title": "Biology",
            "type": [format!("{LIS}course#CourseOffering")], "validation_context": null, "errors": { "errors": {} },
        },
        claim::TOOL_PLATFORM: {
            "guid": "FnIV7W5oJ2b4cgxF3cPvEDaW7wD9FxAWWLWbmWXk:canvas-lms", "name": "School", "version": "cloud",
            "product_family_code": "canvas", "validation_context": null, "errors": { "errors": {} },
        },
        claim::LAUNCH_PRESENTATION: {
            "document_target": "iframe", "height": null, "width": null, "locale": "en",
            "return_url": "https://canvas.example/courses/7/external_content/success/external_tool_redirect",
        },
        claim::ROLES: [
            format!("{LIS}institution/person#Administrator"), format!("{LIS}institution/person#Instructor"),
            format!("{LIS}institution/person#Student"), format!("{LIS}membership#Learner"),
            format!("{LIS}system/person#User"), "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
        ],
        claim::CUSTOM: {
            "canvas_user_id": 1000, "canvas_is_admin": false, "canvas_assignment": null,
            "canvas_course": "$Canvas.course.id", "canvas_sections": [1, 2],
        },
        claim::LIS: { "person_sourcedid": "$Person.sourcedId", "course_offering_sourcedid": null },
        "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id": "",
        "https://purl.imsglobal.org/spec/lti/claim/lti1p1": { "user_id": "", "validation_context": null },
        claim::ROLE_SCOPE_MENTOR: [],
        claim::AGS_ENDPOINT: {
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitems": "https://school.instructure.com/api/lti/courses/7/line_items",
            "validation_context": null, "errors": { "errors": {} },
        },
    })
}

fn of_canvas(claims: &Value) -> Launch {
    let tool = Tool { issuer: "https://canvas.instructure.com".to_owned(), ..Tool::default() };
    tool.accepts("canvas", &token(claims))
}

#[test]
fn a_canvas_launch_is_read() {
    let launch = of_canvas(&canvas());
    assert_eq!(launch.deployment_id.as_str(), "4:8865aa05b4b79b64a91a86042e43af5ea8ae79eb");
    let link = launch.resource_link().unwrap();
    assert_eq!(Some(link.id.as_str()), launch.context.as_ref().map(|context| context.id.as_str()));
    assert_eq!((&link.title, &link.description), (&None, &None));
    assert_eq!(launch.names.email, None);
    let presentation = launch.presentation.as_ref().unwrap();
    assert_eq!((presentation.height, presentation.width), (None, None));
    let custom = |name: &str| launch.custom[name].as_deref();
    assert_eq!(custom("canvas_user_id"), Some("1000"));
    assert_eq!(custom("canvas_is_admin"), Some("false"));
    assert_eq!(custom("canvas_assignment"), None);
    assert_eq!(custom("canvas_course"), Some("$Canvas.course.id"));
    assert_eq!(custom("canvas_sections"), Some("[1,2]"));
}

#[test]
fn canvas_roles_of_the_institution_give_nothing_in_the_course() {
    let roles = of_canvas(&canvas()).roles;
    assert!(roles.is_learner() && roles.is_test_user() && roles.is_platform_administrator());
    assert!(!roles.is_instructor() && !roles.is_administrator());
    assert_eq!(roles.iter().count(), 6);
    assert!(!roles.iter().any(|role| matches!(role, Role::Unrecognised(_))));
}

#[test]
fn a_canvas_account_launch_has_no_services() {
    let mut claims = canvas();
    claims[claim::CONTEXT]["type"] = json!(["Account"]);
    claims.as_object_mut().unwrap().remove(claim::AGS_ENDPOINT).unwrap();
    let launch = of_canvas(&claims);
    assert_eq!(launch.context.unwrap().types, ["Account"]);
    assert!(launch.ags.is_none() && launch.nrps.is_none());
}

#[test]
fn a_visitor_of_a_public_canvas_course_is_nobody() {
    let mut claims = canvas();
    claims.as_object_mut().unwrap().remove("sub").unwrap();
    claims[claim::ROLES] = json!([format!("{LIS}system/person#None")]);
    let tool = || Tool { issuer: "https://canvas.instructure.com".to_owned(), ..Tool::default() };
    tool().refuses("by default", &token(&claims), Rejection::UserMissing);
    let tool = Tool { anonymous: AnonymousLaunches::Allowed, ..tool() };
    let launch = tool.accepts("where it is allowed", &token(&claims));
    assert_eq!(launch.user_id, None);
    assert!(!launch.roles.is_learner() && !launch.roles.is_platform_administrator());
}

/// Moodle: a minute's validity, short context types, PHP's empty maps, numbers for ids.
fn moodle() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": "3", "iat": NOW, "exp": NOW + 60, "nonce": NONCE,
        "given_name": "Admin", "family_name": "User", "name": "Admin User", "email": "admin@lms.example",
        claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "2",
        claim::TARGET_LINK_URI: "https://tool.example/lti",
        claim::ROLES: [
            format!("{LIS}institution/person#Administrator"), format!("{LIS}membership#Instructor"),
            format!("{LIS}system/person#Administrator"), format!("{LIS}person#Administrator"),
        ],
        claim::CONTEXT: { "id": 2, "label": "C1", "title": "Course 1", "type": ["CourseSection"] },
        claim::RESOURCE_LINK: { "id": 7, "title": "Essay", "description": "first\r\nsecond\r\n" },
        claim::LAUNCH_PRESENTATION: {
            "locale": "pt_br", "document_target": "iframe", "css_url": "https://lms.example/moodle/style.css",
            "return_url": "https://lms.example/moodle/mod/lti/return.php?course=2&launch_container=3&instanceid=7",
        },
        claim::TOOL_PLATFORM: {
            "guid": "c0ffee", "name": "School", "product_family_code": "moodle", "version": 2025100603, "url": "",
        },
        claim::CUSTOM: [],
        claim::LIS: { "person_sourcedid": "", "course_section_sourcedid": "" },
        "https://purl.imsglobal.org/spec/lti/claim/ext": { "user_username": "admin", "lms": "moodle-2" },
        "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": {
            "lis_result_sourcedid": "{}", "lis_outcome_service_url": "https://lms.example/moodle/mod/lti/service.php",
        },
        claim::AGS_ENDPOINT: {
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitems": "https://lms.example/moodle/mod/lti/services.php/2/lineitems?type_id=2",
            "lineitem": "",
        },
        claim::NRPS_SERVICE: {
            "context_memberships_url": "https://lms.example/moodle/mod/lti/services.php/CourseSection/2/bindings/2/m?rlid=7",
            "service_versions": ["1.0", "2.0"],
        },
    })
}

#[test]
fn a_moodle_launch_is_read() {
    let launch = launch(&moodle());
    assert_eq!((launch.user_id.as_ref().unwrap().as_str(), launch.deployment_id.as_str()), ("3", "2"));
    let context = launch.context.as_ref().unwrap();
    assert_eq!((context.id.as_str(), context.types[0].as_str()), ("2", &*format!("{LIS}course#CourseSection")));
    let link = launch.resource_link().unwrap();
    assert_eq!((link.id.as_str(), link.description.as_deref()), ("7", Some("first\r\nsecond\r\n")));
    assert!(launch.custom.is_empty());
    assert_eq!(launch.platform.as_ref().unwrap().version.as_deref(), Some("2025100603"));
    let ags = launch.ags.as_ref().unwrap();
    assert_eq!(ags.line_item, None);
    assert!(ags.line_items.as_ref().unwrap().ends_with("/lineitems?type_id=2"));
    assert_eq!(launch.presentation.as_ref().unwrap().locale.as_deref(), Some("pt_br"));
    assert!(launch.roles.is_instructor() && launch.roles.is_platform_administrator());
    assert!(!launch.roles.is_administrator());
}

#[test]
fn a_moodle_launch_with_unresolved_variables_keeps_them() {
    let mut claims = moodle();
    claims[claim::CUSTOM] = json!({ "no_such": "$No.Such.Var", "context": "$Context.id.history", "blank": "" });
    let custom = launch(&claims).custom;
    assert_eq!(custom["no_such"].as_deref(), Some("$No.Such.Var"));
    assert_eq!(custom["context"].as_deref(), Some("$Context.id.history"));
    assert_eq!(custom["blank"].as_deref(), Some(""));
}

#[test]
fn a_moodle_deep_linking_request_is_read() {
    let mut claims = moodle();
    claims[claim::MESSAGE_TYPE] = "LtiDeepLinkingRequest".into();
    claims.as_object_mut().unwrap().remove(claim::RESOURCE_LINK).unwrap();
    claims[claim::CONTEXT]["type"] = json!(["Group"]);
    claims[claim::DEEP_LINKING_SETTINGS] = json!({
        "accept_types": ["ltiResourceLink"], "accept_media_types": ["application/vnd.ims.lti.v1.ltilink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"], "accept_copy_advice": false,
        "accept_multiple": true, "accept_unsigned": false, "auto_create": false, "can_confirm": false,
        "deep_link_return_url": "https://lms.example/moodle/mod/lti/contentitem_return.php?course=2&id=2&sesskey=x",
        "title": "", "text": "",
    });
    let launch = launch(&claims);
    let Message::DeepLinking { settings } = &launch.message else { panic!("{:?}", launch.message) };
    assert_eq!(settings.accept_media_types, ["application/vnd.ims.lti.v1.ltilink"]);
    assert_eq!((&settings.title, &settings.text, &settings.data), (&None, &None, &None));
    assert!(settings.accept_multiple && !settings.auto_create);
    assert_eq!(launch.context.unwrap().types, [format!("{LIS}course#Group")]);
}

#[test]
fn other_platforms_small_differences_are_accepted() {
    let array = with("aud", json!([CLIENT_ID]));
    launch(&array);
    let schoology = launch(&with("sub", "63778725::92ce0d5e0a9d7d6a1c3a4c1f2d1c8a6e"));
    assert!(schoology.user_id.is_some());
    let blackboard = PLATFORM.token(&header_without("typ"), &with(claim::RESOURCE_LINK, json!({ "id": "_44_1" })));
    assert_eq!(accepts("Blackboard", &blackboard).resource_link().unwrap().id, "_44_1");
    let open_edx = launch(&with(
        claim::ROLES,
        json!([format!("{LIS}system/person#None"), "Learner", format!("{LIS}institution/person#None"), "Learner"]),
    ));
    assert!(open_edx.roles.is_learner());
    assert_eq!(open_edx.roles.iter().count(), 3);
    let without_guid = changed(|claims| claims[claim::TOOL_PLATFORM] = json!({ "name": "Sakai" }));
    assert_eq!(launch(&without_guid).platform.unwrap().guid, None);
    let blackboard_roster = changed(|claims| claims[claim::NRPS_SERVICE]["scope"] = json!(["x"]));
    assert!(launch(&blackboard_roster).nrps.is_some());
}

#[test]
fn a_submission_review_names_a_user_and_a_line_item() {
    let review = changed(|claims| {
        claims[claim::MESSAGE_TYPE] = "LtiSubmissionReviewRequest".into();
        claims[claim::FOR_USER] = json!({ "user_id": 40899, "name": "Carrie Lowell" });
    });
    let launch = launch(&review);
    assert_eq!(launch.for_user().unwrap().user_id, "40899");
    let Message::SubmissionReview { line_item, .. } = &launch.message else { panic!("{:?}", launch.message) };
    assert_eq!(line_item, "https://lms.example/context/2923/lineitems/1/lineitem");
    for (name, member, missing) in
        [(claim::FOR_USER, "user_id", "for_user.user_id"), (claim::AGS_ENDPOINT, "lineitem", "endpoint.lineitem")]
    {
        let mut claims = review.clone();
        claims[name][member] = "".into();
        refuses(missing, &token(&claims), Rejection::ClaimsMissing(vec![missing]));
        claims.as_object_mut().unwrap().remove(name).unwrap();
        refuses(name, &token(&claims), Rejection::ClaimsMissing(vec![name]));
    }
}

#[test]
fn a_data_privacy_launch_needs_no_resource_link() {
    let mut claims = changed(|claims| claims[claim::MESSAGE_TYPE] = "LtiDataPrivacyLaunchRequest".into());
    for name in [claim::RESOURCE_LINK, claim::ROLES, claim::CONTEXT, claim::TARGET_LINK_URI] {
        claims.as_object_mut().unwrap().remove(name).unwrap();
    }
    assert_eq!(launch(&claims).message, Message::DataPrivacy { for_user: None });
}
