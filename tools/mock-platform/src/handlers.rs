//! One function per path and method: read the request, ask the Platform, show a page.

pub(crate) mod account;
pub(crate) mod authorize;
pub(crate) mod choose;
pub(crate) mod develop;
pub(crate) mod files;
pub(crate) mod grades;
pub(crate) mod install;
pub(crate) mod launch;
pub(crate) mod returns;
pub(crate) mod show;
pub(crate) mod sso;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::http::{Permission, page, see_other, session_cookie};
use crate::pages::{self, Post};
use crate::platform::Platform;
use crate::random;
use crate::user::User;

type Shared = State<Arc<Platform>>;

/// Who is signed in at the Platform in this browser.
fn signed_in(platform: &Platform, headers: &HeaderMap) -> Option<User> {
    platform.session_user(session_cookie(headers)?)
}

/// Who is signed in, or the way to the sign-in page.
fn require_user(platform: &Platform, headers: &HeaderMap) -> Result<User, Box<Response>> {
    signed_in(platform, headers).ok_or_else(|| Box::new(see_other(&platform.path("/login"))))
}

/// A page with a title and a text.
fn notice(platform: &Platform, status: StatusCode, user: Option<&User>, title_and_text: (&str, &str)) -> Response {
    page(status, &Permission::None, pages::notice(platform, user, title_and_text))
}

/// A page that posts these fields to the Tool.
fn post_to_tool(platform: &Platform, action: &str, fields: &[(String, String)], twice: bool) -> Response {
    let nonce = random::id();
    let post = Post { action, fields, nonce: &nonce, twice };
    page(StatusCode::OK, &Permission::Script(&nonce), pages::post(platform, &post))
}
