//! A score that the App handed over, and what became of it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::Target;
use crate::binding::sha256;
use crate::clock::UnixSeconds;
use crate::launch_id::LaunchId;
use crate::random::{self, Random};

const ID_BYTES: usize = 24;
/// How long a submission is remembered after the last moment at which it is tried, in seconds.
const REMEMBER_SECONDS: u64 = 30 * 24 * 3600;

/// Names a submission: 192 bits in 32 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubmissionId(String);

/// The text is no submission id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no submission id")]
pub struct NotASubmissionId;

impl SubmissionId {
    /// A new id.
    pub fn new(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<ID_BYTES>(random)))
    }

    /// The id of the App's request with this `Idempotency-Key`: the same request has the same id.
    pub fn of_request(launch: &LaunchId, idempotency_key: &str) -> Self {
        let parts = serde_json::json!(["score", launch.as_str(), idempotency_key]).to_string();
        Self(URL_SAFE_NO_PAD.encode(&sha256(parts.as_bytes())[..ID_BYTES]))
    }

    /// The id as in URLs and the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 8 characters: enough to find a score in a log, too little to ask for it.
    pub fn log_text(&self) -> String {
        format!("{}...", &self.0[..8])
    }
}

impl TryFrom<&str> for SubmissionId {
    type Error = NotASubmissionId;

    fn try_from(text: &str) -> Result<Self, NotASubmissionId> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == ID_BYTES => Ok(Self(text.to_owned())),
            _ => Err(NotASubmissionId),
        }
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ScoreState"))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is being sent for the first time, while the App waits.
    Sending,
    /// It was accepted and will be sent, again if need be.
    Queued,
    /// The Platform has taken it.
    Delivered,
    /// A newer one has overtaken it.
    Superseded,
    /// It was not sent: it would have wiped a grade, or its learner was erased before. The note says which.
    Withheld,
    /// The Platform refused it, or it could not be delivered in time.
    Failed,
}

impl State {
    /// Whether nothing more happens to it by itself.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Sending | Self::Queued)
    }

    /// The word in the App API and the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Superseded => "superseded",
            Self::Withheld => "withheld",
            Self::Failed => "failed",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Sending, Self::Queued, Self::Delivered, Self::Superseded, Self::Withheld, Self::Failed];
        all.into_iter().find(|state| state.word() == word)
    }
}

/// A score that the App handed over. Its body is kept apart: it is erased when it is not needed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// Where it goes.
    pub target: Target,
    /// The timestamp that it is sent with, at every attempt.
    pub timestamp: Timestamp,
    /// When it was accepted, in Unix seconds.
    pub accepted_at: u64,
    /// Until when it is tried, in Unix seconds.
    pub retry_until: u64,
    /// Whether it is a grade: final, with a score.
    #[serde(default)]
    pub is_grade: bool,
    /// What the App was told about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The launch that it came from, shortened, for the log.
    pub launch: String,
    /// The vendor's name for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

impl Submission {
    /// When its record ends.
    pub fn remembered_until(&self) -> UnixSeconds {
        UnixSeconds(self.retry_until + REMEMBER_SECONDS)
    }

    /// Whether its time has passed.
    pub fn is_overdue(&self, now: UnixSeconds) -> bool {
        now.0 >= self.retry_until
    }
}
