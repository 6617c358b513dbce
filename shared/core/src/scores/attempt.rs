//! What is recorded of an attempt.

use doorway_lti::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttemptOutcome {
    /// The Platform took it.
    Delivered,
    /// The Platform had it already: an earlier attempt arrived although its answer was lost.
    AlreadyApplied,
    /// The Platform cannot be reached, or failed.
    Unavailable,
    /// The Platform asked for patience.
    Throttled,
    /// No token could be had, or it was refused twice.
    TokenRefused,
    /// The Platform has something newer.
    Stale,
    /// The line item is gone.
    NotFound,
    /// The Platform refused.
    Refused,
    /// The Registration or the Deployment is switched off, or does not own the address.
    NotAllowed,
    /// The attempt began, and its end is not known.
    Interrupted,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: AttemptOutcome,
    /// The Platform's status, if it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The Platform's words, or ours, made presentable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Attempt {
    /// Whether the score may have arrived although the attempt failed: there was no answer.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self.outcome, AttemptOutcome::Unavailable | AttemptOutcome::Interrupted) && self.status.is_none()
    }
}
