//! What is recorded of an attempt, and what it makes of its score.

use doorway_lti::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::State;

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AttemptOutcome {
    /// The Platform took it.
    Delivered,
    /// The Platform had it already: an earlier attempt arrived although its answer was lost.
    AlreadyApplied,
    /// The Platform has this score or something newer, and nobody may look which: an earlier attempt may have arrived.
    PerhapsApplied,
    /// The Platform cannot be reached, or failed.
    Unavailable,
    /// The Platform asked for patience.
    Throttled,
    /// The service refused two tokens, one after the other.
    TokenRefused,
    /// The token endpoint gave none.
    NoToken,
    /// The Platform has something newer.
    Stale,
    /// The line item is gone.
    NotFound,
    /// The Platform refused.
    Refused,
    /// The Registration or the Deployment is switched off, or does not own the address.
    NotAllowed,
}

/// Who makes an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The first, while the App waits: it can be told.
    TheApp,
    /// A later one, when nobody waits.
    TheWorker,
}

impl AttemptOutcome {
    /// Whether nothing is wrong.
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Delivered | Self::AlreadyApplied | Self::PerhapsApplied)
    }

    /// Where a score stands after an attempt that ended like this.
    pub fn leads_to(self, is_grade: bool, by: By) -> State {
        match self {
            Self::Delivered | Self::AlreadyApplied | Self::PerhapsApplied => State::Delivered,
            Self::Unavailable | Self::Throttled | Self::TokenRefused => State::Queued,
            // Somebody must mend something. The App hears it at once; later nothing is lost by waiting.
            Self::NoToken | Self::NotAllowed => match by {
                By::TheApp => State::Failed,
                By::TheWorker => State::Queued,
            },
            // There is something newer, and no grade is lost.
            Self::Stale if !is_grade => State::Superseded,
            Self::Stale | Self::NotFound | Self::Refused => State::Failed,
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
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
    /// Whether the score may have arrived although the attempt failed: it was sent, and the answer was lost or a
    /// server's failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_have_arrived: bool,
}
