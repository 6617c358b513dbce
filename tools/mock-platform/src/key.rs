//! The Platform's signing key, and the JSON Web Key Set it publishes.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use thiserror::Error;

/// Hexadecimal digits in a key id: Moodle's key ids have this length too.
const KEY_ID_DIGITS: usize = 20;
/// Characters in a line of a PEM document (RFC 7468, section 2).
const PEM_LINE: usize = 64;

/// Why bytes are no signing key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The bytes hold no RSA private key of 2048 to 8192 bits in PKCS#8.
    #[error("no usable RSA private key in PKCS#8")]
    Unusable(#[from] aws_lc_rs::error::KeyRejected),
}

/// An RSA-2048 key that signs id_tokens as a Platform does: RS256.
///
/// It signs whatever it is given, wrong tokens included, and shares no code with the Tool that verifies them.
pub struct PlatformKey {
    pair: RsaKeyPair,
    key_id: String,
}

impl PlatformKey {
    /// A fresh key. Its id is the start of the SHA-256 of its modulus, in hexadecimal.
    ///
    /// # Panics
    /// When the operating system gives no randomness.
    #[must_use]
    pub fn generate() -> Self {
        let pair =
            RsaKeyPair::generate(KeySize::Rsa2048).expect("making an RSA key fails only without randomness or memory");
        Self::named_by_modulus(pair)
    }

    /// Reads a key that [`PlatformKey::to_pkcs8`] wrote.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] when the bytes hold no RSA private key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Ok(Self::named_by_modulus(RsaKeyPair::from_pkcs8(der)?))
    }

    fn named_by_modulus(pair: RsaKeyPair) -> Self {
        let modulus = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key()).n;
        let mut key_id = hexadecimal(digest(&SHA256, &modulus).as_ref());
        key_id.truncate(KEY_ID_DIGITS);
        Self { pair, key_id }
    }

    /// The private key, PKCS#8 DER.
    ///
    /// # Panics
    /// Never for a key made here: an RSA private key always has this form.
    #[must_use]
    pub fn to_pkcs8(&self) -> Vec<u8> {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&self.pair).expect("an RSA private key always has a PKCS#8 form");
        der.as_ref().to_vec()
    }

    /// The `kid` that headers and the JWKS carry.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The same key under another `kid`.
    #[must_use]
    pub fn with_key_id(self, key_id: &str) -> Self {
        Self { key_id: key_id.to_owned(), ..self }
    }

    /// The public half as a JSON Web Key: `kty`, `use`, `alg`, `kid`, `n`, `e`.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(self.pair.public_key());
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.key_id,
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
        })
    }

    /// The public half as a PEM `PUBLIC KEY`: what an attacker would use as an HMAC secret.
    ///
    /// # Panics
    /// Never for a key made here: an RSA public key always has this form.
    #[must_use]
    pub fn public_pem(&self) -> String {
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(self.pair.public_key())
            .expect("an RSA public key always has a SubjectPublicKeyInfo form");
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (position, character) in STANDARD.encode(der.as_ref()).chars().enumerate() {
            if position > 0 && position % PEM_LINE == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        pem
    }

    /// The RS256 signature of a signing input.
    ///
    /// # Panics
    /// Never for a key made here: RSASSA-PKCS1-v1_5 with SHA-256 fits every key of 2048 bits.
    #[must_use]
    pub fn sign(&self, signing_input: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signing_input, &mut signature)
            .expect("a 2048-bit RSA key signs any input");
        signature
    }

    /// A signed id_token with the header that most Platforms send: `typ`, `alg`, `kid`.
    #[must_use]
    pub fn id_token(&self, claims: &Value) -> String {
        self.token(&self.header().to_string(), &claims.to_string())
    }

    /// The header of a right id_token.
    #[must_use]
    pub fn header(&self) -> Value {
        json!({"typ": "JWT", "alg": "RS256", "kid": self.key_id})
    }

    /// Any header text over any payload text, signed RS256 whatever the header says.
    #[must_use]
    pub fn token(&self, header_json: &str, payload_json: &str) -> String {
        let input = signing_input(header_json, payload_json);
        let signature = URL_SAFE_NO_PAD.encode(self.sign(input.as_bytes()));
        format!("{input}.{signature}")
    }
}

/// Header and payload as the first two parts of a compact JWS.
pub(crate) fn signing_input(header_json: &str, payload_json: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header_json), URL_SAFE_NO_PAD.encode(payload_json))
}

/// The JSON Web Key Set of some keys, in their order.
#[must_use]
pub fn jwks(keys: &[&PlatformKey]) -> Value {
    json!({"keys": keys.iter().map(|key| key.public_jwk()).collect::<Vec<_>>()})
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
