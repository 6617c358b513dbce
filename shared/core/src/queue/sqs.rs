//! The queue on Amazon SQS.

use std::sync::Arc;

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::QueueAttributeName;

use super::{QueueError, Received};
use crate::aws::Aws;
use crate::store::reason;

/// How many messages are asked for at once.
const BATCH: i32 = 10;

/// What together is every message of a queue.
const COUNTS: [QueueAttributeName; 3] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    QueueAttributeName::ApproximateNumberOfMessagesDelayed,
];

/// A queue on SQS, by its URL.
#[derive(Clone)]
pub struct SqsQueue {
    aws: Arc<Aws>,
    url: Arc<str>,
}

impl SqsQueue {
    /// The queue at this URL.
    pub fn new(aws: Arc<Aws>, url: &str) -> Self {
        Self { aws, url: url.into() }
    }

    pub(super) async fn send(&self, body: &str, delay_seconds: u32) -> Result<(), QueueError> {
        let request = self.aws.sqs().await.send_message().queue_url(&*self.url).message_body(body);
        let request = request.delay_seconds(seconds(delay_seconds));
        request.send().await.map(drop).map_err(|error| failed("send a message", &error))
    }

    pub(super) async fn count(&self) -> Result<u64, QueueError> {
        let request = self.aws.sqs().await.get_queue_attributes().queue_url(&*self.url);
        let request = COUNTS.iter().fold(request, |request, name| request.attribute_names(name.clone()));
        let answer = request.send().await.map_err(|error| failed("count its messages", &error))?;
        let counts = answer.attributes.unwrap_or_default();
        Ok(COUNTS.iter().filter_map(|name| counts.get(name)?.parse::<u64>().ok()).sum())
    }

    pub(super) async fn receive(&self) -> Result<Vec<Received>, QueueError> {
        let request = self.aws.sqs().await.receive_message().queue_url(&*self.url).max_number_of_messages(BATCH);
        let answer = request.send().await.map_err(|error| failed("receive messages", &error))?;
        let received = answer.messages.unwrap_or_default().into_iter().filter_map(|message| {
            Some(Received { message_id: message.message_id?, receipt: message.receipt_handle?, body: message.body? })
        });
        Ok(received.collect())
    }

    pub(super) async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        let request = self.aws.sqs().await.delete_message().queue_url(&*self.url).receipt_handle(receipt);
        request.send().await.map(drop).map_err(|error| failed("delete a message", &error))
    }

    pub(super) async fn change_visibility(&self, receipt: &str, for_seconds: u32) -> Result<(), QueueError> {
        let request = self.aws.sqs().await.change_message_visibility().queue_url(&*self.url).receipt_handle(receipt);
        let request = request.visibility_timeout(seconds(for_seconds));
        match request.send().await {
            Ok(_) => Ok(()),
            // It was deleted, or is visible already: whoever receives it next decides.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_message_not_inflight()) => Ok(()),
            Err(error) => Err(failed("change a message's visibility", &error)),
        }
    }
}

fn seconds(seconds: u32) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn failed<E>(operation: &'static str, error: &SdkError<E>) -> QueueError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    QueueError { operation, reason: reason(error) }
}
