//! Old accounts: whether the Platform of a launch was the consumer of LTI 1.1 that it says it was.
//!
//! A vendor that moves from LTI 1.1 keeps the shared secrets of its old consumers in one secret. A launch that names a
//! consumer and has a signature by that consumer's secret is [`Migration::Verified`], and nothing else is:
//!
//! ```compile_fail
//! // What is verified cannot be made, only verified.
//! fn believe(claim: doorway_lti::migration::MigrationClaim) -> doorway_core::migration::VerifiedMigration {
//!     doorway_core::migration::VerifiedMigration { claim }
//! }
//! ```
//!
//! Nothing here fails a launch: a secret that cannot be read leaves the old account unverified, and says so.
//!
//! Spec: LTI 1.1 to 1.3 migration guide, "Migration claim".

mod ring;

pub use ring::{ConsumerRing, ConsumerRingError, ListedConsumer, MAX_SECRET_BYTES, NewConsumer};

use std::sync::Arc;

use aws_lc_rs::hmac;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::migration::{LegacyIds, MigrationClaim, Proof};
use serde::{Deserialize, Serialize, Serializer};

use crate::clock::UnixSeconds;
use crate::secret::{Secret, SecretFormat};
use crate::welcome::CameBy;

/// The shared secrets of the consumers of LTI 1.1, each with the Platforms that it is accepted from.
pub struct ConsumerSecrets {
    consumers: Vec<Consumer>,
}

/// One secret of one consumer. A consumer whose secret was changed has several.
struct Consumer {
    key: String,
    accepted_from: AcceptedFrom,
    secret: hmac::Key,
}

/// From which Platforms a consumer's signature is accepted.
///
/// Its secret proves little by itself: in LTI 1.1 teachers typed it into courses, and one was often given to many schools.
/// Who knows it, and has a Registration of his own, could name any user of that consumer. So a consumer belongs to the
/// Platform that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptedFrom {
    /// From any Registration: only for a secret that no two customers ever had.
    AnyPlatform,
    /// From this Platform.
    Platform {
        /// Its issuer.
        issuer: Issuer,
        /// Only for this client id, where several customers share the issuer.
        client_id: Option<ClientId>,
        /// Only for this Deployment, where several share the client id as well.
        deployment_id: Option<DeploymentId>,
    },
}

/// Whether, and why not, the old account of a launch may be believed. What the App API shows as `migration`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migration {
    /// The Platform was this consumer.
    Verified(VerifiedMigration),
    /// The Platform says so, and nothing proves it.
    Unverified(MigrationClaim, Doubt),
}

/// A claim whose signature is that of its consumer's secret, accepted from this Platform. Only made by
/// [`ConsumerSecrets::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedMigration {
    claim: MigrationClaim,
}

/// Why an old account is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "MigrationDoubt"))]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The claim names no consumer, or is not signed.
    NotSigned,
    /// No secret is known of the consumer.
    KeyUnknown,
    /// The consumer is another Platform's.
    OtherPlatform,
    /// No secret of the consumer made the signature for this launch.
    SignatureWrong,
    /// The secrets cannot be read.
    SecretsUnavailable,
}

/// Verifies what launches say of LTI 1.1, with the secret of `DOORWAY_LTI11_SECRETS` where there is one.
pub struct OldAccounts {
    secrets: Option<Arc<Secret<ConsumerSecrets>>>,
}

/// One consumer in the secret's text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConsumerText {
    id: String,
    key: String,
    secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<Issuer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deployment_id: Option<DeploymentId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    any_platform: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    added_at: Option<String>,
}

/// The secret's text.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    consumers: Vec<ConsumerText>,
}

impl OldAccounts {
    /// With these secrets; without any, no old account is verified.
    pub fn new(secrets: Option<Arc<Secret<ConsumerSecrets>>>) -> Self {
        Self { secrets }
    }

    /// Verifies the claim of a launch that came by this Registration and Deployment. The secret is read only for a claim
    /// that offers a proof.
    pub async fn verify(&self, claim: MigrationClaim, came_by: &CameBy, now: UnixSeconds) -> Migration {
        if claim.proof().is_none() {
            return Migration::Unverified(claim, Doubt::NotSigned);
        }
        let Some(secrets) = &self.secrets else {
            return Migration::Unverified(claim, Doubt::KeyUnknown);
        };
        match secrets.get(now).await {
            Ok(secrets) => secrets.verify(claim, came_by),
            Err(error) => {
                tracing::error!(error = %error, "the old account of a launch is not verified");
                Migration::Unverified(claim, Doubt::SecretsUnavailable)
            }
        }
    }
}

impl ConsumerSecrets {
    /// How many secrets there are.
    pub fn len(&self) -> usize {
        self.consumers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.consumers.is_empty()
    }

    /// Verifies a claim that came by this Registration and Deployment.
    pub fn verify(&self, claim: MigrationClaim, came_by: &CameBy) -> Migration {
        let doubt = match claim.proof() {
            None => Some(Doubt::NotSigned),
            Some(proof) => self.doubt(proof, came_by),
        };
        match doubt {
            None => Migration::Verified(VerifiedMigration { claim }),
            Some(doubt) => Migration::Unverified(claim, doubt),
        }
    }

    fn doubt(&self, proof: &Proof, came_by: &CameBy) -> Option<Doubt> {
        let mut known = self.consumers.iter().filter(|consumer| consumer.key == proof.consumer_key()).peekable();
        if known.peek().is_none() {
            return Some(Doubt::KeyUnknown);
        }
        let mut accepted = known.filter(|consumer| consumer.accepted_from.includes(came_by)).peekable();
        if accepted.peek().is_none() {
            return Some(Doubt::OtherPlatform);
        }
        // Compared in constant time by the library.
        let has_signed = |(text, signature): (&[u8], &[u8; _])| {
            accepted.any(|consumer| hmac::verify(&consumer.secret, text, signature).is_ok())
        };
        if proof.signed().is_some_and(has_signed) { None } else { Some(Doubt::SignatureWrong) }
    }
}

impl AcceptedFrom {
    /// Whether a launch that came by this Registration and Deployment is one of them.
    fn includes(&self, came_by: &CameBy) -> bool {
        match self {
            Self::AnyPlatform => true,
            Self::Platform { issuer, client_id, deployment_id } => {
                *issuer == came_by.registration.issuer
                    && client_id.as_ref().is_none_or(|id| *id == came_by.registration.client_id)
                    && deployment_id.as_ref().is_none_or(|id| *id == came_by.deployment_id)
            }
        }
    }
}

impl VerifiedMigration {
    /// The consumer of LTI 1.1 that the Platform was.
    pub fn consumer_key(&self) -> Option<&str> {
        self.claim.unverified_consumer_key()
    }

    /// What LTI 1.1 called the things of this launch, within that consumer's account.
    pub fn ids(&self) -> &LegacyIds {
        self.claim.unverified_ids()
    }
}

impl Migration {
    fn claim(&self) -> &MigrationClaim {
        match self {
            Self::Verified(VerifiedMigration { claim }) | Self::Unverified(claim, _) => claim,
        }
    }

    /// Why it is not believed; `None` when it is.
    pub fn doubt(&self) -> Option<Doubt> {
        match self {
            Self::Verified(_) => None,
            Self::Unverified(_, doubt) => Some(*doubt),
        }
    }
}

/// What LTI 1.1 called the user and the place of a launch, and whether that may be believed.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Migration"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationView<'a> {
    /// The `oauth_consumer_key` of LTI 1.1: the account of the school with the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer_key: Option<&'a str>,
    #[serde(flatten)]
    ids: &'a LegacyIds,
    /// Whether it is proven that the Platform was this consumer. Nothing may be linked by it otherwise.
    verified: bool,
    /// Why it is not believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Doubt>,
}

/// As the App API shows it.
impl Serialize for Migration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (claim, reason) = (self.claim(), self.doubt());
        let consumer_key = claim.unverified_consumer_key();
        let verified = reason.is_none();
        MigrationView { consumer_key, ids: claim.unverified_ids(), verified, reason }.serialize(serializer)
    }
}

impl SecretFormat for ConsumerSecrets {
    const EXPECTED: &'static str = r#"it must be {"consumers": [{"id": "...", "key": "...", "secret": "...", "issuer": "..."}]}, each with an id of its own, and with "clientId" and "deploymentId" or, instead of all three, "anyPlatform": true"#;

    fn parse(text: &str) -> Option<Self> {
        let text = Text::parse(text)?;
        let consumers = text.consumers.into_iter().map(|consumer| {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, consumer.secret.as_bytes());
            Some(Consumer { accepted_from: consumer.accepted_from()?, key: consumer.key, secret })
        });
        Some(Self { consumers: consumers.collect::<Option<_>>()? })
    }
}

impl Text {
    /// The text, if all of it can be used: half of it would leave schools without their accounts, and nobody would know.
    fn parse(text: &str) -> Option<Self> {
        let text: Self = serde_json::from_str(text).ok()?;
        let mut ids: Vec<&str> = text.consumers.iter().map(|consumer| consumer.id.as_str()).collect();
        ids.sort_unstable();
        let are_different = ids.windows(2).all(|pair| pair[0] != pair[1]);
        let are_usable = text.consumers.iter().all(|consumer| consumer.accepted_from().is_some());
        if are_different && are_usable { Some(text) } else { None }
    }
}

impl ConsumerText {
    /// From where it is accepted. `None` when it does not say, says two things, or is no consumer at all.
    fn accepted_from(&self) -> Option<AcceptedFrom> {
        if self.id.is_empty() || !is_consumer_key(&self.key) || self.secret.is_empty() {
            return None;
        }
        match (&self.issuer, &self.client_id, &self.deployment_id) {
            (None, None, None) if self.any_platform => Some(AcceptedFrom::AnyPlatform),
            (Some(issuer), client_id, deployment_id)
                if !self.any_platform && (client_id.is_some() || deployment_id.is_none()) =>
            {
                Some(AcceptedFrom::Platform {
                    issuer: issuer.clone(),
                    client_id: client_id.clone(),
                    deployment_id: deployment_id.clone(),
                })
            }
            _ => None,
        }
    }
}

/// Whether a text can be a consumer's key: an `&` in it cannot be signed without doubt
/// ([`doorway_lti::migration::base_string`]).
pub fn is_consumer_key(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.contains('&') && !text.chars().any(char::is_control)
}
