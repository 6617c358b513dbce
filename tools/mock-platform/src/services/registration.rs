//! A Tool's own registration: read, and changed by the Tool itself.
//!
//! The Platform by the letter takes a change at once. Canvas makes a request of it, which an administrator accepts, and
//! shows the registration as it was until then. The other products have nothing of the kind.
//!
//! Spec: LTI Dynamic Registration 1.0, on updating; RFC 7592, section 2.2.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::line_items::typed;
use super::{Received, ServiceError, access, media};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::registration::Update;

/// The scope to read and change the registration.
pub(crate) const REGISTRATION: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration";
/// The scope to read it.
pub(crate) const REGISTRATION_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration.readonly";

const JSON: &str = "application/json";

/// `GET` of the registration.
pub(crate) fn read(platform: &Platform, received: &Received, client_id: &str) -> Result<Response, ServiceError> {
    require(platform, received, &[REGISTRATION, REGISTRATION_READ_ONLY], client_id)?;
    Ok(answer(platform, client_id))
}

/// `PUT` of the registration.
pub(crate) fn replace(platform: &Platform, received: &Received, client_id: &str) -> Result<Response, ServiceError> {
    require(platform, received, &[REGISTRATION], client_id)?;
    media::require_content(received, JSON)?;
    let update = Update::read(platform, client_id, &received.body).map_err(ServiceError::Malformed)?;
    match platform.profile() {
        Profile::Canvas => platform.keep_update(update),
        _ => platform.apply_update(update),
    }
    Ok(answer(platform, client_id))
}

/// Lets the Tool pass whose registration it is.
fn require(platform: &Platform, received: &Received, scopes: &[&str], client_id: &str) -> Result<(), ServiceError> {
    if !platform.lets_tools_update() {
        return Err(ServiceError::NotFound);
    }
    let grant = access::require(platform, received, scopes)?;
    media::require_accept(platform.profile(), received, JSON)?;
    match platform.client_of(client_id) {
        None => Err(ServiceError::NotFound),
        Some(_) if grant.client_id != client_id => Err(ServiceError::ScopeMissing),
        Some(_) => Ok(()),
    }
}

fn answer(platform: &Platform, client_id: &str) -> Response {
    let document = platform.client_of(client_id).map(|client| client.registration).unwrap_or_default();
    typed(StatusCode::OK, JSON, Value::Object(document))
}
