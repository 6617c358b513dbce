//! What a client sees of a fault.

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::ext::ReasonPhrase;

use super::body::BrokenBody;
use super::{Faults, ServiceFault};

/// How Canvas says that there were too many requests.
const RATE_LIMIT_EXCEEDED: &str = "403 Forbidden (Rate Limit Exceeded)\n";

impl ServiceFault {
    /// The answer in place of the request, if the fault refuses.
    pub(crate) fn refusal(&self) -> Option<Response> {
        let response = match self {
            Self::Unauthorized => {
                let challenge = r#"Bearer realm="maple", error="invalid_token""#;
                (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response()
            }
            Self::Forbidden => StatusCode::FORBIDDEN.into_response(),
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::TooManyRequests { retry_after_seconds } => {
                (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, retry_after_seconds.to_string())]).into_response()
            }
            Self::RateLimitExceeded => {
                let headers = [("x-rate-limit-remaining", "0.0"), ("x-request-cost", "1.2")];
                (StatusCode::FORBIDDEN, headers, RATE_LIMIT_EXCEEDED).into_response()
            }
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::Redirect { location } => with_header(StatusCode::FOUND.into_response(), LOCATION, location),
            Self::Withheld
            | Self::CutInBody
            | Self::AppliedButLost
            | Self::InvalidJson
            | Self::EndlessBody
            | Self::ForeignNext { .. } => return None,
        };
        Some(response)
    }
}

impl Faults {
    /// The answer to a request that was applied, spoiled if the fault does so.
    pub(crate) async fn spoil(&self, fault: &ServiceFault, response: Response) -> Response {
        match fault {
            ServiceFault::Withheld => {
                self.withhold().await;
                response
            }
            ServiceFault::CutInBody => cut(response).await,
            ServiceFault::AppliedButLost => with_body(response, Body::new(BrokenBody::Closed)),
            ServiceFault::InvalidJson => with_body(response, Body::from("{\"surely\": [\"no JSON\"")),
            ServiceFault::EndlessBody => with_body(response, Body::new(BrokenBody::Endless)),
            ServiceFault::ForeignNext { url } => with_header(response, LINK, &format!("<{url}>; rel=\"next\"")),
            ServiceFault::Unauthorized
            | ServiceFault::Forbidden
            | ServiceFault::NotFound
            | ServiceFault::TooManyRequests { .. }
            | ServiceFault::RateLimitExceeded
            | ServiceFault::InternalServerError
            | ServiceFault::ServiceUnavailable
            | ServiceFault::Redirect { .. } => response,
        }
    }
}

/// The first half of the body, or something like it where there is none.
async fn cut(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = if whole.len() < 2 { "[".into() } else { whole.slice(..whole.len() / 2) };
    let body = Body::new(BrokenBody::CutAfter(half));
    with_body(Response::from_parts(parts, Body::empty()), body)
}

/// An answer with another body. "No content" cannot have one, so that it becomes "OK".
fn with_body(response: Response, body: Body) -> Response {
    let (mut parts, _) = response.into_parts();
    if parts.status == StatusCode::NO_CONTENT {
        parts.status = StatusCode::OK;
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    parts.extensions.remove::<ReasonPhrase>();
    Response::from_parts(parts, body)
}

/// A header, unless its value cannot be one.
fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}
