//! Headers of every answer (launch digest §10).

use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Adds what every answer carries: nothing is cached unless the answer says so, no URL leaks by a referrer.
pub fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    response
}
