//! The token endpoint believes a right assertion once, and tells of each wrong one what is wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use axum::{Json, Router};
use doorway_mock_platform::{PlatformConfig, PlatformKey, Profile, jwks};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Browser, ISSUER, NOW, STRANGER, config, encoded};
use crate::tool::{
    Answer, CONTAINER_TYPE, LINE_ITEM, LINE_ITEM_READ_ONLY, RESULT, SCORE, TOOL_KEY, Tool, with, without,
};

fn assert_refused(answer: &Answer, code: &str, words: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{words}");
    assert_eq!(answer.json()["error"], code, "{words}");
    let description = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(description.contains(words), "{description}");
}

#[tokio::test]
async fn a_right_assertion_gets_a_token_for_an_hour_that_nobody_keeps() {
    let tool = Tool::new();
    let answer = tool.ask_with(&tool.assertion_claims(), SCORE).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    assert!(body["access_token"].as_str().unwrap().len() >= 22);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["scope"], SCORE);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["content-type"], "application/json");
}

#[tokio::test]
async fn two_tokens_are_never_the_same() {
    let tool = Tool::new();
    assert_ne!(tool.token(SCORE).await, tool.token(SCORE).await);
}

#[tokio::test]
async fn what_is_granted_is_what_is_asked_for_and_offered() {
    let tool = Tool::new();
    let scope = format!("{SCORE} https://unknown.example/scope {RESULT} {SCORE}");
    let answer = tool.ask_with(&tool.assertion_claims(), &scope).await;
    assert_eq!(answer.json()["scope"], format!("{SCORE} {RESULT}"));
    tool.platform.set_offered_scopes(&[SCORE]);
    let answer = tool.ask_with(&tool.assertion_claims(), &scope).await;
    assert_eq!(answer.json()["scope"], SCORE);
    let answer = tool.ask_with(&tool.assertion_claims(), LINE_ITEM).await;
    assert_refused(&answer, "invalid_scope", "may not have");
}

#[tokio::test]
async fn a_wrong_claim_is_refused() {
    let tool = Tool::new();
    let audience = json!([format!("{ISSUER}/token")]);
    let cases: [(&str, Option<Value>, &str); 19] = [
        ("iss", Some(json!("https://tool.example")), "`iss` and `sub`"),
        ("sub", Some(json!("another-tool")), "`iss` and `sub`"),
        ("iss", None, "`iss` is absent"),
        ("sub", None, "`sub` is absent"),
        ("aud", Some(audience), "`aud` must be one text"),
        ("aud", Some(json!(ISSUER)), "`aud` must be one text"),
        ("aud", None, "`aud` must be one text"),
        ("iat", Some(json!(NOW + 1)), "`iat` lies in the future"),
        ("iat", Some(json!(NOW - 301)), "older than five minutes"),
        ("iat", Some(json!(NOW.to_string())), "`iat` is absent or not of its type"),
        ("iat", None, "`iat` is absent"),
        ("exp", Some(json!(NOW)), "expired"),
        ("exp", Some(json!(NOW + 301)), "later than five minutes"),
        ("exp", Some(json!((NOW + 60).to_string())), "`exp` is absent or not of its type"),
        ("exp", None, "`exp` is absent"),
        ("jti", None, "`jti` is absent"),
        ("jti", Some(json!("")), "`jti` is absent"),
        ("jti", Some(json!(7)), "`jti` is absent"),
        ("https://purl.imsglobal.org/spec/lti/claim/deployment_id", Some(json!("8")), "deployment"),
    ];
    for (name, value, words) in cases {
        let claims = tool.assertion_claims();
        let claims = value.map_or_else(|| without(&claims, name), |value| with(&claims, name, value));
        assert_refused(&tool.ask_with(&claims, SCORE).await, "invalid_client", words);
    }
}

#[tokio::test]
async fn the_deployment_may_be_named() {
    let tool = Tool::new();
    let claims = with(&tool.assertion_claims(), "https://purl.imsglobal.org/spec/lti/claim/deployment_id", json!("7"));
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_assertion_proves_once() {
    let tool = Tool::new();
    let claims = tool.assertion_claims();
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::OK);
    assert_refused(&tool.ask_with(&claims, SCORE).await, "invalid_client", "seen before");
}

#[tokio::test]
async fn an_assertion_that_was_refused_may_be_mended_under_its_id() {
    let tool = Tool::new();
    let claims = tool.assertion_claims();
    let wrong = with(&claims, "aud", json!("elsewhere"));
    assert_eq!(tool.ask_with(&wrong, SCORE).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_rs256_by_a_published_key_counts() {
    let tool = Tool::new();
    let claims = tool.assertion_claims();
    let header = |change: &Value| {
        let mut header = TOOL_KEY.header();
        header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        header.to_string()
    };
    let payload = claims.to_string();
    let cases = [
        (STRANGER.id_token(&claims), "not in the tool's key set"),
        (STRANGER.token(&TOOL_KEY.header().to_string(), &payload), "signature does not verify"),
        (TOOL_KEY.token(&header(&json!({"alg": "none"})), &payload), "not RS256"),
        (TOOL_KEY.token(&header(&json!({"alg": "HS256"})), &payload), "not RS256"),
        (TOOL_KEY.token(&header(&json!({"typ": "at+jwt"})), &payload), "`typ`"),
        (TOOL_KEY.token(&header(&json!({"jwk": STRANGER.public_jwk()})), &payload), "nobody may use"),
        (TOOL_KEY.token(&header(&json!({"crit": ["exp"]})), &payload), "nobody may use"),
        (TOOL_KEY.token(r#"{"typ":"JWT","alg":"RS256"}"#, &payload), "no `kid`"),
        (TOOL_KEY.token(&header(&json!({})), "[]"), "three parts"),
        ("a.b".to_owned(), "three parts"),
        (format!("{}.e30", TOOL_KEY.id_token(&claims)), "three parts"),
    ];
    for (assertion, words) in cases {
        assert_refused(&tool.ask_token(&Tool::token_form(assertion, SCORE)).await, "invalid_client", words);
    }
}

#[tokio::test]
async fn a_key_set_must_name_a_key_once_and_for_signatures() {
    let tool = Tool::new();
    let right = TOOL_KEY.public_jwk();
    let sets = [
        json!({"keys": [right, right]}),
        json!({"keys": [with(&right, "use", json!("enc"))]}),
        json!({"keys": [with(&right, "alg", json!("RS512"))]}),
        json!({"keys": [with(&right, "kty", json!("oct"))]}),
        json!({"keys": [with(&right, "d", json!("AQAB"))]}),
        json!({"keys": []}),
        json!([]),
    ];
    for set in sets {
        tool.platform.set_tool_jwks(set);
        let answer = tool.ask_with(&tool.assertion_claims(), SCORE).await;
        assert_refused(&answer, "invalid_client", "not in the tool's key set");
    }
    tool.platform.set_tool_jwks(json!({"keys": [without(&without(&right, "alg"), "use")]}));
    assert_eq!(tool.ask_with(&tool.assertion_claims(), SCORE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_parameter_is_needed_once_and_right() {
    let tool = Tool::new();
    let cases = [
        ("grant_type", Some("authorization_code"), "unsupported_grant_type"),
        ("grant_type", None, "unsupported_grant_type"),
        ("client_assertion_type", Some("jwt-bearer"), "invalid_request"),
        ("client_assertion", None, "invalid_request"),
        ("scope", None, "invalid_request"),
        ("scope", Some("openid"), "invalid_scope"),
    ];
    for (name, value, code) in cases {
        let mut form = Tool::token_form(TOOL_KEY.id_token(&tool.assertion_claims()), SCORE);
        form.retain(|(field, _)| field != name);
        form.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        assert_refused(&tool.ask_token(&form).await, code, "");
    }
    for name in ["grant_type", "scope", "client_assertion"] {
        let mut form = Tool::token_form(TOOL_KEY.id_token(&tool.assertion_claims()), SCORE);
        form.extend(form.clone().into_iter().filter(|(field, _)| field == name));
        assert_refused(&tool.ask_token(&form).await, "invalid_request", "more than once");
    }
}

#[tokio::test]
async fn only_a_form_without_basic_is_read() {
    let tool = Tool::new();
    let form = || encoded(&Tool::token_form(TOOL_KEY.id_token(&tool.assertion_claims()), SCORE));
    let ask = async |headers: &[(&str, &str)]| tool.send("POST", &format!("{ISSUER}/token"), headers, &form()).await;
    let media_type = ("content-type", "application/x-www-form-urlencoded");
    assert_refused(&ask(&[("content-type", "application/json")]).await, "invalid_request", "must be a form");
    assert_refused(&ask(&[]).await, "invalid_request", "must be a form");
    assert_refused(&ask(&[media_type, ("authorization", "Basic YTpi")]).await, "invalid_request", "alone");
    let with_charset = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(ask(&[with_charset]).await.status, StatusCode::OK);
    let get = tool.send("GET", &format!("{ISSUER}/token"), &[], "").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_token_opens_its_scopes_until_it_expires() {
    let tool = Tool::new();
    let url = format!("{ISSUER}/line-items/course-7");
    let token = tool.token(LINE_ITEM_READ_ONLY).await;
    let ask = async |authorization: &str| {
        tool.send("GET", &url, &[("authorization", authorization), ("accept", CONTAINER_TYPE)], "").await
    };
    assert_eq!(ask(&format!("Bearer {token}")).await.status, StatusCode::OK);
    assert_eq!(ask(&format!("bearer {token}")).await.status, StatusCode::OK, "the scheme has no case");
    let other = tool.token(SCORE).await;
    let denied = ask(&format!("Bearer {other}")).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    assert!(denied.headers["www-authenticate"].to_str().unwrap().contains("insufficient_scope"));
    tool.clock.store(NOW + 3600, Ordering::SeqCst);
    for authorization in [format!("Bearer {token}"), "Bearer guessed".to_owned(), format!("Basic {token}"), token] {
        let denied = ask(&authorization).await;
        assert_eq!(denied.status, StatusCode::UNAUTHORIZED);
        assert!(denied.headers["www-authenticate"].to_str().unwrap().contains("invalid_token"));
    }
    let denied = tool.send("GET", &url, &[("accept", CONTAINER_TYPE)], "").await;
    assert_eq!(denied.status, StatusCode::UNAUTHORIZED);
    assert_eq!(denied.headers["www-authenticate"], "Bearer realm=\"maple\"");
}

#[tokio::test]
async fn tokens_can_be_revoked() {
    let tool = Tool::new();
    let token = format!("Bearer {}", tool.token(LINE_ITEM).await);
    tool.platform.revoke_access_tokens();
    let url = format!("{ISSUER}/line-items/course-7");
    assert_eq!(tool.send("GET", &url, &[("authorization", &token)], "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_audience_can_be_another_one() {
    let mut config = config();
    config.services.token_audience = Some("https://audience.example".into());
    let tool = Tool::of(config);
    let claims = tool.assertion_claims();
    assert_eq!(claims["aud"], "https://audience.example");
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::OK);
    let claims = with(&tool.assertion_claims(), "aud", json!(format!("{ISSUER}/token")));
    assert_refused(&tool.ask_with(&claims, SCORE).await, "invalid_client", "`aud`");
}

#[tokio::test]
async fn brightspace_has_an_audience_of_its_own() {
    let tool = Tool::at(Profile::Brightspace);
    assert_eq!(tool.assertion_claims()["aud"], "https://api.brightspace.com/auth/token");
    assert_eq!(tool.ask_with(&tool.assertion_claims(), SCORE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sakai_grants_all_that_is_asked_for_or_nothing() {
    let tool = Tool::at(Profile::Sakai);
    let answer = tool.ask_with(&tool.assertion_claims(), &format!("{SCORE} https://unknown.example/scope")).await;
    assert_refused(&answer, "invalid_scope", "may not have");
    assert_eq!(tool.ask_with(&tool.assertion_claims(), &format!("{SCORE} {RESULT}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn moodle_calls_its_token_html_and_minds_the_schemes_case() {
    let tool = Tool::at(Profile::Moodle);
    let answer = tool.ask_with(&tool.assertion_claims(), LINE_ITEM).await;
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    let token = format!("bearer {}", answer.json()["access_token"].as_str().unwrap());
    let url = format!("{ISSUER}/line-items/course-7?type_id=2");
    let answer = tool.send("GET", &url, &[("authorization", &token), ("accept", CONTAINER_TYPE)], "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

/// A Tool's key set on a loopback port, and how often it was fetched.
async fn serve_keys(keys: Arc<Mutex<Value>>) -> (String, Arc<AtomicUsize>) {
    let fetches = Arc::new(AtomicUsize::new(0));
    let count = fetches.clone();
    let answer = move || {
        count.fetch_add(1, Ordering::SeqCst);
        let keys = keys.lock().unwrap().clone();
        async move { Json(keys) }
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", get(answer))).await });
    (format!("http://{address}/jwks"), fetches)
}

#[tokio::test]
async fn the_tools_keys_are_fetched_once_and_again_for_a_key_that_is_new() {
    let keys = Arc::new(Mutex::new(jwks(&[&TOOL_KEY])));
    let (uri, fetches) = serve_keys(keys.clone()).await;
    let app = Browser::at(PlatformConfig { tool_jwks_uri: uri, ..config() });
    // Its own Platform was told the keys; only its claims are used here.
    let tool = Tool::new();
    let ask = async |key: &PlatformKey| {
        let form = Tool::token_form(key.id_token(&tool.assertion_claims()), SCORE);
        app.post("/platform/token", &form).await.status
    };
    assert_eq!(ask(&TOOL_KEY).await, StatusCode::OK);
    assert_eq!(ask(&TOOL_KEY).await, StatusCode::OK);
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert_eq!(ask(&STRANGER).await, StatusCode::BAD_REQUEST);
    *keys.lock().unwrap() = jwks(&[&TOOL_KEY, &STRANGER]);
    assert_eq!(ask(&STRANGER).await, StatusCode::OK);
    assert_eq!(fetches.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_tool_whose_keys_cannot_be_fetched_is_not_believed() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let moved = || async { Redirect::to("/jwks") };
    let router = Router::new()
        .route("/jwks", get(|| async { Json(jwks(&[&TOOL_KEY])) }))
        .route("/moved", get(moved))
        .route("/long", get(|| async { " ".repeat(70_000) + &jwks(&[&TOOL_KEY]).to_string() }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let tool = Tool::new();
    for (path, status) in [("nothing", 400), ("moved", 400), ("long", 400), ("jwks", 200)] {
        let app = Browser::at(PlatformConfig { tool_jwks_uri: format!("http://{address}/{path}"), ..config() });
        let form = Tool::token_form(TOOL_KEY.id_token(&tool.assertion_claims()), SCORE);
        assert_eq!(app.post("/platform/token", &form).await.status, status, "{path}");
    }
}
