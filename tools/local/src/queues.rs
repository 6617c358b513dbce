//! The queues of scores in this process, and what Lambda does with them on AWS.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use doorway_core::clock::Clock;
use doorway_core::queue::{LocalQueue, Queue};
use doorway_core::scores::message;
use doorway_core::store::StoreError;
use doorway_core::store::scores::Scores;
use doorway_deliver_scores::Worker;

/// How long a received message is invisible, in seconds: as in the template.
pub const VISIBILITY_SECONDS: u32 = 180;
/// How often a message is received before it is dead: as in the template.
const MAX_RECEIVES: u32 = 1000;
/// How long the poller rests when there is nothing to do.
const REST: Duration = Duration::from_millis(250);

/// The queue of scores that wait, and that of scores that are dead.
#[derive(Clone)]
pub struct Queues {
    /// Scores that wait.
    pub scores: Arc<LocalQueue>,
    /// Scores that cannot be delivered.
    pub dead: Arc<LocalQueue>,
}

impl Queues {
    /// Empty queues by this clock.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        let dead = Arc::new(LocalQueue::new(clock.clone(), VISIBILITY_SECONDS));
        let scores = LocalQueue::new(clock.clone(), VISIBILITY_SECONDS).with_dead_letters(dead.clone(), MAX_RECEIVES);
        Self { scores: Arc::new(scores), dead }
    }

    /// The queue of scores that wait, for functions.
    pub fn scores(&self) -> Queue {
        Queue::Local(self.scores.clone())
    }

    /// The dead-letter queue, for functions.
    pub fn dead(&self) -> Queue {
        Queue::Local(self.dead.clone())
    }

    /// Puts scores back that waited when an earlier process ended: the queue was in that process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn refill(&self, scores: &Scores) -> Result<(), StoreError> {
        for id in scores.waiting().await? {
            self.scores.send(&message(&id), 0);
        }
        Ok(())
    }
}

/// Hands batches to the worker and deletes what is done, as Lambda's event source does.
pub struct Poller {
    queues: Queues,
    worker: Worker,
}

impl Poller {
    /// For this worker.
    pub fn new(queues: Queues, worker: Worker) -> Self {
        Self { queues, worker }
    }

    /// Handles one batch; how many messages it had.
    pub async fn poll(&self) -> usize {
        let received = self.queues.scores.receive();
        let records = received.iter().map(|received| {
            let mut record = SqsMessage::default();
            record.message_id = Some(received.message_id.clone());
            record.receipt_handle = Some(received.receipt.clone());
            record.body = Some(received.body.clone());
            record
        });
        let mut event = SqsEvent::default();
        event.records = records.collect();
        if event.records.is_empty() {
            return 0;
        }
        let answer = self.worker.handle(event).await;
        let comes_again = |id: &str| answer.batch_item_failures.iter().any(|failure| failure.item_identifier == id);
        for done in received.iter().filter(|received| !comes_again(&received.message_id)) {
            self.queues.scores.delete(&done.receipt);
        }
        received.len()
    }

    /// Polls for ever.
    pub async fn run(self) {
        loop {
            if self.poll().await == 0 {
                tokio::time::sleep(REST).await;
            }
        }
    }
}
