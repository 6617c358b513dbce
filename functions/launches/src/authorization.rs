//! `Authorization: Bearer <App API key>`.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use doorway_core::Error;
use doorway_web::observe::Failed;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::LaunchesApi;

/// Proof that the caller is the App.
pub(crate) struct Authorized;

impl FromRequestParts<Arc<LaunchesApi>> for Authorized {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<LaunchesApi>) -> Result<Self, Failed> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header.and_then(bearer).ok_or(Error::Unauthorized)?;
        let now = api.clock.now();
        if api.app_keys.get(now).await.map_err(Error::from)?.accepts(key) {
            return Ok(Self);
        }
        // The key may be newer than what this instance has read.
        if api.app_keys.get_fresh(now).await.map_err(Error::from)?.accepts(key) {
            return Ok(Self);
        }
        Err(Error::Unauthorized.into())
    }
}

/// The scheme's name is case-insensitive (RFC 9110 §11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
