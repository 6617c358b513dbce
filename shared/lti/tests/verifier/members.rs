//! V12: header and payload are JSON objects that every reader reads alike.

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::json::JsonError;
use doorway_lti::rejection::Malformed;
use serde_json::json;

use crate::support::*;

const TWICE: JsonError = JsonError::DuplicateMember;

fn not_json(part: &'static str, error: JsonError) -> Rejection {
    Malformed::NotJson(part, error).into()
}

/// The good claims as text, with raw JSON members before and behind the real ones.
fn payload(before: &str, behind: &str) -> String {
    let claims = good().to_string();
    format!("{{{before}{}{behind}}}", &claims[1..claims.len() - 1])
}

#[test]
fn a_claim_twice_is_refused_whichever_comes_first() {
    for member in [
        r#""iss":"https://evil.example""#,
        r#""iss":"https://lms.example/moodle""#,
        r#""\u0069ss":"https://evil.example""#,
        r#""is\u0073":"https://evil.example""#,
        r#""\u0061\u0075\u0064":"other""#,
        r#""aud":["other"]"#,
        r#""sub":"admin""#,
        r#""exp":9999999999"#,
        r#""nonce":null"#,
        r#""https:\/\/purl.imsglobal.org\/spec\/lti\/claim\/version":"1.3.0""#,
        r#""https://purl.imsglobal.org/spec/lti/claim/roles":[]"#,
    ] {
        for text in [payload(&format!("{member},"), ""), payload("", &format!(",{member}"))] {
            refuses(member, &PLATFORM.token_raw(header().to_string(), text), not_json("payload", TWICE));
        }
    }
}

#[test]
fn a_member_twice_is_refused_in_the_depth() {
    for member in [
        r#""x":{"id":"a","id":"b"}"#,
        r#""x":{"id":"a","\u0069d":"a"}"#,
        r#""x":[1,[{"a":{"b":1,"c":2,"b":3}}]]"#,
        r#""x":{"":1,"":2}"#,
    ] {
        let text = payload("", &format!(",{member}"));
        refuses(member, &PLATFORM.token_raw(header().to_string(), text), not_json("payload", TWICE));
    }
}

#[test]
fn a_header_parameter_twice_is_refused() {
    for text in [
        r#"{"alg":"none","alg":"RS256","kid":"lms-key-7"}"#,
        r#"{"alg":"RS256","alg":"none","kid":"lms-key-7"}"#,
        r#"{"alg":"RS256","\u0061lg":"RS256","kid":"lms-key-7"}"#,
        r#"{"alg":"RS256","kid":"lms-key-7","kid":"other"}"#,
        r#"{"alg":"RS256","kid":"lms-key-7","x":{"y":1,"y":2}}"#,
    ] {
        refuses(text, &PLATFORM.token_raw(text, good().to_string()), not_json("header", TWICE));
    }
}

#[test]
fn members_that_only_look_alike_are_different() {
    for member in [r#""Iss":"https://evil.example""#, r#""iss ":"x""#, r#""\u0456ss":"cyrillic""#, r#""i\u0000ss":"x""#]
    {
        let text = payload(&format!("{member},"), "");
        accepts(member, &PLATFORM.token_raw(header().to_string(), text));
    }
}

#[test]
fn escapes_in_names_and_values_are_read() {
    let text =
        good().to_string().replace("\"iss\"", r#""\u0069\u0073\u0073""#).replace("https://lms", r"https:\/\/lms");
    assert_ne!(text, good().to_string());
    accepts("escaped", &PLATFORM.token_raw(header().to_string(), text));
}

#[test]
fn header_and_payload_are_objects() {
    for text in ["[]", "null", "1", "true", "\"x\"", "[{\"alg\":\"RS256\"}]"] {
        let not_object = JsonError::NotAnObject;
        let token = PLATFORM.token_raw(header().to_string(), text);
        refuses(text, &token, not_json("payload", not_object.clone()));
        refuses(text, &PLATFORM.token_raw(text, good().to_string()), not_json("header", not_object));
    }
}

#[test]
fn header_and_payload_are_strict_json() {
    let claims = good().to_string();
    let not_utf8 = [payload("", ",\"x\":\"").as_bytes(), b"\xff\"}"].concat();
    let texts: Vec<Vec<u8>> = [
        " ".to_owned(),
        "{".to_owned(),
        format!("{claims}{claims}"),
        format!("{claims}x"),
        format!("{claims}\0"),
        format!("\u{feff}{claims}"),
        format!("/**/{claims}"),
        claims.replace('"', "'"),
        claims.replace("\"iss\"", "iss"),
        payload("", ","),
        payload("", ",\"x\":NaN"),
        payload("", ",\"x\":Infinity"),
        payload("", ",\"x\":1e400"),
        payload("", ",\"x\":01"),
        payload("", ",\"x\":+1"),
        payload("", ",\"x\":.5"),
        payload("", ",\"x\":\"\\ud800\""),
        payload("", ",\"x\":\"\\x41\""),
        payload("", ",\"x\":\"a\nb\""),
    ]
    .map(String::into_bytes)
    .into_iter()
    .chain([not_utf8])
    .collect();
    for text in texts {
        for (part, token) in [
            ("payload", PLATFORM.token_raw(header().to_string(), &text)),
            ("header", PLATFORM.token_raw(&text, good().to_string())),
        ] {
            let rejection = Tool::default().launch(&token).err();
            let is_syntax = match &rejection {
                Some(Rejection::Malformed(Malformed::NotJson(refused, error))) => {
                    *refused == part && matches!(error, JsonError::Syntax { .. })
                }
                _ => false,
            };
            assert!(is_syntax, "{part} {}: {rejection:?}", String::from_utf8_lossy(&text));
        }
    }
    accepts("the good token afterwards", good_token());
}

#[test]
fn unknown_claims_are_ignored() {
    let claims = changed(|claims| {
        claims["https://vendor.example/claim"] = json!({ "deep": [1, { "er": null }] });
        claims["errors"] = json!({ "errors": {} });
        claims[claim::LIS] = json!("not even an object");
    });
    launch(&claims);
}
