//! The queue's contract on SQS itself, played by two that know nothing of each other: moto and ministack. Each is a server of its
//! own on a free port, by the real clock.

use std::collections::HashMap;
use std::sync::Arc;

use doorway_core::aws::Aws;
use doorway_core::queue::{Queue, SqsQueue};
use doorway_local::database::local_aws;
use doorway_tests::Emulator;

use crate::queue_contract::{Bench, MAX_RECEIVES, Time, VISIBILITY_SECONDS, promises};

/// A running server, and clients for it.
struct Sqs {
    aws: Arc<Aws>,
    /// The number of the account that it plays.
    account: &'static str,
    _server: Emulator,
}

impl Sqs {
    async fn of_moto() -> Self {
        Self::of(Emulator::moto().await, "123456789012").await
    }

    async fn of_ministack() -> Self {
        Self::of(Emulator::ministack().await, "000000000000").await
    }

    async fn of(server: Emulator, account: &'static str) -> Self {
        Self { aws: local_aws(&server.endpoint).await, account, _server: server }
    }

    /// A queue of this name with a dead-letter queue.
    async fn bench(&self, name: &str) -> Bench {
        let dead = self.create(&format!("{name}-dead"), HashMap::new()).await;
        let redrive = serde_json::json!({
            "deadLetterTargetArn": format!("arn:aws:sqs:local:{}:{name}-dead", self.account),
            "maxReceiveCount": MAX_RECEIVES,
        });
        let url = self.create(name, HashMap::from([("RedrivePolicy", redrive.to_string())])).await;
        let queue = |url: &str| Queue::Sqs(SqsQueue::new(self.aws.clone(), url));
        Bench { queue: queue(&url), dead_letters: queue(&dead), time: Time::Real }
    }

    /// The URL of a new queue with these attributes.
    async fn create(&self, name: &str, attributes: HashMap<&str, String>) -> String {
        let mut request = self.aws.sqs().await.create_queue().queue_name(name);
        request = request.attributes("VisibilityTimeout".into(), VISIBILITY_SECONDS.to_string());
        for (attribute, value) in attributes {
            request = request.attributes(attribute.into(), value);
        }
        let created = request.send().await.expect("any queue can be made");
        created.queue_url.expect("a queue has a URL")
    }
}

/// The name of a queue: SQS allows 80 characters.
fn queue_name(promise: &str) -> &str {
    &promise[..promise.len().min(70)]
}

macro_rules! on_sqs {
    ($($promise:ident),*) => {
        /// All promises but these.
        async fn keeps_the_contract(sqs: &Sqs, but: &[&str]) {
            $(
                if !but.contains(&stringify!($promise)) {
                    let bench = sqs.bench(queue_name(stringify!($promise))).await;
                    crate::queue_contract::$promise(&bench).await;
                }
            )*
        }
    };
}
promises!(on_sqs);

async fn a_queue_that_is_not_there_is_an_error(sqs: &Sqs) {
    let real = sqs.create("real", HashMap::new()).await;
    let queue = Queue::Sqs(SqsQueue::new(sqs.aws.clone(), &real.replace("real", "no-such-queue")));
    let error = queue.send("x", 0).await.expect_err("there is no such queue");
    assert!(error.reason.contains("NonExistentQueue") || error.reason.contains("QueueDoesNotExist"), "{error}");
    assert!(queue.receive().await.is_err());
}

#[tokio::test]
#[ignore = "needs moto: tools/test runs it"]
async fn sqs_keeps_the_contract() {
    let sqs = Sqs::of_moto().await;
    keeps_the_contract(&sqs, &[]).await;
    a_queue_that_is_not_there_is_an_error(&sqs).await;
}

/// ministack calls a second deleting an error, which AWS's documentation of `DeleteMessage` rules out.
#[tokio::test]
#[ignore = "needs ministack: tools/test runs it"]
async fn sqs_of_ministack_keeps_the_contract() {
    let sqs = Sqs::of_ministack().await;
    keeps_the_contract(&sqs, &["deleting_what_is_gone_is_no_error"]).await;
    a_queue_that_is_not_there_is_an_error(&sqs).await;
}
