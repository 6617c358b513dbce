//! The class list.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::refuse;
use crate::app::SampleApp;
use crate::entry::Entry;
use crate::http::page;
use crate::knock::Knock;
use crate::pages::{self, Refusal, way_back};
use crate::roster::Roster;

/// `/visits/{visit}/class`: who is in the course, for its teachers.
pub(crate) async fn class(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, knock: Knock) -> Response {
    let entry = match Entry::of(&app, &id, &knock) {
        Ok(entry) => entry,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let launch = &entry.visit.launch;
    if !launch.user.is_instructor {
        return refuse(&app, &Refusal::teachers_only(way_back(&app, &entry, "")));
    }
    if launch.services.nrps.is_none() {
        return page(StatusCode::OK, pages::class_not_granted(&app, &entry));
    }
    match Roster::read(&app.api, launch).await {
        Ok(roster) => page(StatusCode::OK, pages::class(&app, &entry, &roster)),
        Err(error) if error.code() == Some("memberships_not_granted") => {
            page(StatusCode::OK, pages::class_not_granted(&app, &entry))
        }
        Err(error) => refuse(&app, &Refusal::serving(&error).with_way_back(way_back(&app, &entry, ""))),
    }
}
