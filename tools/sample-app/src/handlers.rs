//! The flow: arrive with a code, redeem it, open a visit, show the lesson or the picker, send what the person does.

pub(crate) mod arrive;
pub(crate) mod class;
pub(crate) mod lesson;
pub(crate) mod picker;
pub(crate) mod quiz;

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::app::SampleApp;
use crate::form::Form;
use crate::http::{page, visit_secrets};
use crate::pages::{self, Refusal};
use crate::visits::Visit;

/// The style sheet.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, pages::STYLE).into_response()
}

/// The visit, for the browser that holds its cookie.
fn enter(app: &SampleApp, id: &str, headers: &HeaderMap) -> Result<Arc<Visit>, Refusal> {
    let now = app.now();
    visit_secrets(headers).find_map(|secret| app.visits.find(id, secret, now)).ok_or_else(Refusal::no_visit)
}

/// The visit and a form that one of its own pages posted. The cookie alone is not enough: it is sent with the posts of
/// other sites, too, because the App has to work in a frame.
fn enter_with_form(app: &SampleApp, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<(Arc<Visit>, Form), Refusal> {
    let visit = enter(app, id, headers)?;
    let form = Form::parse(body);
    if !visit.made_form_with(form.text("token")) {
        return Err(Refusal::foreign_form());
    }
    Ok((visit, form))
}

fn refuse(app: &SampleApp, refusal: &Refusal) -> Response {
    page(refusal.status, pages::refusal(app, refusal))
}
