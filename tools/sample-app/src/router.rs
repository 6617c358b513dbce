//! The App's paths, relative to where it is mounted.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::SampleApp;
use crate::handlers::{arrive, class, lesson, picker, quiz, style};

/// The longest form: a token, an attempt and a few answers, or all lessons.
const FORM_MAX_BYTES: usize = 16 * 1024;

/// The App's pages. Mount it at the configured base path. A page of a visit can be asked for with a form as well, for
/// browsers that keep no cookie.
pub fn router(app: Arc<SampleApp>) -> Router {
    Router::new()
        .route("/", get(arrive::landing))
        .route("/lessons/{lesson}", get(arrive::lesson_landing))
        .route("/visits/{visit}", get(lesson::visit).post(lesson::visit))
        .route("/visits/{visit}/quiz", post(quiz::hand_in))
        .route("/visits/{visit}/results/{attempt}", get(quiz::result).post(quiz::result))
        .route("/visits/{visit}/results/{attempt}/delivery", get(quiz::delivery).post(quiz::delivery))
        .route("/visits/{visit}/choice", post(picker::choose))
        .route("/visits/{visit}/class", get(class::class).post(class::class))
        .route("/style.css", get(style))
        .fallback(arrive::no_such_page)
        .layer(DefaultBodyLimit::max(FORM_MAX_BYTES))
        .layer(from_fn_with_state(Arc::clone(&app), arrive::redeem_code))
        .with_state(app)
}
