//! The names of the claims, exactly as on the wire.
//!
//! Spec: [LTI Core 1.3 §5](https://www.imsglobal.org/spec/lti/v1p3/#messages-and-claims).

/// `LtiResourceLinkRequest`, `LtiDeepLinkingRequest`, ...
pub const MESSAGE_TYPE: &str = "https://purl.imsglobal.org/spec/lti/claim/message_type";
/// Always `1.3.0`.
pub const VERSION: &str = "https://purl.imsglobal.org/spec/lti/claim/version";
/// The Deployment.
pub const DEPLOYMENT_ID: &str = "https://purl.imsglobal.org/spec/lti/claim/deployment_id";
/// Where the user wants to go.
pub const TARGET_LINK_URI: &str = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri";
/// The link that was clicked.
pub const RESOURCE_LINK: &str = "https://purl.imsglobal.org/spec/lti/claim/resource_link";
/// The user's roles.
pub const ROLES: &str = "https://purl.imsglobal.org/spec/lti/claim/roles";
/// The course or group.
pub const CONTEXT: &str = "https://purl.imsglobal.org/spec/lti/claim/context";
/// The Platform's own description of itself.
pub const TOOL_PLATFORM: &str = "https://purl.imsglobal.org/spec/lti/claim/tool_platform";
/// Users whom a mentor may look after.
pub const ROLE_SCOPE_MENTOR: &str = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor";
/// How the Tool will be shown, and where to return.
pub const LAUNCH_PRESENTATION: &str = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation";
/// Identifiers of the student information system.
pub const LIS: &str = "https://purl.imsglobal.org/spec/lti/claim/lis";
/// Custom parameters.
pub const CUSTOM: &str = "https://purl.imsglobal.org/spec/lti/claim/custom";
/// Whose submission is reviewed.
pub const FOR_USER: &str = "https://purl.imsglobal.org/spec/lti/claim/for_user";
/// What LTI 1.1 called the same user, course and link, and which of its consumers the Platform was.
pub const LTI_1P1: &str = "https://purl.imsglobal.org/spec/lti/claim/lti1p1";
/// Canvas's extension: the user's id of LTI 1.1, also in launches that have no migration claim.
pub const LTI11_LEGACY_USER_ID: &str = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id";
/// What a deep-linking response may contain.
pub const DEEP_LINKING_SETTINGS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
/// Assignment and Grade Services.
pub const AGS_ENDPOINT: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
/// Names and Role Provisioning Services.
pub const NRPS_SERVICE: &str = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";
/// Course Groups.
pub const GROUPS_SERVICE: &str = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice";
/// Platform Notification Service.
pub const NOTIFICATION_SERVICE: &str = "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice";
/// The content items of a deep-linking response; an empty list is "nothing chosen".
pub const CONTENT_ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
/// The `data` of the deep-linking request, returned exactly as it came.
pub const DEEP_LINKING_DATA: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/data";
/// What the Platform may show to the user.
pub const DEEP_LINKING_MSG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/msg";
/// What the Platform may write to its log.
pub const DEEP_LINKING_LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/log";
/// What the Platform may show to the user: an error.
pub const DEEP_LINKING_ERROR_MSG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errormsg";
/// What the Platform may write to its log: an error.
pub const DEEP_LINKING_ERROR_LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errorlog";
