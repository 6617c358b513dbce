//! V7: which key of a set may verify, when several have the name or one is for something else.

use doorway_lti::Rejection;
use doorway_lti::ids::KeyId;
use doorway_lti::key_set::{Algorithm, KeySet, KeySetError, MAX_KEYS};
use doorway_lti::rejection::KeyFault;
use serde_json::{Value, json};

use crate::support::*;

fn ec(key_id: &str) -> Value {
    // The public key of RFC 7515, Appendix A.3.
    json!({
        "kty": "EC", "crv": "P-256", "kid": key_id,
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

fn encrypting(key_id: &str) -> Value {
    ATTACKER.jwk_with(key_id, "use", "enc")
}

#[test]
fn two_keys_that_could_verify_are_one_too_many() {
    let (ours, theirs) = (PLATFORM.jwk(KEY_ID), ATTACKER.jwk(KEY_ID));
    for keys in [vec![ours.clone(), theirs.clone()], vec![theirs, ours.clone()], vec![ours.clone(), ours]] {
        let ambiguous = Rejection::KeyRefused(KeyFault::Ambiguous);
        Tool::with_keys(&keys).refuses("twice", good_token(), ambiguous);
    }
}

#[test]
fn a_key_for_something_else_may_share_the_id() {
    let weak = json!({ "kty": "RSA", "kid": KEY_ID, "n": base64url([0xff; 128]), "e": "AQAB" });
    for other in [ec(KEY_ID), encrypting(KEY_ID), weak, json!({ "kty": "OKP", "crv": "Ed25519", "kid": KEY_ID })] {
        for keys in [[PLATFORM.jwk(KEY_ID), other.clone()], [other.clone(), PLATFORM.jwk(KEY_ID)]] {
            let tool = Tool::with_keys(&keys);
            tool.accepts(&other.to_string(), good_token());
            let from_cache = Tool { keys: key_set(&tool.keys.to_json()), ..Tool::default() };
            from_cache.accepts("out of our own cache", good_token());
        }
    }
}

#[test]
fn a_key_that_is_not_for_signatures_is_refused() {
    let others: [(&str, Value); 9] = [
        ("use", json!("enc")),
        ("use", json!("SIG")),
        ("use", json!("")),
        ("use", json!(["sig"])),
        ("key_ops", json!(["encrypt"])),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!([])),
        ("key_ops", json!("verify")),
        ("key_ops", json!(["Verify"])),
    ];
    for (name, value) in others {
        let what = format!("{name}: {value}");
        let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, name, value)]);
        tool.refuses(&what, good_token(), Rejection::KeyRefused(KeyFault::NotForSignatures));
        assert_eq!(tool.keys.usable_keys(), 0, "{what}");
    }
}

#[test]
fn a_key_that_does_not_say_what_it_is_for_is_for_signatures() {
    for (name, value) in [
        ("use", Value::Null),
        ("key_ops", Value::Null),
        ("key_ops", json!(["verify"])),
        ("key_ops", json!(["sign", "verify"])),
    ] {
        Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, name, value)]).accepts(name, good_token());
    }
    let mut bare = PLATFORM.jwk(KEY_ID);
    bare.as_object_mut().unwrap().retain(|name, _| ["kty", "kid", "n", "e"].contains(&name.as_str()));
    Tool::with_keys(&[bare]).accepts("no use, no alg", good_token());
}

#[test]
fn a_key_of_another_type_is_refused() {
    let wrong = Rejection::KeyRefused(KeyFault::WrongAlgorithm);
    Tool::with_keys(&[ec(KEY_ID)]).refuses("EC for RS256", good_token(), wrong);
    for kty in ["oct", "OKP", "rsa", "", "AKP"] {
        let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "kty", kty)]);
        tool.refuses(kty, good_token(), Rejection::KeyIdUnknown);
    }
    let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "kty", "EC")]);
    tool.refuses("RSA material as EC", good_token(), Rejection::KeyRefused(KeyFault::Unreadable));
}

#[test]
fn an_unreadable_key_is_refused_and_spoils_no_other() {
    for (name, value) in [
        ("n", Value::Null),
        ("n", json!(7)),
        ("n", json!("not base64url!")),
        ("e", Value::Null),
        ("e", json!(65537)),
        ("e", json!("A+/=")),
    ] {
        let what = format!("{name}: {value}");
        let broken = PLATFORM.jwk_with(KEY_ID, name, value);
        let alone = Tool::with_keys(std::slice::from_ref(&broken));
        alone.refuses(&what, good_token(), Rejection::KeyRefused(KeyFault::Unreadable));
        let mut elsewhere = broken;
        elsewhere["kid"] = json!("broken");
        Tool::with_keys(&[elsewhere, json!(7), json!([]), PLATFORM.jwk(KEY_ID)]).accepts(&what, good_token());
    }
}

/// A key that must be refused is known, so that nobody asks the Platform for it again; it is not usable.
#[test]
fn a_set_tells_what_it_knows_and_what_it_can_use() {
    let mut encrypting = encrypting("encrypting");
    encrypting["alg"] = json!("RSA-OAEP");
    let keys = key_set(&json!({ "keys": [PLATFORM.jwk(KEY_ID), ec("curve"), encrypting] }));
    for (key_id, known) in [(KEY_ID, true), ("curve", true), ("encrypting", true), ("other", false)] {
        assert_eq!(keys.knows(&KeyId::try_from(key_id).unwrap()), known, "{key_id}");
    }
    assert_eq!(keys.usable_keys(), 2);
    let counted =
        [Algorithm::RS256, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384].map(|one| keys.keys_for(one));
    assert_eq!(counted, [1, 0, 1, 0]);
}

#[test]
fn what_a_key_is_declared_for_outlives_our_own_cache() {
    let keys = key_set(&json!({ "keys": [PLATFORM.jwk_with(KEY_ID, "alg", "RS512")] }));
    let from_cache = Tool { keys: key_set(&keys.to_json()), ..Tool::default() };
    from_cache.refuses("RS512", good_token(), Rejection::KeyRefused(KeyFault::WrongAlgorithm));
}

#[test]
fn stray_padding_in_a_key_is_tolerated() {
    let padded = PLATFORM.jwk_with(KEY_ID, "n", format!("{}==", base64url(PLATFORM.modulus())));
    Tool::with_keys(&[padded]).accepts("as in the Security Framework's own example", good_token());
}

#[test]
fn a_byte_order_mark_before_a_key_set_is_let_pass() {
    let document = json!({ "keys": [PLATFORM.jwk(KEY_ID)] });
    let keys = KeySet::parse(format!("\u{feff}{document}").as_bytes()).unwrap();
    assert_eq!(keys.usable_keys(), 1);
    assert!(KeySet::parse(format!("\u{feff}\u{feff}{document}").as_bytes()).is_err(), "one is a mark, two are text");
}

#[test]
fn only_the_first_keys_of_a_long_set_are_read() {
    let mut keys: Vec<Value> = (1..MAX_KEYS).map(|number| ec(&format!("other-{number}"))).collect();
    keys.push(PLATFORM.jwk(KEY_ID));
    Tool::with_keys(&keys).accepts("the last one read", good_token());
    keys.insert(0, ec("one-more"));
    Tool::with_keys(&keys).refuses("the first one not read", good_token(), Rejection::KeyIdUnknown);
}

#[test]
fn a_document_that_is_no_key_set_is_no_key_set() {
    for text in ["{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, r#"{"keys":"[]"}"#, r#"{"kty":"RSA"}"#] {
        assert_eq!(KeySet::parse(text.as_bytes()).err(), Some(KeySetError::NoKeys), "{text}");
    }
    for text in ["", "[]", "<html>", r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kid":"a","kid":"b"}]}"#] {
        assert!(matches!(KeySet::parse(text.as_bytes()), Err(KeySetError::Json(_))), "{text}");
    }
    Tool::with_keys(&[]).refuses("an empty set", good_token(), Rejection::KeyIdUnknown);
}
