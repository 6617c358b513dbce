//! Making tokens that no Platform would.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use doorway_mock_platform::PlatformKey;
use serde_json::Value;

/// How many bytes of a 2048-bit RSA key's SubjectPublicKeyInfo stand before its PKCS #1 form.
const BEFORE_PKCS1: usize = 24;

/// Base64url without padding.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What [`base64url`] wrote.
pub fn unbase64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("the text is base64url")
}

/// A compact JWS with this header, signed by HMAC with `secret`.
pub fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let input = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{input}.{}", base64url(hmac::sign(&key, input.as_bytes())))
}

/// The public key as DER: SubjectPublicKeyInfo and PKCS #1.
pub fn public_der(key: &PlatformKey) -> (Vec<u8>, Vec<u8>) {
    let text: String = key.public_pem().lines().filter(|line| !line.starts_with('-')).collect();
    let spki = STANDARD.decode(text).expect("a PEM document is base64");
    let pkcs1 = spki[BEFORE_PKCS1..].to_vec();
    (spki, pkcs1)
}

/// DER as PEM, without a final newline.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}
