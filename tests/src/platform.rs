//! A Platform with its own keys on a loopback port: it publishes them as well or badly as a test wants.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use doorway_core::registration::Registration;
use doorway_mock_platform::claims::LaunchClaims;
use doorway_mock_platform::{PlatformKey, User, jwks, users};
use http::StatusCode;
use http_body_util::channel::Channel;
use serde_json::{Value, json};

/// How the Platform's JWKS URL answers.
#[derive(Debug, Clone)]
pub enum KeysMode {
    /// The published keys.
    Published,
    /// This document, whatever it is.
    Document(String),
    /// This status.
    Status(StatusCode),
    /// A redirect to the keys.
    Redirect,
    /// The beginning of a document, and nothing more.
    Stalled,
    /// A document without end.
    Endless,
}

struct Keys {
    published: Mutex<Vec<Value>>,
    mode: Mutex<KeysMode>,
    cache_control: Mutex<Option<&'static str>>,
    fetches: AtomicUsize,
}

/// A Platform that a test plays.
pub struct FakePlatform {
    /// The key that it signs with.
    pub key: PlatformKey,
    /// Its issuer.
    pub issuer: String,
    /// What it calls the Tool.
    pub client_id: String,
    /// Its Deployment.
    pub deployment_id: String,
    jwks_uri: String,
    keys: Arc<Keys>,
}

impl FakePlatform {
    /// A Platform with a key of its own.
    pub async fn start(issuer: &str, client_id: &str) -> Self {
        let key = PlatformKey::generate();
        let keys = Arc::new(Keys {
            published: Mutex::new(vec![key.public_jwk()]),
            mode: Mutex::new(KeysMode::Published),
            cache_control: Mutex::new(None),
            fetches: AtomicUsize::new(0),
        });
        let router = Router::new().route("/jwks", get(serve_keys)).with_state(keys.clone());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound listener has an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            key,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            deployment_id: "dep-1".to_owned(),
            jwks_uri: format!("http://{address}/jwks"),
            keys,
        }
    }

    /// Its Registration: this Deployment listed, everything else by default. A test changes what it is about.
    pub fn registration(&self) -> Registration {
        serde_json::from_value(json!({
            "issuer": self.issuer, "clientId": self.client_id,
            "authorizationEndpoint": "https://lms.example/auth", "tokenEndpoint": "https://lms.example/token",
            "jwksUri": self.jwks_uri, "deployments": [self.deployment_id],
        }))
        .expect("the registration is complete")
    }

    /// How often its keys were fetched.
    pub fn fetches(&self) -> usize {
        self.keys.fetches.load(Ordering::SeqCst)
    }

    /// Changes how its keys are answered.
    pub fn set_mode(&self, mode: KeysMode) {
        *self.keys.mode.lock().expect("no test panics with it") = mode;
    }

    /// Sets the `Cache-Control` of its keys.
    pub fn set_cache_control(&self, value: Option<&'static str>) {
        *self.keys.cache_control.lock().expect("no test panics with it") = value;
    }

    /// Publishes these keys instead.
    pub fn publish(&self, keys: &[&PlatformKey]) {
        let set = jwks(keys);
        *self.keys.published.lock().expect("no test panics with it") =
            set["keys"].as_array().expect("a key set has keys").clone();
    }

    /// Publishes these JWKs instead.
    pub fn publish_jwks(&self, keys: Vec<Value>) {
        *self.keys.published.lock().expect("no test panics with it") = keys;
    }

    /// What it would say of a launch: the course's video lesson, by `user`.
    pub fn claims<'a>(&'a self, nonce: &'a str, issued_at: u64, user: &'a User) -> LaunchClaims<'a> {
        LaunchClaims {
            issuer: &self.issuer,
            client_id: &self.client_id,
            deployment_id: &self.deployment_id,
            nonce,
            issued_at,
            target_link_uri: "https://app.example/lesson/7",
            user,
        }
    }
}

/// The teacher of the mock Platform.
pub fn teacher() -> User {
    users().into_iter().find(User::is_teacher).expect("there is a teacher")
}

async fn serve_keys(State(keys): State<Arc<Keys>>) -> Response {
    keys.fetches.fetch_add(1, Ordering::SeqCst);
    let mode = keys.mode.lock().expect("no test panics with it").clone();
    let mut response = match mode {
        KeysMode::Published => {
            let published = keys.published.lock().expect("no test panics with it").clone();
            json!({ "keys": published }).to_string().into_response()
        }
        KeysMode::Document(document) => document.into_response(),
        KeysMode::Status(status) => status.into_response(),
        KeysMode::Redirect => (StatusCode::FOUND, [("location", "/jwks?again")]).into_response(),
        KeysMode::Stalled => dripping(1),
        KeysMode::Endless => dripping(usize::MAX),
    };
    if let Some(value) = *keys.cache_control.lock().expect("no test panics with it") {
        response.headers_mut().insert("cache-control", http::HeaderValue::from_static(value));
    }
    response
}

/// A body of spaces: after `most` chunks it says nothing more, and does not end either.
fn dripping(most: usize) -> Response {
    let (mut sender, body) = Channel::<Bytes>::new(1);
    tokio::spawn(async move {
        for _ in 0..most {
            if sender.send_data(Bytes::from_static(&[b' '; 8192])).await.is_err() {
                return;
            }
        }
        std::future::pending().await
    });
    Body::new(body).into_response()
}
