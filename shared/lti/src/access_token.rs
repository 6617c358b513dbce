//! Access tokens for services: the client assertion, the request, the answer.
//!
//! 1. [`assertion_claims`] are what the Tool signs to prove who it is, for the [`audience`] of the Platform;
//! 2. [`request_body`] is the form that goes to the token endpoint;
//! 3. the answer is a [`Grant`], or a [`Refusal`] whose words are made [`presentable`].
//!
//! Spec: [Security Framework 1.0 §4.1](https://www.imsglobal.org/spec/security/v1p0/#using-json-web-tokens-with-oauth-2-0-client-credentials-grant),
//! [RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2).

mod assertion;
mod grant;
mod refusal;
mod words;

use std::fmt;

pub use assertion::{ASSERTION_SECONDS, ASSERTION_TYPE, assertion_claims, audience, request_body};
pub use grant::{Grant, GrantError};
pub use refusal::Refusal;
pub(crate) use words::of_body;
pub use words::presentable;

/// The longest access token that is carried, in bytes: it goes into a request header, and servers commonly
/// refuse headers above 16 KiB.
pub const MAX_TOKEN_BYTES: usize = 12 * 1024;

/// A Platform's access token: opaque, and a secret.
///
/// It prints as `[redacted]` and cannot be compared with `==`.
///
/// ```compile_fail
/// # use doorway_lti::access_token::AccessToken;
/// fn is_known(one: AccessToken, other: AccessToken) -> bool {
///     one == other
/// }
/// ```
#[derive(Clone)]
pub struct AccessToken(String);

/// Why a text is no access token. Never quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// There is nothing to send.
    #[error("is empty")]
    Empty,
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// It goes into a header: a line break would end it and begin another (security row S9).
    #[error("has a character that is not visible ASCII")]
    NotVisible,
}

impl AccessToken {
    /// A token as the Platform sent it.
    ///
    /// # Errors
    /// [`AccessTokenError`] when it cannot go into a header.
    pub fn new(token: String) -> Result<Self, AccessTokenError> {
        if token.is_empty() {
            Err(AccessTokenError::Empty)
        } else if token.len() > MAX_TOKEN_BYTES {
            Err(AccessTokenError::TooLong)
        } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err(AccessTokenError::NotVisible)
        } else {
            Ok(Self(token))
        }
    }

    /// The token, for the `Authorization` header and nothing else.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
