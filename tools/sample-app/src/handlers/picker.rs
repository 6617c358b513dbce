//! The picker: a teacher's choice goes back to the course.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{enter_with_form, refuse};
use crate::app::SampleApp;
use crate::choice;
use crate::http::{hand_over, page};
use crate::pages::{self, Refusal};

/// `POST /visits/{visit}/choice`: sends the chosen lessons, or that nothing was chosen. The answer is Doorway's page,
/// which brings the browser back to the course.
pub(crate) async fn choose(
    State(app): State<Arc<SampleApp>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (visit, form) = match enter_with_form(&app, &id, &headers, &body) {
        Ok(entered) => entered,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let Some(settings) = &visit.launch.services.deep_linking else {
        return refuse(&app, &Refusal::no_choosing());
    };
    let lessons = match choice::read(&form, settings) {
        Ok(lessons) => lessons,
        Err(fault) => {
            let picker = pages::picker(&app, &visit, Some(fault));
            return page(StatusCode::UNPROCESSABLE_ENTITY, pages::visit(&app, &visit, &picker));
        }
    };
    match app.api.return_content(&visit.launch.id, &choice::items(&app, &lessons, settings)).await {
        Ok(handed_over) => hand_over(handed_over),
        Err(error) => refuse(&app, &Refusal::choosing(&error).with_way_back(app.path(&visit.path("")))),
    }
}
