//! One score's turn.

use doorway_lti::json::Object;

use super::DeliverScores;
use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::event_bus::BusEvent;
use crate::scores::backoff::wait_seconds;
use crate::scores::delivery::Ended;
use crate::scores::{AttemptOutcome, By, Lane, State, SubmissionId, message, seconds_until};
use crate::store::gates::Gate;
use crate::store::scores::{self, StoredSubmission, Taken};

/// How long a score waits while another of its lane is on its way, in seconds.
const BUSY_SECONDS: u32 = 15;
/// How long a score waits for a newer one of its lane, which will overtake it, in seconds.
const OVERTAKEN_SECONDS: u32 = 240;
/// For so long after its acceptance a newer score is waited for, in seconds. It may be one that never came into the queue,
/// and an older one must not wait for it for ever; sent before it, it does no harm.
const OVERTAKING_SECONDS: u64 = 1800;

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
        let is_unclear = match self.turn(id, &stored).await? {
            Turn::Mine { is_unclear } => is_unclear,
            Turn::NotMine(step) => return Ok(step),
        };
        let now = self.clock.now();
        // Read before the lane was taken, it may have been delivered meanwhile: the same message may come twice at once.
        let Some((stored, payload)) = self.still_waiting(id, now).await? else {
            self.scores.release_lane(id, &stored.lane).await?;
            return Ok(Step::SettledBefore);
        };
        let is_unclear = is_unclear || stored.is_unclear;
        let ended = self.delivery.attempt(&stored.about.target, &payload, is_unclear, now).await;
        let now = self.clock.now();
        *gate = self.sparing.note(origin, *gate, &ended, now).await;
        self.record(id, &stored, &ended, now).await
    }

    /// The submission with its body, as it stands now, unless it is settled.
    async fn still_waiting(
        &self,
        id: &SubmissionId,
        now: UnixSeconds,
    ) -> Result<Option<(StoredSubmission, Object)>, Error> {
        let stored = self.scores.get(id, now).await?.filter(|stored| !stored.state.is_settled());
        let Some(mut stored) = stored else { return Ok(None) };
        let payload = stored.payload.take().ok_or_else(|| self.scores.broken(id, "a waiting score has no body"))?;
        Ok(Some((stored, payload)))
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
        self.tell(id, stored, state).await;
        Ok(step)
    }

    /// Whether it is this score's turn in its lane. If so, the lane is taken.
    async fn turn(&self, id: &SubmissionId, stored: &StoredSubmission) -> Result<Turn, Error> {
        // A timestamp ahead of the time would block whatever comes before it (Moodle 5.1.3).
        let early = seconds_until(stored.about.timestamp, self.clock.timestamp());
        if early > 0 {
            return Ok(Turn::NotMine(Step::Again(early)));
        }
        let lane = self.scores.lane(&stored.lane).await?;
        if is_overtaken(stored, &lane) {
            return self.superseded(id).await.map(Turn::NotMine);
        }
        let newer = lane.latest.as_ref().filter(|latest| *latest != id);
        if let (Some(newer), Some(last)) = (newer, lane.last)
            && last.sent > stored.about.timestamp
            && self.will_overtake(newer).await?
        {
            return Ok(Turn::NotMine(Step::Again(self.patience(stored, OVERTAKEN_SECONDS))));
        }
        let taken = self.scores.take_lane(id, &stored.lane, stored.about.timestamp, self.clock.now()).await?;
        match taken {
            Taken::Busy => Ok(Turn::NotMine(Step::Again(self.patience(stored, BUSY_SECONDS)))),
            Taken::Overtaken => self.superseded(id).await.map(Turn::NotMine),
            Taken::Interrupted => Ok(Turn::Mine { is_unclear: true }),
            Taken::Free => Ok(Turn::Mine { is_unclear: false }),
            Taken::After(other) => {
                self.scores.mark_unclear(&other).await?;
                Ok(Turn::Mine { is_unclear: false })
            }
        }
    }

    async fn superseded(&self, id: &SubmissionId) -> Result<Step, Error> {
        self.scores.set_state(id, State::Superseded, None).await?;
        Ok(Step::Superseded)
    }

    /// Whether a newer score of the lane is queued, so that this one need not go. Should it fail, this one's turn comes.
    async fn will_overtake(&self, newer: &SubmissionId) -> Result<bool, Error> {
        let now = self.clock.now();
        let newer = self.scores.get(newer, now).await?;
        Ok(newer
            .is_some_and(|newer| newer.state == State::Queued && now.0 < newer.about.accepted_at + OVERTAKING_SECONDS))
    }

    /// Where a score stands that the Platform finds too old. What is newer there may be a newer score of ours, of which
    /// nobody knows yet that it arrived: then this one is decided when that is settled.
    async fn after_stale(
        &self,
        id: &SubmissionId,
        stored: &StoredSubmission,
        outcome: AttemptOutcome,
    ) -> Result<State, Error> {
        let lane = self.scores.lane(&stored.lane).await?;
        let newer = lane.latest.filter(|latest| latest != id);
        if let (Some(newer), Some(last)) = (newer, lane.last)
            && last.sent > stored.about.timestamp
            && let Some(newer) = self.scores.get(&newer, self.clock.now()).await?
        {
            match newer.state {
                State::Delivered | State::Superseded => return Ok(State::Superseded),
                State::Sending | State::Queued => return Ok(State::Queued),
                State::Withheld | State::Failed => {}
            }
        }
        Ok(outcome.leads_to(stored.about.is_grade, By::TheWorker))
    }

    async fn record(
        &self,
        id: &SubmissionId,
        stored: &StoredSubmission,
        ended: &Ended,
        now: UnixSeconds,
    ) -> Result<Step, Error> {
        let again = wait_seconds(stored.tries.saturating_add(1), &*self.random);
        let again = again.max(ended.retry_after_seconds.map_or(0, |s| u32::try_from(s.min(3600)).unwrap_or(0)));
        let state = match ended.outcome {
            outcome @ (AttemptOutcome::Stale | AttemptOutcome::PerhapsApplied) => {
                self.after_stale(id, stored, outcome).await?
            }
            outcome => outcome.leads_to(stored.about.is_grade, By::TheWorker),
        };
        let step = match state {
            State::Delivered => Step::Delivered,
            State::Superseded | State::Withheld => Step::Superseded,
            State::Sending | State::Queued => Step::Again(again),
            State::Failed => {
                self.bury(id).await?;
                Step::Dead
            }
        };
        let next_at = (state == State::Queued).then_some(UnixSeconds(now.0 + u64::from(again)));
        let attempt = ended.attempt(self.clock.timestamp());
        let record = scores::Ended { state, attempt: &attempt, next_at, tries: stored.tries };
        self.scores.end_attempt(id, &stored.lane, stored.about.timestamp, &record).await?;
        self.tell(id, stored, state).await;
        Ok(step)
    }

    async fn tell(&self, id: &SubmissionId, stored: &StoredSubmission, state: State) {
        self.events.publish(self.clock.now(), || BusEvent::score_settled(id, &stored.about, state)).await;
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
