//! What an answer means: grade digest §6 row by row, §7, Moodle 5.1.3.

use doorway_lti::ags::outcome::{Answer, Outcome, classify, words};
use doorway_lti::platform_family::PlatformFamily;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::*;

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer { status, reason: None, body: body.as_bytes(), rate_limit_remaining: None, www_authenticate: None }
}

fn outcome(family: PlatformFamily, status: u16, body: &str) -> Outcome {
    classify(&answer(status, body), family)
}

#[test]
fn statuses_that_mean_the_same_everywhere() {
    for family in FAMILIES {
        for (statuses, expected) in [
            (&[200, 201, 202, 204][..], Outcome::Done),
            (&[301, 302, 303, 304, 307, 308], Outcome::Redirected),
            (&[401], Outcome::TokenRefused),
            (&[429], Outcome::Throttled),
            (&[408, 425, 500, 502, 503, 504, 507, 520], Outcome::Transient),
            (&[409], Outcome::Stale),
            (&[404, 410], Outcome::NotFound),
            (&[400, 405, 406, 412, 413, 415, 422, 451], Outcome::Refused),
        ] {
            for status in statuses {
                assert_eq!(outcome(family, *status, ""), expected, "{status} of {family:?}");
            }
        }
    }
}

#[test]
fn canvas_throttles_with_403() {
    let canvas = PlatformFamily::Canvas;
    assert_eq!(outcome(canvas, 403, "403 Forbidden (Rate Limit Exceeded)\n"), Outcome::Throttled);
    let left = |remaining| Answer { rate_limit_remaining: Some(remaining), ..answer(403, "") };
    for remaining in [0.0, 0.97, -3.5] {
        assert_eq!(classify(&left(remaining), canvas), Outcome::Throttled, "{remaining}");
    }
    for remaining in [1.0, 700.0, f64::NAN] {
        assert_eq!(classify(&left(remaining), canvas), Outcome::Refused, "{remaining}");
    }
    assert_eq!(outcome(canvas, 403, r#"{"errors":[{"message":"course has concluded"}]}"#), Outcome::Refused);
}

#[test]
fn a_timestamp_that_is_not_the_latest_is_stale_in_each_platforms_words() {
    let canvas = concat!(
        r#"{"errors":{"type":"bad_request","message":"Provided timestamp of 2026-01-31T12:34:56.789Z "#,
        r#"before last updated timestamp of 2026-01-31T12:40:00.000Z"}}"#
    );
    let open_edx = r#"{"timestamp":["Score timestamp can only be updated to a later point in time"]}"#;
    assert_eq!(outcome(PlatformFamily::Canvas, 400, canvas), Outcome::Stale);
    assert_eq!(outcome(PlatformFamily::OpenEdx, 400, open_edx), Outcome::Stale);
    assert_eq!(outcome(PlatformFamily::Moodle, 409, "[]"), Outcome::Stale);
    for (family, body) in [
        (PlatformFamily::Canvas, "Provided timestamp of x not a valid timestamp"),
        (PlatformFamily::Canvas, "Provided submitted_at timestamp of x in the future"),
        (PlatformFamily::Canvas, "The parameter userId is missing"),
        (PlatformFamily::OpenEdx, r#"{"activityProgress":["invalid choice"]}"#),
        (PlatformFamily::Other, open_edx),
        (PlatformFamily::Blackboard, "User could not be found:"),
        (PlatformFamily::Moodle, "[]"),
    ] {
        assert_eq!(outcome(family, 400, body), Outcome::Refused, "{body}");
    }
}

#[test]
fn sakai_refuses_tokens_with_403_and_400() {
    let sakai = PlatformFamily::Sakai;
    assert_eq!(outcome(sakai, 403, ""), Outcome::TokenRefused);
    for body in ["invalid_token", "Token expired", "invalid_authorization", "signature_error"] {
        assert_eq!(outcome(sakai, 400, body), Outcome::TokenRefused, "{body}");
    }
    assert_eq!(outcome(sakai, 400, "user not in site"), Outcome::Refused);
    assert_eq!(outcome(PlatformFamily::Other, 400, "invalid_token"), Outcome::Refused);
    assert_eq!(
        outcome(PlatformFamily::Brightspace, 403, "User in requested score is not enrolled in the org unit"),
        Outcome::Refused
    );
}

#[test]
fn a_challenge_of_the_standard_is_understood_with_any_status() {
    let challenged = |status, challenge| Answer { www_authenticate: Some(challenge), ..answer(status, "") };
    for status in [400, 401, 403] {
        let invalid = challenged(status, "Bearer error=\"invalid_token\"");
        assert_eq!(classify(&invalid, PlatformFamily::Other), Outcome::TokenRefused, "{status}");
    }
    // A new token would have no more scopes.
    let scope = challenged(403, "Bearer error=\"insufficient_scope\"");
    assert_eq!(classify(&scope, PlatformFamily::Other), Outcome::Refused);
}

#[test]
fn brightspace_says_404_for_a_user_who_is_gone() {
    let gone = "User in requested score does not exist";
    assert_eq!(outcome(PlatformFamily::Brightspace, 404, gone), Outcome::NotFound);
    assert_eq!(words(&answer(404, gone)), gone);
}

#[test]
fn only_the_beginning_of_a_body_is_searched() {
    let late = format!("{}before last updated", " ".repeat(8192));
    assert_eq!(outcome(PlatformFamily::Canvas, 400, &late), Outcome::Refused);
}

#[test]
fn the_words_are_taken_from_wherever_the_platform_puts_them() {
    for (body, expected) in [
        (
            r#"{"errors":{"type":"unprocessable_entity","message":"ScoreMaximum not supplied."}}"#,
            "ScoreMaximum not supplied.",
        ),
        (r#"{"errors":[{"message":"one"},{"message":"two"}]}"#, "one; two"),
        (r#"{"detail":"Not found."}"#, "Not found."),
        (r#"{"title":"Bad Request","detail":"no such user"}"#, "no such user"),
        (r#"{"timestamp":["must be later"]}"#, r#"{"timestamp":["must be later"]}"#),
        ("User could not be found:", "User could not be found:"),
        ("<html><head><title>\n502 Bad Gateway</title></head><body><h1>x</h1></body></html>", "502 Bad Gateway"),
        ("<h1>Sorry</h1><p>Come back</p>", "Sorry Come back"),
        ("", ""),
        ("[]", ""),
        ("{}", ""),
    ] {
        assert_eq!(words(&answer(400, body)), expected);
    }
}

#[test]
fn moodles_words_stand_in_the_reason_phrase() {
    let moodle = |body| words(&Answer { reason: Some("Incorrect score received"), ..answer(400, body) });
    assert_eq!(moodle("[]"), "Incorrect score received");
    assert_eq!(moodle("incorrect score received"), "Incorrect score received");
    assert_eq!(moodle(r#"{"message":"no such user"}"#), "Incorrect score received: no such user");
    assert_eq!(words(&Answer { reason: Some(" "), ..answer(400, "x") }), "x");
}

#[test]
fn the_words_carry_no_token_and_no_address() {
    let reason = Some("no user ada@school.example");
    let body = r#"{"message":"bad token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"}"#;
    assert_eq!(words(&Answer { reason, ..answer(400, body) }), "no user [redacted]: bad token [redacted]");
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn every_answer_has_a_meaning_and_presentable_words(
        status: u16,
        family in select(FAMILIES.to_vec()),
        body in any::<Vec<u8>>(),
        reason in prop::option::of(any::<String>()),
    ) {
        let answer = Answer { status, reason: reason.as_deref(), body: &body, ..answer(0, "") };
        prop_assert_eq!(classify(&answer, family) == Outcome::Done, (200..300).contains(&status));
        let words = words(&answer);
        prop_assert!(words.chars().count() <= 300 && !words.chars().any(char::is_control));
    }
}
