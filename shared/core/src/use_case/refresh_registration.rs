//! Refresh a registration: the Platform is brought up to date on the Tool.
//!
//! 1. [`RefreshRegistration::compare`]: what the Platform has of the Tool is read, and compared with the Tool as it is now.
//! 2. [`RefreshRegistration::send`]: the registration is sent as it shall be.
//!
//! The token is one of the Tool's own, with a scope for this alone (client credentials), and goes to an origin of the
//! Registration. An administrator has the last word: Canvas makes a request of what is sent, and goes on showing what was.
//!
//! Spec: the digest of Dynamic Registration 1.0, section 6.

use std::sync::Arc;
use std::time::Duration;

use doorway_lti::access_token::AccessToken;
use doorway_lti::dynamic_registration::{
    Change, RegisteredTool, RegisteredToolError, RegistrationUpdate, ToolConfiguration,
};
use doorway_lti::ids::DeploymentId;
use doorway_lti::scope;
use reqwest::Method;

use crate::access_tokens::AccessTokens;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Answer, FetchError, PlatformClient, Request};
use crate::registration::{PlatformTransport, Registration};
use crate::service_url::{ForeignOrigin, ServiceUrl};
use crate::services::{PlatformWords, words_of};

/// The longest registration that is read, in bytes.
const ANSWER_LIMIT: usize = 256 * 1024;
/// How long a Platform may take: it may fetch the Tool's keys and picture meanwhile.
const TIMEOUT: Duration = Duration::from_secs(10);
const JSON: &str = "application/json";

/// What refreshing needs.
pub struct RefreshRegistration {
    /// Tokens: each is asked for anew.
    pub tokens: AccessTokens,
    /// Asks the Platform.
    pub client: Arc<PlatformClient>,
    /// The Tool as it is now.
    pub tool: ToolConfiguration,
    /// Whether Platforms may be on http.
    pub transport: PlatformTransport,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What shall be done with what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It is only shown: the scope to read will do.
    Show,
    /// It may be changed.
    Change,
}

/// What the Platform has, beside what it shall have.
pub struct Compared {
    /// In what they differ.
    pub changes: Vec<Change>,
    body: Vec<u8>,
    url: ServiceUrl,
    token: AccessToken,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// The Platform has the Tool as it is.
    Updated,
    /// The Platform has taken the request, and shows the registration as it was: an administrator decides.
    Pending,
    /// The Platform did as it liked: these members differ still.
    Partly(Vec<Change>),
}

/// Why a registration was not refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The Platform named no address for it.
    #[error("it is not known where the Platform lets its registration be changed")]
    AddressMissing,
    /// The address is not the Platform's.
    #[error("`registrationClientUri` is on a foreign origin: {0}")]
    AddressForeign(#[from] ForeignOrigin),
    /// The Platform gives no token for this scope.
    #[error("the Platform gives no token for `{0}`")]
    ScopeNotGranted(&'static str),
    /// There is no token.
    #[error("there is no token: {0}")]
    Token(#[source] Box<Error>),
    /// There was no answer, and nothing was changed.
    #[error("the Platform cannot be asked: {0}")]
    Unavailable(FetchError),
    /// The Platform knows no such registration, or does not let Tools change any.
    #[error("the Platform has nothing at `registrationClientUri`: status {}", .0.status)]
    Absent(PlatformWords),
    /// The Platform does not take the token, new as it is.
    #[error("the Platform does not let the Tool do that: status {}", .0.status)]
    NotAllowed(PlatformWords),
    /// The Platform refused. Nothing was changed.
    #[error("the Platform refused: status {}", .0.status)]
    Refused(PlatformWords),
    /// The answer is not the Tool's registration.
    #[error("what the Platform answers is not the Tool's registration: {0}")]
    Unreadable(#[from] RegisteredToolError),
    /// The update was sent, and nobody knows what came of it.
    #[error("nobody knows whether the Platform took the update: {0}")]
    Unclear(String),
}

impl RefreshRegistration {
    /// Reads what the Platform has.
    ///
    /// # Errors
    /// [`RefreshError`]; nothing was changed.
    pub async fn compare(
        &self,
        registration: &Registration,
        deployment_id: Option<&DeploymentId>,
        purpose: Purpose,
    ) -> Result<Compared, RefreshError> {
        let address = registration.registration_client_uri.as_ref().ok_or(RefreshError::AddressMissing)?;
        let url = registration.service_url(address.as_str(), self.transport)?;
        let token = self.token(registration, deployment_id, purpose).await?;
        let registered = self.read(&url, &token, registration).await?;
        let RegistrationUpdate { body, changes } = registered.update(&self.tool, &registration.client_id);
        Ok(Compared { changes, body: body.to_string().into_bytes(), url, token })
    }

    /// Sends the registration as it shall be, once. To send it again does no harm.
    ///
    /// # Errors
    /// [`RefreshError`]; [`RefreshError::Unclear`] when it may have been taken.
    pub async fn send(&self, registration: &Registration, compared: Compared) -> Result<Refreshed, RefreshError> {
        let Compared { changes, body, url, token } = compared;
        let request = Request::to_service(Method::PUT, &url, &token).body(JSON, body);
        let answer = self.client.send(bounded(request)).await.map_err(|error| match error.is_unsent() {
            true => RefreshError::Unavailable(error),
            false => RefreshError::Unclear(error.to_string()),
        })?;
        if matches!(answer.status.as_u16(), 408 | 500..) {
            return Err(RefreshError::Unclear(format!("it answered {}", answer.status)));
        }
        let answer = accepted(answer, &token)?;
        // Not every Platform answers with the registration; where it stands, it can be read.
        let registered = match RegisteredTool::parse(&answer.body, &registration.client_id) {
            Ok(registered) => registered,
            Err(_) => {
                let read = self.read(&url, &token, registration).await;
                read.map_err(|error| RefreshError::Unclear(error.to_string()))?
            }
        };
        let left = registered.update(&self.tool, &registration.client_id).changes;
        Ok(match left.is_empty() {
            true => Refreshed::Updated,
            false if left == changes => Refreshed::Pending,
            false => Refreshed::Partly(left),
        })
    }

    /// A new token. To show, the scope to read is asked for first, and else the one that allows more.
    async fn token(
        &self,
        registration: &Registration,
        deployment_id: Option<&DeploymentId>,
        purpose: Purpose,
    ) -> Result<AccessToken, RefreshError> {
        let scopes: &[&'static str] = match purpose {
            Purpose::Show => &[scope::REGISTRATION_READ_ONLY, scope::REGISTRATION],
            Purpose::Change => &[scope::REGISTRATION],
        };
        for scope in scopes {
            match self.tokens.request(registration, deployment_id, &[scope], self.clock.now()).await {
                Ok(grant) if grant.has(scope) => return Ok(grant.token),
                Ok(_) => {}
                Err(Error::AccessToken(error)) if error.is_about_scope() => {}
                Err(error) => return Err(RefreshError::Token(Box::new(error))),
            }
        }
        Err(RefreshError::ScopeNotGranted(scopes[scopes.len() - 1]))
    }

    async fn read(
        &self,
        url: &ServiceUrl,
        token: &AccessToken,
        registration: &Registration,
    ) -> Result<RegisteredTool, RefreshError> {
        let request = bounded(Request::to_service(Method::GET, url, token));
        let answer = self.client.send(request).await.map_err(RefreshError::Unavailable)?;
        let answer = accepted(answer, token)?;
        Ok(RegisteredTool::parse(&answer.body, &registration.client_id)?)
    }
}

fn bounded(request: Request) -> Request {
    request.accept(JSON).limit(ANSWER_LIMIT).timeout(TIMEOUT)
}

/// An answer of success. The words of any other are shown to a person, so the token is taken out of them.
fn accepted(answer: Answer, token: &AccessToken) -> Result<Answer, RefreshError> {
    let words = || words_of(&answer.without(Some(token.secret())));
    match answer.status.as_u16() {
        200..300 => Ok(answer),
        404 | 410 => Err(RefreshError::Absent(words())),
        401 | 403 => Err(RefreshError::NotAllowed(words())),
        _ => Err(RefreshError::Refused(words())),
    }
}
