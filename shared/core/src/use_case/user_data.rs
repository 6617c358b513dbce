//! What is kept about a person: all of it shown, or all of it erased. There is no index by user, so both look through the
//! tables of launches and scores.

use std::sync::Arc;

use doorway_lti::ids::{Issuer, UserId};
use serde_json::{Value, json};

use crate::clock::{Clock, Timestamp};
use crate::date::rfc3339;
use crate::error::Error;
use crate::scores::{LaneKey, SubmissionId};
use crate::store::launches::{Found, Launches};
use crate::store::scores::{Scores, StoredSubmission};

/// So often a submission is read again that changes while it is erased.
const ERASE_TRIES: usize = 5;
/// What the record of a score says whose learner was erased.
pub const ERASED_NOTE: &str = "its learner was erased";

/// What it needs.
pub struct UserData {
    /// The launches.
    pub launches: Arc<Launches>,
    /// The submissions.
    pub scores: Arc<Scores>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What erasing a person did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Launches that were forgotten.
    pub launches: usize,
    /// Scores that waited and will not be sent any more: accepted, and withdrawn.
    pub withdrawn: Vec<SubmissionId>,
    /// Scores that were settled before, and whose record names nobody any more.
    pub anonymised: Vec<SubmissionId>,
    /// Scores that could not be erased, since they are on their way in this moment: erase again in two minutes.
    pub under_way: Vec<SubmissionId>,
}

impl UserData {
    /// Everything that is kept about a person, as JSON: launches with their claims, scores with their bodies.
    ///
    /// # Errors
    /// [`Error::Store`], also when a record cannot be read: an answer must not be short of something in silence.
    pub async fn export(&self, issuer: &Issuer, user_id: &UserId) -> Result<Value, Error> {
        let launches: Vec<Value> = self.launches_of(issuer, user_id).await?.iter().map(launch).collect();
        let scores = self.scores_of(issuer, user_id).await?;
        let scores: Vec<Value> = scores.iter().map(|(id, stored)| score(id, stored)).collect();
        Ok(json!({ "issuer": issuer.as_str(), "sub": user_id.as_str(), "launches": launches, "scores": scores }))
    }

    /// Erases a person: launches are forgotten, as the App API does it; of scores go the body with user id and comment,
    /// the Platform's words, and the lane whose name is a hash of the person. A score that waits cannot be sent without
    /// its body: it is withdrawn, and told.
    ///
    /// # Errors
    /// [`Error::Store`]: what was erased stays erased; the same call goes on.
    pub async fn erase(&self, issuer: &Issuer, user_id: &UserId) -> Result<Erased, Error> {
        let mut erased = Erased::default();
        for (id, stored) in self.scores_of(issuer, user_id).await? {
            self.erase_score(id, stored, &mut erased).await?;
        }
        for found in self.launches_of(issuer, user_id).await? {
            self.launches.forget(&found.id, self.clock.now()).await?;
            erased.launches += 1;
        }
        Ok(erased)
    }

    async fn erase_score(
        &self,
        id: SubmissionId,
        mut stored: StoredSubmission,
        erased: &mut Erased,
    ) -> Result<(), Error> {
        for _ in 0..ERASE_TRIES {
            let now = self.clock.now();
            let lane = self.scores.lane(&stored.lane).await?;
            let is_under_way = lane.is_busy(now) && lane.busy.is_some_and(|(busy, _)| busy == id);
            if is_under_way {
                break;
            }
            if self.scores.erase(&id, &stored, ERASED_NOTE).await? {
                // Where another score of the lane is on its way, the lane goes with that one.
                self.scores.erase_lane(&stored.lane, now).await?;
                let kind = if stored.state.is_settled() { &mut erased.anonymised } else { &mut erased.withdrawn };
                kind.push(id);
                return Ok(());
            }
            match self.scores.get(&id, now).await? {
                Some(again) => stored = again,
                None => return Ok(()),
            }
        }
        erased.under_way.push(id);
        Ok(())
    }

    async fn launches_of(&self, issuer: &Issuer, user_id: &UserId) -> Result<Vec<Found>, Error> {
        let mut launches = Vec::new();
        let mut after = None;
        loop {
            let page = self.launches.of_user_page(issuer, user_id, after.as_ref()).await?;
            launches.extend(page.found);
            after = page.next;
            if after.is_none() {
                return Ok(launches);
            }
        }
    }

    /// The submissions of a person: those in a lane that is named by the person. The body says it too, while it is there.
    async fn scores_of(
        &self,
        issuer: &Issuer,
        user_id: &UserId,
    ) -> Result<Vec<(SubmissionId, StoredSubmission)>, Error> {
        let mut scores = Vec::new();
        let mut after = None;
        loop {
            let page = self.scores.page(&[], after, self.clock.now()).await?;
            if let Some(broken) = page.broken.into_iter().next() {
                return Err(broken.into());
            }
            scores.extend(page.found.into_iter().filter(|(_, stored)| {
                let target = &stored.about.target;
                let registration = target.registration();
                registration.issuer == *issuer && stored.lane == LaneKey::new(&registration, &target.line_item, user_id)
            }));
            after = page.next;
            if after.is_none() {
                return Ok(scores);
            }
        }
    }
}

/// A launch, by the beginning of its id: the whole is a code while it is not redeemed.
fn launch(found: &Found) -> Value {
    let Found { id, kept, personal, is_redeemed, expires_at } = found;
    json!({
        "launch": id.log_text(), "isRedeemed": is_redeemed, "keptUntil": rfc3339(*expires_at),
        "kept": kept, "personal": personal,
    })
}

fn score(id: &SubmissionId, stored: &StoredSubmission) -> Value {
    let StoredSubmission { about, payload, state, attempts, expires_at, .. } = stored;
    json!({
        "id": id.as_str(), "state": state.word(), "lineItem": about.target.line_item, "timestamp": about.timestamp,
        "acceptedAt": Timestamp::from_millis(about.accepted_at * 1000), "score": payload, "attempts": attempts,
        "keptUntil": rfc3339(*expires_at),
    })
}
