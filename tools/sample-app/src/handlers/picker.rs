//! The picker: a teacher's choice goes back to the course.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::refuse;
use crate::app::SampleApp;
use crate::choice;
use crate::entry::Entry;
use crate::http::{hand_over, page};
use crate::knock::Knock;
use crate::pages::{self, Refusal, way_back};

/// `POST /visits/{visit}/choice`: sends the chosen lessons, or that nothing was chosen. The answer is Doorway's page,
/// which brings the browser back to the course.
pub(crate) async fn choose(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, knock: Knock) -> Response {
    let entry = match Entry::of(&app, &id, &knock) {
        Ok(entry) => entry,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let launch = &entry.visit.launch;
    let Some(settings) = &launch.services.deep_linking else {
        return refuse(&app, &Refusal::no_choosing());
    };
    let lessons = match choice::read(&knock.form, settings) {
        Ok(lessons) => lessons,
        Err(fault) => {
            let picker = pages::picker(&app, &entry, Some(fault));
            return page(StatusCode::UNPROCESSABLE_ENTITY, pages::visit(&app, &entry, &picker));
        }
    };
    match app.api.return_content(&launch.id, &choice::items(&app, &lessons, settings)).await {
        Ok(handed_over) => hand_over(handed_over),
        Err(error) => refuse(&app, &Refusal::choosing(&error).with_way_back(way_back(&app, &entry, ""))),
    }
}
