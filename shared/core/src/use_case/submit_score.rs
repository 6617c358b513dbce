//! Submit a score: it is delivered now, or safely queued, or the App is told why not.

mod draft;
mod placing;
mod sending;

use std::sync::Arc;

use doorway_lti::json::Object;

use crate::clock::Clock;
use crate::error::Error;
use crate::event_bus::EventBus;
use crate::launch_id::LaunchId;
use crate::queue::Queue;
use crate::random::Random;
use crate::scores::delivery::Delivery;
use crate::scores::sparing::Sparing;
use crate::scores::{State, Submission, SubmissionId, seconds_until};
use crate::store::scores::{LANE_LEASE_SECONDS, Scores, StoredSubmission};
use crate::use_case::open::OpenLaunch;
use crate::welcome::CameBy;
use draft::Draft;
use placing::{Placed, Stored};
use sending::refusal;

/// The request's body, as JSON Schema.
#[cfg(feature = "openapi")]
pub fn schema() -> serde_json::Value {
    draft::schema()
}

/// `Idempotency-Key`, as JSON Schema.
#[cfg(feature = "openapi")]
pub fn key_schema() -> serde_json::Value {
    draft::key_schema()
}

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
    /// Where it is told what became of scores.
    pub events: EventBus,
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

impl SubmitScore {
    /// Takes care of a score. `came_by` learns what the launch came by, also when the score is refused.
    ///
    /// # Errors
    /// Those of [`OpenLaunch::open`]; [`Error::NotGranted`], [`Error::RequestInvalid`],
    /// [`Error::ServiceOriginForeign`], [`Error::IdempotencyKeyReused`]; [`Error::PlatformRefused`],
    /// [`Error::TokenRefused`] and [`Error::ScoreStale`] when the Platform will not take it;
    /// [`Error::ScoreNotAccepted`], [`Error::ScoreUnderWay`], [`Error::LaneCrowded`] and [`Error::Store`] when it is not
    /// safe, so that the App must send it again.
    pub async fn submit(
        &self,
        launch: &LaunchId,
        request: ScoreRequest,
        came_by: &mut Option<CameBy>,
    ) -> Result<Submitted, Error> {
        let opened = self.open.open(launch, came_by).await?;
        let draft = Draft::read(launch, request, &opened, self.delivery.transport, &*self.random)?;
        match self.place(&draft).await? {
            Placed::New(stored) => self.take_care(&draft, stored).await,
            Placed::Before(existing) => self.resume(draft, existing).await,
        }
    }

    async fn take_care(&self, draft: &Draft, stored: Stored) -> Result<Submitted, Error> {
        match stored.state {
            State::Sending => self.send(draft, stored).await,
            State::Queued => {
                self.enqueue(&draft.id, seconds_until(stored.about.timestamp, self.clock.timestamp())).await?;
                Ok(stored.submitted(draft))
            }
            State::Delivered | State::Superseded | State::Withheld | State::Failed => Ok(stored.submitted(draft)),
        }
    }

    /// The same request again: its answer was lost, or the App repeats it to be sure.
    async fn resume(&self, draft: Draft, existing: StoredSubmission) -> Result<Submitted, Error> {
        if existing.request != draft.request {
            return Err(Error::IdempotencyKeyReused);
        }
        let StoredSubmission { about, state, attempts, .. } = existing;
        let now = self.clock.now();
        match state {
            // Whether it will be taken, or refused at once, is not known before the attempt has ended.
            State::Sending if now.0 < about.accepted_at + LANE_LEASE_SECONDS => Err(Error::ScoreUnderWay),
            State::Sending | State::Queued => {
                // Perhaps whoever began died before it was queued. In the queue twice does no harm.
                self.enqueue(&draft.id, 1).await?;
                Ok(Submitted { id: draft.id, state: State::Queued, about })
            }
            State::Failed => Err(refusal(attempts.last().cloned())),
            State::Delivered | State::Superseded | State::Withheld => Ok(Submitted { id: draft.id, state, about }),
        }
    }

    async fn enqueue(&self, id: &SubmissionId, delay_seconds: u32) -> Result<(), Error> {
        self.queue.send(&crate::scores::message(id), delay_seconds).await.map_err(Error::ScoreNotAccepted)
    }
}
