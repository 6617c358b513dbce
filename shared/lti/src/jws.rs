//! A compact JWS: its form, its header, its signature, over any payload.
//!
//! The payload is only handed out by [`UnverifiedJws::verify`]. What it says is the business of
//! [`crate::id_token`].
//!
//! ```compile_fail
//! // The payload of an unverified JWS cannot be read.
//! fn payload<'a>(jws: &'a doorway_lti::jws::UnverifiedJws<'a>) -> &'a [u8] {
//!     jws.unverified_payload()
//! }
//! ```
//!
//! Spec: [RFC 7515 §5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2), steps B to E of the launch
//! digest §4.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::ids::KeyId;
use crate::json::{self, Object};
use crate::key_set::{Algorithm, KeySet};
use crate::rejection::{Malformed, Rejection, excerpt};

/// The longest compact JWS that is looked at, in bytes. Real id tokens are 2 to 16 KiB, a few tens on Canvas.
pub const MAX_JWS_BYTES: usize = 128 * 1024;

/// Header parameters that are refused: they change how the signature is to be checked (`crit`, `b64`, `zip`)
/// or offer a key of the sender's choice (Security Framework: keys come from the registration).
const REFUSED_HEADERS: [&str; 7] = ["crit", "b64", "zip", "jku", "jwk", "x5u", "x5c"];

/// A JWS of which nothing is proven. It knows which key it claims to be signed with.
pub struct UnverifiedJws<'a> {
    signing_input: &'a str,
    signature: &'a str,
    algorithm: Algorithm,
    key_id: KeyId,
    payload: Vec<u8>,
}

impl<'a> UnverifiedJws<'a> {
    /// Steps B and C: the form of a compact JWS and its header, before any key is touched.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], [`Rejection::AlgorithmRefused`], [`Rejection::HeaderRefused`] or
    /// [`Rejection::KeyIdMissing`].
    pub fn parse(compact: &'a str, agreed: &[Algorithm]) -> Result<Self, Rejection> {
        // B. Exactly three base64url parts, size cap, a header that is a JSON object without duplicate members.
        let (signing_input, header, payload, signature) = split(compact)?;
        let header =
            json::parse_object(&decode_some("header", header)?).map_err(|error| Malformed::NotJson("header", error))?;
        let payload = decode("payload", payload)?;
        decode_some("signature", signature)?;
        // C. `alg` on the registration's list, no header that changes the reading or offers a key, `kid` present.
        let algorithm = agreed_algorithm(&header, agreed)?;
        if let Some(refused) = REFUSED_HEADERS.into_iter().find(|name| header.contains_key(*name)) {
            return Err(Rejection::HeaderRefused(refused));
        }
        let key_id = key_id(&header)?;
        Ok(Self { signing_input, signature, algorithm, key_id, payload })
    }

    /// Which key the JWS claims to be signed with.
    pub fn unverified_key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// The payload before its signature is checked, for rules that are cheaper than a signature.
    pub(crate) fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// Steps D and E: the one key of the set that may verify it, and the signature over the received bytes. Gives
    /// the payload, which may be empty.
    ///
    /// # Errors
    /// [`Rejection::KeyIdUnknown`], [`Rejection::KeyRefused`] or [`Rejection::SignatureInvalid`].
    pub fn verify(self, keys: &KeySet) -> Result<Vec<u8>, Rejection> {
        let key = keys.choose(&self.key_id, self.algorithm)?;
        if key.verifies(self.signing_input.as_bytes(), self.signature) {
            Ok(self.payload)
        } else {
            Err(Rejection::SignatureInvalid)
        }
    }
}

/// `(signing input, header, payload, signature)` of a compact JWS.
fn split(compact: &str) -> Result<(&str, &str, &str, &str), Malformed> {
    if compact.len() > MAX_JWS_BYTES {
        return Err(Malformed::TooLong);
    }
    let (signing_input, signature) = compact.rsplit_once('.').ok_or(Malformed::NotThreeParts)?;
    let (header, payload) = signing_input.split_once('.').ok_or(Malformed::NotThreeParts)?;
    if payload.contains('.') {
        return Err(Malformed::NotThreeParts);
    }
    Ok((signing_input, header, payload, signature))
}

/// Strict base64url: no padding, no white space, no other alphabet, no stray trailing bits.
fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, Malformed> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed::NotBase64Url(part))
}

/// A part that must not be empty: an empty signature is how `none` looks.
fn decode_some(part: &'static str, text: &str) -> Result<Vec<u8>, Malformed> {
    decode(part, text).and_then(|bytes| if bytes.is_empty() { Err(Malformed::NotBase64Url(part)) } else { Ok(bytes) })
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
