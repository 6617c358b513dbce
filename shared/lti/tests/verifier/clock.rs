//! V17: the times, exactly at each boundary and one second beside it. The leeway is 60 seconds.

use doorway_lti::Rejection;
use serde_json::{Value, json};

use crate::support::*;

/// The good token, seen `seconds` after it was issued (before, when negative). It expires after 300.
#[track_caller]
fn seen(seconds: i64, leeway_seconds: u32) -> Result<(), Rejection> {
    let tool = Tool { now: NOW.checked_add_signed(seconds).unwrap(), leeway_seconds, ..Tool::default() };
    tool.verify(good_token()).map(drop)
}

fn expired(by_seconds: u64) -> Rejection {
    Rejection::Expired { by_seconds, leeway_seconds: 60 }
}

fn not_yet(claim: &'static str, ahead_seconds: u64) -> Rejection {
    Rejection::NotYetValid { claim, ahead_seconds, leeway_seconds: 60 }
}

#[test]
fn a_token_is_valid_until_its_expiry_and_the_leeway() {
    for seconds in [0, 299, 300, 301, 359] {
        assert_eq!(seen(seconds, 60), Ok(()), "{seconds}");
    }
    for (seconds, by_seconds) in [(360, 0), (361, 1), (3960, 3600)] {
        assert_eq!(seen(seconds, 60), Err(expired(by_seconds)), "{seconds}");
    }
}

#[test]
fn a_token_is_valid_from_its_issue_less_the_leeway() {
    for seconds in [-60, -59, -1] {
        assert_eq!(seen(seconds, 60), Ok(()), "{seconds}");
    }
    for (seconds, ahead) in [(-61, 1), (-62, 2), (-3660, 3600)] {
        assert_eq!(seen(seconds, 60), Err(not_yet("iat", ahead)), "{seconds}");
    }
}

#[test]
fn without_a_leeway_the_boundaries_are_the_claims() {
    for (seconds, accepted) in [(-1, false), (0, true), (299, true), (300, false)] {
        assert_eq!(seen(seconds, 0).is_ok(), accepted, "{seconds}");
    }
}

#[test]
fn the_leeway_is_the_registrations() {
    for (seconds, accepted) in [(-301, false), (-300, true), (599, true), (600, false)] {
        assert_eq!(seen(seconds, 300).is_ok(), accepted, "{seconds}");
    }
}

#[test]
fn fractions_count_at_the_boundary() {
    let now = NOW as f64;
    for (claims, expected) in [
        (with("iat", now + 60.0), Ok(())),
        (with("iat", now + 60.5), Err(not_yet("iat", 1))),
        (with("nbf", now + 60.5), Err(not_yet("nbf", 1))),
        (times(json!(NOW - 300), json!(now - 59.5)), Ok(())),
        (times(json!(NOW - 300), json!(now - 60.5)), Err(expired(0))),
    ] {
        assert_eq!(Tool::default().verify(&token(&claims)).map(drop), expected, "{claims}");
    }
}

fn times(iat: Value, exp: Value) -> Value {
    changed(|claims| {
        claims["iat"] = iat;
        claims["exp"] = exp;
    })
}

#[test]
fn not_before_is_respected_where_it_is_sent() {
    for (nbf, expected) in [
        (NOW - 3600, Ok(())),
        (NOW, Ok(())),
        (NOW + 60, Ok(())),
        (NOW + 61, Err(not_yet("nbf", 1))),
        (NOW + 3660, Err(not_yet("nbf", 3600))),
    ] {
        assert_eq!(Tool::default().verify(&token(&with("nbf", nbf))).map(drop), expected, "{nbf}");
    }
}

#[test]
fn a_token_that_expires_before_it_was_issued_is_refused() {
    let impossible = Rejection::ClaimInvalid { claim: "exp", expected: "not before `iat`" };
    refuses("exp < iat", &token(&times(json!(NOW + 30), json!(NOW + 29))), impossible);
    accepts("exp = iat", &token(&times(json!(NOW + 30), json!(NOW + 30))));
}

#[test]
fn lifetimes_of_real_platforms_are_accepted() {
    for (platform, iat, exp) in [
        ("Moodle: one minute", NOW, NOW + 60),
        ("Moodle, seen a minute later by a slow clock", NOW - 100, NOW - 40),
        ("the certification suite", NOW, NOW + 300),
        ("Schoology", NOW, NOW + 600),
        ("Open edX", NOW, NOW + 3600),
        ("Canvas: claims of when the login began", NOW - 900, NOW + 2700),
    ] {
        accepts(platform, &token(&times(json!(iat), json!(exp))));
    }
}

#[test]
fn the_first_and_the_last_second_are_moments() {
    refuses("exp: 0", &token(&times(json!(0), json!(0))), expired(NOW - 60));
    refuses("certification", &token(&times(json!(11_111), json!(22_222))), expired(NOW - 60 - 22_222));
    accepts("exp: the year 9999", &token(&with("exp", 253_402_300_799_u64)));
    refuses(
        "iat: the year 9999",
        &token(&with("iat", 253_402_300_799_u64)),
        not_yet("iat", 253_402_300_799 - NOW - 60),
    );
}

#[test]
fn the_order_of_the_checks_is_the_specifications() {
    // Everything is wrong; each repair uncovers the next fault.
    let mut claims = good();
    claims["iss"] = "https://evil.example".into();
    claims["aud"] = "other".into();
    claims["exp"] = (NOW - 3600).into();
    claims["nonce"] = "other".into();
    let mut codes = Vec::new();
    for (name, right) in
        [("iss", json!(ISSUER)), ("aud", json!(CLIENT_ID)), ("exp", json!(NOW + 300)), ("nonce", json!(NONCE))]
    {
        codes.push(Tool::default().launch(&token(&claims)).err().unwrap().code());
        claims[name] = right;
    }
    assert_eq!(codes, ["issuer_mismatch", "audience_mismatch", "token_expired", "nonce_mismatch"]);
    launch(&claims);
}
