//! What came to the service endpoints, for tests to look at.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::http::header::AUTHORIZATION;

use crate::lock::locked;
use crate::services::Received;

/// Requests kept at a time; the oldest goes first.
const CAPACITY: usize = 2_000;

/// What the request showed as its access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// No `Authorization` header.
    Absent,
    /// A token that was good at that moment.
    Valid,
    /// Anything else.
    Invalid,
}

/// A request at a service endpoint, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path below the issuer, such as `/token`.
    pub path: String,
    /// The query, encoded as it came.
    pub query: Option<String>,
    /// Names in lower case, and values; that of `authorization` is `valid` or `invalid`, never the token.
    pub headers: Vec<(String, String)>,
    /// What it showed as its access token.
    pub bearer: Bearer,
    /// The body; bytes that are no UTF-8 are replaced.
    pub body: String,
}

impl RecordedRequest {
    /// The first header of this name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// The newest requests.
pub(crate) struct RequestLog(Mutex<VecDeque<RecordedRequest>>);

impl RequestLog {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    pub(crate) fn record(&self, received: &Received, bearer: Bearer) {
        let mut requests = locked(&self.0);
        if requests.len() >= CAPACITY {
            requests.pop_front();
        }
        requests.push_back(RecordedRequest {
            method: received.method.to_string(),
            path: received.path.clone(),
            query: received.query.clone(),
            headers: headers(received, bearer),
            bearer,
            body: String::from_utf8_lossy(&received.body).into_owned(),
        });
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        locked(&self.0).iter().cloned().collect()
    }

    pub(crate) fn forget(&self) {
        locked(&self.0).clear();
    }
}

fn headers(received: &Received, bearer: Bearer) -> Vec<(String, String)> {
    let shown = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = match (name == AUTHORIZATION, bearer) {
            (true, Bearer::Valid) => "valid".to_owned(),
            (true, Bearer::Absent | Bearer::Invalid) => "invalid".to_owned(),
            (false, _) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        };
        (name.to_string(), value)
    };
    received.headers.iter().map(shown).collect()
}
