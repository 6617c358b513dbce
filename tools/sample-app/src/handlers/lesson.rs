//! The page of a visit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;

use super::refuse;
use crate::app::SampleApp;
use crate::entry::{Entry, SecretIn};
use crate::http::{page, see_other};
use crate::knock::Knock;
use crate::launch::{DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST};
use crate::pages;

/// `/visits/{visit}`: the lesson with its quiz, the picker, or what else the launch is about. A browser with the cookie has
/// no use for the key, and is sent on to the address without it.
pub(crate) async fn visit(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, knock: Knock) -> Response {
    match Entry::of(&app, &id, &knock) {
        Ok(entry) if entry.secret_in == SecretIn::Cookie && !knock.key.is_empty() => {
            see_other(app.path(&entry.visit.path("")))
        }
        Ok(entry) => page(StatusCode::OK, pages::visit(&app, &entry, &content(&app, &entry))),
        Err(refusal) => refuse(&app, &refusal),
    }
}

fn content(app: &SampleApp, entry: &Entry) -> Markup {
    let visit = &entry.visit;
    match (visit.lesson, visit.launch.message_type.as_str()) {
        (Some(lesson), _) => pages::lesson(app, entry, lesson, &visit.attempts.begin(app.now())),
        (None, RESOURCE_LINK_REQUEST) => pages::missing_lesson(),
        (None, DEEP_LINKING_REQUEST) => pages::picker(app, entry, None),
        (None, other) => pages::announcement(other),
    }
}
