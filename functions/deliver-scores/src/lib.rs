//! The consumer of the queue of scores: tries again until the Platform has them.
//!
//! The answer to a batch names the messages that come again; all others are done, and the queue deletes them.

use std::sync::Arc;
use std::time::Instant;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use doorway_core::aws::Aws;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::settings::Settings;
use doorway_core::use_case::deliver_scores::{DeliverScores, Message};

/// Handles batches.
#[derive(Clone)]
pub struct Worker {
    deliver: Arc<DeliverScores>,
}

impl Worker {
    /// A worker that delivers with these parts.
    pub fn new(deliver: DeliverScores) -> Self {
        Self { deliver: Arc::new(deliver) }
    }

    /// A worker, set up from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names every setting that is missing or not usable.
    pub fn from_environment(environment: Environment) -> Result<Self, ConfigError> {
        let mut settings = Settings::new(environment, Arc::new(Aws::default()));
        let kit = settings.service_kit();
        let deliver = kit.deliver_scores(settings.score_queue(), settings.dead_score_queue());
        settings.finish(Self::new(deliver))
    }

    /// Handles one batch and says which of its messages come again.
    pub async fn handle(&self, event: SqsEvent) -> SqsBatchResponse {
        let began = Instant::now();
        let batch: Vec<Message> = event
            .records
            .into_iter()
            .map(|record| Message {
                message_id: record.message_id.unwrap_or_default(),
                receipt: record.receipt_handle.unwrap_or_default(),
                body: record.body.unwrap_or_default(),
            })
            .collect();
        let (again, tallies) = self.deliver.deliver(batch).await;
        doorway_web::log::deliveries(&tallies, began.elapsed());
        let mut response = SqsBatchResponse::default();
        for message_id in again {
            response.add_failure(message_id);
        }
        response
    }
}
