//! The stand-in's calls of services: notes what it was asked, and answers what the test set.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::doorway::is_authorized;

/// A call as it arrived.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method and path: `POST /v1/launches/launch-1/scores`.
    pub what: String,
    pub query: String,
    pub headers: HeaderMap,
    /// Null when there was none.
    pub body: Value,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(HeaderName, &'static str)>,
    body: String,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![(header::CONTENT_TYPE, "application/json")], body: body.to_string() }
    }

    pub fn problem(status: u16, code: &str) -> Self {
        Self::problem_with(status, code, json!({}))
    }

    /// A problem with further members.
    pub fn problem_with(status: u16, code: &str, members: Value) -> Self {
        let mut body = json!({
            "type": format!("urn:doorway:problem:{code}"),
            "title": "It did not work",
            "status": status,
            "detail": "A detail",
            "code": code,
            "reference": "ref-4711",
        });
        let Value::Object(members) = members else { panic!("members are an object") };
        body.as_object_mut().unwrap().extend(members);
        let headers = vec![(header::CONTENT_TYPE, "application/problem+json")];
        Self { status, headers, body: body.to_string() }
    }

    pub fn raw(status: u16, headers: &[(HeaderName, &'static str)], body: &str) -> Self {
        Self { status, headers: headers.to_vec(), body: body.to_owned() }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::from_u16(self.status).unwrap(), Bytes::from(self.body)).into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        for (name, value) in self.headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

#[derive(Default)]
pub struct Services {
    calls: Mutex<Vec<Call>>,
    replies: Mutex<HashMap<String, VecDeque<Reply>>>,
}

impl Services {
    pub fn on(&self, call: &str, reply: Reply) {
        self.replies.lock().unwrap().entry(call.to_owned()).or_default().push_back(reply);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    fn reply(&self, what: &str) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        let Some(queue) = replies.get_mut(what) else { return Reply::problem(404, "not_found") };
        let only = queue.len() == 1;
        if only { queue[0].clone() } else { queue.pop_front().unwrap() }
    }
}

pub fn router(services: Arc<Services>) -> Router {
    Router::new().fallback(answer).with_state(services)
}

async fn answer(
    State(services): State<Arc<Services>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_authorized(&headers) {
        return Reply::problem(401, "unauthorized").into_response();
    }
    let what = format!("{method} {}", uri.path());
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let query = uri.query().unwrap_or_default().to_owned();
    services.calls.lock().unwrap().push(Call { what: what.clone(), query, headers, body });
    services.reply(&what).into_response()
}
