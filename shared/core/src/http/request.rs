//! A request to a Platform.

use std::time::Duration;

use doorway_lti::access_token::AccessToken;
use reqwest::Method;
use reqwest::header::HeaderValue;
use url::Url;

use crate::registration_url::RegistrationUrl;
use crate::service_url::ServiceUrl;

/// How long a request may take in all unless it says otherwise: a person is waiting.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer that is read unless a request says otherwise, in bytes.
const LIMIT: usize = 64 * 1024;

/// A request to a Platform. A token can only be given to one that goes to a [`ServiceUrl`], and a Platform's registration
/// token to a [`RegistrationUrl`].
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) accept: Option<&'static str>,
    pub(super) content_type: Option<&'static str>,
    pub(super) authorization: Option<HeaderValue>,
    pub(super) body: Vec<u8>,
    pub(super) limit: usize,
    pub(super) timeout: Duration,
}

impl Request {
    fn new(method: Method, url: &Url) -> Self {
        Self {
            method,
            url: url.clone(),
            accept: None,
            content_type: None,
            authorization: None,
            body: Vec::new(),
            limit: LIMIT,
            timeout: TIMEOUT,
        }
    }

    /// A public document.
    pub fn get(url: &Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A form or document, without a token.
    pub fn post(url: &Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// A request to a service, with the token for it. The scheme is written `Bearer`: Moodle looks at its case.
    pub fn to_service(method: Method, url: &ServiceUrl, token: &AccessToken) -> Self {
        Self { authorization: Some(bearer(token)), ..Self::new(method, url.url()) }
    }

    /// A request of Dynamic Registration, with the Platform's token where it gave one (Brightspace gives none).
    pub fn to_registration(method: Method, url: &RegistrationUrl, token: Option<&AccessToken>) -> Self {
        Self { authorization: token.map(bearer), ..Self::new(method, url.url()) }
    }

    /// The one media type that is accepted: Moodle refuses lists.
    #[must_use]
    pub fn accept(self, media_type: &'static str) -> Self {
        Self { accept: Some(media_type), ..self }
    }

    /// A body, with its bare media type: Moodle refuses parameters.
    #[must_use]
    pub fn body(self, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { content_type: Some(content_type), body, ..self }
    }

    /// Reads at most so many bytes of the answer.
    #[must_use]
    pub fn limit(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// Waits so long in all.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

fn bearer(token: &AccessToken) -> HeaderValue {
    let mut authorization =
        HeaderValue::try_from(format!("Bearer {}", token.secret())).expect("an access token is visible ASCII");
    authorization.set_sensitive(true);
    authorization
}
