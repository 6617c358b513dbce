//! A Platform whose keys, token endpoint and gradebook say yes to everything at once, and count.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use doorway_mock_platform::{PlatformKey, jwks};
use serde_json::json;
use tokio::net::TcpListener;

use crate::error::BenchError;

/// The Platform. It runs until the runtime ends.
pub struct Platform {
    /// Where it listens.
    pub address: SocketAddr,
    /// The key that it signs with.
    pub key: PlatformKey,
    counts: Arc<Counted>,
}

#[derive(Default)]
struct Counted {
    tokens: AtomicUsize,
    scores: AtomicUsize,
}

impl Platform {
    /// Listens on a port of its own.
    pub async fn start() -> Result<Self, BenchError> {
        let listen = BenchError::system("listening on loopback");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(&listen)?;
        let address = listener.local_addr().map_err(&listen)?;
        let counts = Arc::<Counted>::default();
        let key = PlatformKey::generate();
        let key_set = Json(jwks(&[&key]));
        let router = Router::new()
            .route("/jwks", get(move || async move { key_set }))
            .route("/token", post(token))
            .route("/line-items/{id}/scores", post(score))
            // Where Moodle has them, as its launches say.
            .route("/mod/lti/services.php/7/lineitems/31/lineitem/scores", post(score))
            .with_state(counts.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, key, counts })
    }

    /// Requests for tokens and of scores since this was last asked.
    pub fn take(&self) -> (usize, usize) {
        (self.counts.tokens.swap(0, Ordering::SeqCst), self.counts.scores.swap(0, Ordering::SeqCst))
    }
}

/// A token as long as Canvas's.
async fn token(State(counts): State<Arc<Counted>>, form: String) -> Response {
    let n = counts.tokens.fetch_add(1, Ordering::SeqCst);
    let scope = form.rsplit_once("scope=").map(|(_, scope)| scope.replace("%3A", ":").replace("%2F", "/"));
    let token = format!("{n:0>8}{}", "t".repeat(600));
    Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": scope })).into_response()
}

async fn score(State(counts): State<Arc<Counted>>) -> StatusCode {
    counts.scores.fetch_add(1, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}
