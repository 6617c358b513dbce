//! The one attempt while the App waits.

use super::{Draft, Stored, SubmitScore, Submitted};
use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::event_bus::BusEvent;
use crate::queue::MAX_DELAY_SECONDS;
use crate::scores::backoff::wait_seconds;
use crate::scores::delivery::Ended;
use crate::scores::{Attempt, AttemptOutcome, By, State};
use crate::services::PlatformWords;
use crate::store::scores::{self, LANE_LEASE_SECONDS};

impl SubmitScore {
    pub(super) async fn send(&self, draft: &Draft, stored: Stored) -> Result<Submitted, Error> {
        let about = &stored.about;
        let ended = self.delivery.attempt(&about.target, &stored.payload, false, self.clock.now()).await;
        let state = ended.outcome.leads_to(about.is_grade, By::TheApp);
        let wait = self.wait(&ended);
        if state == State::Queued {
            // Into the queue before anything else: from here on it is safe, whatever becomes of this process. A worker
            // finds the lane busy until the attempt is on record.
            self.enqueue(&draft.id, wait).await?;
        }
        let attempt = ended.attempt(self.clock.timestamp());
        let next_at = (state == State::Queued).then(|| UnixSeconds(self.clock.now().0 + u64::from(wait)));
        let record = scores::Ended { state, attempt: &attempt, next_at, tries: 0 };
        let recorded = self.scores.end_attempt(&draft.id, &draft.lane, about.timestamp, &record).await;
        if let Err(error) = recorded {
            tracing::error!(score.id = draft.id.log_text(), error = %error, "the end of a score's first attempt was not recorded");
            self.have_it_mended(draft).await;
        }
        self.sparing.note(&about.target.origin(), stored.gate, &ended, self.clock.now()).await;
        let settled = || BusEvent::score_settled(&draft.id, about, state);
        self.events.publish(self.clock.now(), settled).await;
        match state {
            State::Failed => Err(refusal(Some(attempt))),
            _ => Ok(Submitted { id: draft.id.clone(), state, about: stored.about }),
        }
    }

    /// A worker will find that the Platform has it, once nobody is taken to be on the way any more.
    async fn have_it_mended(&self, draft: &Draft) {
        let lease = u32::try_from(LANE_LEASE_SECONDS).unwrap_or(MAX_DELAY_SECONDS);
        if let Err(error) = self.enqueue(&draft.id, lease).await {
            tracing::error!(score.id = draft.id.log_text(), error = %error, "nobody will mend a score's record");
        }
    }

    fn wait(&self, ended: &Ended) -> u32 {
        let wish = ended.retry_after_seconds.map_or(0, |seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
        wish.max(wait_seconds(1, &*self.random)).min(MAX_DELAY_SECONDS)
    }
}

/// What the App hears of a score that the Platform will not take.
pub(super) fn refusal(attempt: Option<Attempt>) -> Error {
    let Some(Attempt { outcome, status, words, .. }) = attempt else {
        return Error::PlatformRefused(PlatformWords { status: 0, words: String::new() });
    };
    let words = PlatformWords { status: status.unwrap_or_default(), words: words.unwrap_or_default() };
    match outcome {
        AttemptOutcome::Stale => Error::ScoreStale(words),
        AttemptOutcome::NoToken => Error::TokenRefused(words),
        _ => Error::PlatformRefused(words),
    }
}
