//! Retry scores that failed: an operator's decision, after mending what refused them.
//!
//! A score keeps its timestamp and its place in its lane, and gets new days in which it is tried. So nothing has a second
//! effect: what arrived unseen the Platform knows again by its timestamp, and what a newer score has overtaken is not sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::queue::{Queue, QueueError, Received};
use crate::scores::{State, Submission, SubmissionId, message, read_message};
use crate::store::scores::{LANE_LEASE_SECONDS, Scores, StoredSubmission};

const DAY_SECONDS: u64 = 24 * 3600;
/// A queue that answers "none" so many times in a row is empty: SQS asks a few of its machines at a time.
const EMPTY_ANSWERS: usize = 3;

/// What retrying needs.
pub struct RetryScores {
    /// The submissions.
    pub scores: Arc<Scores>,
    /// Where scores wait.
    pub queue: Queue,
    /// Where scores end that cannot be delivered.
    pub dead_letters: Queue,
    /// For how many days a score is tried again.
    pub retry_days: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What became of a score that was to be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It waits in the queue again, until this moment at most.
    Queued(UnixSeconds),
    /// The Platform has a newer score of ours: there is nothing to send.
    Overtaken,
    /// It is settled so: there is nothing to send.
    Settled(State),
    /// Its body is gone, since its learner was erased.
    Erased,
    /// It is being sent in this moment.
    UnderWay,
    /// There is no such score, or its record has ended.
    Unknown,
}

/// A message in the dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The score that it stands for; `None` when it is no score's.
    pub id: Option<SubmissionId>,
}

/// What became of a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redriven {
    /// The score; `None` when the letter is no score's. Such a letter is left where it is.
    pub id: Option<SubmissionId>,
    /// What became of the score.
    pub retried: Retried,
    /// Whether the letter is gone.
    pub is_done: bool,
}

impl RetryScores {
    /// Sends a score on its way again.
    ///
    /// The record is changed before the message is sent: killed in between, the score is `queued` without a message, and
    /// the same call again sends one.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::ScoreNotAccepted`] when the queue does not serve: ask again.
    pub async fn retry(&self, id: &SubmissionId) -> Result<Retried, Error> {
        let now = self.clock.now();
        let Some(stored) = self.scores.get(id, now).await? else { return Ok(Retried::Unknown) };
        if let Some(nothing) = self.nothing_to_do(&stored, now).await? {
            return Ok(nothing);
        }
        let retry_until = (now.0 + u64::from(self.retry_days) * DAY_SECONDS).max(stored.about.retry_until);
        let about = Submission { retry_until, ..stored.about };
        if !self.scores.reopen(id, stored.state, &about).await? {
            // Somebody was faster: a worker, or another operator.
            return Ok(Retried::UnderWay);
        }
        self.queue.send(&message(id), 0).await.map_err(Error::ScoreNotAccepted)?;
        Ok(Retried::Queued(UnixSeconds(retry_until)))
    }

    /// Sends all dead letters on their way again that can be; at most `most`.
    ///
    /// A letter is deleted after its score is in the queue of those that wait: killed in between it is in both, which does
    /// no harm.
    ///
    /// # Errors
    /// As for [`RetryScores::retry`]. What was done before stays done.
    pub async fn redrive(&self, most: usize) -> Result<Vec<Redriven>, Error> {
        let mut redriven = Vec::new();
        let mut left = Vec::new();
        let outcome = self.redrive_into(&mut redriven, &mut left, most).await;
        self.give_back(&left).await;
        outcome.map(|()| redriven)
    }

    /// The messages in the dead-letter queue. They are taken out for a moment and given back.
    ///
    /// # Errors
    /// [`Error::ScoreNotAccepted`] when the queue does not serve.
    pub async fn dead(&self, most: usize) -> Result<Vec<DeadLetter>, Error> {
        let mut taken: Vec<Received> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut outcome = Ok(());
        while taken.len() < most {
            match self.next_letters(&mut seen).await {
                Ok(letters) if letters.is_empty() => break,
                Ok(letters) => taken.extend(letters),
                Err(error) => {
                    outcome = Err(Error::ScoreNotAccepted(error));
                    break;
                }
            }
        }
        self.give_back(&taken).await;
        outcome.map(|()| taken.iter().map(|letter| DeadLetter { id: read_message(&letter.body) }).collect())
    }

    async fn nothing_to_do(&self, stored: &StoredSubmission, now: UnixSeconds) -> Result<Option<Retried>, Error> {
        let settled = match stored.state {
            State::Delivered | State::Superseded | State::Withheld => Some(Retried::Settled(stored.state)),
            State::Sending if now.0 < stored.about.accepted_at + LANE_LEASE_SECONDS => Some(Retried::UnderWay),
            State::Failed | State::Sending | State::Queued if stored.payload.is_none() => Some(Retried::Erased),
            State::Failed | State::Sending | State::Queued => None,
        };
        if settled.is_some() {
            return Ok(settled);
        }
        let lane = self.scores.lane(&stored.lane).await?;
        let overtaken = lane.delivered.is_some_and(|delivered| delivered > stored.about.timestamp);
        Ok(overtaken.then_some(Retried::Overtaken))
    }

    async fn redrive_into(
        &self,
        redriven: &mut Vec<Redriven>,
        left: &mut Vec<Received>,
        most: usize,
    ) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        loop {
            let letters = self.next_letters(&mut seen).await.map_err(Error::ScoreNotAccepted)?;
            if letters.is_empty() {
                return Ok(());
            }
            let mut letters = letters.into_iter();
            while let Some(letter) = letters.next() {
                if redriven.len() >= most {
                    left.push(letter);
                    left.extend(letters);
                    return Ok(());
                }
                match self.redrive_one(&letter).await {
                    Ok(outcome) => {
                        if !outcome.is_done {
                            left.push(letter);
                        }
                        redriven.push(outcome);
                    }
                    Err(error) => {
                        left.push(letter);
                        left.extend(letters);
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn redrive_one(&self, letter: &Received) -> Result<Redriven, Error> {
        let Some(id) = read_message(&letter.body) else {
            return Ok(Redriven { id: None, retried: Retried::Unknown, is_done: false });
        };
        let retried = self.retry(&id).await?;
        let is_done = !matches!(retried, Retried::UnderWay | Retried::Unknown);
        if is_done {
            self.dead_letters.delete(&letter.receipt).await.map_err(Error::ScoreNotAccepted)?;
        }
        Ok(Redriven { id: Some(id), retried, is_done })
    }

    /// The next messages that were not seen before; none when there are no more.
    async fn next_letters(&self, seen: &mut BTreeSet<String>) -> Result<Vec<Received>, QueueError> {
        for _ in 0..EMPTY_ANSWERS {
            let mut letters = self.dead_letters.receive().await?;
            letters.retain(|letter| seen.insert(letter.message_id.clone()));
            if !letters.is_empty() {
                return Ok(letters);
            }
        }
        Ok(Vec::new())
    }

    /// Shows messages again that stay. What fails here is shown again by itself, a little later.
    async fn give_back(&self, letters: &[Received]) {
        for letter in letters {
            if let Err(error) = self.dead_letters.change_visibility(&letter.receipt, 0).await {
                tracing::warn!(error = %error, "a dead letter is invisible for a while");
            }
        }
    }
}
