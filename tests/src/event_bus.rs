//! EventBridge as far as events need it, on loopback, after AWS's documentation of `PutEvents`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::event_bus::EventBus;
use doorway_local::database::local_aws;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// The name of the bus.
pub const BUS: &str = "school-events";

/// How the bus answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BusMood {
    /// It takes what is put.
    #[default]
    Taking,
    /// It answers that all is well, and that it did not take the entry.
    RefusingEntries,
    /// It refuses the call.
    Denying,
    /// It never answers.
    Silent,
}

/// A bus that keeps what it is told.
#[derive(Default)]
pub struct FakeEventBus {
    told: Mutex<Vec<Value>>,
    mood: Mutex<BusMood>,
}

impl FakeEventBus {
    /// A running one, and what tells it things.
    pub async fn start() -> (Arc<Self>, EventBus) {
        let fake = Arc::new(Self::default());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound listener has an address");
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let aws = local_aws(&format!("http://{address}")).await;
        (fake, EventBus::on(aws, BUS.to_owned(), Duration::from_millis(200)))
    }

    /// Changes how it answers.
    pub fn set_mood(&self, mood: BusMood) {
        *self.mood.lock().expect("no test panics in here") = mood;
    }

    /// The entries that were put, whatever became of them, with their `Detail` read; and none any more.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.told.lock().expect("no test panics in here"))
    }

    fn put(&self, request: &Value) -> usize {
        let entries = request["Entries"].as_array().expect("a call has entries");
        for entry in entries {
            let mut entry = entry.clone();
            let detail = entry["Detail"].as_str().expect("an entry has its detail");
            entry["Detail"] = serde_json::from_str(detail).expect("the detail is JSON");
            assert_documented(&entry);
            self.told.lock().expect("no test panics in here").push(entry);
        }
        entries.len()
    }
}

/// docs/events.md shows every event as it is. Only a tenant may be missing.
fn assert_documented(entry: &Value) {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/events.md"));
    let docs = docs.expect("events are documented");
    let examples = docs.split("```json").skip(1).filter_map(|rest| rest.split("```").next());
    let mut examples = examples.map(|text| serde_json::from_str::<Value>(text).expect("an example is JSON"));
    let kind = &entry["DetailType"];
    let example = examples.find(|example| example["detail-type"] == *kind);
    let mut example = example.unwrap_or_else(|| panic!("docs/events.md has no {kind}"));
    assert_eq!(entry["Source"], example["source"]);
    if entry["Detail"].get("tenant").is_none() {
        example["detail"].as_object_mut().expect("a detail is an object").remove("tenant");
    }
    assert_eq!(shape(&entry["Detail"]), shape(&example["detail"]), "the members of {kind}");
}

/// A value without what may differ: texts, numbers and switches.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::String(_) => "text".into(),
        Value::Number(_) => 0.into(),
        Value::Bool(_) => false.into(),
        Value::Array(_) | Value::Null => value.clone(),
    }
}

async fn answer(State(fake): State<Arc<FakeEventBus>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    assert_eq!(target, Some("AWSEvents.PutEvents"), "nothing else is asked of a bus");
    let entries = fake.put(&serde_json::from_slice(&body).expect("the SDK sends JSON"));
    let mood = *fake.mood.lock().expect("no test panics in here");
    let (status, body) = match mood {
        BusMood::Taking => {
            (StatusCode::OK, json!({ "FailedEntryCount": 0, "Entries": vec![json!({ "EventId": "1" }); entries] }))
        }
        BusMood::RefusingEntries => {
            let refused = json!({ "ErrorCode": "ThrottlingException", "ErrorMessage": "too many" });
            (StatusCode::OK, json!({ "FailedEntryCount": entries, "Entries": vec![refused; entries] }))
        }
        BusMood::Denying => {
            (StatusCode::BAD_REQUEST, json!({ "__type": "AccessDeniedException", "message": "not authorized" }))
        }
        BusMood::Silent => std::future::pending().await,
    };
    (status, [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}
