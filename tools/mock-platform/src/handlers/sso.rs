//! The sign-on host: it has no session, so that it sends authentication requests on; and the frames beside the Tool's.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Shared;
use crate::http::{Parameters, Permission, page, see_other};
use crate::pages;
use crate::platform::Platform;
use crate::storage_manner::Sibling;

/// The request as a query.
pub(crate) async fn by_get(State(platform): Shared, RawQuery(query): RawQuery) -> Response {
    send_on(&platform, query.unwrap_or_default().as_bytes())
}

/// The request as a form.
pub(crate) async fn by_post(State(platform): Shared, body: Bytes) -> Response {
    send_on(&platform, &body)
}

/// The frame that forwards messages to the page around it.
pub(crate) async fn forwarding(State(platform): Shared) -> Response {
    sibling(&platform, Sibling::Forwarding)
}

/// The frame that keeps data.
pub(crate) async fn storage(State(platform): Shared) -> Response {
    sibling(&platform, Sibling::Storage)
}

fn send_on(platform: &Platform, encoded: &[u8]) -> Response {
    let query = Parameters::parse(encoded).encoded();
    see_other(&format!("{}?{query}", platform.issuers_authorization_endpoint()))
}

fn sibling(platform: &Platform, sibling: Sibling) -> Response {
    page(StatusCode::OK, &Permission::Within(&platform.origin()), pages::sibling(platform, sibling))
}
