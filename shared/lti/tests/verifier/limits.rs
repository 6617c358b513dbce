//! V15: what is too long, too deep or too much is refused before it costs anything.

use doorway_lti::id_token::MAX_ID_TOKEN_BYTES;
use doorway_lti::json::{JsonError, MAX_DEPTH, MAX_VALUES};
use doorway_lti::key_set::{KeySet, KeySetError};
use doorway_lti::rejection::Malformed;
use serde_json::{Value, json};

use crate::support::*;

/// The good token, made longer by a claim until it has about `bytes`.
fn padded_to(bytes: usize) -> String {
    let missing = bytes - good_token().len();
    let step = "0".repeat(missing * 3 / 4 - 16);
    (0..24).map(|more| token(&with("x", format!("{step}{}", "0".repeat(more))))).rfind(|t| t.len() <= bytes).unwrap()
}

/// The good claims with a claim of raw JSON.
fn token_with_raw(json: &str) -> String {
    let claims = good().to_string();
    let payload = format!("{},\"x\":{json}}}", &claims[..claims.len() - 1]);
    PLATFORM.token_raw(header().to_string(), payload)
}

#[test]
fn a_token_of_the_greatest_length_is_accepted_and_no_longer_one() {
    let longest = padded_to(MAX_ID_TOKEN_BYTES);
    assert!(longest.len() > MAX_ID_TOKEN_BYTES - 4);
    accepts("longest", &longest);
    let signature = parts(&longest).2;
    let one_more = format!("{longest}{}", "A".repeat(MAX_ID_TOKEN_BYTES + 1 - longest.len()));
    assert!(signature.len() < one_more.len());
    refuses("one byte more", &one_more, Malformed::TooLong);
    refuses("ten megabytes", &token(&with("x", "0".repeat(10_000_000))), Malformed::TooLong);
    refuses("ten megabytes of dots", &".".repeat(10_000_000), Malformed::TooLong);
}

#[test]
fn a_million_roles_are_too_long() {
    let token = token(&with(doorway_lti::claim::ROLES, vec!["Learner"; 1_000_000]));
    refuses("roles", &token, Malformed::TooLong);
}

#[test]
fn nesting_is_bounded_in_payload_and_header() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let too_deep = |part| Malformed::NotJson(part, JsonError::TooDeep);
    accepts("deepest", &token_with_raw(&nested(MAX_DEPTH - 1)));
    for depth in [MAX_DEPTH, 127, 128, 129, 1000, 45_000] {
        refuses("too deep", &token_with_raw(&nested(depth)), too_deep("payload"));
    }
    refuses("never closed", &token_with_raw(&"[".repeat(90_000)), too_deep("payload"));
    refuses("objects", &token_with_raw(&"{\"a\":".repeat(15_000)), too_deep("payload"));
    let header = format!(r#"{{"alg":"RS256","kid":"{KEY_ID}","x":{}}}"#, nested(MAX_DEPTH));
    refuses("header", &PLATFORM.token_raw(header, good().to_string()), too_deep("header"));
    refuses("a hundred thousand", &token_with_raw(&nested(100_000)), Malformed::TooLong);
}

/// How many values a document holds, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

#[test]
fn the_number_of_values_is_bounded() {
    let most = MAX_VALUES - count(&good()) - 1;
    let ones = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
    accepts("most", &token_with_raw(&ones(most)));
    let too_many = || Malformed::NotJson("payload", JsonError::TooMany);
    refuses("one more", &token_with_raw(&ones(most + 1)), too_many());
    refuses("many more", &token_with_raw(&ones(45_000)), too_many());
}

#[test]
fn giant_numbers_are_read_in_bounded_time() {
    let digits = token_with_raw(&"9".repeat(80_000));
    let rejection = Tool::default().launch(&digits).err().unwrap();
    assert_eq!(rejection.code(), "token_malformed");
    accepts("many decimals", &token_with_raw(&format!("0.{}", "3".repeat(80_000))));
    accepts("a small exponent", &token_with_raw("1e-99999"));
}

#[test]
fn a_key_set_is_bounded_too() {
    let deep = format!(r#"{{"keys":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(KeySet::parse(deep.as_bytes()).err(), Some(KeySetError::Json(JsonError::TooDeep)));
    let many = json!({ "keys": vec![json!({}); MAX_VALUES] }).to_string();
    assert_eq!(KeySet::parse(many.as_bytes()).err(), Some(KeySetError::Json(JsonError::TooMany)));
}
