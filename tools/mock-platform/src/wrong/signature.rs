//! Tokens whose signature is wrong.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::apply::GoodLaunch;
use super::fault::SignatureFault;
use super::payload::parse;
use crate::key::{PlatformKey, signing_input};

/// The token with a wrong signature.
pub(super) fn token(fault: &SignatureFault, good: &GoodLaunch<'_>) -> String {
    let payload = good.claims.to_string();
    match fault {
        SignatureFault::Absent { alg } => {
            let header = json!({"typ": "JWT", "alg": alg, "kid": good.key.key_id()});
            format!("{}.", signing_input(&header.to_string(), &payload))
        }
        SignatureFault::HmacWithPublicKey => hmac_with_public_key(good.key, &payload),
        SignatureFault::StrangersKey => good.stranger.token(&good.key.header().to_string(), &payload),
        SignatureFault::BitFlipped => bit_flipped(good.key, &payload),
        SignatureFault::PartsAdded(parts) => format!("{}{parts}", good.key.id_token(good.claims)),
        SignatureFault::PayloadChangedAfterwards { claim, json } => {
            let mut claims = good.claims.clone();
            claims[*claim] = parse(json);
            let header = good.key.header().to_string();
            let signature = good.key.sign(signing_input(&header, &payload).as_bytes());
            joined(&signing_input(&header, &claims.to_string()), &signature)
        }
    }
}

/// What a verifier accepts that lets the header choose the algorithm and hands it the public key as the secret.
fn hmac_with_public_key(key: &PlatformKey, payload: &str) -> String {
    let header = json!({"typ": "JWT", "alg": "HS256", "kid": key.key_id()});
    let input = signing_input(&header.to_string(), payload);
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public_pem().as_bytes());
    let tag = hmac::sign(&secret, input.as_bytes());
    joined(&input, tag.as_ref())
}

fn bit_flipped(key: &PlatformKey, payload: &str) -> String {
    let input = signing_input(&key.header().to_string(), payload);
    let mut signature = key.sign(input.as_bytes());
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
    joined(&input, &signature)
}

fn joined(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}
