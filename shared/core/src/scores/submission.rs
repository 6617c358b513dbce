//! A score that the App handed over, and what became of it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::ids::DeploymentId;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::binding::sha256;
use crate::clock::UnixSeconds;
use crate::launch_id::LaunchId;
use crate::random::{self, Random};
use crate::registration::RegistrationKey;

const ID_BYTES: usize = 24;

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
    /// It was not sent: it would have wiped a grade.
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

/// Where a score goes, and what may be asked there. No personal data: it stays when the score is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    issuer: doorway_lti::ids::Issuer,
    client_id: doorway_lti::ids::ClientId,
    /// The Deployment.
    pub deployment_id: DeploymentId,
    /// The line item.
    pub line_item: Url,
    /// How the Platform must be treated, by its name.
    family: String,
    /// The container to look for the line item in, should it have moved; with the link that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<(Url, String)>,
    /// Whether results may be read.
    pub may_read_results: bool,
}

impl Target {
    /// A target at a Platform.
    pub fn new(
        registration: RegistrationKey,
        deployment_id: DeploymentId,
        line_item: Url,
        family: PlatformFamily,
    ) -> Self {
        let RegistrationKey { issuer, client_id } = registration;
        let family = family.name().to_owned();
        Self { issuer, client_id, deployment_id, line_item, family, elsewhere: None, may_read_results: false }
    }

    /// The Registration.
    pub fn registration(&self) -> RegistrationKey {
        RegistrationKey { issuer: self.issuer.clone(), client_id: self.client_id.clone() }
    }

    /// How the Platform must be treated.
    pub fn family(&self) -> PlatformFamily {
        PlatformFamily::from_name(&self.family)
    }

    /// The Platform's origin, by which it is spared.
    pub fn origin(&self) -> String {
        self.line_item.origin().ascii_serialization()
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
    /// Whether its time has passed.
    pub fn is_overdue(&self, now: UnixSeconds) -> bool {
        now.0 >= self.retry_until
    }
}

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
