//! What a Platform's answer means, and what it says.
//!
//! The classes are the service digest's: each is one thing that the caller does next. Where a Platform answers
//! other than the specification says, its family decides.
//!
//! Spec: AGS 2.0 OpenAPI, score responses.

use crate::access_token::{of_body, presentable};
use crate::platform_family::PlatformFamily;

/// How much of a body is searched for the words of a Platform's own errors, in bytes.
const SEARCHED_BYTES: usize = 4 * 1024;

/// A Platform's answer to a service request.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The HTTP reason phrase when it is not the canonical one: Moodle says there what is wrong, and nowhere else.
    pub reason: Option<&'a str>,
    /// The body, as far as it was read.
    pub body: &'a [u8],
    /// Canvas's `X-Rate-Limit-Remaining`: seconds of work that are left.
    pub rate_limit_remaining: Option<f64>,
    /// The `WWW-Authenticate` header.
    pub www_authenticate: Option<&'a str>,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The Platform did it.
    Done,
    /// The token is not good, or no longer: once more with a new one.
    TokenRefused,
    /// Too many requests: later, with respect for `Retry-After`.
    Throttled,
    /// The Platform cannot answer now: later, the same bytes.
    Transient,
    /// It has a later timestamp already, perhaps our own: never again as it is.
    Stale,
    /// The line item, the course or the user is gone: find it anew, once.
    NotFound,
    /// The Platform will not do it: never again as it is; somebody must act.
    Refused,
    /// Somewhere else. Never followed: the token is for this origin only.
    Redirected,
}

/// What the answer of a Platform of this family means.
pub fn classify(answer: &Answer<'_>, family: PlatformFamily) -> Outcome {
    match answer.status {
        200..=299 => Outcome::Done,
        300..=399 => Outcome::Redirected,
        401 => Outcome::TokenRefused,
        429 => Outcome::Throttled,
        403 if is_throttled(answer) => Outcome::Throttled,
        400 | 403 if is_token_error(answer, family) => Outcome::TokenRefused,
        400 if is_stale(answer, family) => Outcome::Stale,
        409 => Outcome::Stale,
        404 | 410 => Outcome::NotFound,
        408 | 425 | 500..=599 => Outcome::Transient,
        _ => Outcome::Refused,
    }
}

/// Canvas throttles with 403, and says so in the body or by what is left.
fn is_throttled(answer: &Answer<'_>) -> bool {
    answer.rate_limit_remaining.is_some_and(|left| left < 1.0) || says(answer, "rate limit exceeded")
}

/// A token error by the standard (RFC 6750 §3.1), or Sakai's: 403 is always one, nearly everything else is 400.
///
/// `insufficient_scope` is none: a new token would have no more scopes.
fn is_token_error(answer: &Answer<'_>, family: PlatformFamily) -> bool {
    let is_challenged = answer.www_authenticate.is_some_and(|challenge| challenge.contains("invalid_token"));
    let sakai_says = || ["token", "authorization", "signature_error"].iter().any(|words| says(answer, words));
    is_challenged || (family == PlatformFamily::Sakai && (answer.status == 403 || sakai_says()))
}

/// Canvas and Open edX have 400 where the standard has 409.
fn is_stale(answer: &Answer<'_>, family: PlatformFamily) -> bool {
    match family {
        PlatformFamily::Canvas => says(answer, "before last updated"),
        // Ours is always well formed, so there is nothing else wrong with it.
        PlatformFamily::OpenEdx => says(answer, "timestamp"),
        _ => false,
    }
}

/// Whether the beginning of the body has these words, in lower case here and in any there.
fn says(answer: &Answer<'_>, words: &str) -> bool {
    let searched = &answer.body[..answer.body.len().min(SEARCHED_BYTES)];
    searched.windows(words.len()).any(|window| window.eq_ignore_ascii_case(words.as_bytes()))
}

/// The Platform's words for a person, presentable: the message of its error or the text of its body, after the
/// reason phrase when that is its own. Empty when it says nothing.
pub fn words(answer: &Answer<'_>) -> String {
    let reason = answer.reason.map(str::trim).filter(|reason| !reason.is_empty());
    let body = of_body(answer.body);
    match reason {
        Some(reason) if body.is_empty() || body.eq_ignore_ascii_case(reason) => presentable(reason),
        Some(reason) => presentable(&format!("{reason}: {body}")),
        None => body,
    }
}
