//! Secrets Manager as far as a rotation needs it, on loopback, after AWS's documentation of the API; and beside it, by the
//! same address, the embedded DynamoDB. It counts calls, and cuts the one that a test names: before or after its effect, as when
//! the caller is killed.
//!
//! It is our own reading of the documentation. `ministack.rs` runs the same contract on somebody else's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::aws::Aws;
use doorway_local::database::{Database, local_aws};
use doorway_tests::forward;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// Where a call is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It never arrives.
    Before,
    /// It has its effect, and the answer never arrives.
    After,
}

#[derive(Default)]
struct Secret {
    /// Text and labels by version.
    versions: BTreeMap<String, (Option<String>, Vec<String>)>,
}

#[derive(Default)]
struct Inside {
    secrets: BTreeMap<String, Secret>,
    calls: usize,
    cut: Option<(usize, Cut)>,
    refusing: Option<&'static str>,
}

/// A running fake.
pub(crate) struct Fake {
    inside: Mutex<Inside>,
    dynamodb: String,
    client: reqwest::Client,
    was_cut: Notify,
}

impl Fake {
    /// With an empty database; and clients for both.
    pub(crate) async fn start() -> (Arc<Self>, Arc<Aws>) {
        let database = Database::start(None).await.expect("an engine in memory starts");
        let fake = Arc::new(Self {
            inside: Mutex::default(),
            dynamodb: database.endpoint(),
            client: reqwest::Client::new(),
            was_cut: Notify::new(),
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound listener has an address");
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (fake, local_aws(&format!("http://{address}")).await)
    }

    /// Puts a text as the current version.
    pub(crate) fn put(&self, secret: &str, version: &str, text: &str) {
        let mut inside = self.inside.lock().expect("no test panics in here");
        let secret = inside.secrets.entry(secret.to_owned()).or_default();
        secret.versions.insert(version.to_owned(), (Some(text.to_owned()), Vec::new()));
        secret.label("AWSCURRENT", version);
    }

    /// Takes all versions away.
    pub(crate) fn empty(&self, secret: &str) {
        self.inside.lock().expect("no test panics in here").secrets.insert(secret.to_owned(), Secret::default());
    }

    /// What Secrets Manager does before it calls: the version to come is labelled, and has no text.
    pub(crate) fn begin_rotation(&self, secret: &str, version: &str) {
        let mut inside = self.inside.lock().expect("no test panics in here");
        let secret = inside.secrets.entry(secret.to_owned()).or_default();
        secret.versions.entry(version.to_owned()).or_default();
        secret.label("AWSPENDING", version);
    }

    /// The text of a version, or of the one with this label.
    pub(crate) fn text(&self, secret: &str, version_or_label: &str) -> Option<String> {
        let inside = self.inside.lock().expect("no test panics in here");
        let versions = &inside.secrets.get(secret)?.versions;
        let found = versions
            .iter()
            .find(|(id, (_, labels))| *id == version_or_label || labels.iter().any(|label| label == version_or_label));
        found.and_then(|(_, (text, _))| text.clone())
    }

    /// How many calls there have been.
    pub(crate) fn calls(&self) -> usize {
        self.inside.lock().expect("no test panics in here").calls
    }

    /// Cuts the call with this number, counted from now.
    pub(crate) fn cut(&self, call: usize, how: Cut) {
        let mut inside = self.inside.lock().expect("no test panics in here");
        inside.calls = 0;
        inside.cut = Some((call, how));
    }

    /// Refuses every call by this code.
    pub(crate) fn refuse(&self, code: &'static str) {
        self.inside.lock().expect("no test panics in here").refusing = Some(code);
    }

    /// Cuts and refuses nothing any more.
    pub(crate) fn mend(&self) {
        let mut inside = self.inside.lock().expect("no test panics in here");
        (inside.cut, inside.refusing) = (None, None);
    }

    /// Runs until it is done, or until the cut: `None`, and the future is dropped.
    pub(crate) async fn until_cut<T>(&self, run: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = run => Some(done),
            () = self.was_cut.notified() => None,
        }
    }

    async fn effect(&self, headers: &HeaderMap, body: Bytes) -> Response {
        let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
        match target.strip_prefix("secretsmanager.") {
            Some(operation) => {
                let request: Value = serde_json::from_slice(&body).expect("the SDK sends JSON");
                self.secrets_manager(operation, &request)
            }
            None => forward(&self.client, &self.dynamodb, headers, body).await,
        }
    }

    fn secrets_manager(&self, operation: &str, request: &Value) -> Response {
        let text = |name: &str| request[name].as_str().map(str::to_owned);
        let id = text("SecretId").expect("every call names its secret");
        let mut inside = self.inside.lock().expect("no test panics in here");
        let Some(secret) = inside.secrets.get_mut(&id) else {
            return refusal("ResourceNotFoundException", "no secret");
        };
        match operation {
            "DescribeSecret" => {
                let labelled = secret.versions.iter().filter(|(_, (_, labels))| !labels.is_empty());
                let stages: serde_json::Map<String, Value> =
                    labelled.map(|(id, (_, labels))| (id.clone(), json!(labels))).collect();
                fine(&json!({ "ARN": id, "Name": id, "VersionIdsToStages": stages }))
            }
            "GetSecretValue" => {
                let version = text("VersionId").or_else(|| secret.labelled("AWSCURRENT"));
                let found = version.and_then(|id| Some((id.clone(), secret.versions.get(&id)?.0.clone()?)));
                match found {
                    Some((version, text)) => fine(&json!({ "ARN": id, "VersionId": version, "SecretString": text })),
                    None => {
                        refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret value")
                    }
                }
            }
            "PutSecretValue" => secret.put(
                &text("ClientRequestToken").expect("a version has an id"),
                text("SecretString").expect("a version has a text"),
                request["VersionStages"].as_array().into_iter().flatten().filter_map(Value::as_str),
            ),
            "UpdateSecretVersionStage" => secret.move_label(
                &text("VersionStage").expect("a label is named"),
                text("MoveToVersionId"),
                text("RemoveFromVersionId"),
            ),
            other => panic!("{other} is not played"),
        }
    }
}

impl Secret {
    fn labelled(&self, label: &str) -> Option<String> {
        let found = self.versions.iter().find(|(_, (_, labels))| labels.iter().any(|known| known == label));
        found.map(|(id, _)| id.clone())
    }

    fn unlabel(&mut self, label: &str) {
        self.versions.values_mut().for_each(|(_, labels)| labels.retain(|known| known != label));
    }

    fn label(&mut self, label: &str, version: &str) {
        let before = self.labelled(label);
        self.unlabel(label);
        self.versions.get_mut(version).expect("the version is there").1.push(label.to_owned());
        if let Some(before) = before.filter(|before| label == "AWSCURRENT" && before != version) {
            self.label("AWSPREVIOUS", &before);
        }
    }

    fn put<'a>(&mut self, version: &str, text: String, labels: impl Iterator<Item = &'a str>) -> Response {
        let known = self.versions.entry(version.to_owned()).or_default();
        match &known.0 {
            Some(before) if *before != text => {
                return refusal("ResourceExistsException", "a version with this token and another value exists");
            }
            _ => known.0 = Some(text),
        }
        labels.for_each(|label| self.label(label, version));
        fine(&json!({ "VersionId": version }))
    }

    fn move_label(&mut self, label: &str, to: Option<String>, from: Option<String>) -> Response {
        let holder = self.labelled(label);
        if from.is_some() && from != holder || from.is_none() && holder.is_some() && holder != to {
            return refusal("InvalidParameterException", "the label is attached to another version");
        }
        match to {
            Some(to) if !self.versions.contains_key(&to) => return refusal("ResourceNotFoundException", "no version"),
            Some(to) => self.label(label, &to),
            None => self.unlabel(label),
        }
        fine(&json!({}))
    }
}

async fn answer(State(fake): State<Arc<Fake>>, headers: HeaderMap, body: Bytes) -> Response {
    let cut = {
        let mut inside = fake.inside.lock().expect("no test panics in here");
        inside.calls += 1;
        if let Some(code) = inside.refusing {
            return refusal(code, "too many requests");
        }
        inside.cut.filter(|(call, _)| *call < inside.calls).map(|(_, how)| how)
    };
    let response = match cut {
        Some(Cut::Before) => None,
        Some(Cut::After) => Some(fake.effect(&headers, body).await),
        None => return fake.effect(&headers, body).await,
    };
    drop(response);
    fake.was_cut.notify_one();
    std::future::pending().await
}

fn fine(body: &Value) -> Response {
    ([("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}

fn refusal(code: &str, message: &str) -> Response {
    let body = json!({ "__type": code, "message": message });
    (StatusCode::BAD_REQUEST, [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}
