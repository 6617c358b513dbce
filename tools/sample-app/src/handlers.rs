//! The flow: arrive with a code, redeem it, open a visit, show the lesson.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::SampleApp;
use crate::http::{page, visit_cookie, visit_secrets};
use crate::launch::Launch;
use crate::pages;

/// `GET /?launch=<code>`: the code buys a visit. Without a code: how to come in.
pub(crate) async fn arrive(State(app): State<Arc<SampleApp>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let code = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "launch");
    let Some((_, code)) = code else {
        return page(StatusCode::OK, pages::landing(&app));
    };
    match app.api.redeem(&code).await {
        Ok(launch) => open_visit(&app, launch),
        Err(error) => {
            let refusal = pages::Refusal::from(&error);
            page(refusal.status, pages::refusal(&app, &refusal))
        }
    }
}

/// The redirect takes the code out of the URL and of the history.
fn open_visit(app: &SampleApp, launch: Launch) -> Response {
    let key = app.visits.open(launch, app.now());
    let path = app.path(&format!("/visits/{}", key.id));
    let cookie = visit_cookie(&path, &key);
    let headers = [(LOCATION, path), (SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// `GET /visits/{visit}`: the visit's page, for the browser that holds the visit's cookie.
pub(crate) async fn visit(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let now = app.now();
    match visit_secrets(&headers).find_map(|secret| app.visits.find(&id, secret, now)) {
        Some(launch) => page(StatusCode::OK, pages::visit(&app, &launch)),
        None => page(StatusCode::FORBIDDEN, pages::refusal(&app, &pages::NO_VISIT)),
    }
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, pages::STYLE).into_response()
}
