//! One learner's scores for one line item, in their order.

use doorway_lti::ags::order::Last;
use doorway_lti::ids::UserId;
use doorway_lti::timestamp::Timestamp;
use serde_json::json;
use url::Url;

use super::SubmissionId;
use crate::clock::UnixSeconds;
use crate::fingerprint::fingerprint;
use crate::registration::RegistrationKey;

/// Names a lane: a hash, so that a key in the table says nothing about the learner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LaneKey(String);

impl LaneKey {
    /// The lane of this learner at this line item.
    pub fn new(registration: &RegistrationKey, line_item: &Url, user_id: &UserId) -> Self {
        let RegistrationKey { issuer, client_id } = registration;
        Self(fingerprint(&json!([issuer.as_str(), client_id.as_str(), line_item.as_str(), user_id.as_str()])))
    }

    /// As stored in a submission.
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of a lane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Counts the submissions that were accepted into it; 0 when it is new.
    pub version: u64,
    /// The timestamps that were given out last.
    pub last: Option<Last>,
    /// The grade that was accepted last, if any was and none was wiped on purpose since.
    pub grade: Option<LaneGrade>,
    /// The submission that was accepted last.
    pub latest: Option<SubmissionId>,
    /// The submission that is on its way now, and until when it can be at most.
    pub busy: Option<(SubmissionId, UnixSeconds)>,
    /// The newest timestamp that the Platform has taken.
    pub delivered: Option<Timestamp>,
}

/// A grade in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneGrade {
    /// Its submission.
    pub id: SubmissionId,
    /// The timestamp that it is sent with.
    pub sent: Timestamp,
    /// The App's own time behind it.
    pub event: Timestamp,
}

impl Lane {
    /// The timestamps that a submission must come after. A grade is not held up by progress that the App told of later:
    /// only by a later grade.
    pub fn before(&self, is_grade: bool) -> Option<Last> {
        let last = self.last?;
        let event = match (is_grade, &self.grade) {
            (false, _) => last.event,
            (true, Some(grade)) => grade.event,
            (true, None) => Timestamp::from_millis(0),
        };
        Some(Last { event, ..last })
    }

    /// The grade that the Platform has not taken yet, as far as the lane knows.
    pub fn waiting_grade(&self) -> Option<&SubmissionId> {
        self.grade.as_ref().filter(|grade| self.delivered.is_none_or(|at| at < grade.sent)).map(|grade| &grade.id)
    }

    /// Whether some submission may be on its way now.
    pub fn is_busy(&self, now: UnixSeconds) -> bool {
        self.busy.as_ref().is_some_and(|(_, until)| now < *until)
    }
}
