//! The queue of scores that a Platform has not taken yet, and the queue of those that it never will.
//!
//! Two implementations of one port behave alike, and the same contract tests run on both: SQS, and a queue in this
//! process for the local stack and the tests. The contract, which is that of an SQS standard queue:
//!
//! * a message that was sent is received at least once, possibly more often, in any order, until it is deleted;
//! * a message that was received is invisible for the visibility timeout, or for as long as
//!   [`Queue::change_visibility`] says; then it is received again, with a new receipt;
//! * a message that was received more often than the queue allows moves to its dead-letter queue.

mod local;
mod sqs;

pub use local::LocalQueue;
pub use sqs::SqsQueue;

use std::sync::Arc;

/// The longest that a message can be kept invisible, in seconds (SQS: 12 hours).
pub const MAX_INVISIBLE_SECONDS: u32 = 12 * 3600;
/// The longest delay that a message can be sent with, in seconds (SQS: 15 minutes).
pub const MAX_DELAY_SECONDS: u32 = 900;

/// A message that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Names the message for as long as it exists.
    pub message_id: String,
    /// Names this receiving of it: what deletes it, or changes its visibility.
    pub receipt: String,
    /// What was sent.
    pub body: String,
}

/// A queue did not serve.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the queue failed to {operation}: {reason}")]
pub struct QueueError {
    /// What was tried.
    pub operation: &'static str,
    /// What the queue answered.
    pub reason: String,
}

/// A queue.
#[derive(Clone)]
pub enum Queue {
    /// Amazon SQS.
    Sqs(SqsQueue),
    /// In this process.
    Local(Arc<LocalQueue>),
}

impl Queue {
    /// Sends a message, visible after a delay. When it returns, the message is safe.
    ///
    /// # Errors
    /// [`QueueError`]: whether it was sent is unknown then.
    pub async fn send(&self, body: &str, delay_seconds: u32) -> Result<(), QueueError> {
        let delay_seconds = delay_seconds.min(MAX_DELAY_SECONDS);
        match self {
            Self::Sqs(queue) => queue.send(body, delay_seconds).await,
            Self::Local(queue) => {
                queue.send(body, delay_seconds);
                Ok(())
            }
        }
    }

    /// About how many messages are in it, visible or not.
    ///
    /// # Errors
    /// [`QueueError`] when there is no such queue, or it does not say.
    pub async fn count(&self) -> Result<u64, QueueError> {
        match self {
            Self::Sqs(queue) => queue.count().await,
            Self::Local(queue) => Ok(queue.len() as u64),
        }
    }

    /// At most ten messages that are visible now.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn receive(&self) -> Result<Vec<Received>, QueueError> {
        match self {
            Self::Sqs(queue) => queue.receive().await,
            Self::Local(queue) => Ok(queue.receive()),
        }
    }

    /// Deletes a received message. One that is gone is deleted already.
    ///
    /// # Errors
    /// [`QueueError`]: it may be received again then.
    pub async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        match self {
            Self::Sqs(queue) => queue.delete(receipt).await,
            Self::Local(queue) => {
                queue.delete(receipt);
                Ok(())
            }
        }
    }

    /// Keeps a received message invisible for so long from now.
    ///
    /// # Errors
    /// [`QueueError`]: it is received again when its present time has passed.
    pub async fn change_visibility(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let seconds = seconds.min(MAX_INVISIBLE_SECONDS);
        match self {
            Self::Sqs(queue) => queue.change_visibility(receipt, seconds).await,
            Self::Local(queue) => {
                queue.change_visibility(receipt, seconds);
                Ok(())
            }
        }
    }
}
