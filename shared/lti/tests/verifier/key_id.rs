//! V5 and V6: `kid` names one key of this Platform's set, and does nothing else.

use doorway_lti::Rejection;
use doorway_lti::rejection::Malformed;
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn a_token_without_a_key_id_is_refused_even_if_there_is_only_one_key() {
    refuses("absent", &token_headed(&header_without("kid")), Rejection::KeyIdMissing);
    refuses("null", &token_headed(&header_with("kid", Value::Null)), Rejection::KeyIdMissing);
    refuses("empty", &token_headed(&header_with("kid", "")), Rejection::KeyIdMissing);
}

#[test]
fn a_key_without_an_id_never_verifies() {
    for key_id in [Value::Null, json!(""), json!(7), json!(["a"]), json!("a\u{0}"), json!("k".repeat(256))] {
        let tool = Tool::with_keys(&[PLATFORM.jwk_with("", "kid", key_id.clone())]);
        assert_eq!(tool.keys.usable_keys(), 0);
        tool.refuses("any id", good_token(), Rejection::KeyIdUnknown);
        tool.refuses("no id", &token_headed(&header_without("kid")), Rejection::KeyIdMissing);
    }
}

#[test]
fn a_key_id_is_only_compared() {
    for key_id in [
        "../../dev/null",
        "../../../../../../etc/passwd",
        "' OR 1=1 --",
        "' UNION SELECT 'key",
        "https://evil.example/jwks.json",
        "LMS-KEY-7",
        "lms-key-",
        "lms-key-7 ",
        " lms-key-7",
        "lms-key-77",
        "0",
        "*",
        "lms\u{2010}key\u{2010}7",
    ] {
        refuses(key_id, &token_headed(&header_with("kid", key_id)), Rejection::KeyIdUnknown);
    }
}

#[test]
fn a_key_id_that_is_no_identifier_is_refused() {
    for key_id in [
        json!(7),
        json!(0.5),
        json!([KEY_ID]),
        json!({ "kid": KEY_ID }),
        json!(true),
        json!("\u{0}"),
        json!("lms-key-7\u{0}"),
        json!("lms-key-7\nkid=other"),
        json!("\u{1b}[31m"),
        json!("k".repeat(256)),
        json!("k".repeat(60_000)),
    ] {
        refuses("kid", &token_headed(&header_with("kid", key_id)), Malformed::KeyIdNotAnId);
    }
    let megabyte = token_headed(&header_with("kid", "k".repeat(1_000_000)));
    refuses("a megabyte", &megabyte, Malformed::TooLong);
}

#[test]
fn the_longest_key_id_is_accepted() {
    let key_id = "k".repeat(255);
    let token = token_headed(&header_with("kid", key_id.as_str()));
    Tool::with_keys(&[PLATFORM.jwk(&key_id)]).accepts("255 bytes", &token);
}

#[test]
fn keys_belong_to_one_platform() {
    let other_platform = Tool::with_keys(&[ATTACKER.jwk("other-key-1")]);
    let token = ATTACKER.token(&header_with("kid", "other-key-1"), &good());
    other_platform.accepts("its own", &token);
    refuses("the kid of another Platform", &token, Rejection::KeyIdUnknown);

    let same_id = Tool::with_keys(&[ATTACKER.jwk(KEY_ID)]);
    same_id.refuses("the same kid, another key", good_token(), Rejection::SignatureInvalid);
    let token = ATTACKER.token(&header(), &good());
    same_id.accepts("its own, same kid", &token);
    refuses("another key, the same kid", &token, Rejection::SignatureInvalid);
}

#[test]
fn the_named_key_is_used_and_no_other_is_tried() {
    let tool = Tool::with_keys(&[ATTACKER.jwk("old"), PLATFORM.jwk(KEY_ID)]);
    tool.accepts("the second key", good_token());
    let misnamed = token_headed(&header_with("kid", "old"));
    tool.refuses("signed by the other key", &misnamed, Rejection::SignatureInvalid);
}
