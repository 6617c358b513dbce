//! The flow: arrive with a code, redeem it, open a visit, show the lesson or the picker, send what the person does.

pub(crate) mod arrive;
pub(crate) mod class;
pub(crate) mod lesson;
pub(crate) mod picker;
pub(crate) mod quiz;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::app::SampleApp;
use crate::http::page;
use crate::pages::{self, Refusal};

/// The style sheet.
pub(crate) async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, pages::STYLE).into_response()
}

fn refuse(app: &SampleApp, refusal: &Refusal) -> Response {
    page(refusal.status, pages::refusal(app, refusal))
}
