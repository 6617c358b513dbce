//! The id token: from bytes to a token that is verified, in the order of the launch digest §4 (B to I).
//!
//! Trust is a type. [`UnverifiedIdToken`] can tell which key is wanted and nothing else;
//! [`VerifiedIdToken`] is only ever made by [`UnverifiedIdToken::verify`].
//!
//! ```compile_fail
//! // The claims of an unverified token cannot be read.
//! fn user(token: doorway_lti::id_token::UnverifiedIdToken) -> Option<doorway_lti::ids::UserId> {
//!     token.user_id().cloned()
//! }
//! ```
//!
//! ```compile_fail
//! // A verified token cannot be made from claims.
//! let token = doorway_lti::id_token::VerifiedIdToken { claims: Default::default(), user_id: None };
//! ```

mod audience;
mod times;

use serde_json::Value;
use subtle::ConstantTimeEq as _;

use crate::claim;
use crate::ids::{ClientId, DeploymentId, Issuer, KeyId, UserId};
use crate::json::{self, Object};
use crate::jws::{MAX_JWS_BYTES, UnverifiedJws};
use crate::key_set::{Algorithm, KeySet};
use crate::message::MessageType;
use crate::rejection::{Malformed, Rejection, excerpt};

pub use times::UnixSeconds;

/// The longest id token that is looked at, in bytes.
pub const MAX_ID_TOKEN_BYTES: usize = MAX_JWS_BYTES;

/// Whether a launch without a user is welcome: a decision of the Registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AnonymousLaunches {
    /// A launch must say who the user is.
    #[default]
    Refused,
    /// A launch without `sub` is accepted as anonymous (LTI Core 1.3 §5.3.6.1). An empty `sub` never is.
    Allowed,
}

/// What a token must say to be accepted: from the sealed state and its Registration, never from the token.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The Registration's issuer.
    pub issuer: &'a Issuer,
    /// The Registration's client id.
    pub client_id: &'a ClientId,
    /// The nonce that this login sent.
    pub nonce: &'a str,
    /// Whether `sub` may be absent.
    pub anonymous: AnonymousLaunches,
    /// The time now.
    pub now: UnixSeconds,
    /// How far the Platform's clock may differ, in seconds; at most "a few minutes".
    pub leeway_seconds: u32,
}

/// A token of which nothing is proven. It knows which key it claims to be signed with.
pub struct UnverifiedIdToken<'a> {
    jws: UnverifiedJws<'a>,
    claims: Object,
}

/// A token whose signature, issuer, audience, times, nonce, user, deployment id and LTI version are verified.
#[derive(Clone)]
pub struct VerifiedIdToken {
    claims: Object,
    issuer: Issuer,
    client_id: ClientId,
    deployment_id: DeploymentId,
    user_id: Option<UserId>,
    message_type: MessageType,
}

impl<'a> UnverifiedIdToken<'a> {
    /// Steps B and C: the form of a compact JWS, its header and its payload, before any key is touched.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], [`Rejection::AlgorithmRefused`], [`Rejection::HeaderRefused`] or
    /// [`Rejection::KeyIdMissing`].
    pub fn parse(compact: &'a str, agreed: &[Algorithm]) -> Result<Self, Rejection> {
        // B, C. Three parts, a header that may be used, and the name of a key.
        let jws = UnverifiedJws::parse(compact, agreed)?;
        // B. The payload is a JSON object without duplicate members.
        let claims =
            json::parse_object(jws.unverified_payload()).map_err(|error| Malformed::NotJson("payload", error))?;
        Ok(Self { jws, claims })
    }

    /// Which key the token claims to be signed with.
    pub fn unverified_key_id(&self) -> &KeyId {
        self.jws.unverified_key_id()
    }

    /// Steps D to I with the Platform's keys, and the claims that every message has.
    ///
    /// # Errors
    /// The first [`Rejection`] in the order of the specification; missing required claims are named together.
    pub fn verify(self, keys: &KeySet, expected: &Expected<'_>) -> Result<VerifiedIdToken, Rejection> {
        // D, E. The one key that may verify it, and the signature over the received bytes.
        self.jws.verify(keys)?;
        let claims = self.claims;
        // Every required claim is there, else all that are missing are named.
        require_claims(&claims, expected.anonymous)?;
        // F. `iss` is exactly the registered issuer.
        if security_text(&claims, "iss")? != expected.issuer.as_str() {
            return Err(Rejection::IssuerMismatch { expected: expected.issuer.to_string() });
        }
        // G. `aud` is our client and nobody else; `azp`, where it is, is our client.
        audience::verify(&claims, expected.client_id)?;
        // H. `exp`, `iat` and `nbf` are numbers and fit the time now.
        times::verify(&claims, expected.now, expected.leeway_seconds)?;
        // I. `nonce` is the one of this login.
        let nonce = security_text(&claims, "nonce")?;
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(Rejection::NonceMismatch);
        }
        // K. The claims that make it an LTI message.
        if security_text(&claims, claim::VERSION)? != "1.3.0" {
            return Err(Rejection::VersionUnsupported);
        }
        let message_type = security_text(&claims, claim::MESSAGE_TYPE)?;
        let message_type =
            MessageType::from_name(message_type).ok_or_else(|| Rejection::MessageTypeUnknown(excerpt(message_type)))?;
        let user_id = user_id(&claims, expected.anonymous)?;
        let deployment_id = deployment_id(&claims)?;
        let (issuer, client_id) = (expected.issuer.clone(), expected.client_id.clone());
        Ok(VerifiedIdToken { claims, issuer, client_id, deployment_id, user_id, message_type })
    }
}

impl VerifiedIdToken {
    /// All claims, as the Platform sent them.
    pub fn claims(&self) -> &Object {
        &self.claims
    }

    /// The claims, taking them out of the token.
    pub fn into_claims(self) -> Object {
        self.claims
    }

    /// The Platform.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// What the Platform calls the Tool.
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The Deployment: signed, but not yet known to be welcome.
    pub fn deployment_id(&self) -> &DeploymentId {
        &self.deployment_id
    }

    /// The user, unless the launch is anonymous.
    pub fn user_id(&self) -> Option<&UserId> {
        self.user_id.as_ref()
    }

    /// Which message this is.
    pub fn message_type(&self) -> MessageType {
        self.message_type
    }
}

/// Names every required claim that is absent or null. `sub` alone is [`Rejection::UserMissing`].
///
/// A message without a type is measured as the commonest one, so that all it lacks is named. One of an unknown
/// type owes only what every message owes: it is refused for its type, not for claims that it never has.
fn require_claims(claims: &Object, anonymous: AnonymousLaunches) -> Result<(), Rejection> {
    let common = ["iss", "aud", "exp", "iat", "nonce", claim::MESSAGE_TYPE, claim::VERSION, claim::DEPLOYMENT_ID];
    let of_message = match claims.get(claim::MESSAGE_TYPE).and_then(Value::as_str) {
        None => MessageType::ResourceLink.required_claims(),
        Some(name) => MessageType::from_name(name).map_or(&[][..], MessageType::required_claims),
    };
    let is_missing = |name: &&'static str| claims.get(*name).is_none_or(Value::is_null);
    let mut missing: Vec<&'static str> =
        common.iter().chain(of_message).copied().filter(|name| is_missing(name)).collect();
    let user_missing = anonymous == AnonymousLaunches::Refused && is_missing(&"sub");
    if missing.is_empty() {
        return if user_missing { Err(Rejection::UserMissing) } else { Ok(()) };
    }
    if user_missing {
        missing.push("sub");
    }
    Err(Rejection::ClaimsMissing(missing))
}

/// A security claim that must be a string, exactly: no coercion.
fn security_text<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a str, Rejection> {
    claims.get(claim).and_then(Value::as_str).ok_or(Rejection::ClaimInvalid { claim, expected: "a string" })
}

/// `sub`: absent may mean anonymous, empty never does: it would merge all such users into one account.
fn user_id(claims: &Object, anonymous: AnonymousLaunches) -> Result<Option<UserId>, Rejection> {
    match claims.get("sub") {
        None | Some(Value::Null) if anonymous == AnonymousLaunches::Allowed => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(Rejection::UserMissing),
        Some(Value::String(text)) => UserId::try_from(text.as_str()).map(Some).map_err(|_| Rejection::ClaimInvalid {
            claim: "sub",
            expected: "1 to 255 bytes without control characters",
        }),
        Some(Value::Null) | None => Err(Rejection::UserMissing),
        Some(_) => Err(Rejection::ClaimInvalid { claim: "sub", expected: "a string" }),
    }
}

fn deployment_id(claims: &Object) -> Result<DeploymentId, Rejection> {
    let expected = "1 to 255 bytes without control characters";
    DeploymentId::try_from(security_text(claims, claim::DEPLOYMENT_ID)?)
        .map_err(|_| Rejection::ClaimInvalid { claim: claim::DEPLOYMENT_ID, expected })
}
