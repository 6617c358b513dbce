//! Why a token was refused: service digest §5, Moodle 5.1.3.

use doorway_lti::access_token::Refusal;
use proptest::prelude::*;

use crate::support::cases;

fn refusal(body: &str) -> (Option<String>, String) {
    let refusal = Refusal::parse(body.as_bytes());
    (refusal.code, refusal.words)
}

fn expected(code: Option<&str>, words: &str) -> (Option<String>, String) {
    (code.map(str::to_owned), words.to_owned())
}

#[test]
fn code_and_description_of_the_standard_are_read() {
    let body = r#"{"error":"invalid_client","error_description":"Unknown or invalid client"}"#;
    assert_eq!(refusal(body), expected(Some("invalid_client"), "Unknown or invalid client"));
    assert_eq!(refusal(r#"{"error":"invalid_scope"}"#), expected(Some("invalid_scope"), ""));
    assert_eq!(refusal("\u{feff}{\"error\":\"invalid_scope\"}"), expected(Some("invalid_scope"), ""));
}

#[test]
fn moodles_free_text_in_place_of_a_code_is_its_words() {
    assert_eq!(refusal(r#"{"error" : "Signature failed"}"#), expected(None, "Signature failed"));
    assert_eq!(refusal("{\n  \"error\" : \"invalid_request\"\n}"), expected(Some("invalid_request"), ""));
}

#[test]
fn moodles_broken_json_is_read() {
    let body = "{\n  \"error\" : \"Can't find \"kid\" in\nthe key set\"\n}\n";
    assert_eq!(refusal(body), expected(None, "Can't find \"kid\" in the key set"));
    assert_eq!(refusal("{\"error\":\"cut off"), expected(None, "{\"error\":\"cut off"));
}

#[test]
fn other_bodies_give_their_words() {
    for (body, words) in [
        ("", ""),
        ("[]", ""),
        ("{}", ""),
        ("Forbidden", "Forbidden"),
        ("<html><head><title>403 Forbidden</title></head><body>x</body></html>", "403 Forbidden"),
        ("<p>Access <b>denied</b></p>", "Access denied"),
        (r#"{"errors":[{"message":"Invalid Developer Key"}]}"#, "Invalid Developer Key"),
        (r#"{"error":{"message":"no"}}"#, "no"),
        (r#"{"error":null,"message":"no"}"#, "no"),
    ] {
        assert_eq!(refusal(body), expected(None, words), "{body}");
    }
}

#[test]
fn a_token_is_never_repeated() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl";
    for body in [
        format!(r#"{{"error":"{token}"}}"#),
        format!(r#"{{"error":"invalid_client","error_description":"bad assertion {token}"}}"#),
        format!(r#"{{"error":"bad "assertion" {token}"}}"#),
        format!("<p>{token}</p>"),
        format!("client_assertion={token}"),
    ] {
        let (code, words) = refusal(&body);
        assert!(!format!("{code:?} {words}").contains("eyJ"), "{words}");
        assert!(words.contains("[redacted]"), "{words}");
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn whatever_is_answered_is_presentable(body in prop_oneof![
        any::<Vec<u8>>(),
        "(\\{\"error\" ?: ?\")?[\\PC\n]{0,400}(\"\\})?".prop_map(String::into_bytes),
        "<[\\PC]{0,100}<title>[\\PC]{0,20}</title>[\\PC]{0,20}".prop_map(String::into_bytes),
    ]) {
        let refusal = Refusal::parse(&body);
        prop_assert!(refusal.words.chars().count() <= 300);
        prop_assert!(!refusal.words.chars().any(char::is_control));
        prop_assert!(refusal.code.is_none_or(|code| code.len() <= 64 && code.is_ascii()));
    }
}
