//! Id tokens: as they come; and, so that the rules behind the signature are reached, with a header (first line) and claims
//! (the rest) that the Platform signs.

#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use doorway_fuzz_protocol::{CLIENT_ID, ISSUER, client_id, issuer};
use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::id_token::{AnonymousLaunches, Expected, UnixSeconds, UnverifiedIdToken, VerifiedIdToken};
use doorway_lti::json::parse_object;
use doorway_lti::key_set::{Algorithm, KeySet};
use doorway_lti::message::Launch;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const NONCE: &str = "nonce-1";
const NOW: u64 = 1_800_000_000;
const LEEWAY: u32 = 60;
const AGREED: [Algorithm; 2] = [Algorithm::RS256, Algorithm::ES256];

/// The Platform's key, made anew in every process: a found input is signed anew, too.
static KEY: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("there is randomness"));

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let point = KEY.public_key().as_ref();
    let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
    let set = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "key-1", "x": x, "y": y }] });
    KeySet::parse(set.to_string().as_bytes()).expect("it is a key set")
});

fn verify(token: &str) -> Result<VerifiedIdToken, Rejection> {
    let expected = Expected {
        issuer: &issuer(),
        client_id: &client_id(),
        nonce: NONCE,
        anonymous: AnonymousLaunches::Allowed,
        now: UnixSeconds(NOW),
        leeway_seconds: LEEWAY,
    };
    UnverifiedIdToken::parse(token, &AGREED)?.verify(&KEYS, &expected)
}

fn signed(header: &str, claims: &str) -> String {
    let input = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let signature = KEY.sign(&SystemRandom::new(), input.as_bytes()).expect("a key signs");
    format!("{input}.{}", BASE64.encode(signature))
}

/// What must be true of claims that were accepted, by a second reading of the rules.
fn check(header: &str, claims: &str, token: &VerifiedIdToken) {
    let header = parse_object(header.as_bytes()).expect("an accepted header is an object");
    assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &json!("key-1")));
    for refused in ["crit", "b64", "zip", "jku", "jwk", "x5u", "x5c"] {
        assert!(!header.contains_key(refused), "{refused}");
    }
    let claims = parse_object(claims.as_bytes()).expect("accepted claims are an object");
    assert_eq!(token.claims(), &claims);
    assert_eq!((&claims["iss"], &claims["nonce"]), (&json!(ISSUER), &json!(NONCE)));
    match &claims["aud"] {
        Value::Array(all) => assert!(!all.is_empty() && all.iter().all(|one| one == CLIENT_ID)),
        one => assert_eq!(one, CLIENT_ID),
    }
    assert!(claims.get("azp").is_none_or(|azp| azp == CLIENT_ID));
    let seconds = |name: &str| claims[name].as_f64().expect("a time is a number");
    let (now, leeway) = (NOW as f64, f64::from(LEEWAY));
    assert!(seconds("exp") + leeway > now && seconds("iat") <= now + leeway && seconds("iat") <= seconds("exp"));
    assert!(!claims.contains_key("nbf") || seconds("nbf") <= now + leeway);
    assert_eq!(claims[claim::VERSION], "1.3.0");
    assert_eq!(claims[claim::MESSAGE_TYPE], token.message_type().name());
    assert_eq!(claims[claim::DEPLOYMENT_ID], token.deployment_id().as_str());
    match token.user_id() {
        Some(user) => assert_eq!(claims["sub"], user.as_str()),
        None => assert!(claims.get("sub").is_none_or(Value::is_null)),
    }
}

fuzz_target!(|input: &str| {
    match verify(input) {
        Ok(_) => panic!("it was never signed"),
        Err(rejection) => assert!(!rejection.code().is_empty() && rejection.to_string().len() < 1000),
    }
    let Some((header, claims)) = input.split_once('\n') else { return };
    // What is refused before its signature is looked at need not be signed.
    let unsigned = format!("{}.{}.AAAA", BASE64.encode(header), BASE64.encode(claims));
    if UnverifiedIdToken::parse(&unsigned, &AGREED).is_err() {
        return;
    }
    let token = signed(header, claims);
    let Ok(verified) = verify(&token) else { return };
    check(header, claims, &verified);
    if let Ok(launch) = Launch::from_token(&verified) {
        assert_eq!(launch.message_type(), verified.message_type());
        let (issuer, client, deployment) =
            (launch.issuer.clone(), launch.client_id.clone(), launch.deployment_id.clone());
        let stored = Launch::from_stored_claims(issuer, client, deployment, verified.claims());
        assert_eq!(stored.ok().as_ref(), Some(&launch));
    }
    // The same token with one character changed, somewhere.
    let at = input.bytes().fold(input.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % token.len();
    let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
    assert!(verify(&changed).is_err(), "character {at}");
});
