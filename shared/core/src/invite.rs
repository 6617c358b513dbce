//! An invite: lets one administrator of one Platform register the Tool by Dynamic Registration, once.
//!
//! Anybody can open the registration URL and name a "Platform" of their own. So the URL carries a code of 256 random
//! bits, which an operator gives out, and the table knows its hash alone. An invite says for which customer the
//! Registration will be and whether it is active at once; who made it or uses it is nowhere.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::id_token::UnixSeconds;

use crate::binding::sha256;
use crate::random::{self, Random};
use crate::registration::{DeploymentPolicy, RegistrationKey};

/// The query parameter that carries the code.
pub const INVITE_PARAMETER: &str = "invite";

/// How long an invite can be used unless its maker says otherwise, in seconds: a week.
pub const INVITE_LIFETIME_SECONDS: u64 = 7 * 24 * 60 * 60;

/// How long a registration request may be under way, in seconds, until it counts as one of which nobody knows the end:
/// longer than the function runs.
pub const POSTING_SECONDS: u64 = 60;

/// The code of an invite: who has it may use it. Prints as `[redacted]`.
pub struct InviteCode([u8; 32]);

/// By what an invite is found: the hash of its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteHash(String);

/// What an operator decides when making an invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvite {
    /// The vendor's name for the customer; it becomes the Registration's.
    pub tenant: Option<String>,
    /// Whether the Registration may be used at once.
    pub activation: Activation,
    /// Which Deployments may launch, where it shall not follow from the product and its answer.
    pub deployments: Option<DeploymentPolicy>,
    /// Whether a Registration that is there already may be changed, its endpoints included.
    pub may_update: bool,
    /// How long the invite can be used, in seconds.
    pub lifetime_seconds: u64,
}

impl Default for NewInvite {
    fn default() -> Self {
        Self {
            tenant: None,
            activation: Activation::Pending,
            deployments: None,
            may_update: false,
            lifetime_seconds: INVITE_LIFETIME_SECONDS,
        }
    }
}

/// Whether a new Registration may be used at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activation {
    /// It waits for an operator, who sees which Platform it is.
    #[default]
    Pending,
    /// At once: whoever gets the invite is trusted to register the right Platform.
    AtOnce,
}

/// An invite as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// By what it is found.
    pub hash: InviteHash,
    /// As in [`NewInvite`].
    pub tenant: Option<String>,
    /// As in [`NewInvite`].
    pub activation: Activation,
    /// As in [`NewInvite`].
    pub deployments: Option<DeploymentPolicy>,
    /// As in [`NewInvite`].
    pub may_update: bool,
    /// Until when a registration can begin with it.
    pub usable_until: UnixSeconds,
    /// How many requests were sent with it: a form that was made before the last one is spent.
    pub attempts: u64,
    /// Where it stands.
    pub state: InviteState,
}

/// Where an invite stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteState {
    /// It can be used.
    Open,
    /// The request is under way. It is sent once: a Platform's token may be good once, and a second request would make a
    /// second Tool.
    Posting {
        /// Since when.
        since: UnixSeconds,
    },
    /// It has served.
    Done(RegistrationKey),
    /// Nobody knows whether the Platform registered the Tool, or what it registered could not be kept.
    Failed,
}

impl InviteCode {
    /// A new code.
    pub fn new(random: &dyn Random) -> Self {
        Self(random::bytes(random))
    }

    /// The code that somebody brings, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// As links carry it: 43 characters of base64url. A secret: for the one who is invited, and no log.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// By what its invite is found.
    pub fn hash(&self) -> InviteHash {
        InviteHash(URL_SAFE_NO_PAD.encode(sha256(&self.0)))
    }
}

impl fmt::Debug for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteCode([redacted])")
    }
}

impl InviteHash {
    /// The hash as text, as it was given by [`InviteHash::as_str`].
    pub(crate) fn of_text(text: String) -> Self {
        Self(text)
    }

    /// The hash in base64url.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
