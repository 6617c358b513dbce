//! Read a score's submission: where it stands, and every attempt.

use std::sync::Arc;

use crate::clock::Clock;
use crate::error::Error;
use crate::scores::SubmissionId;
use crate::store::scores::{Scores, StoredSubmission};

/// What reading needs.
pub struct ReadScore {
    /// The submissions.
    pub scores: Arc<Scores>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl ReadScore {
    /// The submission.
    ///
    /// # Errors
    /// [`Error::ScoreUnknown`], [`Error::Store`].
    pub async fn read(&self, id: &SubmissionId) -> Result<StoredSubmission, Error> {
        self.scores.get(id, self.clock.now()).await?.ok_or(Error::ScoreUnknown)
    }
}
