//! An RSA key that signs whatever it is told to.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::base64url;

/// How many bytes of DER stand before the modulus of a 2048-bit PKCS#1 public key with exponent 65537.
const BEFORE_MODULUS: usize = 9;
const MODULUS_BYTES: usize = 256;

/// An RSA-2048 key, made anew in every test process.
pub struct RsaSigner(RsaKeyPair);

impl RsaSigner {
    pub fn generate() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// The compact token with this header and payload, signed with RS256 whatever the header says.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        self.token_raw(header.to_string(), claims.to_string())
    }

    /// The same for texts that need not be JSON.
    pub fn token_raw(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        self.token_of_parts(&base64url(header), &base64url(payload))
    }

    /// The same for parts that need not be base64url.
    pub fn token_of_parts(&self, header: &str, payload: &str) -> String {
        let signing_input = format!("{header}.{payload}");
        let signature = self.sign(&RSA_PKCS1_SHA256, signing_input.as_bytes());
        format!("{signing_input}.{}", base64url(signature))
    }

    pub fn sign(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    /// The public key as a Platform publishes it.
    pub fn jwk(&self, key_id: &str) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key_id,
            "n": base64url(self.modulus()), "e": "AQAB",
        })
    }

    /// The public key as a Platform publishes it, with one member changed.
    pub fn jwk_with(&self, key_id: &str, name: &str, value: impl Into<Value>) -> Value {
        let mut jwk = self.jwk(key_id);
        jwk[name] = value.into();
        jwk
    }

    pub fn modulus(&self) -> Vec<u8> {
        let der = self.pkcs1_der();
        assert_eq!(der.len(), BEFORE_MODULUS + MODULUS_BYTES + 5);
        assert!(der.ends_with(&[2, 3, 1, 0, 1]));
        der[BEFORE_MODULUS..][..MODULUS_BYTES].to_vec()
    }

    pub fn pkcs1_der(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    pub fn spki_der(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    }
}

/// PEM without a final newline.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}
