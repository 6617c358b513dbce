//! A token that the Tool signed: a compact JWS with RS256 and a key of its published set.
//!
//! Spec: Security Framework 1.0, on signing; RFC 7515, section 5.2.

use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use thiserror::Error;

use super::keys::ToolKeys;

/// The claims of a token whose signature was verified.
#[derive(Debug)]
pub(crate) struct Claims(Map<String, Value>);

/// Why a token of the Tool is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum TokenError {
    #[error("the token is not three parts of base64url with JSON objects in them")]
    Malformed,
    #[error("the header's `alg` is not RS256")]
    Algorithm,
    #[error("the header's `typ` is not JWT")]
    Type,
    #[error("the header has no `kid`")]
    KeyIdMissing,
    #[error("the header brings a key or an extension that nobody may use")]
    HeaderForbidden,
    #[error("the header's `kid` is not in the tool's key set")]
    KeyUnknown,
    #[error("the signature does not verify with the tool's key")]
    Signature,
    #[error("`{0}` is absent or not of its type")]
    Claim(&'static str),
}

/// Headers that name keys of the sender's choice, and `crit`, of which no extension is known here.
const FORBIDDEN_HEADERS: [&str; 5] = ["jwk", "jku", "x5c", "x5u", "crit"];

/// The claims of a compact token, if the Tool signed it.
pub(crate) async fn verify(keys: &ToolKeys, token: &str) -> Result<Claims, TokenError> {
    let (signing_input, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, payload) = signing_input.split_once('.').ok_or(TokenError::Malformed)?;
    let header = object(header)?;
    let key_id = key_id(&header)?;
    let claims = object(payload)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
    let key = keys.find(key_id).await.ok_or(TokenError::KeyUnknown)?;
    key.verify(&RSA_PKCS1_2048_8192_SHA256, signing_input.as_bytes(), &signature).map_err(|_| TokenError::Signature)?;
    Ok(Claims(claims))
}

fn object(part: &str) -> Result<Map<String, Value>, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

fn key_id(header: &Map<String, Value>) -> Result<&str, TokenError> {
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(TokenError::Algorithm);
    }
    if header.get("typ").is_some_and(|typ| typ != "JWT") {
        return Err(TokenError::Type);
    }
    if FORBIDDEN_HEADERS.iter().any(|name| header.contains_key(*name)) {
        return Err(TokenError::HeaderForbidden);
    }
    let key_id = header.get("kid").and_then(Value::as_str);
    key_id.filter(|key_id| !key_id.is_empty()).ok_or(TokenError::KeyIdMissing)
}

impl Claims {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim that must be a text with something in it.
    pub(crate) fn text(&self, name: &'static str) -> Result<&str, TokenError> {
        let text = self.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).ok_or(TokenError::Claim(name))
    }

    /// A claim that must be a number of unix seconds. Fractions are allowed (RFC 7519, section 2) and cut off.
    pub(crate) fn seconds(&self, name: &'static str) -> Result<u64, TokenError> {
        let number = self.get(name).and_then(Value::as_f64).filter(|number| *number >= 0.0);
        // A cast from a float saturates, and negative numbers are out.
        number.map(|number| number as u64).ok_or(TokenError::Claim(name))
    }
}
