//! What a Platform grants when it answers a token request.

use serde_json::Value;

use super::{AccessToken, AccessTokenError};
use crate::id_token::UnixSeconds;
use crate::json::{JsonError, Object, parse_object, without_byte_order_mark};
use crate::tolerant::texts;

/// How long a token is good when the Platform does not say, in seconds: short enough to be true everywhere.
const UNSAID_SECONDS: u64 = 300;

/// The longest that a token is believed to be good, in seconds: a day.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// The most that a token is put away early, in seconds: a request with it must still arrive.
const EARLY_SECONDS: u64 = 60;

/// What the Platform granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The token.
    pub token: AccessToken,
    /// For how long from now, in seconds: 300 when the Platform does not say, a day at most.
    pub expires_in_seconds: u64,
    /// The scopes that it covers; `None` when the Platform names none, which means all that were asked.
    pub scopes: Option<Vec<String>>,
}

/// Why an answer with a status of success grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Not an acceptable JSON object.
    #[error("the token response {0}")]
    NotJson(#[from] JsonError),
    /// No `access_token`, or one that is no text.
    #[error("the token response has no `access_token` text")]
    TokenMissing,
    /// An `access_token` that cannot be sent.
    #[error("`access_token` {0}")]
    TokenInvalid(#[from] AccessTokenError),
    /// A token of another type needs proofs that we do not have.
    #[error("`token_type` is not `Bearer`")]
    NotBearer,
}

impl Grant {
    /// Reads a token response. Its media type says nothing: Moodle sends it as `text/html`.
    ///
    /// Spec: [RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1), leniently: `token_type` may be
    /// missing (the specification's own example misspells it) and `expires_in` may be a text.
    ///
    /// # Errors
    /// [`GrantError`] when there is no bearer token in it.
    pub fn parse(body: &[u8]) -> Result<Self, GrantError> {
        let response = parse_object(without_byte_order_mark(body))?;
        let token = response.get("access_token").and_then(Value::as_str).ok_or(GrantError::TokenMissing)?;
        let bearer = |kind: &Value| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        if !response.get("token_type").is_none_or(|kind| kind.is_null() || bearer(kind)) {
            return Err(GrantError::NotBearer);
        }
        Ok(Self {
            token: AccessToken::new(token.to_owned())?,
            expires_in_seconds: seconds(&response).unwrap_or(UNSAID_SECONDS).min(MAX_SECONDS),
            scopes: scopes(&response),
        })
    }

    /// Whether the token is good for this scope.
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|granted| granted == scope))
    }

    /// When to stop using it: before it expires, by a minute or a tenth of its time, whichever is less.
    pub fn use_until(&self, now: UnixSeconds) -> UnixSeconds {
        let early = EARLY_SECONDS.min(self.expires_in_seconds / 10);
        UnixSeconds(now.0.saturating_add(self.expires_in_seconds - early))
    }
}

fn seconds(response: &Object) -> Option<u64> {
    let seconds = match response.get("expires_in")? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    // Beyond what can be counted becomes the largest count, which the caller caps.
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds as u64)
}

/// One text with blanks by the specification; a list is understood too. An empty text grants nothing.
fn scopes(response: &Object) -> Option<Vec<String>> {
    match response.get("scope")? {
        Value::String(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
        Value::Array(_) => Some(texts(response, "scope")),
        _ => None,
    }
}
