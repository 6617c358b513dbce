//! One learner's scores for one line item, in their order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::ags::order::Last;
use doorway_lti::ids::UserId;
use doorway_lti::timestamp::Timestamp;
use url::Url;

use super::SubmissionId;
use crate::binding::sha256;
use crate::clock::UnixSeconds;
use crate::registration::RegistrationKey;

/// Names a lane: a hash, so that a key in the table says nothing about the learner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LaneKey(String);

impl LaneKey {
    /// The lane of this learner at this line item.
    pub fn new(registration: &RegistrationKey, line_item: &Url, user_id: &UserId) -> Self {
        let RegistrationKey { issuer, client_id } = registration;
        let parts = serde_json::json!([issuer.as_str(), client_id.as_str(), line_item.as_str(), user_id.as_str()]);
        Self(URL_SAFE_NO_PAD.encode(&sha256(parts.to_string().as_bytes())[..18]))
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
    /// Whether a grade was accepted.
    pub graded: bool,
    /// The submission that was accepted last.
    pub latest: Option<SubmissionId>,
    /// The submission that is on its way now, and until when it can be at most.
    pub busy: Option<(SubmissionId, UnixSeconds)>,
    /// The newest timestamp that the Platform has taken.
    pub delivered: Option<Timestamp>,
}

impl Lane {
    /// Whether some submission may be on its way now.
    pub fn is_busy(&self, now: UnixSeconds) -> bool {
        self.busy.as_ref().is_some_and(|(_, until)| now < *until)
    }
}
