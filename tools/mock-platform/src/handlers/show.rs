//! The pages for people who are signed in.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, require_user};
use crate::http::{Permission, page};
use crate::pages;

/// The course page.
pub(crate) async fn course(State(platform): Shared, headers: HeaderMap) -> Response {
    match require_user(&platform, &headers) {
        Ok(user) => page(StatusCode::OK, &Permission::None, pages::course(&platform, &user)),
        Err(sign_in) => *sign_in,
    }
}

/// A page of the course with the Tool in a frame.
pub(crate) async fn frame(State(platform): Shared, Path(link): Path<String>, headers: HeaderMap) -> Response {
    let user = match require_user(&platform, &headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    match platform.course().find(&link) {
        Some(link) => page(StatusCode::OK, &Permission::Frames, pages::frame(&platform, &user, &link)),
        None => {
            let words = ("No such link", "The course has no link of that name.");
            notice(&platform, StatusCode::NOT_FOUND, Some(&user), words)
        }
    }
}

/// The developer's page.
pub(crate) async fn developer(State(platform): Shared, headers: HeaderMap) -> Response {
    match require_user(&platform, &headers) {
        Ok(user) => page(StatusCode::OK, &Permission::None, pages::developer(&platform, &user)),
        Err(sign_in) => *sign_in,
    }
}
