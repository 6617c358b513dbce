//! The class list.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{enter, refuse};
use crate::app::SampleApp;
use crate::http::page;
use crate::pages::{self, Refusal};
use crate::roster::Roster;

/// `GET /visits/{visit}/class`: who is in the course, for its teachers.
pub(crate) async fn class(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let visit = match enter(&app, &id, &headers) {
        Ok(visit) if visit.launch.user.is_instructor => visit,
        Ok(visit) => return refuse(&app, &Refusal::teachers_only(app.path(&visit.path("")))),
        Err(refusal) => return refuse(&app, &refusal),
    };
    if visit.launch.services.nrps.is_none() {
        return page(StatusCode::OK, pages::class_not_granted(&app, &visit));
    }
    match Roster::read(&app.api, &visit.launch).await {
        Ok(roster) => page(StatusCode::OK, pages::class(&app, &visit, &roster)),
        Err(error) if error.code() == Some("memberships_not_granted") => {
            page(StatusCode::OK, pages::class_not_granted(&app, &visit))
        }
        Err(error) => refuse(&app, &Refusal::serving(&error).with_way_back(app.path(&visit.path("")))),
    }
}
