//! Errors of the App API as problem documents (RFC 9457).

use axum::response::{IntoResponse as _, Response};
use doorway_core::reference::Reference;
use doorway_lti::fault::Fault;
use http::HeaderValue;
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;

use crate::failure::Failure;
use crate::words::{self, Words};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a call had no success. Decide by `code`; `title` and `detail` are for people.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `urn:doorway:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What happened.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What to do next.
    detail: &'static str,
    /// The stable code.
    code: &'static str,
    /// Finds the log line.
    reference: String,
    #[serde(flatten)]
    details: Details,
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

/// What a problem document says besides: which member is wrong, what the Platform said.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Details {
    /// The first member that is wrong, as a path from the root of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The query parameter that is missing or wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'static str>,
    /// What the member, the parameter or the body must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Every member that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Vec<Fault>>,
    /// Why the body is no JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What the Platform said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformSaid>,
    /// The origin that is not the Registration's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// What a Platform said.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PlatformSaid {
    /// Its status, where a service answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Its words, shortened, without what looks like a token or an e-mail address.
    pub words: String,
}

impl Problem {
    /// The document for this failure.
    pub fn of(failure: &Failure, reference: &Reference) -> Self {
        let Words { status, title, advice, retry_after_seconds } = words::of(failure);
        let code = failure.code();
        Self {
            kind: format!("urn:doorway:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: advice,
            code,
            reference: reference.to_string(),
            details: failure.details(),
            retry_after_seconds,
        }
    }

    /// The answer.
    pub fn answer(&self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
