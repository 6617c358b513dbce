//! A Platform's public keys (JWK Set) and the choice of the one key that may verify a token.
//!
//! Spec: [Security Framework 1.0 §6.3](https://www.imsglobal.org/spec/security/v1p0/#h_key-set-url),
//! RFC 7517; the selection rules are step D of the launch digest.

mod roca;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm as Jwa, DecodingKey};
use serde_json::{Value, json};

use crate::ids::KeyId;
use crate::json::{self, JsonError, Object};
use crate::rejection::{KeyFault, Rejection};

/// How many keys of a set are read. Platforms publish two or three.
pub const MAX_KEYS: usize = 64;

/// The signature algorithms that a Registration may agree on. Asymmetric only: there is no HMAC in this
/// verifier, so a public key can never be taken for a shared secret (security row V2).
///
/// Spec: Security Framework 1.1's list, without `ES512`, which no known Platform signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256: mandatory, the default, and what every known Platform uses.
    RS256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
}

impl Algorithm {
    /// The algorithm with exactly this name, case included.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::RS256),
            "RS384" => Some(Self::RS384),
            "RS512" => Some(Self::RS512),
            "ES256" => Some(Self::ES256),
            "ES384" => Some(Self::ES384),
            _ => None,
        }
    }

    /// The name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
        }
    }

    fn jwa(self) -> Jwa {
        match self {
            Self::RS256 => Jwa::RS256,
            Self::RS384 => Jwa::RS384,
            Self::RS512 => Jwa::RS512,
            Self::ES256 => Jwa::ES256,
            Self::ES384 => Jwa::ES384,
        }
    }

    fn fits(self, material: &Material) -> bool {
        match (self, material) {
            (Self::RS256 | Self::RS384 | Self::RS512, Material::Rsa { .. }) => true,
            (Self::ES256, Material::Ec { curve, .. }) => curve == "P-256",
            (Self::ES384, Material::Ec { curve, .. }) => curve == "P-384",
            (Self::RS256 | Self::RS384 | Self::RS512, Material::Ec { .. })
            | (Self::ES256 | Self::ES384, Material::Rsa { .. }) => false,
        }
    }
}

/// Public key material, base64url without padding.
#[derive(Clone, PartialEq, Eq)]
enum Material {
    Rsa { modulus: String, exponent: String },
    Ec { curve: String, x: String, y: String },
}

/// One key of a Platform, with what is wrong with it if anything is.
#[derive(Clone)]
struct Key {
    key_id: KeyId,
    algorithm: Option<String>,
    usable: Result<(Material, DecodingKey), KeyFault>,
}

/// A Platform's key set. Keys that can never verify a launch are kept only so that the refusal can say why.
#[derive(Clone)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// The one key that may verify a token, for one algorithm.
pub struct VerificationKey<'a> {
    key: &'a DecodingKey,
    algorithm: Algorithm,
}

/// Why bytes are no key set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// No acceptable JSON object.
    #[error("key set {0}")]
    Json(#[from] JsonError),
    /// No `keys` array.
    #[error("key set has no `keys` array")]
    NoKeys,
}

impl KeySet {
    /// Reads a JWK Set. A key without `kid`, or of a type that signs nothing here, is left out; one broken key
    /// does not spoil the others.
    ///
    /// # Errors
    /// [`KeySetError`] when the document itself is not a JWK Set.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        let document = json::parse_object(json::without_byte_order_mark(bytes))?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(KeySetError::NoKeys)?;
        let keys = keys.iter().take(MAX_KEYS).filter_map(Value::as_object).filter_map(Key::parse).collect();
        Ok(Self { keys })
    }

    /// The usable keys as a small JWK Set, for our own cache.
    pub fn to_json(&self) -> Value {
        let keys: Vec<Value> = self.keys.iter().filter_map(Key::to_json).collect();
        json!({ "keys": keys })
    }

    /// How many keys can verify something.
    pub fn usable_keys(&self) -> usize {
        self.keys.iter().filter(|key| key.usable.is_ok()).count()
    }

    /// How many keys can verify a token of this algorithm.
    pub fn keys_for(&self, algorithm: Algorithm) -> usize {
        self.keys.iter().filter(|key| key.fitting(algorithm).is_ok()).count()
    }

    /// Whether the set has a key with this `kid`, be it one that must be refused. If not, it may be out of date.
    pub fn knows(&self, key_id: &KeyId) -> bool {
        self.keys.iter().any(|key| key.key_id == *key_id)
    }

    /// Chooses the key for a token with this `kid` and algorithm: among the keys with that `kid`, the only one
    /// that can verify the algorithm. A key for something else may share the `kid`; a second candidate may not.
    ///
    /// # Errors
    /// [`Rejection::KeyIdUnknown`] when the set has no such `kid`; [`Rejection::KeyRefused`] when it has one that
    /// must not be used, or more than one that could.
    pub fn choose(&self, key_id: &KeyId, algorithm: Algorithm) -> Result<VerificationKey<'_>, Rejection> {
        let (mut chosen, mut refusal) = (None, Rejection::KeyIdUnknown);
        for key in self.keys.iter().filter(|key| key.key_id == *key_id) {
            match key.fitting(algorithm) {
                Ok(_) if chosen.is_some() => return Err(Rejection::KeyRefused(KeyFault::Ambiguous)),
                Ok(decoding_key) => chosen = Some(decoding_key),
                Err(fault) => refusal = Rejection::KeyRefused(fault),
            }
        }
        chosen.map(|key| VerificationKey { key, algorithm }).ok_or(refusal)
    }
}

impl VerificationKey<'_> {
    /// Whether `signature` (base64url) over `signing_input` verifies. The algorithm is the key's, never the
    /// token's.
    pub fn verifies(&self, signing_input: &[u8], signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, signing_input, self.key, self.algorithm.jwa()).unwrap_or(false)
    }
}

impl Key {
    fn parse(jwk: &Object) -> Option<Self> {
        let key_id = KeyId::try_from(jwk.get("kid")?.as_str()?).ok()?;
        let algorithm = jwk.get("alg").filter(|alg| !alg.is_null());
        let material = match jwk.get("kty")?.as_str()? {
            "RSA" => rsa(jwk),
            "EC" => ec(jwk),
            _ => return None,
        };
        let usable = if !is_for_signatures(jwk) {
            Err(KeyFault::NotForSignatures)
        } else if algorithm.is_some_and(|alg| !alg.is_string()) {
            Err(KeyFault::WrongAlgorithm)
        } else {
            material.and_then(decoding_key)
        };
        Some(Self { key_id, algorithm: algorithm.and_then(Value::as_str).map(str::to_owned), usable })
    }

    /// The key itself, when it may verify tokens of this algorithm.
    fn fitting(&self, algorithm: Algorithm) -> Result<&DecodingKey, KeyFault> {
        let (material, decoding_key) = self.usable.as_ref().map_err(|fault| *fault)?;
        let declared_fits = self.algorithm.as_deref().is_none_or(|declared| declared == algorithm.name());
        if declared_fits && algorithm.fits(material) { Ok(decoding_key) } else { Err(KeyFault::WrongAlgorithm) }
    }

    fn to_json(&self) -> Option<Value> {
        let (material, _) = self.usable.as_ref().ok()?;
        let mut jwk = match material {
            Material::Rsa { modulus, exponent } => json!({ "kty": "RSA", "n": modulus, "e": exponent }),
            Material::Ec { curve, x, y } => json!({ "kty": "EC", "crv": curve, "x": x, "y": y }),
        };
        jwk["kid"] = self.key_id.as_str().into();
        if let Some(algorithm) = &self.algorithm {
            jwk["alg"] = algorithm.as_str().into();
        }
        Some(jwk)
    }
}

/// `use` absent or `sig`, and `key_ops` absent or containing `verify`.
fn is_for_signatures(jwk: &Object) -> bool {
    let use_fits = match jwk.get("use") {
        None | Some(Value::Null) => true,
        Some(value) => value.as_str() == Some("sig"),
    };
    let operations_fit = match jwk.get("key_ops") {
        None | Some(Value::Null) => true,
        Some(value) => {
            value.as_array().is_some_and(|operations| operations.iter().any(|op| op.as_str() == Some("verify")))
        }
    };
    use_fits && operations_fit
}

fn rsa(jwk: &Object) -> Result<Material, KeyFault> {
    let (modulus, exponent) = (member(jwk, "n")?, member(jwk, "e")?);
    let (modulus, exponent) = (unsigned(&modulus), unsigned(&exponent));
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !(2048..=8192).contains(&bits) {
        return Err(KeyFault::ModulusSize);
    }
    if roca::has_fingerprint(modulus) {
        return Err(KeyFault::Roca);
    }
    // An odd number from 3 to below 2^32: of at most four bytes.
    let value = exponent.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
    if exponent.len() > 4 || value < 3 || value % 2 == 0 {
        return Err(KeyFault::Exponent);
    }
    Ok(Material::Rsa { modulus: URL_SAFE_NO_PAD.encode(modulus), exponent: URL_SAFE_NO_PAD.encode(exponent) })
}

fn ec(jwk: &Object) -> Result<Material, KeyFault> {
    let curve = jwk.get("crv").and_then(Value::as_str).ok_or(KeyFault::Unreadable)?;
    let [x, y] = [member(jwk, "x")?, member(jwk, "y")?].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    Ok(Material::Ec { curve: curve.to_owned(), x, y })
}

/// The bytes of a base64url member; stray `=` padding is tolerated, as in the Security Framework's own example.
fn member(jwk: &Object, name: &str) -> Result<Vec<u8>, KeyFault> {
    let text = jwk.get(name).and_then(Value::as_str).ok_or(KeyFault::Unreadable)?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| KeyFault::Unreadable)
}

/// An unsigned big-endian number without leading zero bytes.
fn unsigned(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn decoding_key(material: Material) -> Result<(Material, DecodingKey), KeyFault> {
    let key = match &material {
        Material::Rsa { modulus, exponent } => DecodingKey::from_rsa_components(modulus, exponent),
        Material::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y),
    };
    key.map(|key| (material, key)).map_err(|_| KeyFault::Unreadable)
}
