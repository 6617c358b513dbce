//! The payloads of Maple Learning itself, one function per message type.

use serde_json::{Map, Value, json};

use super::names::{
    AGS_ENDPOINT, CONTEXT, CUSTOM, DEEP_LINKING_SETTINGS, FOR_USER, LAUNCH_PRESENTATION, LIS, NAMES_ROLES,
    RESOURCE_LINK, TOOL_PLATFORM,
};
use super::{LaunchClaims, ResourceLink};

/// The one course's id at the Platform.
pub(crate) const COURSE_ID: &str = "course-7";
/// The one course's title.
pub(crate) const COURSE_TITLE: &str = "Physics: light and colour";
/// The one course's short name.
pub(crate) const COURSE_LABEL: &str = "PHY-2";
/// The student whose work is reviewed.
const REVIEWED_STUDENT_ID: &str = "52";

/// Spec: LTI Core 1.3, section 5.3.
pub(super) fn resource_link(launch: &LaunchClaims<'_>, link: &ResourceLink) -> Value {
    let mut claims = launch.common("LtiResourceLinkRequest");
    in_course(&mut claims, launch, &link.document_target);
    on_link(&mut claims, launch, link);
    Value::Object(claims)
}

/// Spec: Deep Linking 2.0, section 4.4.
pub(super) fn deep_linking(launch: &LaunchClaims<'_>) -> Value {
    let mut claims = launch.common("LtiDeepLinkingRequest");
    in_course(&mut claims, launch, "window");
    claims.insert(
        DEEP_LINKING_SETTINGS.into(),
        json!({
            "deep_link_return_url": format!("{}/deep-linking/{COURSE_ID}", launch.issuer),
            "accept_types": ["ltiResourceLink", "link", "html"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": true,
            "accept_lineitem": true,
            "auto_create": false,
            "title": "Add to the course",
            "text": "Choose lessons for this course",
            "data": "chooser-7-c2f1",
        }),
    );
    Value::Object(claims)
}

/// Spec: Submission Review 1.0: the claims of a resource link, the line item, and whose work it is.
pub(super) fn submission_review(launch: &LaunchClaims<'_>) -> Value {
    let link = ResourceLink::video_lesson();
    let mut claims = launch.common("LtiSubmissionReviewRequest");
    in_course(&mut claims, launch, &link.document_target);
    on_link(&mut claims, launch, &link);
    claims.insert(
        FOR_USER.into(),
        json!({
            "user_id": REVIEWED_STUDENT_ID,
            "name": "Ben Okafor",
            "given_name": "Ben",
            "family_name": "Okafor",
            "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        }),
    );
    Value::Object(claims)
}

/// A person asks what the Tool knows of them: no course and no link, and no `for_user` since it is their own data.
pub(super) fn data_privacy(launch: &LaunchClaims<'_>) -> Value {
    let mut claims = launch.common("LtiDataPrivacyLaunchRequest");
    claims.insert(TOOL_PLATFORM.into(), tool_platform());
    claims.insert(LAUNCH_PRESENTATION.into(), launch_presentation(launch, "window"));
    Value::Object(claims)
}

/// What every message from within the course has.
fn in_course(claims: &mut Map<String, Value>, launch: &LaunchClaims<'_>, document_target: &str) {
    claims.insert(
        CONTEXT.into(),
        json!({
            "id": COURSE_ID,
            "label": COURSE_LABEL,
            "title": COURSE_TITLE,
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        }),
    );
    claims.insert(TOOL_PLATFORM.into(), tool_platform());
    claims.insert(LAUNCH_PRESENTATION.into(), launch_presentation(launch, document_target));
    claims.insert(
        LIS.into(),
        json!({
            "person_sourcedid": format!("maple:{}", launch.user.id),
            "course_offering_sourcedid": "maple:PHY-2-2026",
            "course_section_sourcedid": "maple:PHY-2-2026-A",
        }),
    );
    claims.insert("locale".into(), json!("en"));
    claims.insert(
        NAMES_ROLES.into(),
        json!({
            "context_memberships_url": format!("{}/memberships/{COURSE_ID}", launch.issuer),
            "service_versions": ["2.0"],
        }),
    );
}

/// What a message from a link has besides: the link, its parameters, its column in the gradebook.
fn on_link(claims: &mut Map<String, Value>, launch: &LaunchClaims<'_>, link: &ResourceLink) {
    claims.insert(RESOURCE_LINK.into(), json!({"id": link.id, "title": link.title, "description": link.description}));
    claims.insert(CUSTOM.into(), json!(link.custom));
    let line_items = format!("{}/line-items/{COURSE_ID}", launch.issuer);
    claims.insert(
        AGS_ENDPOINT.into(),
        json!({
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": line_items,
            "lineitem": format!("{line_items}/{}", link.id),
        }),
    );
}

fn tool_platform() -> Value {
    json!({
        "guid": "maple.example",
        "name": "Maple Learning",
        "description": "The school's learning platform",
        "url": "https://maple.example",
        "contact_email": "help@maple.example",
        "product_family_code": "maple",
        "version": "1.0",
    })
}

fn launch_presentation(launch: &LaunchClaims<'_>, document_target: &str) -> Value {
    json!({
        "document_target": document_target,
        "return_url": format!("{}/return", launch.issuer),
        "locale": "en",
    })
}
