//! Submit a score: it is delivered now, or safely queued, or the App is told why not.

mod draft;

use std::sync::Arc;

use doorway_lti::ags::order::{Last, Placed, place};
use doorway_lti::ags::protection::{Sending, protect};
use doorway_lti::json::Object;
use doorway_lti::timestamp::Timestamp;

use crate::clock::{Clock, UnixSeconds};
use crate::error::{Error, Subject};
use crate::launch_id::LaunchId;
use crate::queue::Queue;
use crate::random::Random;
use crate::scores::backoff::wait_seconds;
use crate::scores::delivery::{Delivery, Ended};
use crate::scores::sparing::Sparing;
use crate::scores::{Attempt, AttemptOutcome, Lane, State, Submission, SubmissionId};
use crate::services::PlatformWords;
use crate::store::scores::{self, Inserted, NewSubmission, Place, Scores, StoredSubmission};
use crate::use_case::open::OpenLaunch;
use crate::welcome::CameBy;
use draft::Draft;

/// How long a settled score is remembered after the last moment at which it could be delivered, in seconds.
pub const REMEMBER_SECONDS: u64 = 30 * 24 * 3600;
/// How often a place in a lane is tried for: so many scores for one learner and line item may come at once.
const PLACE_TRIES: usize = 20;

/// What submitting needs.
pub struct SubmitScore {
    /// Opens launches.
    pub open: OpenLaunch,
    /// The submissions.
    pub scores: Arc<Scores>,
    /// Spares Platforms.
    pub sparing: Sparing,
    /// Makes the one attempt.
    pub delivery: Arc<Delivery>,
    /// Where scores wait.
    pub queue: Queue,
    /// How long a score is tried, in days.
    pub retry_days: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// A score as the App sends it.
pub struct ScoreRequest {
    /// The body.
    pub body: Object,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Whether the App would rather not wait for the Platform (`Prefer: respond-async`).
    pub respond_async: bool,
}

/// A score that was taken care of.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its id.
    pub id: SubmissionId,
    /// Where it stands.
    pub state: State,
    /// What is known of it.
    pub about: Submission,
}

/// A submission with its place in its lane.
struct Stored {
    id: SubmissionId,
    about: Submission,
    payload: Object,
    state: State,
}

impl SubmitScore {
    /// Takes care of a score. `came_by` learns what the launch came by, also when the score is refused.
    ///
    /// # Errors
    /// Those of [`OpenLaunch::open`]; [`Error::NotGranted`], [`Error::RequestInvalid`],
    /// [`Error::ServiceOriginForeign`], [`Error::IdempotencyKeyReused`]; [`Error::PlatformRefused`],
    /// [`Error::AccessToken`] and [`Error::ScoreStale`] when the Platform will not take it; [`Error::ScoreNotAccepted`]
    /// and [`Error::Store`] when it is not safe, so that the App must send it again.
    pub async fn submit(
        &self,
        launch: &LaunchId,
        request: ScoreRequest,
        came_by: &mut Option<CameBy>,
    ) -> Result<Submitted, Error> {
        let opened = self.open.open(launch, came_by).await?;
        let draft = Draft::read(launch, request, &opened, self.delivery.transport, &*self.random)?;
        match self.store(&draft).await? {
            Ok(stored) if stored.state == State::Sending => self.send(draft, stored).await,
            Ok(stored) if stored.state == State::Queued => {
                let delay = seconds_until(stored.about.timestamp, self.clock.timestamp());
                self.enqueue(&stored.id, delay).await?;
                Ok(stored.submitted())
            }
            Ok(stored) => Ok(stored.submitted()),
            Err(existing) => self.resume(draft, existing).await,
        }
    }

    /// Stores the score in its place; `Err` is a submission that is there already.
    async fn store(&self, draft: &Draft) -> Result<Result<Stored, StoredSubmission>, Error> {
        for _ in 0..PLACE_TRIES {
            let lane = self.scores.lane(&draft.lane).await?;
            let (stored, place) = self.placed(draft, &lane).await?;
            let now = self.clock.now();
            let new = NewSubmission {
                id: &stored.id,
                about: &stored.about,
                payload: (!stored.state.is_settled()).then_some(&stored.payload),
                request: draft.request,
                state: stored.state,
                lane: &draft.lane,
                expires_at: UnixSeconds(stored.about.retry_until + REMEMBER_SECONDS),
            };
            match self.scores.insert(&new, place.as_ref(), now).await? {
                Inserted::New => return Ok(Ok(stored)),
                Inserted::LaneMoved => {}
                Inserted::Existing => {
                    let existing = self.scores.get(&stored.id, now).await?;
                    return existing.map(Err).ok_or(Error::LaneCrowded);
                }
            }
        }
        Err(Error::LaneCrowded)
    }

    /// Decides about the score as its lane stands: what is sent, with which timestamp, and whether now.
    async fn placed(&self, draft: &Draft, lane: &Lane) -> Result<(Stored, Option<Place>), Error> {
        let (now, family) = (self.clock.timestamp(), draft.target.family());
        let (score, note) = match protect(draft.score.clone(), family, lane.graded, draft.overwrite) {
            Sending::AsIs(score) => (score, None),
            Sending::Changed(score, note) => (score, Some(note)),
            Sending::Withhold(note) => {
                return Ok((
                    self.stored(draft, draft.event.unwrap_or(now), Object::new(), State::Withheld, Some(note)),
                    None,
                ));
            }
        };
        let placed = place(draft.event, lane.last, now, family)
            .map_err(|fault| Error::RequestInvalid { subject: Subject::Score, faults: fault.into() })?;
        let timestamp = match placed {
            Placed::At(timestamp) => timestamp,
            Placed::Older => {
                let event = draft.event.unwrap_or(now);
                let note = "not sent: a score with a later timestamp was sent before";
                return Ok((self.stored(draft, event, Object::new(), State::Superseded, Some(note)), None));
            }
        };
        let sends_now = !draft.respond_async
            && timestamp <= now
            && !lane.is_busy(self.clock.now())
            && !self.sparing.gates.get(&draft.target.origin()).await?.is_closed(self.clock.now());
        let state = if sends_now { State::Sending } else { State::Queued };
        let event = draft.event.unwrap_or(now).min(now);
        let place = Place {
            version: lane.version,
            last: Last { sent: timestamp, event },
            graded: (lane.graded && !draft.overwrite) || score.is_grade(),
            takes_lane: sends_now,
        };
        Ok((self.stored(draft, timestamp, score.to_json(timestamp), state, note), Some(place)))
    }

    fn stored(
        &self,
        draft: &Draft,
        timestamp: Timestamp,
        payload: Object,
        state: State,
        note: Option<&'static str>,
    ) -> Stored {
        let now = self.clock.now();
        let about = Submission {
            target: draft.target.clone(),
            timestamp,
            accepted_at: now.0,
            retry_until: now.0 + u64::from(self.retry_days) * 24 * 3600,
            note: note.map(str::to_owned),
            launch: draft.launch.clone(),
            tenant: draft.tenant.clone(),
        };
        Stored { id: draft.id.clone(), about, payload, state }
    }

    /// The one attempt while the App waits.
    async fn send(&self, draft: Draft, stored: Stored) -> Result<Submitted, Error> {
        let Stored { id, about, payload, .. } = stored;
        let ended = self.delivery.attempt(&about.target, &payload, false, self.clock.now()).await;
        let state = after_first(ended.outcome, payload.contains_key("scoreGiven"));
        let wait = ended.retry_after_seconds.map_or(0, |seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
        let wait = wait.max(wait_seconds(1, &*self.random)).min(crate::queue::MAX_DELAY_SECONDS);
        let now = self.clock.now();
        let attempt = ended.attempt(self.clock.timestamp());
        let next_at = (state == State::Queued).then_some(UnixSeconds(now.0 + u64::from(wait)));
        let record = scores::Ended { state, attempt: &attempt, next_at, tries: 0 };
        let recorded = self.scores.end_attempt(&id, &draft.lane, about.timestamp, &record).await;
        match state {
            State::Queued => {
                self.spare(&about, &ended).await;
                // Whether the attempt is on record or not: from here on the queue has the score.
                self.enqueue(&id, wait).await?;
                Ok(Submitted { id, state, about })
            }
            State::Failed => {
                log_unrecorded(recorded);
                Err(refusal(ended))
            }
            _ => {
                log_unrecorded(recorded);
                Ok(Submitted { id, state, about })
            }
        }
    }

    /// The same request again: its answer was lost, or the App repeats it to be sure.
    async fn resume(&self, draft: Draft, existing: StoredSubmission) -> Result<Submitted, Error> {
        if existing.request != draft.request {
            return Err(Error::IdempotencyKeyReused);
        }
        let StoredSubmission { about, state, attempts, .. } = existing;
        match state {
            State::Sending | State::Queued => {
                // Perhaps whoever began died before it was queued. In the queue twice does no harm.
                let soon = u32::try_from(scores::LANE_LEASE_SECONDS).unwrap_or(u32::MAX);
                let delay = if state == State::Sending { soon } else { wait_seconds(1, &*self.random) };
                self.enqueue(&draft.id, delay).await?;
                Ok(Submitted { id: draft.id, state: State::Queued, about })
            }
            State::Failed => match attempts.into_iter().next_back() {
                Some(Attempt { outcome, status, words, .. }) => {
                    Err(refusal(Ended { outcome, status, words, retry_after_seconds: None }))
                }
                None => Ok(Submitted { id: draft.id, state, about }),
            },
            State::Delivered | State::Superseded | State::Withheld => Ok(Submitted { id: draft.id, state, about }),
        }
    }

    /// The scores that follow need not wait for a Platform that fails.
    async fn spare(&self, about: &Submission, ended: &Ended) {
        let origin = about.target.origin();
        let gate = self.sparing.gates.get(&origin).await.unwrap_or_default();
        self.sparing.note(&origin, gate, ended, self.clock.now()).await;
    }

    async fn enqueue(&self, id: &SubmissionId, delay_seconds: u32) -> Result<(), Error> {
        self.queue.send(&crate::scores::message(id), delay_seconds).await.map_err(Error::ScoreNotAccepted)
    }
}

impl Stored {
    fn submitted(self) -> Submitted {
        Submitted { id: self.id, state: self.state, about: self.about }
    }
}

/// What becomes of a score whose first attempt ended like this. Refusals are the App's to hear; all else is retried.
fn after_first(outcome: AttemptOutcome, is_grade: bool) -> State {
    match outcome {
        // There is something newer, and no grade is lost.
        AttemptOutcome::Stale if !is_grade => State::Superseded,
        AttemptOutcome::Delivered | AttemptOutcome::AlreadyApplied => State::Delivered,
        AttemptOutcome::Unavailable | AttemptOutcome::Throttled | AttemptOutcome::Interrupted => State::Queued,
        AttemptOutcome::TokenRefused
        | AttemptOutcome::Stale
        | AttemptOutcome::NotFound
        | AttemptOutcome::Refused
        | AttemptOutcome::NotAllowed => State::Failed,
    }
}

fn refusal(ended: Ended) -> Error {
    let words = PlatformWords { status: ended.status.unwrap_or_default(), words: ended.words.unwrap_or_default() };
    match ended.outcome {
        AttemptOutcome::Stale => Error::ScoreStale(words),
        _ => Error::PlatformRefused(words),
    }
}

/// The score is where it should be; only its record is behind. A worker, or the same request again, mends that.
fn log_unrecorded(recorded: Result<(), crate::store::StoreError>) {
    if let Err(error) = recorded {
        tracing::error!(error = %error, "the end of a score's attempt was not recorded");
    }
}

/// Whole seconds until a moment, rounded up.
fn seconds_until(moment: Timestamp, now: Timestamp) -> u32 {
    let millis = moment.millis().saturating_sub(now.millis());
    u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_whole_seconds_and_never_too_short() {
        let at = Timestamp::from_millis;
        assert_eq!(seconds_until(at(5_000), at(5_000)), 0);
        assert_eq!(seconds_until(at(5_001), at(5_000)), 1);
        assert_eq!(seconds_until(at(6_000), at(5_999)), 1);
        assert_eq!(seconds_until(at(1), at(5_000)), 0);
    }
}
