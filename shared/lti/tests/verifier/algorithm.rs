//! V1, V2, V3: the algorithm is one that was agreed, whatever the header, the key set or the signature suggest.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_lti::Rejection;
use doorway_lti::key_set::Algorithm;
use doorway_lti::rejection::{KeyFault, Malformed};
use serde_json::{Value, json};

use crate::support::*;

fn refused(name: &str) -> Rejection {
    Rejection::AlgorithmRefused(name.to_owned())
}

fn with_signature(header: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signing_input = format!("{}.{}", base64url(header.to_string()), base64url(good().to_string()));
    let signature = sign(signing_input.as_bytes());
    format!("{signing_input}.{}", base64url(signature))
}

#[test]
fn none_is_refused_in_every_spelling() {
    for name in ["none", "None", "NONE", "nOnE", " none", "none ", ""] {
        let token = token_headed(&header_with("alg", name));
        let (header, payload, _) = parts(&token);
        refuses(name, &token, refused(name));
        refuses(name, &format!("{header}.{payload}.AA"), refused(name));
        refuses(name, &format!("{header}.{payload}."), not_base64url("signature"));
        refuses(name, &format!("{header}.{payload}"), Malformed::NotThreeParts);
    }
}

#[test]
fn a_name_that_only_resembles_the_agreed_one_is_refused() {
    for name in ["rs256", "Rs256", "RS256 ", " RS256", "RS-256", "RS2560", "RS25", "RSA256", "SHA256withRSA"] {
        refuses(name, &token_headed(&header_with("alg", name)), refused(name));
    }
    refuses("null byte", &token_headed(&header_with("alg", "RS256\u{0}")), refused("RS256\u{fffd}"));
    refuses("long", &token_headed(&header_with("alg", "R".repeat(999))), refused(&"R".repeat(64)));
}

#[test]
fn an_algorithm_that_is_no_text_is_refused() {
    refuses("absent", &token_headed(&header_without("alg")), Malformed::NoAlgorithm);
    for value in [json!(null), json!(["RS256"]), json!(256), json!({ "RS256": 1 }), json!(true)] {
        refuses(&value.to_string(), &token_headed(&header_with("alg", value)), Malformed::NoAlgorithm);
    }
}

/// Every form in which a public key could be handed to an HMAC.
fn public_key_as_secret() -> Vec<(&'static str, Vec<u8>)> {
    let (spki, pkcs1) = (PLATFORM.spki_der(), PLATFORM.pkcs1_der().to_vec());
    let spki_pem = pem("PUBLIC KEY", &spki);
    let pkcs1_pem = pem("RSA PUBLIC KEY", &pkcs1);
    let jwk = PLATFORM.jwk(KEY_ID);
    vec![
        ("SPKI PEM", spki_pem.clone().into_bytes()),
        ("SPKI PEM and newline", format!("{spki_pem}\n").into_bytes()),
        ("PKCS#1 PEM", pkcs1_pem.clone().into_bytes()),
        ("PKCS#1 PEM and newline", format!("{pkcs1_pem}\n").into_bytes()),
        ("SPKI DER", spki),
        ("PKCS#1 DER", pkcs1),
        ("JWK", jwk.to_string().into_bytes()),
        ("JWK Set", json!({ "keys": [jwk] }).to_string().into_bytes()),
        ("base64url modulus", base64url(PLATFORM.modulus()).into_bytes()),
        ("base64 modulus", STANDARD.encode(PLATFORM.modulus()).into_bytes()),
        ("modulus", PLATFORM.modulus()),
        ("nothing", Vec::new()),
    ]
}

#[test]
fn the_public_key_is_never_a_shared_secret() {
    let variants = [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)];
    for (form, secret) in public_key_as_secret() {
        for (name, algorithm) in variants {
            let key = hmac::Key::new(algorithm, &secret);
            let sign = |input: &[u8]| hmac::sign(&key, input).as_ref().to_vec();
            refuses(form, &with_signature(&header_with("alg", name), sign), refused(name));
            refuses(form, &with_signature(&header(), sign), Rejection::SignatureInvalid);
        }
    }
}

#[test]
fn no_registration_can_agree_on_hmac_pss_or_none() {
    for name in ["none", "HS256", "HS384", "HS512", "PS256", "PS384", "PS512", "ES512", "ES256K", "EdDSA", "RS1"] {
        assert_eq!(Algorithm::from_name(name), None, "{name}");
    }
    for algorithm in EVERY_ALGORITHM {
        assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
    }
}

const EVERY_ALGORITHM: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];

#[test]
fn pss_with_the_platforms_own_rsa_key_is_refused() {
    let variants: [(&str, &'static dyn RsaEncoding); 3] =
        [("PS256", &RSA_PSS_SHA256), ("PS384", &RSA_PSS_SHA384), ("PS512", &RSA_PSS_SHA512)];
    let tool = Tool { agreed: EVERY_ALGORITHM.to_vec(), ..Tool::default() };
    for (name, encoding) in variants {
        let sign = |input: &[u8]| PLATFORM.sign(encoding, input);
        tool.refuses(name, &with_signature(&header_with("alg", name), sign), refused(name));
        tool.refuses(name, &with_signature(&header(), sign), Rejection::SignatureInvalid);
    }
}

#[test]
fn an_algorithm_is_accepted_only_where_it_was_agreed() {
    let variants: [(&str, Algorithm, &'static dyn RsaEncoding); 2] =
        [("RS384", Algorithm::RS384, &RSA_PKCS1_SHA384), ("RS512", Algorithm::RS512, &RSA_PKCS1_SHA512)];
    for (name, algorithm, encoding) in variants {
        let token = with_signature(&header_with("alg", name), |input| PLATFORM.sign(encoding, input));
        let keys = || key_set(&json!({ "keys": [PLATFORM.jwk_with(KEY_ID, "alg", name)] }));
        Tool { keys: keys(), ..Tool::default() }.refuses(name, &token, refused(name));
        Tool { keys: keys(), agreed: vec![algorithm], ..Tool::default() }.accepts(name, &token);
        let nothing_agreed = Tool { keys: keys(), agreed: Vec::new(), ..Tool::default() };
        nothing_agreed.refuses(name, &token, refused(name));
    }
}

#[test]
fn a_signature_of_another_digest_does_not_verify() {
    let tool = Tool { agreed: EVERY_ALGORITHM.to_vec(), ..Tool::default() };
    let token = with_signature(&header(), |input| PLATFORM.sign(&RSA_PKCS1_SHA512, input));
    tool.refuses("SHA-512 under RS256", &token, Rejection::SignatureInvalid);
}

#[test]
fn elliptic_curves_verify_where_they_were_agreed() {
    let curves = [
        ("ES256", Algorithm::ES256, "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
        ("ES384", Algorithm::ES384, "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
    ];
    for (name, algorithm, curve, signing) in curves {
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at((point.len() - 1) / 2);
        let jwk = json!({ "kty": "EC", "crv": curve, "kid": KEY_ID, "x": base64url(x), "y": base64url(y) });
        let sign = |input: &[u8]| pair.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec();
        let token = with_signature(&header_with("alg", name), sign);

        let tool = Tool { agreed: vec![Algorithm::RS256, algorithm], ..Tool::with_keys(std::slice::from_ref(&jwk)) };
        tool.accepts(name, &token);
        Tool::with_keys(&[jwk]).refuses("not agreed", &token, refused(name));
        tool.refuses("an EC key for RS256", good_token(), Rejection::KeyRefused(KeyFault::WrongAlgorithm));
    }
}

#[test]
fn a_curve_is_for_its_own_algorithm_alone() {
    let curves = [("P-256", 32, Some(Algorithm::ES256)), ("P-384", 48, Some(Algorithm::ES384)), ("P-521", 66, None)];
    for (curve, size_bytes, own) in curves {
        let [x, y] = [1, 2].map(|byte| base64url(vec![byte; size_bytes]));
        let keys = key_set(&json!({ "keys": [{ "kty": "EC", "crv": curve, "kid": KEY_ID, "x": x, "y": y }] }));
        for algorithm in EVERY_ALGORITHM {
            let fitting = usize::from(own == Some(algorithm));
            assert_eq!(keys.keys_for(algorithm), fitting, "{curve}, {}", algorithm.name());
        }
    }
}

#[test]
fn the_key_set_cannot_widen_what_was_agreed() {
    let secret = b"a secret that the key set hands out".as_slice();
    let oct = json!({ "kty": "oct", "alg": "HS256", "use": "sig", "kid": KEY_ID, "k": base64url(secret) });
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let hmac_token = with_signature(&header_with("alg", "HS256"), |input| hmac::sign(&key, input).as_ref().to_vec());
    let only_oct = Tool::with_keys(std::slice::from_ref(&oct));
    only_oct.refuses("HS256 by an oct key", &hmac_token, refused("HS256"));
    only_oct.refuses("RS256 with an oct key", good_token(), Rejection::KeyIdUnknown);
    Tool::with_keys(&[oct, PLATFORM.jwk(KEY_ID)]).accepts("an oct key beside the right one", good_token());
}

#[test]
fn a_key_declared_for_another_algorithm_is_refused() {
    for declared in [json!("PS256"), json!("HS256"), json!("RS512"), json!("RSA-OAEP"), json!("none"), json!("rs256")] {
        declared_is_refused(declared);
    }
    for declared in [json!(""), json!(256), json!(["RS256"]), json!({}), json!(false)] {
        declared_is_refused(declared);
    }
    Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "alg", Value::Null)]).accepts("no declaration", good_token());
}

fn declared_is_refused(declared: Value) {
    let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "alg", declared.clone())]);
    tool.refuses(&declared.to_string(), good_token(), Rejection::KeyRefused(KeyFault::WrongAlgorithm));
}
