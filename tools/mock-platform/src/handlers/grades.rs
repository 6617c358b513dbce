//! The gradebook page.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, require_user};
use crate::http::{Permission, page};
use crate::pages;

/// All grades for a teacher, one's own for anybody else.
pub(crate) async fn gradebook(State(platform): Shared, headers: HeaderMap) -> Response {
    match require_user(&platform, &headers) {
        Ok(user) => page(StatusCode::OK, &Permission::None, pages::gradebook(&platform, &user)),
        Err(sign_in) => *sign_in,
    }
}
