//! A stand-in for Doorway's App API on a loopback port.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const APP_KEY: &str = "app-key-of-the-test";

/// What it answers to a redeem, and what it was asked.
#[derive(Clone)]
pub struct Doorway {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
pub enum Answer {
    Launch(Value),
    Problem(u16, &'static str),
    Redirect,
    NoJson,
}

impl Doorway {
    /// Starts one that always gives this answer to callers with the right key.
    pub async fn that_answers(answer: Answer) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let router =
            Router::new().route("/v1/launches/{id}/redeem", post(redeem)).with_state((answer, Arc::clone(&asked)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked }
    }

    /// The launch ids that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

type Stand = (Answer, Arc<Mutex<Vec<String>>>);

async fn redeem(State((answer, asked)): State<Stand>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    asked.lock().unwrap().push(id);
    if headers.get(AUTHORIZATION).is_none_or(|value| value != &format!("Bearer {APP_KEY}")) {
        return problem(401, "unauthorized");
    }
    match answer {
        Answer::Launch(launch) => Json(launch).into_response(),
        Answer::Problem(status, code) => problem(status, code),
        Answer::Redirect => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/v1/launches/other/redeem")]).into_response(),
        Answer::NoJson => "<html>".into_response(),
    }
}

fn problem(status: u16, code: &str) -> Response {
    let body = json!({
        "type": format!("https://doorway.example/problems/{code}"),
        "title": "It did not work",
        "status": status,
        "detail": "A detail",
        "code": code,
        "reference": "ref-4711",
    });
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// A launch as Doorway gives it.
pub fn launch() -> Value {
    json!({
        "id": "launch-1",
        "messageType": "LtiResourceLinkRequest",
        "version": "1.3.0",
        "platform": {
            "issuer": "https://maple.example",
            "clientId": "maple-tool",
            "deploymentId": "7",
            "name": "Maple Learning",
            "productFamilyCode": "maple",
        },
        "tenant": "maple-district",
        "user": {
            "id": "41",
            "name": "Ada Morgan",
            "givenName": "Ada",
            "familyName": "Morgan",
            "email": "ada@maple.example",
            "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
            "isInstructor": true,
            "isLearner": false,
            "isAdministrator": false,
        },
        "context": {"id": "7", "type": [], "label": "PHY-2", "title": "Physics: light and colour"},
        "resourceLink": {"id": "link-1201", "title": "How light bends"},
        "targetLinkUri": "https://tool.example/app",
        "custom": {"lesson": "how-light-bends"},
        "services": {"ags": {"scope": []}},
        "claims": {
            "sub": "41",
            "https://purl.imsglobal.org/spec/lti/claim/roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
            "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        },
        "expiresAt": "2026-12-01T00:00:00Z",
    })
}
