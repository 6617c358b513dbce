//! What stands between a Tool and AWS: it lets calls through, or does what AWS does on a bad day.
//!
//! Behind it are the embedded DynamoDB, and a Secrets Manager whose secrets are files.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_sdk_dynamodb::config::Credentials;
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::aws::{Aws, timeouts};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// How AWS is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Well.
    #[default]
    Well,
    /// Each call is refused by this code as often as said, however often the client tries again.
    Refusing {
        /// As `ThrottlingException`.
        code: &'static str,
        /// This many tries of each call, then it is let through.
        tries: u32,
    },
    /// Some calls are refused by this code, and all others served.
    RefusingSome {
        /// As `DeleteItem`.
        operations: &'static [&'static str],
        /// As `AccessDeniedException`.
        code: &'static str,
    },
    /// Of a batch of reads, items are left out, for the client to ask for them again.
    LeavingOut {
        /// What their keys begin with.
        keys: &'static str,
    },
    /// Calls are taken, and never answered.
    Stalled,
}

/// The front of one Tool.
pub struct AwsFront {
    endpoint: String,
    dynamodb: String,
    client: reqwest::Client,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    tables: Mood,
    secrets: Mood,
    /// How many tries there were of each operation.
    tries: BTreeMap<String, usize>,
}

impl AwsFront {
    /// In front of the DynamoDB with this address.
    pub async fn start(dynamodb: &str) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let endpoint = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let (dynamodb, client) = (dynamodb.to_owned(), reqwest::Client::new());
        let front = Arc::new(Self { endpoint, dynamodb, client, inside: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        front
    }

    /// Clients that wait for as long as it takes.
    pub async fn aws(&self) -> Arc<Aws> {
        Arc::new(Aws::with_config(self.config().load().await))
    }

    /// Clients that wait no longer than those of a deployed function.
    pub async fn hurried_aws(&self) -> Arc<Aws> {
        Arc::new(Aws::with_config(self.config().timeout_config(timeouts()).load().await))
    }

    fn config(&self) -> ConfigLoader {
        aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("local"))
            .credentials_provider(Credentials::new("local", "local", None, None, "doorway-tests"))
            .endpoint_url(&self.endpoint)
    }

    /// Changes how the tables are.
    pub fn tables(&self, mood: Mood) {
        self.inside.lock().expect("no test panics with it").tables = mood;
    }

    /// Changes how Secrets Manager is.
    pub fn secrets(&self, mood: Mood) {
        self.inside.lock().expect("no test panics with it").secrets = mood;
    }

    /// How often each operation was tried since this was last asked.
    pub fn take_tries(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.inside.lock().expect("no test panics with it").tries)
    }

    fn mood(&self, service: &str, operation: &str) -> Mood {
        let mut inside = self.inside.lock().expect("no test panics with it");
        *inside.tries.entry(operation.to_owned()).or_default() += 1;
        if service == "secretsmanager" { inside.secrets } else { inside.tables }
    }
}

async fn answer(State(front): State<Arc<AwsFront>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = text(&headers, "x-amz-target");
    let (service, operation) = target.split_once('.').expect("every call names its operation");
    match front.mood(service, operation) {
        Mood::Stalled => std::future::pending().await,
        Mood::Refusing { code, tries } if attempt(&headers) <= tries => refusal(code),
        Mood::RefusingSome { operations, code } if operations.contains(&operation) => refusal(code),
        _ if service == "secretsmanager" => secret(operation, &body),
        Mood::LeavingOut { keys } if operation == "BatchGetItem" => {
            leave_out(keys, &body, forward(&front.client, &front.dynamodb, &headers, body.clone()).await).await
        }
        _ => forward(&front.client, &front.dynamodb, &headers, body).await,
    }
}

/// Which try of its call a request is: the client says so itself, as in `attempt=1; max=3`.
fn attempt(headers: &HeaderMap) -> u32 {
    let said = text(headers, "amz-sdk-request");
    let attempt = said.split(';').find_map(|part| part.trim().strip_prefix("attempt=")?.parse().ok());
    attempt.expect("the client counts its tries")
}

fn secret(operation: &str, body: &[u8]) -> Response {
    assert_eq!(operation, "GetSecretValue", "functions read secrets and nothing else");
    let request: Value = serde_json::from_slice(body).expect("the client sends JSON");
    let id = request["SecretId"].as_str().expect("the call names its secret");
    match std::fs::read_to_string(id) {
        Ok(text) => {
            let body = json!({ "ARN": id, "Name": id, "SecretString": text });
            ([("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
        }
        Err(_) => refusal("ResourceNotFoundException"),
    }
}

/// As AWS refuses.
fn refusal(code: &str) -> Response {
    let body = json!({ "__type": code, "message": "the rate of requests is too high" });
    (StatusCode::BAD_REQUEST, [("content-type", "application/x-amz-json-1.0")], body.to_string()).into_response()
}

/// The answer to a batch of reads without the items whose keys begin so.
async fn leave_out(prefix: &str, request: &[u8], response: Response) -> Response {
    let is_left_out = |item: &Value| item["id"]["S"].as_str().is_some_and(|id| id.starts_with(prefix));
    let request: Value = serde_json::from_slice(request).expect("the client sends JSON");
    let answer = to_bytes(response.into_body(), usize::MAX).await.expect("the engine answers");
    let mut answer: Value = serde_json::from_slice(&answer).expect("the engine sends JSON");
    for (table, read) in request["RequestItems"].as_object().expect("a batch names its tables") {
        let (left_out, _): (Vec<_>, Vec<_>) = list(&read["Keys"]).into_iter().partition(is_left_out);
        let (_, found): (Vec<_>, Vec<_>) = list(&answer["Responses"][table]).into_iter().partition(is_left_out);
        answer["Responses"][table] = found.into();
        answer["UnprocessedKeys"][table] = json!({ "Keys": left_out, "ConsistentRead": read["ConsistentRead"] });
    }
    ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Passes a call of DynamoDB on to the one with this address, and its answer back.
pub async fn forward(client: &reqwest::Client, dynamodb: &str, headers: &HeaderMap, body: Bytes) -> Response {
    let mut request = client.post(dynamodb).body(body);
    for name in ["x-amz-target", "content-type", "authorization", "x-amz-date"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value.clone());
        }
    }
    let answer = request.send().await.expect("the engine answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.bytes().await.expect("the engine answers");
    let mut response = (status, body).into_response();
    for name in ["x-amz-crc32", "content-type"] {
        if let Some(value) = headers.get(name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
