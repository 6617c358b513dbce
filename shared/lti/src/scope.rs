//! The scopes of the services, exactly as on the wire.
//!
//! Spec: AGS 2.0 §3.1, NRPS 2.0 §3.6, LTI Dynamic Registration 1.0.

/// Line items: create, read, change, delete.
pub const LINE_ITEM: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
/// Line items: read.
pub const LINE_ITEM_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
/// Results: read.
pub const RESULT_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
/// Scores: publish.
pub const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
/// The roster: read.
pub const CONTEXT_MEMBERSHIP: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
/// The Tool's own registration: read and change.
pub const REGISTRATION: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration";
/// The Tool's own registration: read.
pub const REGISTRATION_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration.readonly";
