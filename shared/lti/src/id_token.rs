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

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use crate::claim;
use crate::ids::{ClientId, DeploymentId, Issuer, KeyId, UserId};
use crate::json::{self, Object};
use crate::key_set::{Algorithm, VerificationKey};
use crate::message::MessageType;
use crate::rejection::{Malformed, Rejection, excerpt};

pub use times::UnixSeconds;

/// The longest id token that is looked at, in bytes. Real ones are 2 to 16 KiB, a few tens on Canvas.
pub const MAX_ID_TOKEN_BYTES: usize = 128 * 1024;

/// Header parameters that are refused: they change how the signature is to be checked (`crit`, `b64`, `zip`)
/// or offer a key of the sender's choice (Security Framework: keys come from the registration).
const REFUSED_HEADERS: [&str; 7] = ["crit", "b64", "zip", "jku", "jwk", "x5u", "x5c"];

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
    signing_input: &'a str,
    signature: &'a str,
    algorithm: Algorithm,
    key_id: KeyId,
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
    /// Steps B and C: the form of a compact JWS and its header, before any key is touched.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], [`Rejection::AlgorithmRefused`], [`Rejection::HeaderRefused`] or
    /// [`Rejection::KeyIdMissing`].
    pub fn parse(compact: &'a str, agreed: &[Algorithm]) -> Result<Self, Rejection> {
        // B. Exactly three base64url parts, size cap, header and payload JSON objects without duplicate members.
        let (signing_input, header, payload, signature) = split(compact)?;
        let header = object("header", header)?;
        let claims = object("payload", payload)?;
        decode("signature", signature)?;
        // C. `alg` on the registration's list, no header that changes the reading or offers a key, `kid` present.
        let algorithm = agreed_algorithm(&header, agreed)?;
        if let Some(refused) = REFUSED_HEADERS.into_iter().find(|name| header.contains_key(*name)) {
            return Err(Rejection::HeaderRefused(refused));
        }
        let key_id = key_id(&header)?;
        Ok(Self { signing_input, signature, algorithm, key_id, claims })
    }

    /// Which key the token claims to be signed with.
    pub fn unverified_key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// The algorithm: the token's choice, but one of those agreed at registration.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Steps E to I, and the claims that every message has.
    ///
    /// # Errors
    /// The first [`Rejection`] in the order of the specification; missing required claims are named together.
    pub fn verify(self, key: &VerificationKey<'_>, expected: &Expected<'_>) -> Result<VerifiedIdToken, Rejection> {
        // E. The signature over the received bytes, with the algorithm that the key was chosen for.
        if !key.verifies(self.signing_input.as_bytes(), self.signature) {
            return Err(Rejection::SignatureInvalid);
        }
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

/// `(signing input, header, payload, signature)` of a compact JWS.
fn split(compact: &str) -> Result<(&str, &str, &str, &str), Malformed> {
    if compact.len() > MAX_ID_TOKEN_BYTES {
        return Err(Malformed::TooLong);
    }
    let (signing_input, signature) = compact.rsplit_once('.').ok_or(Malformed::NotThreeParts)?;
    let (header, payload) = signing_input.split_once('.').ok_or(Malformed::NotThreeParts)?;
    if payload.contains('.') {
        return Err(Malformed::NotThreeParts);
    }
    Ok((signing_input, header, payload, signature))
}

/// Strict base64url: no padding, no white space, no other alphabet, no stray trailing bits, not empty.
fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, Malformed> {
    match URL_SAFE_NO_PAD.decode(text) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(Malformed::NotBase64Url(part)),
    }
}

fn object(part: &'static str, text: &str) -> Result<Object, Malformed> {
    json::parse_object(&decode(part, text)?).map_err(|error| Malformed::NotJson(part, error))
}

fn agreed_algorithm(header: &Object, agreed: &[Algorithm]) -> Result<Algorithm, Rejection> {
    let name = header.get("alg").and_then(Value::as_str).ok_or(Malformed::NoAlgorithm)?;
    Algorithm::from_name(name)
        .filter(|algorithm| agreed.contains(algorithm))
        .ok_or_else(|| Rejection::AlgorithmRefused(excerpt(name)))
}

fn key_id(header: &Object) -> Result<KeyId, Rejection> {
    match header.get("kid") {
        None | Some(Value::Null) => Err(Rejection::KeyIdMissing),
        Some(Value::String(text)) if text.is_empty() => Err(Rejection::KeyIdMissing),
        Some(Value::String(text)) => Ok(KeyId::try_from(text.as_str()).map_err(|_| Malformed::KeyIdNotAnId)?),
        Some(_) => Err(Malformed::KeyIdNotAnId.into()),
    }
}

/// Names every required claim that is absent or null. `sub` alone is [`Rejection::UserMissing`].
fn require_claims(claims: &Object, anonymous: AnonymousLaunches) -> Result<(), Rejection> {
    let common = ["iss", "aud", "exp", "iat", "nonce", claim::MESSAGE_TYPE, claim::VERSION, claim::DEPLOYMENT_ID];
    let message_type = claims.get(claim::MESSAGE_TYPE).and_then(Value::as_str).and_then(MessageType::from_name);
    let of_message = message_type.unwrap_or(MessageType::ResourceLink).required_claims();
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
