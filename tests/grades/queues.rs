//! The queue's contract on the queues of this machine: in the process, and behind SQS's protocol.

use std::sync::Arc;

use doorway_core::clock::{Clock, ManualClock};
use doorway_core::queue::{LocalQueue, Queue, SqsQueue};
use doorway_local::database::local_aws;
use doorway_local::queues::Queues;
use doorway_local::sqs::SqsEndpoint;
use doorway_tests::BEGIN;

use crate::queue_contract::{Bench, MAX_RECEIVES, Time, VISIBILITY_SECONDS, promises};

/// Empty queues, and their clock.
fn queues() -> (Queues, Arc<ManualClock>) {
    let manual = Arc::new(ManualClock::at(BEGIN));
    let clock: Arc<dyn Clock> = manual.clone();
    let dead = Arc::new(LocalQueue::new(clock.clone(), VISIBILITY_SECONDS));
    let scores = LocalQueue::new(clock, VISIBILITY_SECONDS).with_dead_letters(dead.clone(), MAX_RECEIVES);
    (Queues { scores: Arc::new(scores), dead }, manual)
}

/// In this process.
fn local() -> Bench {
    let (queues, clock) = queues();
    Bench { queue: queues.scores(), dead_letters: queues.dead(), time: Time::Manual(clock) }
}

/// Behind SQS's protocol, asked by the client that asks SQS.
async fn endpoint() -> Bench {
    let (queues, clock) = queues();
    let endpoint = SqsEndpoint::start(queues).await.expect("loopback can be listened on");
    let aws = local_aws(&endpoint.endpoint()).await;
    let queue = |url: String| Queue::Sqs(SqsQueue::new(aws.clone(), &url));
    Bench { queue: queue(endpoint.scores_url()), dead_letters: queue(endpoint.dead_url()), time: Time::Manual(clock) }
}

macro_rules! on_both {
    ($($promise:ident),*) => {
        mod on_the_local_queue {
            $(
                #[tokio::test]
                async fn $promise() {
                    crate::queue_contract::$promise(&super::local()).await;
                }
            )*
        }

        mod on_the_sqs_endpoint {
            $(
                #[tokio::test]
                async fn $promise() {
                    crate::queue_contract::$promise(&super::endpoint().await).await;
                }
            )*
        }
    };
}
promises!(on_both);

#[tokio::test]
async fn a_queue_that_is_not_there_is_an_error() {
    let (queues, _) = queues();
    let endpoint = SqsEndpoint::start(queues).await.unwrap();
    let aws = local_aws(&endpoint.endpoint()).await;
    let queue = Queue::Sqs(SqsQueue::new(aws, &format!("{}/000000000000/no-such-queue", endpoint.endpoint())));
    let error = queue.send("x", 0).await.unwrap_err();
    assert!(error.reason.contains("QueueDoesNotExist"), "{error}");
    assert!(queue.receive().await.is_err() && queue.delete("1-1").await.is_err());
}

/// Both keep the worker's hours: a message that a worker had for too long comes to another one.
#[tokio::test]
async fn a_stale_receipt_does_not_hide_a_message_that_another_has() {
    let bench = local();
    bench.queue.send("x", 0).await.unwrap();
    let first = bench.queue.receive().await.unwrap().remove(0);
    let Time::Manual(clock) = &bench.time else { panic!("the clock is manual") };
    clock.advance(1);
    let second = bench.queue.receive().await.unwrap().remove(0);
    bench.queue.change_visibility(&first.receipt, 0).await.unwrap();
    assert!(bench.queue.receive().await.unwrap().is_empty());
    bench.queue.change_visibility(&second.receipt, 0).await.unwrap();
    clock.advance(1);
    assert!(bench.queue.receive().await.unwrap().is_empty(), "received twice: dead");
}
