//! The place of a score in its lane: which timestamp it gets, whether it is sent at all, and whether now.

use std::time::Duration;

use doorway_lti::ags::order::{self, Last, place};
use doorway_lti::ags::protection::{Sending, protect};
use doorway_lti::ags::score::Score;
use doorway_lti::json::Object;
use doorway_lti::timestamp::Timestamp;

use super::{Draft, SubmitScore, Submitted};
use crate::error::{Error, Subject};
use crate::random;
use crate::scores::{Lane, LaneGrade, State, Submission};
use crate::store::gates::Gate;
use crate::store::scores::{Inserted, LANE_LEASE_SECONDS, NewSubmission, Place, StoredSubmission};

/// How often a place in a lane is tried for: so many scores for one learner and line item may come at once.
const PLACE_TRIES: u32 = 20;
/// From this try on there is a pause before each, of up to so many milliseconds, so that of many somebody gets through.
const PAUSE_FROM: u32 = 3;
const PAUSE_MILLIS: u64 = 40;

const OLDER: &str = "not sent: a score with a later timestamp was sent before";
const GRADE_WAITS: &str =
    "not sent: a grade of this learner is on its way to the Platform, which this progress could overtake";

/// A submission that is stored.
pub(super) struct Stored {
    pub(super) about: Submission,
    /// What is sent; empty when nothing is.
    pub(super) payload: Object,
    pub(super) state: State,
    /// How its Platform was spared when that was decided.
    pub(super) gate: Gate,
}

/// How placing a submission ended.
pub(super) enum Placed {
    /// It is stored now.
    New(Stored),
    /// The same request was stored before.
    Before(StoredSubmission),
}

/// What was decided about a score.
enum Decision {
    /// It is sent with this timestamp.
    Send { score: Score, timestamp: Timestamp, note: Option<&'static str> },
    /// It is not sent at all.
    Settle { state: State, note: &'static str },
}

impl SubmitScore {
    /// Stores the score in its place in its lane.
    pub(super) async fn place(&self, draft: &Draft) -> Result<Placed, Error> {
        for attempt in 0..PLACE_TRIES {
            self.pause_before(attempt).await;
            let (lane, gate) = self.scores.lane_and_gate(&draft.lane, &draft.target.origin()).await?;
            let (stored, place) = self.decided(draft, &lane, gate).await?;
            let now = self.clock.now();
            let new = NewSubmission {
                id: &draft.id,
                about: &stored.about,
                payload: (!stored.state.is_settled()).then_some(&stored.payload),
                request: draft.request,
                state: stored.state,
                lane: &draft.lane,
                expires_at: stored.about.remembered_until(),
            };
            match self.scores.insert(&new, place.as_ref(), now).await? {
                Inserted::New => {
                    self.mark_interrupted(&lane, place.as_ref()).await?;
                    return Ok(Placed::New(stored));
                }
                Inserted::LaneMoved => {}
                Inserted::Existing => {
                    let existing = self.scores.get(&draft.id, now).await?;
                    return existing.map(Placed::Before).ok_or(Error::LaneCrowded);
                }
            }
        }
        Err(Error::LaneCrowded)
    }

    async fn pause_before(&self, attempt: u32) {
        if attempt >= PAUSE_FROM {
            let draw = u64::from(random::bytes::<1>(&*self.random)[0]);
            tokio::time::sleep(Duration::from_millis(draw * PAUSE_MILLIS / 255)).await;
        }
    }

    /// Somebody had the lane and never said how it ended.
    async fn mark_interrupted(&self, lane: &Lane, place: Option<&Place>) -> Result<(), Error> {
        match (&lane.busy, place) {
            (Some((busy, _)), Some(Place { takes_lane: true, .. })) => Ok(self.scores.mark_unclear(busy).await?),
            _ => Ok(()),
        }
    }

    async fn decided(&self, draft: &Draft, lane: &Lane, gate: Gate) -> Result<(Stored, Option<Place>), Error> {
        let now = self.clock.timestamp();
        let (score, timestamp, note) = match self.decide(draft, lane, now).await? {
            Decision::Send { score, timestamp, note } => (score, timestamp, note),
            Decision::Settle { state, note } => {
                let about = self.about(draft, draft.event.unwrap_or(now), false, Some(note));
                return Ok((Stored { about, payload: Object::new(), state, gate }, None));
            }
        };
        let seconds = self.clock.now();
        let sends_now = !draft.respond_async && timestamp <= now && !lane.is_busy(seconds) && !gate.is_closed(seconds);
        let event = draft.event.unwrap_or(now).min(now);
        let grade = if score.is_grade() {
            Some(LaneGrade { id: draft.id.clone(), sent: timestamp, event })
        } else {
            lane.grade.clone().filter(|_| !draft.overwrite)
        };
        let place =
            Place { version: lane.version, last: Last { sent: timestamp, event }, grade, takes_lane: sends_now };
        let about = self.about(draft, timestamp, score.is_grade(), note);
        let state = if sends_now { State::Sending } else { State::Queued };
        Ok((Stored { about, payload: score.to_json(timestamp), state, gate }, Some(place)))
    }

    async fn decide(&self, draft: &Draft, lane: &Lane, now: Timestamp) -> Result<Decision, Error> {
        let family = draft.target.family();
        let (score, note) = match protect(draft.score.clone(), family, lane.grade.is_some(), draft.overwrite) {
            Sending::AsIs(score) => (score, None),
            Sending::Changed(score, note) => (score, Some(note)),
            Sending::Withhold(note) => return Ok(Decision::Settle { state: State::Withheld, note }),
        };
        let is_grade = score.is_grade();
        if !is_grade && !draft.overwrite && self.a_grade_waits(lane).await? {
            return Ok(Decision::Settle { state: State::Withheld, note: GRADE_WAITS });
        }
        let placed = place(draft.event, lane.before(is_grade), now, family)
            .map_err(|fault| Error::RequestInvalid { subject: Subject::Score, faults: fault.into() })?;
        Ok(match placed {
            order::Placed::At(timestamp) => Decision::Send { score, timestamp, note },
            order::Placed::Older => Decision::Settle { state: State::Superseded, note: OLDER },
        })
    }

    /// Whether a grade of the lane is on its way. Progress with a later timestamp would overtake it.
    async fn a_grade_waits(&self, lane: &Lane) -> Result<bool, Error> {
        let Some(grade) = lane.waiting_grade() else { return Ok(false) };
        let now = self.clock.now();
        let grade = self.scores.get(grade, now).await?;
        Ok(grade.is_some_and(|grade| match grade.state {
            State::Queued => true,
            State::Sending => now.0 < grade.about.accepted_at + LANE_LEASE_SECONDS,
            State::Delivered | State::Superseded | State::Withheld | State::Failed => false,
        }))
    }

    fn about(&self, draft: &Draft, timestamp: Timestamp, is_grade: bool, note: Option<&'static str>) -> Submission {
        let now = self.clock.now();
        Submission {
            target: draft.target.clone(),
            timestamp,
            accepted_at: now.0,
            retry_until: now.0 + u64::from(self.retry_days) * 24 * 3600,
            is_grade,
            note: note.map(str::to_owned),
            launch: draft.launch.clone(),
            tenant: draft.tenant.clone(),
        }
    }
}

impl Stored {
    pub(super) fn submitted(self, draft: &Draft) -> Submitted {
        Submitted { id: draft.id.clone(), state: self.state, about: self.about }
    }
}
