//! The page of a visit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::Markup;

use super::{enter, refuse};
use crate::app::SampleApp;
use crate::http::page;
use crate::launch::{DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST};
use crate::pages;
use crate::visits::Visit;

/// `GET /visits/{visit}`: the lesson with its quiz, the picker, or what else the launch is about.
pub(crate) async fn visit(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match enter(&app, &id, &headers) {
        Ok(visit) => page(StatusCode::OK, pages::visit(&app, &visit, &content(&app, &visit))),
        Err(refusal) => refuse(&app, &refusal),
    }
}

fn content(app: &SampleApp, visit: &Visit) -> Markup {
    match (visit.lesson, visit.launch.message_type.as_str()) {
        (Some(lesson), _) => pages::lesson(app, visit, lesson, &visit.attempts.begin(app.now())),
        (None, RESOURCE_LINK_REQUEST) => pages::missing_lesson(),
        (None, DEEP_LINKING_REQUEST) => pages::picker(app, visit, None),
        (None, other) => pages::announcement(other),
    }
}
