//! A score that is not safe is not accepted: the App is told, and sends it again.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use doorway_core::queue::{Queue, SqsQueue};
use doorway_core::secret::{Secret, SecretSource};
use doorway_local::database::{SCORES_TABLE, local_aws};
use doorway_mock_platform::{Profile, ServiceFault};
use doorway_scores::ScoresApi;
use doorway_tests::{APP_KEY, refused};
use doorway_web::app_api::AppGate;
use http::Request;
use http::header::AUTHORIZATION;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{Class, grade, queued};

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The function with a queue that cannot be reached.
async fn without_queue(class: &Class) -> Router {
    let parts = &class.tool.parts;
    let kit = parts.service_kit();
    let services = kit.services();
    let queue = Queue::Sqs(SqsQueue::new(local_aws(NOWHERE).await, &format!("{NOWHERE}/000000000000/scores")));
    let submit = kit.submit_score(&services, queue, parts.score_retry_days);
    let keys = Arc::new(Secret::new(SecretSource::File(parts.app_keys.clone())));
    let gate = AppGate::new(keys, parts.clock.clone());
    let line_items = kit.line_items(&services);
    doorway_scores::router(ScoresApi::new(submit, kit.read_score(), line_items, gate, parts.random.clone()))
}

/// Sends a score to this function under the key `k`; status and body.
async fn send(function: &Router, class: &Class, score: &Value, prefer: &str) -> (u16, Value) {
    let request = Request::post(format!("/v1/launches/{}/scores", class.launch))
        .header(AUTHORIZATION, format!("Bearer {APP_KEY}"))
        .header("idempotency-key", "k")
        .header("prefer", prefer)
        .body(Body::from(score.to_string()))
        .expect("the headers are right");
    let answer = function.clone().oneshot(request).await.expect("routers do not fail");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("the body is in memory").to_bytes();
    (status, serde_json::from_slice(&body).expect("answers are JSON"))
}

#[tokio::test]
async fn a_score_that_can_be_neither_sent_nor_queued_is_not_accepted() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::ServiceUnavailable);
    let (status, problem) = send(&without_queue(&class).await, &class, &grade(7.5), "").await;
    assert_eq!((status, &problem["code"]), (503, &json!("score_not_accepted")));

    // Until the attempt is certainly over the same score counts as being sent.
    class.tool.clock.advance(120);
    let id = queued(&class.send_keyed("k", &grade(7.5)).await);
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("delivered", 1));
}

#[tokio::test]
async fn a_score_that_should_wait_and_cannot_is_not_accepted() {
    let class = Class::of(Profile::Plain).await;
    let (status, problem) = send(&without_queue(&class).await, &class, &grade(7.5), "respond-async").await;
    assert_eq!((status, &problem["code"]), (503, &json!("score_not_accepted")));
    assert!(class.school.platform.requests().is_empty());

    queued(&class.send_keyed("k", &grade(7.5)).await);
    class.settle().await;
    assert_eq!(class.applied().len(), 1);
}

/// Nobody will ever deliver the newer one: the older, which was accepted, does not wait for it.
#[tokio::test]
async fn a_score_that_was_not_accepted_does_not_block_an_older_one() {
    let class = Class::of(Profile::Plain).await;
    let older = class.queue(&grade(1.0)).await;
    class.tool.clock.advance(1);
    let (status, _) = send(&without_queue(&class).await, &class, &grade(7.5), "respond-async").await;
    assert_eq!(status, 503);
    class.settle().await;
    assert_eq!((class.state(&older).await.as_str(), class.applied().len()), ("delivered", 1));
}

/// Whoever delivers at once needs no queue.
#[tokio::test]
async fn a_score_that_is_delivered_at_once_needs_no_queue() {
    let class = Class::of(Profile::Plain).await;
    let (status, score) = send(&without_queue(&class).await, &class, &grade(7.5), "").await;
    assert_eq!((status, &score["state"], class.applied().len()), (200, &json!("delivered"), 1));
}

#[tokio::test]
async fn a_score_that_cannot_be_stored_is_not_sent() {
    let class = Class::of(Profile::Plain).await;
    class.tool.drop_table(SCORES_TABLE).await;
    refused("no table", &class.send(&grade(7.5)).await, 503, "storage_unavailable");
    assert!(class.school.platform.requests().is_empty());
    assert_eq!(class.queue_lengths(), (0, 0));
}

/// The worker keeps what it cannot look up.
#[tokio::test]
async fn a_table_that_fails_under_the_worker_loses_no_message() {
    let class = Class::of(Profile::Plain).await;
    class.queue(&grade(7.5)).await;
    class.tool.drop_table(SCORES_TABLE).await;
    assert_eq!(class.poll().await, 1);
    assert_eq!(class.queue_lengths(), (1, 0));
    assert!(class.poll_next().await);
    assert_eq!(class.queue_lengths(), (1, 0));
}
