//! The names of the claims, as they stand in an id_token. Spec: LTI Core 1.3, section 5.3.

/// `LtiResourceLinkRequest` and its like.
pub const MESSAGE_TYPE: &str = "https://purl.imsglobal.org/spec/lti/claim/message_type";
/// Always `1.3.0`.
pub const VERSION: &str = "https://purl.imsglobal.org/spec/lti/claim/version";
/// The Tool's installation at the Platform.
pub const DEPLOYMENT_ID: &str = "https://purl.imsglobal.org/spec/lti/claim/deployment_id";
/// The resource that is to be shown.
pub const TARGET_LINK_URI: &str = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri";
/// The link that was clicked.
pub const RESOURCE_LINK: &str = "https://purl.imsglobal.org/spec/lti/claim/resource_link";
/// What the user is, as URIs.
pub const ROLES: &str = "https://purl.imsglobal.org/spec/lti/claim/roles";
/// The course.
pub const CONTEXT: &str = "https://purl.imsglobal.org/spec/lti/claim/context";
/// The Platform and its version.
pub const TOOL_PLATFORM: &str = "https://purl.imsglobal.org/spec/lti/claim/tool_platform";
/// Frame or window, locale and return URL.
pub const LAUNCH_PRESENTATION: &str = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation";
/// Ids from the student information system.
pub const LIS: &str = "https://purl.imsglobal.org/spec/lti/claim/lis";
/// Parameters that were configured with the link.
pub const CUSTOM: &str = "https://purl.imsglobal.org/spec/lti/claim/custom";
/// The user whom a review is about.
pub const FOR_USER: &str = "https://purl.imsglobal.org/spec/lti/claim/for_user";
/// Moodle's extension.
pub const EXT: &str = "https://purl.imsglobal.org/spec/lti/claim/ext";
/// The LTI 1.1 ids of the same things.
pub const LTI_1P1: &str = "https://purl.imsglobal.org/spec/lti/claim/lti1p1";
/// Canvas's extension: the LTI 1.1 user id.
pub const LTI11_LEGACY_USER_ID: &str = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id";
/// What may be chosen and where the choice goes.
pub const DEEP_LINKING_SETTINGS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
/// Assignment and Grade Services.
pub const AGS_ENDPOINT: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
/// Names and Role Provisioning Services.
pub const NAMES_ROLES: &str = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";
/// The grade service of LTI 1.1, which Moodle still offers beside AGS.
pub const BASIC_OUTCOME: &str = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome";
/// Deep Linking response: what the request brought along, unchanged.
pub const DATA: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/data";
/// Deep Linking response: what was chosen.
pub const CONTENT_ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
/// Deep Linking response: words for the person.
pub const MESSAGE: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/msg";
/// Deep Linking response: words for the Platform's log.
pub const LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/log";
/// Deep Linking response: what went wrong, for the person.
pub const ERROR_MESSAGE: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errormsg";
/// Deep Linking response: what went wrong, for the Platform's log.
pub const ERROR_LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errorlog";
