//! Errors of the App API as problem documents (RFC 9457).

use axum::response::{IntoResponse as _, Response};
use doorway_lti::json::Object;
use http::HeaderValue;
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::words::Words;
use doorway_core::reference::Reference;

/// The document for these words: `type`, `title`, `status`, `detail`, our `code` and `reference`, and the details of this
/// failure.
pub fn document(words: &Words, code: &str, reference: &Reference, details: Object) -> Response {
    let mut document = json!({
        "type": format!("urn:doorway:problem:{code}"),
        "title": words.title,
        "status": words.status.as_u16(),
        "detail": words.advice,
        "code": code,
        "reference": reference.to_string(),
    });
    if let Value::Object(document) = &mut document {
        document.extend(details);
    }
    let mut response = (words.status, document.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if words.status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = words.retry_after_seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
