//! One score's turn.

use super::DeliverScores;
use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::scores::backoff::wait_seconds;
use crate::scores::delivery::Ended;
use crate::scores::{AttemptOutcome, Lane, State, SubmissionId, message};
use crate::store::gates::Gate;
use crate::store::scores::{self, StoredSubmission, Taken};

/// How long a score waits while another of its lane is on its way, in seconds.
const BUSY_SECONDS: u32 = 15;
/// How long a score waits for a newer one of its lane, which will overtake it, in seconds.
const OVERTAKEN_SECONDS: u32 = 240;

/// What a turn led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Delivered,
    Superseded,
    SettledBefore,
    /// In the dead-letter queue already.
    Dead,
    /// To be moved to the dead-letter queue as it is.
    Bury,
    Again(u32),
}

/// What the lane says before an attempt.
enum Turn {
    Mine { is_unclear: bool },
    NotMine(Step),
}

impl DeliverScores {
    pub(super) async fn step(
        &self,
        id: &SubmissionId,
        stored: StoredSubmission,
        origin: &str,
        gate: &mut Gate,
    ) -> Result<Step, Error> {
        let now = self.clock.now();
        let Some(payload) = &stored.payload else {
            // Settled between two reads.
            return Ok(Step::SettledBefore);
        };
        let is_unclear = match self.turn(id, &stored, now).await? {
            Turn::Mine { is_unclear } => is_unclear,
            Turn::NotMine(step) => return Ok(step),
        };
        let ended = self.delivery.attempt(&stored.about.target, payload, is_unclear, now).await;
        let now = self.clock.now();
        *gate = self.sparing.note(origin, *gate, &ended, now).await;
        self.record(id, &stored, &ended, now).await
    }

    /// The end of a score that could not be delivered in time.
    pub(super) async fn give_up(&self, id: &SubmissionId, stored: &StoredSubmission) -> Result<Step, Error> {
        let lane = self.scores.lane(&stored.lane).await?;
        let (state, step) = if is_overtaken(stored, &lane) {
            (State::Superseded, Step::Superseded)
        } else {
            self.bury(id).await?;
            (State::Failed, Step::Dead)
        };
        self.scores.set_state(id, state, None).await?;
        Ok(step)
    }

    /// Whether it is this score's turn in its lane. If so, the lane is taken.
    async fn turn(&self, id: &SubmissionId, stored: &StoredSubmission, now: UnixSeconds) -> Result<Turn, Error> {
        let lane = self.scores.lane(&stored.lane).await?;
        if is_overtaken(stored, &lane) {
            self.scores.set_state(id, State::Superseded, None).await?;
            return Ok(Turn::NotMine(Step::Superseded));
        }
        let newer = lane.latest.as_ref().filter(|latest| *latest != id);
        if let (Some(newer), Some(last)) = (newer, lane.last)
            && last.sent > stored.about.timestamp
            && self.will_overtake(newer, now).await?
        {
            return Ok(Turn::NotMine(Step::Again(self.patience(stored, OVERTAKEN_SECONDS))));
        }
        Ok(match self.scores.take_lane(id, &stored.lane, now).await? {
            Taken::Busy => Turn::NotMine(Step::Again(self.patience(stored, BUSY_SECONDS))),
            Taken::Interrupted => Turn::Mine { is_unclear: true },
            Taken::Free => Turn::Mine { is_unclear: stored.attempts.iter().any(|a| a.may_have_arrived()) },
        })
    }

    /// Whether a newer score of the lane is queued, so that this one need not go. Should it fail, this one's turn comes.
    async fn will_overtake(&self, newer: &SubmissionId, now: UnixSeconds) -> Result<bool, Error> {
        let newer = self.scores.get(newer, now).await?;
        Ok(newer.is_some_and(|newer| newer.state == State::Queued))
    }

    async fn record(
        &self,
        id: &SubmissionId,
        stored: &StoredSubmission,
        ended: &Ended,
        now: UnixSeconds,
    ) -> Result<Step, Error> {
        let is_grade = stored.payload.as_ref().is_some_and(|payload| payload.contains_key("scoreGiven"));
        let again = wait_seconds(stored.tries.saturating_add(1), &*self.random);
        let again = again.max(ended.retry_after_seconds.map_or(0, |s| u32::try_from(s.min(3600)).unwrap_or(0)));
        let (state, step) = match ended.outcome {
            AttemptOutcome::Delivered | AttemptOutcome::AlreadyApplied => (State::Delivered, Step::Delivered),
            // A token, a disabled Registration: somebody may mend it, and nothing is lost by waiting.
            AttemptOutcome::Unavailable
            | AttemptOutcome::Throttled
            | AttemptOutcome::Interrupted
            | AttemptOutcome::TokenRefused
            | AttemptOutcome::NotAllowed => (State::Queued, Step::Again(again)),
            // There is something newer, and no grade is lost.
            AttemptOutcome::Stale if !is_grade => (State::Superseded, Step::Superseded),
            AttemptOutcome::Stale | AttemptOutcome::NotFound | AttemptOutcome::Refused => (State::Failed, Step::Dead),
        };
        if step == Step::Dead {
            self.bury(id).await?;
        }
        let next_at = (state == State::Queued).then_some(UnixSeconds(now.0 + u64::from(again)));
        let attempt = ended.attempt(self.clock.timestamp());
        let record = scores::Ended { state, attempt: &attempt, next_at, tries: stored.tries };
        self.scores.end_attempt(id, &stored.lane, stored.about.timestamp, &record).await?;
        Ok(step)
    }

    /// Into the dead-letter queue, before the submission is settled: killed in between, it is buried twice, not never.
    async fn bury(&self, id: &SubmissionId) -> Result<(), Error> {
        self.dead_letters.send(&message(id), 0).await.map_err(Error::ScoreNotAccepted)
    }
}

/// Whether the Platform has taken a newer score of the lane.
fn is_overtaken(stored: &StoredSubmission, lane: &Lane) -> bool {
    lane.delivered.is_some_and(|delivered| delivered > stored.about.timestamp)
}
