//! The token request and the grant: service digest §1, §2, §4.

use std::collections::BTreeSet;

use doorway_lti::access_token::{
    ASSERTION_SECONDS, AccessToken, AccessTokenError, Grant, GrantError, MAX_TOKEN_BYTES, assertion_claims, audience,
    request_body,
};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, DeploymentId};
use doorway_lti::scope;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

const NOW: UnixSeconds = UnixSeconds(1_769_862_896);

fn claims(deployment_id: Option<&str>) -> String {
    let client_id = ClientId::try_from("10000000000123").unwrap();
    let deployment_id = deployment_id.map(|id| DeploymentId::try_from(id).unwrap());
    wire(&assertion_claims(&client_id, "https://lms.example/token", deployment_id.as_ref(), "j-1", NOW))
}

#[test]
fn the_assertion_is_exactly_the_specifications() {
    assert_eq!(
        claims(Some("1:ab")),
        concat!(
            r#"{"aud":"https://lms.example/token","exp":1769863196,"#,
            r#""https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:ab","iat":1769862896,"#,
            r#""iss":"10000000000123","jti":"j-1","sub":"10000000000123"}"#
        )
    );
    assert_eq!(
        claims(None),
        concat!(
            r#"{"aud":"https://lms.example/token","exp":1769863196,"iat":1769862896,"#,
            r#""iss":"10000000000123","jti":"j-1","sub":"10000000000123"}"#
        )
    );
    assert_eq!(ASSERTION_SECONDS, 300);
}

#[test]
fn the_audience_is_what_is_configured_else_the_token_endpoint() {
    let endpoint = url("https://auth.brightspace.com/core/connect/token");
    let configured = Some("https://api.brightspace.com/auth/token");
    assert_eq!(audience(configured, &endpoint), "https://api.brightspace.com/auth/token");
    for absent in [None, Some(""), Some("  ")] {
        assert_eq!(audience(absent, &endpoint), "https://auth.brightspace.com/core/connect/token");
    }
}

#[test]
fn the_request_is_exactly_the_specifications() {
    let expected = concat!(
        "grant_type=client_credentials",
        "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        "&client_assertion=eyJh.eyJp.c2ln-_",
        "&scope=https%3A%2F%2Fpurl.imsglobal.org%2Fspec%2Flti-ags%2Fscope%2Flineitem",
        "+https%3A%2F%2Fpurl.imsglobal.org%2Fspec%2Flti-ags%2Fscope%2Fscore",
    );
    let list = [scope::LINE_ITEM, scope::SCORE];
    let (slice, set) = (&list[..], &BTreeSet::from(list));
    assert_eq!(request_body("eyJh.eyJp.c2ln-_", slice), expected);
    assert_eq!(request_body("eyJh.eyJp.c2ln-_", set), expected);
    assert!(request_body("a", [scope::SCORE]).ends_with("%2Fscope%2Fscore"));
}

#[test]
fn a_token_is_a_secret_that_fits_a_header() {
    let token = AccessToken::new("s3cret".to_owned()).unwrap();
    assert_eq!((format!("{token:?}").as_str(), token.secret()), ("[redacted]", "s3cret"));
    for (text, expected) in [
        ("", AccessTokenError::Empty),
        ("a b", AccessTokenError::NotVisible),
        ("a\r\nX-Evil: 1", AccessTokenError::NotVisible),
        ("a\u{7f}", AccessTokenError::NotVisible),
        ("ä", AccessTokenError::NotVisible),
        (&"a".repeat(MAX_TOKEN_BYTES + 1), AccessTokenError::TooLong),
    ] {
        assert_eq!(AccessToken::new(text.to_owned()).map(|_| ()), Err(expected), "{text:.20}");
    }
    assert!(AccessToken::new("a".repeat(MAX_TOKEN_BYTES)).is_ok());
}

fn good() -> Value {
    let scope = format!("{} {}", scope::SCORE, scope::LINE_ITEM);
    json!({"access_token": "tok", "token_type": "Bearer", "expires_in": 3600, "scope": scope})
}

fn grant(response: &Value) -> Result<Grant, GrantError> {
    Grant::parse(response.to_string().as_bytes())
}

#[test]
fn a_grant_is_read_as_specified() {
    let grant = grant(&good()).unwrap();
    assert_eq!((grant.token.secret(), grant.expires_in_seconds), ("tok", 3600));
    assert!(grant.has(scope::SCORE) && grant.has(scope::LINE_ITEM));
    // A part of a scope's name is not the scope.
    assert!(!grant.has(scope::RESULT_READ_ONLY) && !grant.has(scope::LINE_ITEM_READ_ONLY));
    assert!(!format!("{grant:?}").contains("tok\""));
}

#[test]
fn odd_grants_of_real_platforms_are_read() {
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(good().to_string().into_bytes());
    assert!(Grant::parse(&marked).is_ok());
    for kind in [json!("bearer"), json!("BEARER"), Value::Null] {
        assert!(grant(&with(good(), "token_type", kind)).is_ok());
    }
    assert!(grant(&without(good(), "token_type")).is_ok());
    assert!(grant(&with(good(), "surprise", json!([1]))).is_ok());
}

#[test]
fn the_life_of_a_token_is_read_leniently_and_capped() {
    for (life, expected) in [
        (json!("3600"), 3600),
        (json!(" 60 "), 60),
        (json!(59.9), 59),
        (json!(0), 0),
        (json!(-1), 300),
        (json!(null), 300),
        (json!("soon"), 300),
        (json!("NaN"), 300),
        (json!("inf"), 300),
        (json!([]), 300),
        (json!(1e300), 86_400),
        (json!(u64::MAX), 86_400),
    ] {
        assert_eq!(grant(&with(good(), "expires_in", life.clone())).unwrap().expires_in_seconds, expected, "{life}");
    }
    assert_eq!(grant(&without(good(), "expires_in")).unwrap().expires_in_seconds, 300);
}

#[test]
fn a_token_is_put_away_a_minute_or_a_tenth_of_its_life_early() {
    for (life, used) in [(3600, 3540), (600, 540), (300, 270), (9, 9), (0, 0)] {
        let grant = grant(&with(good(), "expires_in", json!(life))).unwrap();
        assert_eq!(grant.use_until(NOW), UnixSeconds(NOW.0 + used), "{life}");
    }
}

#[test]
fn scopes_that_are_not_named_are_all_and_an_empty_text_is_none() {
    for absent in [without(good(), "scope"), with(good(), "scope", Value::Null)] {
        let grant = grant(&absent).unwrap();
        assert!(grant.scopes.is_none() && grant.has(scope::SCORE));
    }
    // Open edX, when it supports none of the scopes.
    assert!(!grant(&with(good(), "scope", json!(""))).unwrap().has(scope::SCORE));
    assert!(grant(&with(good(), "scope", json!([scope::SCORE]))).unwrap().has(scope::SCORE));
}

#[test]
fn what_is_no_grant_is_refused_without_being_quoted() {
    for (response, expected) in [
        (without(good(), "access_token"), GrantError::TokenMissing),
        (with(good(), "access_token", json!(7)), GrantError::TokenMissing),
        (with(good(), "access_token", json!("")), GrantError::TokenInvalid(AccessTokenError::Empty)),
        (with(good(), "access_token", json!("a\nb")), GrantError::TokenInvalid(AccessTokenError::NotVisible)),
        (with(good(), "token_type", json!("DPoP")), GrantError::NotBearer),
        (with(good(), "token_type", json!(7)), GrantError::NotBearer),
    ] {
        assert_eq!(grant(&response).map(|_| ()), Err(expected));
    }
    for body in [&b"<html>tok</html>"[..], b"", b"[]", b"\xff", br#"{"access_token":"tok","access_token":"x"}"#] {
        let error = Grant::parse(body).unwrap_err();
        assert!(matches!(error, GrantError::NotJson(_)) && !error.to_string().contains("tok\""), "{error}");
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_token_is_never_used_after_it_expired(life in 0..200_000_u64, now in 0..u64::from(u32::MAX)) {
        let grant = grant(&with(good(), "expires_in", json!(life))).unwrap();
        let until = grant.use_until(UnixSeconds(now)).0;
        prop_assert!(until >= now && until <= now + life.min(86_400));
        prop_assert!(life < 10 || until < now + life);
    }

    #[test]
    fn the_form_decodes_to_what_was_asked(
        assertion in "[A-Za-z0-9_.-]{1,60}",
        scopes in prop::collection::vec("[!-~]{1,20}", 0..4),
    ) {
        let body = request_body(&assertion, &scopes);
        let decoded = url(&format!("https://x.example/?{body}"));
        let pairs: Vec<(String, String)> = decoded.query_pairs().into_owned().collect();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(names, ["grant_type", "client_assertion_type", "client_assertion", "scope"]);
        prop_assert_eq!((&pairs[2].1, &pairs[3].1), (&assertion, &scopes.join(" ")));
    }
}
