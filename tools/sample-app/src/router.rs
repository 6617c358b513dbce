//! The App's paths, relative to where it is mounted.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::SampleApp;
use crate::handlers::{arrive, style, visit};

/// The App's pages. Mount it at the configured base path.
pub fn router(app: Arc<SampleApp>) -> Router {
    Router::new()
        .route("/", get(arrive))
        .route("/visits/{visit}", get(visit))
        .route("/style.css", get(style))
        .with_state(app)
}
