//! A resource link launch, member for member as Moodle 5 sends it.

use serde_json::{Value, json};

use super::LaunchClaims;
use super::names::{
    AGS_ENDPOINT, BASIC_OUTCOME, CONTEXT, CUSTOM, DEPLOYMENT_ID, EXT, LAUNCH_PRESENTATION, LIS, MESSAGE_TYPE,
    NAMES_ROLES, RESOURCE_LINK, ROLES, TARGET_LINK_URI, TOOL_PLATFORM, VERSION,
};

/// Seconds between `iat` and `exp`.
const LIFETIME_SECONDS: u64 = 60;

pub(super) fn resource_link(launch: &LaunchClaims<'_>) -> Value {
    let mut claims = json!({
        "nonce": launch.nonce,
        "iat": launch.issued_at,
        "exp": launch.issued_at + LIFETIME_SECONDS,
        "iss": launch.issuer,
        "aud": launch.client_id,
        DEPLOYMENT_ID: launch.deployment_id,
        TARGET_LINK_URI: launch.target_link_uri,
        "sub": launch.user.id,
        MESSAGE_TYPE: "LtiResourceLinkRequest",
        VERSION: "1.3.0",
        ROLES: sorted_roles(launch),
        CONTEXT: {
            "id": "7",
            "label": "PHY-2",
            "title": "Physics: light and colour",
            "type": ["CourseSection"],
        },
        RESOURCE_LINK: {
            "title": "How light bends",
            "description": "A video lesson on refraction.\r\n\r\nWatch it twice.\r\n",
            "id": "12",
        },
        LIS: {"person_sourcedid": "", "course_section_sourcedid": ""},
        EXT: {"user_username": "ada", "lms": "moodle-2"},
        CUSTOM: {"lesson": "how-light-bends", "section": "$No.Such.Var"},
    });
    if let Value::Object(claims) = &mut claims {
        claims.append(&mut launch.personal_data());
        claims.insert(TOOL_PLATFORM.into(), tool_platform());
        claims.insert(LAUNCH_PRESENTATION.into(), launch_presentation(launch));
        claims.insert(BASIC_OUTCOME.into(), basic_outcome(launch));
        claims.insert(AGS_ENDPOINT.into(), ags_endpoint(launch));
        claims.insert(NAMES_ROLES.into(), names_roles(launch));
    }
    claims
}

/// Moodle sorts the URIs.
fn sorted_roles(launch: &LaunchClaims<'_>) -> Vec<String> {
    let mut roles = launch.user.roles.clone();
    roles.sort();
    roles
}

fn tool_platform() -> Value {
    json!({
        "product_family_code": "moodle",
        "version": "2025100601",
        "guid": "8ad4f2bb1c2f0e0ac3ff2e2fb9d5c8a1",
        "name": "maple",
        "description": "Maple Learning",
    })
}

fn launch_presentation(launch: &LaunchClaims<'_>) -> Value {
    json!({
        "locale": "en",
        "document_target": "iframe",
        "return_url": format!(
            "{}/mod/lti/return.php?course=7&launch_container=3&instanceid=12&sesskey=kQ7tZp01aB",
            launch.issuer
        ),
        "css_url": format!("{}/theme/styles.php/boost/1760000000_1/all", launch.issuer),
    })
}

fn basic_outcome(launch: &LaunchClaims<'_>) -> Value {
    let data = json!({"instanceid": "12", "userid": launch.user.id, "typeid": "2", "launchid": 1_804_289_383});
    let sourcedid = json!({
        "data": data,
        "hash": "4b1f8c5d0a2e7f3649b8a1c7d5e0f2a3b4c6d8e9f0a1b2c3d4e5f60718293a4b",
    });
    json!({
        "lis_result_sourcedid": sourcedid.to_string(),
        "lis_outcome_service_url": format!("{}/mod/lti/service.php", launch.issuer),
    })
}

/// Service URLs that already have a query.
fn ags_endpoint(launch: &LaunchClaims<'_>) -> Value {
    let line_items = format!("{}/mod/lti/services.php/7/lineitems", launch.issuer);
    json!({
        "scope": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        ],
        "lineitems": format!("{line_items}?type_id=2"),
        "lineitem": format!("{line_items}/31/lineitem?type_id=2"),
    })
}

fn names_roles(launch: &LaunchClaims<'_>) -> Value {
    json!({
        "context_memberships_url":
            format!("{}/mod/lti/services.php/CourseSection/7/bindings/2/memberships", launch.issuer),
        "service_versions": ["1.0", "2.0"],
    })
}
