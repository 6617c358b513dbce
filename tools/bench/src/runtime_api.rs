//! The Lambda Runtime API as one function's process sees it: `next` waits for an invocation, `response` ends it.
//!
//! Spec: [Using the Lambda runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

use crate::error::BenchError;

/// How long a function may take, far beyond what it does take.
const PATIENCE: Duration = Duration::from_secs(30);
const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:doorway";
/// The year 2100: no invocation meets its deadline.
const DEADLINE_MS: &str = "4102444800000";

/// The side of the benchmark.
pub struct RuntimeApi {
    /// Where the function's process finds it.
    pub address: SocketAddr,
    events: mpsc::Sender<String>,
    polls: mpsc::UnboundedReceiver<()>,
    answers: mpsc::UnboundedReceiver<Bytes>,
}

/// The side of the function.
struct Served {
    events: Mutex<mpsc::Receiver<String>>,
    polls: mpsc::UnboundedSender<()>,
    answers: mpsc::UnboundedSender<Bytes>,
}

impl RuntimeApi {
    /// Listens on a port of its own, until the runtime ends.
    pub async fn start() -> Result<Self, BenchError> {
        let listen = BenchError::system("listening on loopback");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(&listen)?;
        let address = listener.local_addr().map_err(&listen)?;
        let (events, taken_events) = mpsc::channel(1);
        let (heard_poll, polls) = mpsc::unbounded_channel();
        let (heard_answer, answers) = mpsc::unbounded_channel();
        let served = Served { events: Mutex::new(taken_events), polls: heard_poll, answers: heard_answer };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answer))
            .with_state(Arc::new(served));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, events, polls, answers })
    }

    /// Waits until the function asks for an invocation: it is idle from then on. `None` after [`PATIENCE`].
    pub async fn polled(&mut self) -> Option<()> {
        timeout(PATIENCE, self.polls.recv()).await.ok()?
    }

    /// Hands an event to the function that has asked, and waits for its answer. `None` after [`PATIENCE`].
    pub async fn invoke(&mut self, event: &Value) -> Option<Value> {
        self.events.send(event.to_string()).await.ok()?;
        let answer = timeout(PATIENCE, self.answers.recv()).await.ok()??;
        serde_json::from_slice(&answer).ok()
    }
}

async fn next(State(served): State<Arc<Served>>) -> Response {
    let mut events = served.events.lock().await;
    // Who does not listen any more has ended the function, too.
    let _ended = served.polls.send(());
    match events.recv().await {
        Some(event) => {
            let headers = [
                ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
                ("lambda-runtime-deadline-ms", DEADLINE_MS),
                ("lambda-runtime-invoked-function-arn", FUNCTION_ARN),
                (
                    "lambda-runtime-trace-id",
                    "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
                ),
                ("content-type", "application/json"),
            ];
            (headers, event).into_response()
        }
        None => StatusCode::GONE.into_response(),
    }
}

async fn answer(State(served): State<Arc<Served>>, body: Bytes) -> StatusCode {
    let _ended = served.answers.send(body);
    StatusCode::ACCEPTED
}
