//! `Authorization: Bearer <App API key>`.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use doorway_core::Error;
use doorway_core::app_keys::AppKeySet;
use doorway_core::clock::Clock;
use doorway_core::secret::Secret;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::observe::Failed;

/// Lets in who has a key of the App.
pub struct AppGate {
    keys: Arc<Secret<AppKeySet>>,
    clock: Arc<dyn Clock>,
}

/// Proof that the caller is the App.
pub struct Authorized(());

impl AppGate {
    /// With these keys.
    pub fn new(keys: Arc<Secret<AppKeySet>>, clock: Arc<dyn Clock>) -> Self {
        Self { keys, clock }
    }

    async fn accepts(&self, key: &str) -> Result<bool, Error> {
        let now = self.clock.now();
        // The key may be newer than what this instance has read.
        Ok(self.keys.get(now).await?.accepts(key) || self.keys.get_fresh(now).await?.accepts(key))
    }
}

impl<S: AsRef<AppGate> + Send + Sync> FromRequestParts<Arc<S>> for Authorized {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, Failed> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header.and_then(bearer).ok_or(Error::Unauthorized)?;
        let gate: &AppGate = (**state).as_ref();
        if gate.accepts(key).await? { Ok(Self(())) } else { Err(Error::Unauthorized.into()) }
    }
}

/// The scheme's name is case-insensitive (RFC 9110 §11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
