//! A resource link launch as Canvas sends it, with the null members, odd types and extensions that it is known for.

use serde_json::{Value, json};

use super::LaunchClaims;
use super::names::{
    AGS_ENDPOINT, CONTEXT, CUSTOM, DEPLOYMENT_ID, LAUNCH_PRESENTATION, LIS, LTI_1P1, LTI11_LEGACY_USER_ID,
    MESSAGE_TYPE, NAMES_ROLES, RESOURCE_LINK, ROLES, TARGET_LINK_URI, TOOL_PLATFORM, VERSION,
};

/// Seconds between `iat` and `exp`.
const LIFETIME_SECONDS: u64 = 3600;
/// The institution's own host: services live here, not on the issuer's.
const INSTITUTION: &str = "https://maple.instructure.example";
/// The opaque id of the course; in navigation placements it is the resource link's id too.
const CONTEXT_ID: &str = "4dde05e8ca1973bcca9bffc13e1548820eee93a3";

pub(super) fn resource_link(launch: &LaunchClaims<'_>) -> Value {
    let mut claims = json!({
        MESSAGE_TYPE: "LtiResourceLinkRequest",
        VERSION: "1.3.0",
        RESOURCE_LINK: {
            "id": CONTEXT_ID,
            "description": null,
            "title": null,
            "validation_context": null,
            "errors": {"errors": {}},
        },
        "aud": launch.client_id,
        "azp": launch.client_id,
        DEPLOYMENT_ID: launch.deployment_id,
        "exp": launch.issued_at + LIFETIME_SECONDS,
        "iat": launch.issued_at,
        "iss": launch.issuer,
        "nonce": launch.nonce,
        "sub": launch.user.id,
        TARGET_LINK_URI: launch.target_link_uri,
        ROLES: three_kinds_of_roles(launch),
        "locale": "en",
        "errors": {"errors": {}},
        LTI11_LEGACY_USER_ID: "535fa085f22b4655f48cd5a36a9215f64c062838",
        LTI_1P1: {"user_id": "535fa085f22b4655f48cd5a36a9215f64c062838"},
        "https://www.instructure.com/placement": "course_navigation",
        "https://www.instructure.com/lti_student_id": null,
    });
    if let Value::Object(claims) = &mut claims {
        claims.append(&mut launch.personal_data());
        claims.insert("picture".into(), json!(format!("{INSTITUTION}/images/messages/avatar-50.png")));
        claims.insert(CONTEXT.into(), context());
        claims.insert(LIS.into(), lis());
        claims.insert(TOOL_PLATFORM.into(), tool_platform());
        claims.insert(LAUNCH_PRESENTATION.into(), launch_presentation());
        claims.insert(CUSTOM.into(), custom());
        claims.insert(AGS_ENDPOINT.into(), ags_endpoint());
        claims.insert(NAMES_ROLES.into(), names_roles());
    }
    claims
}

/// Canvas puts context, institution and system roles into one array.
fn three_kinds_of_roles(launch: &LaunchClaims<'_>) -> Vec<String> {
    let system = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User".to_owned();
    let mut roles = launch.user.roles.clone();
    if !roles.contains(&system) {
        roles.push(system);
    }
    roles
}

fn context() -> Value {
    json!({
        "id": CONTEXT_ID,
        "label": "PHY-2",
        "title": "Physics: light and colour",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        "validation_context": null,
        "errors": {"errors": {}},
    })
}

fn lis() -> Value {
    json!({
        "person_sourcedid": "$Person.sourcedId",
        "course_offering_sourcedid": null,
        "validation_context": null,
        "errors": {"errors": {}},
    })
}

fn tool_platform() -> Value {
    json!({
        "guid": "07adb3e60637ff02d9ea11c7c74f1ca921699bd7.maple.instructure.example",
        "name": "Maple School District",
        "version": "cloud",
        "product_family_code": "canvas",
        "validation_context": null,
        "errors": {"errors": {}},
    })
}

fn launch_presentation() -> Value {
    json!({
        "document_target": "iframe",
        "return_url": format!("{INSTITUTION}/courses/3348/external_content/success/external_tool_redirect"),
        "locale": "en",
        "height": null,
        "width": "800",
        "validation_context": null,
        "errors": {"errors": {}},
    })
}

/// Expanded variables come as numbers, booleans, arrays and null; those that Canvas does not expand, literally.
fn custom() -> Value {
    json!({
        "canvas_account_id": 1,
        "canvas_account_name": "Maple School District",
        "canvas_api_domain": "maple.instructure.example",
        "canvas_api_base_url": INSTITUTION,
        "canvas_assignment_id": "$Canvas.assignment.id",
        "canvas_assignment_points_possible": null,
        "canvas_assignment_title": "$Canvas.assignment.title",
        "canvas_course_id": 3348,
        "canvas_course_name": "Physics: light and colour",
        "canvas_course_section_ids": [4001, 4002],
        "canvas_course_sis_source_id": "$Canvas.course.sisSourceId",
        "canvas_course_workflow_state": "available",
        "canvas_enrollment_state": "active",
        "canvas_membership_roles": "TeacherEnrollment",
        "canvas_module_id": "$Canvas.module.id",
        "canvas_root_account_id": 1,
        "canvas_term_name": "Autumn 2026",
        "canvas_term_start_at": "2026-08-24T06:00:00Z",
        "canvas_user_id": 1000,
        "canvas_user_is_root_account_admin": false,
        "canvas_user_prefers_high_contrast": false,
        "canvas_user_sis_id": null,
        "caliper_federated_session_id": "urn:uuid:9d4349c9-4f09-4c16-8d57-6c5ed2a2f4b1",
        "lesson": "how-light-bends",
        "message_locale": "en",
        "timezone": "America/Denver",
    })
}

fn ags_endpoint() -> Value {
    json!({
        "scope": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            "https://canvas.instructure.com/lti-ags/progress/scope/show",
        ],
        "lineitems": format!("{INSTITUTION}/api/lti/courses/3348/line_items"),
        "validation_context": null,
        "errors": {"errors": {}},
    })
}

fn names_roles() -> Value {
    json!({
        "context_memberships_url": format!("{INSTITUTION}/api/lti/courses/3348/names_and_roles"),
        "service_versions": ["2.0"],
        "validation_context": null,
        "errors": {"errors": {}},
    })
}
