//! Access tokens: what they grant, and who shows one.
//!
//! Spec: Security Framework 1.0, on access to services; RFC 6750, section 3.

use axum::http::header::{AUTHORIZATION, USER_AGENT};

use super::registration::{REGISTRATION, REGISTRATION_READ_ONLY};
use super::{Received, ServiceError};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::requests::Bearer;

/// The scope to read and write line items.
pub(crate) const LINE_ITEM: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
/// The scope to read line items.
pub(crate) const LINE_ITEM_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
/// The scope to read results.
pub(crate) const RESULT: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
/// The scope to publish scores.
pub(crate) const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
/// The scope to read memberships.
pub(crate) const MEMBERSHIP: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";

/// What a Tool may ask for unless somebody says otherwise.
pub(crate) const OFFERED_SCOPES: [&str; 5] = [LINE_ITEM, LINE_ITEM_READ_ONLY, RESULT, SCORE, MEMBERSHIP];

/// What a Tool may ask for besides, where it may manage its registration.
pub(crate) const MANAGING_SCOPES: [&str; 2] = [REGISTRATION, REGISTRATION_READ_ONLY];

/// What a token allows.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
}

/// Whether the request shows a token, and one that is good now.
pub(crate) fn bearer(platform: &Platform, received: &Received) -> Bearer {
    match (received.headers.contains_key(AUTHORIZATION), grant(platform, received)) {
        (false, _) => Bearer::Absent,
        (true, Some(_)) => Bearer::Valid,
        (true, None) => Bearer::Invalid,
    }
}

/// Lets the request pass if its token has one of these scopes; what it allows.
pub(crate) fn require(platform: &Platform, received: &Received, scopes: &[&str]) -> Result<Grant, ServiceError> {
    if platform.profile() == Profile::Canvas && received.header(&USER_AGENT).is_none_or(str::is_empty) {
        return Err(ServiceError::UserAgentMissing);
    }
    if !received.headers.contains_key(AUTHORIZATION) {
        return Err(ServiceError::TokenMissing);
    }
    let grant = grant(platform, received).ok_or(ServiceError::TokenInvalid)?;
    if scopes.iter().any(|scope| grant.scopes.iter().any(|granted| granted == scope)) {
        Ok(grant)
    } else {
        Err(ServiceError::ScopeMissing)
    }
}

/// The scheme's name has no case (RFC 9110, section 11.1), but Moodle compares it as it is written.
fn grant(platform: &Platform, received: &Received) -> Option<Grant> {
    let (scheme, token) = received.header(&AUTHORIZATION)?.split_once(' ')?;
    let is_bearer = match platform.profile() {
        Profile::Moodle => scheme == "Bearer",
        _ => scheme.eq_ignore_ascii_case("Bearer"),
    };
    is_bearer.then(|| platform.access_tokens.find(token, platform.now()))?
}
