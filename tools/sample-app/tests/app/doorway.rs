//! A stand-in for Doorway's App API on a loopback port.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::services::{self, Call, Reply, Services};

pub const APP_KEY: &str = "app-key-of-the-test";

/// Where it listens, what it was asked, and what it answers.
#[derive(Clone)]
pub struct Doorway {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
    services: Arc<Services>,
}

#[derive(Clone)]
pub enum Answer {
    Launch(Value),
    Problem(u16, &'static str),
    Redirect,
    NoJson,
}

impl Doorway {
    /// Starts one that always gives this answer to a redeem of callers with the right key.
    pub async fn that_answers(answer: Answer) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let services = Arc::new(Services::default());
        let router = Router::new()
            .route("/v1/launches/{id}/redeem", post(redeem))
            .with_state((answer, Arc::clone(&asked)))
            .fallback_service(services::router(Arc::clone(&services)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, services }
    }

    /// The launch ids that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// What the next call of this kind, such as `GET /v1/scores/s-1`, is answered. The last answer stays.
    pub fn on(&self, call: &str, reply: Reply) {
        self.services.on(call, reply);
    }

    /// The calls of services, in their order.
    pub fn calls(&self) -> Vec<Call> {
        self.services.calls()
    }
}

type Stand = (Answer, Arc<Mutex<Vec<String>>>);

async fn redeem(State((answer, asked)): State<Stand>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    asked.lock().unwrap().push(id);
    if !is_authorized(&headers) {
        return problem(401, "unauthorized");
    }
    match answer {
        Answer::Launch(launch) => Json(launch).into_response(),
        Answer::Problem(status, code) => problem(status, code),
        Answer::Redirect => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/v1/launches/other/redeem")]).into_response(),
        Answer::NoJson => "<html>".into_response(),
    }
}

pub fn is_authorized(headers: &HeaderMap) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value == &format!("Bearer {APP_KEY}"))
}

fn problem(status: u16, code: &str) -> Response {
    Reply::problem(status, code).into_response()
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

/// The launch of a student at the graded quiz.
pub fn students_launch() -> Value {
    let mut launch = launch();
    launch["user"] = json!({"id": "52", "name": "Ben Ito", "givenName": "Ben", "isLearner": true});
    launch["custom"] = json!({"lesson": "quiz-refraction"});
    launch["services"] = json!({"ags": ags()});
    launch
}

/// The launch of a teacher at the graded quiz, with the roster.
pub fn teachers_launch() -> Value {
    let mut launch = students_launch();
    launch["user"] = self::launch()["user"].take();
    launch["services"] = json!({
        "ags": ags(),
        "nrps": {"context_memberships_url": "https://maple.example/memberships/7", "service_versions": ["2.0"]},
    });
    launch
}

/// The launch of a teacher who adds content.
pub fn choosing_launch() -> Value {
    let mut launch = launch();
    launch["messageType"] = json!("LtiDeepLinkingRequest");
    launch["services"] = json!({"deepLinking": {
        "deep_link_return_url": "https://maple.example/return",
        "accept_types": ["link", "ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"],
        "accept_media_types": [],
        "accept_multiple": true,
        "auto_create": false,
    }});
    launch
}

fn ags() -> Value {
    json!({
        "scope": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        ],
        "lineitems": "https://maple.example/line-items/7",
        "lineitem": "https://maple.example/line-items/7/link-1202",
    })
}
