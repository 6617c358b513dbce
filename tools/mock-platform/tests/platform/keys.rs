//! Keys, key sets and signatures.

use doorway_mock_platform::{PlatformKey, jwks};
use serde_json::json;

use crate::support::{Browser, KEY, STRANGER, header_of, is_signed_by};

#[test]
fn a_token_is_verified_with_the_published_key_and_with_no_other() {
    let token = KEY.id_token(&json!({"iss": "https://maple.example"}));
    assert!(is_signed_by(&token, &KEY.public_jwk()));
    assert!(!is_signed_by(&token, &STRANGER.public_jwk()));
}

#[test]
fn a_header_names_type_algorithm_and_key() {
    let header = header_of(&KEY.id_token(&json!({})));
    assert_eq!(header, json!({"typ": "JWT", "alg": "RS256", "kid": KEY.key_id()}));
}

#[test]
fn a_key_id_is_twenty_hexadecimal_digits_and_comes_from_the_key() {
    assert_eq!(KEY.key_id().len(), 20);
    assert!(KEY.key_id().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(KEY.key_id(), STRANGER.key_id());
}

#[test]
fn a_key_survives_its_pkcs8_form() {
    let again = PlatformKey::from_pkcs8(&KEY.to_pkcs8()).unwrap();
    assert_eq!(again.public_jwk(), KEY.public_jwk());
    assert!(is_signed_by(&again.id_token(&json!({})), &KEY.public_jwk()));
}

#[test]
fn bytes_that_are_no_key_are_refused() {
    for bytes in [&b""[..], b"-----BEGIN PRIVATE KEY-----", &KEY.to_pkcs8()[1..]] {
        assert!(PlatformKey::from_pkcs8(bytes).is_err());
    }
}

#[test]
fn a_key_can_have_any_key_id() {
    let key = PlatformKey::from_pkcs8(&KEY.to_pkcs8()).unwrap().with_key_id("another");
    assert_eq!(key.key_id(), "another");
    assert_eq!(header_of(&key.id_token(&json!({})))["kid"], "another");
    assert_eq!(key.public_jwk()["kid"], "another");
}

#[test]
fn a_jwk_has_the_six_members_and_a_modulus_of_2048_bits() {
    let jwk = KEY.public_jwk();
    let members: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members.len(), 6);
    for (name, value) in [("kty", "RSA"), ("use", "sig"), ("alg", "RS256"), ("e", "AQAB")] {
        assert_eq!(jwk[name], value);
    }
    assert_eq!(jwk["n"].as_str().unwrap().len(), 342);
}

#[test]
fn header_and_payload_are_signed_as_they_are_written() {
    let token = KEY.token(r#"{ "alg" : 1 }"#, "no JSON");
    assert!(token.starts_with("eyAiYWxnIiA6IDEgfQ.bm8gSlNPTg."));
    assert!(is_signed_by(&token, &KEY.public_jwk()));
}

#[test]
fn a_public_key_as_pem_has_lines_of_64_characters() {
    let pem = KEY.public_pem();
    let lines: Vec<_> = pem.lines().collect();
    assert_eq!(lines.first(), Some(&"-----BEGIN PUBLIC KEY-----"));
    assert_eq!(lines.last(), Some(&"-----END PUBLIC KEY-----"));
    assert!(lines[1..lines.len() - 2].iter().all(|line| line.len() == 64));
    assert!((1..=64).contains(&lines[lines.len() - 2].len()));
}

#[test]
fn a_key_set_lists_its_keys_in_their_order() {
    assert_eq!(jwks(&[&KEY, &STRANGER]), json!({"keys": [KEY.public_jwk(), STRANGER.public_jwk()]}));
}

#[tokio::test]
async fn the_platform_publishes_its_key_and_may_be_cached() {
    let page = Browser::new().get("/platform/jwks.json").await;
    let keys: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(keys, jwks(&[&KEY]));
    assert_eq!(page.headers["content-type"], "application/json");
    assert_eq!(page.headers["cache-control"], "public, max-age=300");
}
