//! V13: security claims have exactly their types. Nothing is coerced, and the wrong type is never "absent".

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::id_token::AnonymousLaunches;
use doorway_lti::rejection::AudienceFault;
use serde_json::{Value, json};

use crate::support::*;

const AUDIENCE: &str = "a string or a non-empty array of strings";
const MOMENT: &str = "a number of seconds since 1970, not after 9999";
const SHORT_TEXT: &str = "1 to 255 bytes without control characters";

fn invalid(claim: &'static str, expected: &'static str) -> Rejection {
    Rejection::ClaimInvalid { claim, expected }
}

fn audience(fault: AudienceFault) -> Rejection {
    Rejection::AudienceMismatch { expected: CLIENT_ID.to_owned(), fault }
}

/// Values of every JSON type but string and null.
fn no_strings() -> Vec<Value> {
    vec![
        json!(1),
        json!(1.5),
        json!(-1),
        json!(true),
        json!(false),
        json!([]),
        json!(["x"]),
        json!({}),
        json!({ "x": 1 }),
    ]
}

#[test]
fn texts_are_strings() {
    for name in ["iss", "nonce", "sub", claim::DEPLOYMENT_ID, claim::VERSION, claim::MESSAGE_TYPE, "azp"] {
        for value in no_strings() {
            refuses(&format!("{name}: {value}"), &token(&with(name, value)), not_a_string(name));
        }
    }
}

#[test]
fn a_right_text_in_a_list_or_as_a_number_is_wrong() {
    for (name, value) in [
        ("iss", json!([ISSUER])),
        ("nonce", json!([NONCE])),
        ("sub", json!(["a6d5c443-1f51-4783-ba1a-7686ffe3b54a"])),
        ("azp", json!([CLIENT_ID])),
        ("azp", json!(10_000_000_000_123_u64)),
        (claim::DEPLOYMENT_ID, json!(2)),
        (claim::VERSION, json!(["1.3.0"])),
        (claim::VERSION, json!(1.3)),
        (claim::MESSAGE_TYPE, json!(["LtiResourceLinkRequest"])),
    ] {
        refuses(&format!("{name}: {value}"), &token(&with(name, value)), not_a_string(name));
    }
}

#[test]
fn a_null_claim_is_a_missing_claim() {
    for name in [
        "iss",
        "aud",
        "exp",
        "iat",
        "nonce",
        claim::MESSAGE_TYPE,
        claim::VERSION,
        claim::DEPLOYMENT_ID,
        claim::TARGET_LINK_URI,
        claim::RESOURCE_LINK,
        claim::ROLES,
    ] {
        let missing = || Rejection::ClaimsMissing(vec![name]);
        refuses(name, &token(&with(name, Value::Null)), missing());
        refuses(name, &token(&without(name)), missing());
    }
    refuses("sub", &token(&with("sub", Value::Null)), Rejection::UserMissing);
    refuses("sub", &token(&without("sub")), Rejection::UserMissing);
}

#[test]
fn every_missing_claim_is_named_at_once() {
    let missing = Rejection::ClaimsMissing(vec![
        "iss",
        "aud",
        "exp",
        "iat",
        "nonce",
        claim::MESSAGE_TYPE,
        claim::VERSION,
        claim::DEPLOYMENT_ID,
        claim::TARGET_LINK_URI,
        claim::RESOURCE_LINK,
        claim::ROLES,
        "sub",
    ]);
    refuses("nothing", &token(&json!({})), missing);
}

#[test]
fn the_audience_is_a_string_or_strings() {
    for value in [
        json!(10_000_000_000_123_u64),
        json!(true),
        json!([]),
        json!({}),
        json!({ "0": CLIENT_ID }),
        json!([10_000_000_000_123_u64]),
        json!([CLIENT_ID, null]),
        json!([CLIENT_ID, 1]),
        json!([[CLIENT_ID]]),
        json!([{ "aud": CLIENT_ID }]),
    ] {
        refuses(&value.to_string(), &token(&with("aud", value)), invalid("aud", AUDIENCE));
    }
    for value in [json!(CLIENT_ID), json!([CLIENT_ID]), json!([CLIENT_ID, CLIENT_ID])] {
        launch(&with("aud", value));
    }
}

#[test]
fn the_audience_is_us_and_nobody_else() {
    for value in [json!(""), json!("other"), json!(["other"]), json!([""]), json!(format!("{CLIENT_ID},other"))] {
        refuses(&value.to_string(), &token(&with("aud", value)), audience(AudienceFault::NotNamed));
    }
    for value in [json!([CLIENT_ID, "other"]), json!(["other", CLIENT_ID]), json!([CLIENT_ID, ""])] {
        refuses(&value.to_string(), &token(&with("aud", value)), audience(AudienceFault::OthersNamed));
    }
    for value in ["", "other", "10000000000123 "] {
        refuses(value, &token(&with("azp", value)), audience(AudienceFault::AuthorizedParty));
    }
    for value in [Value::Null, json!(1), json!([CLIENT_ID])] {
        refuses(&value.to_string(), &token(&with("azp", value)), invalid("azp", "a string"));
    }
    launch(&without("azp"));
}

/// Values that are no moment.
fn no_moments() -> Vec<Value> {
    vec![
        json!((NOW + 300).to_string()),
        json!("NaN"),
        json!("never"),
        json!(""),
        json!("2027-01-15T08:00:00Z"),
        json!(true),
        json!([NOW + 300]),
        json!({}),
        json!(-1),
        json!(-0.5),
        json!(i64::MIN),
        json!(253_402_300_800_u64),
        json!(u64::MAX),
        json!(1e300),
        json!(-1e300),
    ]
}

#[test]
fn times_are_numbers_within_the_calendar() {
    for name in ["exp", "iat", "nbf"] {
        for value in no_moments() {
            refuses(&format!("{name}: {value}"), &token(&with(name, value)), invalid(name, MOMENT));
        }
    }
    refuses("nbf: null", &token(&with("nbf", Value::Null)), invalid("nbf", MOMENT));
}

#[test]
fn numbers_that_no_machine_holds_are_refused() {
    let exp = format!("\"exp\":{}", NOW + 300);
    for (text, code) in [
        ("18446744073709551616", "claim_invalid"),
        ("99999999999999999999999999", "claim_invalid"),
        ("1e308", "claim_invalid"),
        ("1e309", "token_malformed"),
        ("1e400", "token_malformed"),
        ("-1e400", "token_malformed"),
        ("NaN", "token_malformed"),
        ("Infinity", "token_malformed"),
        ("0x77359400", "token_malformed"),
    ] {
        let claims = good().to_string().replace(&exp, &format!("\"exp\":{text}"));
        let rejection = Tool::default().launch(&PLATFORM.token_raw(header().to_string(), claims)).err();
        assert_eq!(rejection.map(|r| r.code()), Some(code), "{text}");
    }
    accepts("the good token afterwards", good_token());
}

#[test]
fn fractions_of_a_second_are_allowed() {
    launch(&changed(|claims| {
        claims["iat"] = json!(NOW as f64 - 0.25);
        claims["exp"] = json!(NOW as f64 + 0.5);
        claims["nbf"] = json!(NOW as f64);
    }));
    let claims = good().to_string().replace(&format!("\"iat\":{NOW}"), "\"iat\":1.8E9");
    accepts("an exponent", &PLATFORM.token_raw(header().to_string(), claims));
}

#[test]
fn the_user_is_somebody() {
    refuses("empty", &token(&with("sub", "")), Rejection::UserMissing);
    for value in ["u".repeat(256), "\u{0}".to_owned(), "a\nb".to_owned(), "\u{7f}".to_owned()] {
        refuses(&value, &token(&with("sub", value.as_str())), invalid("sub", SHORT_TEXT));
    }
    for value in ["u".repeat(255), "0".to_owned(), "null".to_owned(), "63778725::92ce".to_owned()] {
        assert_eq!(launch(&with("sub", value.as_str())).user_id.unwrap().as_str(), value);
    }
}

#[test]
fn an_anonymous_launch_is_a_decision_of_the_registration() {
    let tool = Tool { anonymous: AnonymousLaunches::Allowed, ..Tool::default() };
    for claims in [without("sub"), with("sub", Value::Null)] {
        assert_eq!(tool.accepts("anonymous", &token(&claims)).user_id, None);
    }
    assert!(tool.accepts("not anonymous", good_token()).user_id.is_some());
    tool.refuses("empty", &token(&with("sub", "")), Rejection::UserMissing);
    tool.refuses("number", &token(&with("sub", 0)), not_a_string("sub"));
}

#[test]
fn the_deployment_is_named() {
    for value in ["", "a\u{0}", &"d".repeat(256)] {
        let token = token(&with(claim::DEPLOYMENT_ID, value));
        refuses(value, &token, invalid(claim::DEPLOYMENT_ID, SHORT_TEXT));
    }
    for value in ["1", "4:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"] {
        assert_eq!(launch(&with(claim::DEPLOYMENT_ID, value)).deployment_id.as_str(), value);
    }
}

#[test]
fn the_nonce_is_the_one_of_this_login() {
    for value in ["", "other", "zx3kv0qq9dyw6mbnt1slha", "Zx3kV0Qq9dYw6mBnT1sLhA ", &NONCE[1..], &NONCE[..21]] {
        refuses(value, &token(&with("nonce", value)), Rejection::NonceMismatch);
    }
}

#[test]
fn the_version_is_exactly_1_3_0() {
    for value in ["", "1.3", "1.3.0 ", "11.3", "1.3.1", "LTI-1p0", "1.3.00", "\u{ff11}.3.0"] {
        refuses(value, &token(&with(claim::VERSION, value)), Rejection::VersionUnsupported);
    }
}
