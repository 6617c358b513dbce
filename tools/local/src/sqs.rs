//! The queues behind SQS's own protocol, on a loopback port: functions that run by `cargo lambda watch` put their scores
//! where the stack's worker finds them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use doorway_core::queue::{LocalQueue, MAX_DELAY_SECONDS, MAX_INVISIBLE_SECONDS};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::queues::Queues;
use crate::stack::StackError;

/// The end of the URL of the queue of scores that wait.
const SCORES: &str = "score-deliveries";
/// The end of the URL of the dead-letter queue.
const DEAD: &str = "score-deliveries-dead";

/// A running endpoint. It ends with the process, or with its runtime.
pub struct SqsEndpoint {
    address: SocketAddr,
}

impl SqsEndpoint {
    /// Serves these queues.
    ///
    /// # Errors
    /// [`StackError::Listen`].
    pub async fn start(queues: Queues) -> Result<Self, StackError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(StackError::Listen)?;
        let address = listener.local_addr().map_err(StackError::Listen)?;
        let router = Router::new().route("/", post(answer)).with_state(queues);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address })
    }

    /// Where the AWS client finds it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of the queue of scores that wait.
    pub fn scores_url(&self) -> String {
        format!("{}/000000000000/{SCORES}", self.endpoint())
    }

    /// The URL of the dead-letter queue.
    pub fn dead_url(&self) -> String {
        format!("{}/000000000000/{DEAD}", self.endpoint())
    }
}

/// One call of the JSON protocol: the operation is in a header, the queue in the body.
async fn answer(State(queues): State<Queues>, headers: HeaderMap, body: Bytes) -> Response {
    // The SDK calls its JSON `application/x-amz-json-1.0`.
    let Ok(call) = serde_json::from_slice::<Value>(&body) else {
        return fault("InvalidRequest", "the body is no JSON");
    };
    let operation = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = operation.and_then(|target| target.strip_prefix("AmazonSQS.")).unwrap_or_default();
    let Some(queue) = find(&queues, call["QueueUrl"].as_str().unwrap_or_default()) else {
        return fault("QueueDoesNotExist", "there is no such queue");
    };
    let text = |name: &str| call[name].as_str().unwrap_or_default();
    let seconds = |name: &str, most: u32| {
        call[name].as_u64().and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or_default().min(most)
    };
    match operation {
        "SendMessage" => {
            queue.send(text("MessageBody"), seconds("DelaySeconds", MAX_DELAY_SECONDS));
            Json(json!({ "MessageId": "sent" })).into_response()
        }
        "ReceiveMessage" => {
            let messages = queue.receive().into_iter().map(|received| {
                json!({ "MessageId": received.message_id, "ReceiptHandle": received.receipt, "Body": received.body })
            });
            Json(json!({ "Messages": messages.collect::<Vec<_>>() })).into_response()
        }
        "GetQueueAttributes" => {
            Json(json!({ "Attributes": { "ApproximateNumberOfMessages": queue.len().to_string() } })).into_response()
        }
        "DeleteMessage" => {
            queue.delete(text("ReceiptHandle"));
            Json(json!({})).into_response()
        }
        "ChangeMessageVisibility" => {
            queue.change_visibility(text("ReceiptHandle"), seconds("VisibilityTimeout", MAX_INVISIBLE_SECONDS));
            Json(json!({})).into_response()
        }
        _ => fault("UnsupportedOperation", "the local queue does not know this operation"),
    }
}

fn find(queues: &Queues, url: &str) -> Option<Arc<LocalQueue>> {
    match url.rsplit('/').next()? {
        SCORES => Some(queues.scores.clone()),
        DEAD => Some(queues.dead.clone()),
        _ => None,
    }
}

fn fault(code: &str, message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": format!("com.amazonaws.sqs#{code}"), "message": message })))
        .into_response()
}
