//! The pages for people who are signed in.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, require_user};
use crate::http::{Parameters, Permission, page};
use crate::pages::{self, FrameOptions};
use crate::platform::Platform;

/// The course page.
pub(crate) async fn course(State(platform): Shared, headers: HeaderMap) -> Response {
    let user = match require_user(&platform, &headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    let permission = if platform.storage().is_answered() { Permission::Messages } else { Permission::None };
    page(StatusCode::OK, &permission, pages::course(&platform, &user))
}

/// A page of the course with the Tool in a frame. `?sandbox=1` sandboxes it; `?method=` and `?locale=` go on to the
/// launch.
pub(crate) async fn frame(
    State(platform): Shared,
    Path(link): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let user = match require_user(&platform, &headers) {
        Ok(user) => user,
        Err(sign_in) => return *sign_in,
    };
    match platform.course().find(&link) {
        Some(link) => {
            let markup = pages::frame(&platform, &user, &link, &options(query));
            page(StatusCode::OK, &framing(&platform), markup)
        }
        None => {
            let words = ("No such link", "The course has no link of that name.");
            notice(&platform, StatusCode::NOT_FOUND, Some(&user), words)
        }
    }
}

/// Several lessons in frames of one page, with the options of a single one.
pub(crate) async fn frames(State(platform): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match require_user(&platform, &headers) {
        Ok(user) => {
            let markup = pages::frames(&platform, &user, &options(query));
            page(StatusCode::OK, &framing(&platform), markup)
        }
        Err(sign_in) => *sign_in,
    }
}

/// The developer's page.
pub(crate) async fn developer(State(platform): Shared, headers: HeaderMap) -> Response {
    match require_user(&platform, &headers) {
        Ok(user) => page(StatusCode::OK, &Permission::None, pages::developer(&platform, &user)),
        Err(sign_in) => *sign_in,
    }
}

fn options(query: Option<String>) -> FrameOptions {
    FrameOptions::of(&Parameters::parse(query.unwrap_or_default().as_bytes()))
}

/// What a page with the Tool in a frame may do.
fn framing(platform: &Platform) -> Permission<'static> {
    if platform.storage().is_answered() { Permission::Messages } else { Permission::Frames }
}
