//! The Tool's public keys: `GET /.well-known/jwks.json`.
//!
//! Platforms fetch them to verify what the Tool signs. Needs no cookie, blocks nobody, and may be cached.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use doorway_core::aws::Aws;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::random::{Random, SystemRandom};
use doorway_core::settings::Settings;
use doorway_core::tool_keys::ToolKeys;
use doorway_web::observe::{Failed, Observer, Surface};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// How long Platforms may cache the keys: a key is published for much longer before it signs.
const CACHE: &str = "public, max-age=3600";

/// The function's routes.
pub fn router(keys: ToolKeys, random: Arc<dyn Random>) -> Router {
    let observer = Observer::new("jwks", Surface::Api, random);
    observer.watch(Router::new().route("/.well-known/jwks.json", get(published)).with_state(Arc::new(keys)))
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let keys = ToolKeys::new(settings.registrations_table());
    settings.finish(router(keys, Arc::new(SystemRandom)))
}

async fn published(State(keys): State<Arc<ToolKeys>>) -> Result<Response, Failed> {
    let keys = keys.published().await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static(CACHE)),
    ];
    Ok((headers, keys.to_string()).into_response())
}
