//! Signing in and out.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::{Shared, notice, signed_in};
use crate::http::{Parameters, Permission, SESSION_COOKIE, page, see_other, session_cookie};
use crate::pages;
use crate::platform::Platform;
use crate::user::find_user;

/// The sign-in page.
pub(crate) async fn show_login(State(platform): Shared, headers: HeaderMap) -> Response {
    let user = signed_in(&platform, &headers);
    page(StatusCode::OK, &Permission::None, pages::login(&platform, user.as_ref()))
}

/// Signs in the person of the form's `user` field; a session that was there before ends.
pub(crate) async fn sign_in(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let Some(user) = Parameters::parse(&body).first("user").and_then(find_user) else {
        let words = ("Nobody by that id", "Choose one of the people on the sign-in page.");
        return notice(&platform, StatusCode::BAD_REQUEST, None, words);
    };
    close_session(&platform, &headers);
    let cookie = session_set_cookie(&platform, &platform.open_session(&user), "");
    (AppendHeaders([(SET_COOKIE, cookie)]), see_other(&platform.path("/course"))).into_response()
}

/// Ends the session.
pub(crate) async fn sign_out(State(platform): Shared, headers: HeaderMap) -> Response {
    close_session(&platform, &headers);
    let cookie = session_set_cookie(&platform, "", "; Max-Age=0");
    (AppendHeaders([(SET_COOKIE, cookie)]), see_other(&platform.path("/login"))).into_response()
}

fn close_session(platform: &Platform, headers: &HeaderMap) {
    if let Some(session) = session_cookie(headers) {
        platform.close_session(session);
    }
}

fn session_set_cookie(platform: &Platform, value: &str, more: &str) -> String {
    let path = match platform.path("") {
        root if root.is_empty() => "/".to_owned(),
        path => path,
    };
    let reach = platform.cookie_reach().attributes();
    format!("{SESSION_COOKIE}={value}; Path={path}; HttpOnly; {reach}{more}")
}
