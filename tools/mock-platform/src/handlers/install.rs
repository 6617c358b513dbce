//! Installing a Tool: the administrator's page, and what the Tool asks.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Shared, require_user};
use crate::http::{Parameters, Permission, page};
use crate::pages;
use crate::registration;

/// The page. `?url=` is a Tool's registration URL, which is opened in a frame; `?client_id=` names the client that is
/// registered anew.
pub(crate) async fn install(State(platform): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let user = match require_user(&platform, &headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let opened = query.first("url").and_then(|url| {
        platform.registration_initiation(url.trim(), query.first("client_id").filter(|id| !id.is_empty()))
    });
    page(StatusCode::OK, &Permission::Messages, pages::install(&platform, &user, opened.as_deref()))
}

/// The Platform's configuration.
pub(crate) async fn configuration(State(platform): Shared, headers: HeaderMap) -> Response {
    if !platform.profile().lets_tools_register() {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !platform.may_read_configuration(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "errorMessage": "invalid_token" }))).into_response();
    }
    Json(registration::configuration(&platform)).into_response()
}

/// A Tool's registration.
pub(crate) async fn register(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    if !platform.profile().lets_tools_register() {
        return StatusCode::NOT_FOUND.into_response();
    }
    registration::register(&platform, &headers, &body)
}
