//! A Platform's key set, token endpoint and gradebook that say yes at once to what is right, and count.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::error::BenchError;

/// Characters in a token beside its number.
const TOKEN_FILLING: usize = 600;

/// The Platform. It runs until the runtime ends.
pub struct Platform {
    /// Where it listens.
    pub address: SocketAddr,
    counted: Arc<Mutex<Counted>>,
}

/// What came.
#[derive(Default)]
struct Counted {
    issued: HashSet<String>,
    tokens: usize,
    scores: usize,
    learners: HashSet<String>,
}

/// How much came since this was last asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// Requests for tokens.
    pub tokens: usize,
    /// Scores, each with a token that was issued.
    pub scores: usize,
    /// Learners that these scores are of.
    pub learners: usize,
}

impl Platform {
    /// Listens on a port of its own, and publishes this key set.
    pub async fn start(key_set: &Value) -> Result<Self, BenchError> {
        let listen = BenchError::system("listening on loopback");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(&listen)?;
        let address = listener.local_addr().map_err(&listen)?;
        let counted = Arc::<Mutex<Counted>>::default();
        let key_set = Json(key_set.clone());
        let router = Router::new()
            .route("/jwks", get(move || async move { key_set }))
            .route("/token", post(token))
            .route("/line-items/{id}/scores", post(score))
            // Where Moodle has them, as its launches say.
            .route("/mod/lti/services.php/7/lineitems/31/lineitem/scores", post(score))
            .with_state(counted.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, counted })
    }

    /// What came since this was last asked.
    pub fn take(&self) -> Taken {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, scores) = (std::mem::take(&mut counted.tokens), std::mem::take(&mut counted.scores));
        Taken { tokens, scores, learners: std::mem::take(&mut counted.learners).len() }
    }
}

/// A token as long as Canvas's.
async fn token(State(counted): State<Arc<Mutex<Counted>>>, form: String) -> Response {
    let scope = form.split('&').find_map(|field| field.strip_prefix("scope="));
    let scope = scope.map(|scope| scope.replace("%3A", ":").replace("%2F", "/").replace('+', " "));
    let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    let token = format!("{:0>8}{}", counted.issued.len(), "t".repeat(TOKEN_FILLING));
    counted.issued.insert(token.clone());
    counted.tokens += 1;
    Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": scope })).into_response()
}

/// Answers as Canvas does.
async fn score(State(counted): State<Arc<Mutex<Counted>>>, headers: HeaderMap, Json(score): Json<Value>) -> Response {
    let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    let token = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    if !token.is_some_and(|token| counted.issued.contains(token)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    // atomic-lti's Score says `user_id`, which no Platform would read.
    let Some(learner) = score["userId"].as_str().or_else(|| score["user_id"].as_str()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    counted.scores += 1;
    counted.learners.insert(learner.to_owned());
    let submission = json!({ "content_items": [] });
    Json(json!({ "resultUrl": "", "https://canvas.instructure.com/lti/submission": submission })).into_response()
}
