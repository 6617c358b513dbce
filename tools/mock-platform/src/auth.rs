//! The authorization endpoint: who asks, for whom, and what is answered.
//!
//! Spec: Security Framework 1.0, section 5.1.1.2, and OpenID Connect Core 1.0, section 3.1.2. This Platform is as strict
//! as the strictest one known for each parameter, so that a Tool which works here works elsewhere.

use thiserror::Error;

use crate::client::Client;
use crate::http::{Parameters, Repeated};
use crate::initiation::launch_id_of;
use crate::platform::{PendingLaunch, Platform};
use crate::user::User;

/// A right authentication request.
pub(crate) struct Accepted {
    pub(crate) client: Client,
    pub(crate) user: User,
    pub(crate) launch: PendingLaunch,
    pub(crate) nonce: String,
    pub(crate) state: String,
}

/// A wrong authentication request.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum AuthError {
    /// Nobody knows whom to answer, so a person gets a page and no redirect happens.
    #[error("no answer is sent: {0}")]
    Unanswerable(&'static str),
    /// The Tool gets an error response.
    #[error("{}: {}", .refusal.code, .refusal.description)]
    Refused { refusal: Refusal, state: Option<String> },
}

/// An error response's two members. Spec: OpenID Connect Core 1.0, section 3.1.2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
}

const fn refusal(code: &'static str, description: &'static str) -> Refusal {
    Refusal { code, description }
}

impl From<Repeated> for Refusal {
    fn from(_: Repeated) -> Self {
        refusal("invalid_request", "A parameter came more than once")
    }
}

/// Decides about an authentication request by the person who is signed in.
pub(crate) fn validate(
    platform: &Platform,
    parameters: &Parameters,
    session_user: Option<User>,
) -> Result<Accepted, AuthError> {
    let client = addressee(platform, parameters).map_err(AuthError::Unanswerable)?;
    let state = parameters.once("state").unwrap_or_default().map(ToOwned::to_owned);
    validate_request(platform, parameters, client, session_user)
        .map_err(|refusal| AuthError::Refused { refusal, state })
}

/// The client and its redirect URI, before anything is sent there.
pub(crate) fn addressee(platform: &Platform, parameters: &Parameters) -> Result<Client, &'static str> {
    let client_id = parameters.once("client_id").unwrap_or_default().unwrap_or_default();
    let client = platform.client_of(client_id).ok_or("The tool's client_id is not known here.")?;
    let redirect_uri = parameters.once("redirect_uri").unwrap_or_default().unwrap_or_default();
    if !client.redirect_uris.iter().any(|registered| registered == redirect_uri) {
        return Err("The tool's redirect_uri is not one that was registered.");
    }
    Ok(client)
}

fn validate_request(
    platform: &Platform,
    parameters: &Parameters,
    client: Client,
    session_user: Option<User>,
) -> Result<Accepted, Refusal> {
    validate_constants(parameters)?;
    let nonce = required(parameters, "nonce", "A nonce is required")?;
    let state = required(parameters, "state", "A state is required")?;
    let login_hint = required(parameters, "login_hint", "A login_hint is required")?;
    let hint = required(parameters, "lti_message_hint", "The lti_message_hint must come back")?;
    let user =
        session_user.ok_or(refusal("login_required", "Nobody is signed in at Maple Learning in this browser"))?;
    if user.id != login_hint {
        return Err(refusal("access_denied", "The login_hint is not the person who is signed in"));
    }
    let launch = launch_id_of(&hint)
        .and_then(|launch_id| platform.launch_of_hint(&launch_id))
        .filter(|launch| launch.user_id == user.id)
        .ok_or(refusal("invalid_request", "The lti_message_hint is unknown, used or expired"))?;
    Ok(Accepted { client, user, launch, nonce, state })
}

/// The parameters that LTI leaves one value for.
fn validate_constants(parameters: &Parameters) -> Result<(), Refusal> {
    if parameters.once("scope")? != Some("openid") {
        return Err(refusal("invalid_scope", "The scope must be openid and nothing else"));
    }
    if parameters.once("response_type")? != Some("id_token") {
        return Err(refusal("unsupported_response_type", "The response_type must be id_token"));
    }
    if parameters.once("response_mode")? != Some("form_post") {
        return Err(refusal("invalid_request", "The response_mode must be form_post"));
    }
    if parameters.once("prompt")? != Some("none") {
        return Err(refusal("invalid_request", "The prompt must be none"));
    }
    Ok(())
}

fn required(parameters: &Parameters, name: &str, description: &'static str) -> Result<String, Refusal> {
    parameters.once(name)?.map(ToOwned::to_owned).ok_or(refusal("invalid_request", description))
}
