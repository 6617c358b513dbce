//! Every error that a person can meet on a page is said in German too.

use std::collections::BTreeSet;

use doorway_core::registration::{Deployment, DeploymentPolicy, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_local::database::LAUNCHES_TABLE;
use doorway_mock_platform::PlatformKey;
use doorway_tests::{AttributeValue, BEGIN, KeysMode};
use doorway_web::language::Language;
use doorway_web::{Failure, words};
use http::Method;
use http::header::{ACCEPT_LANGUAGE, COOKIE};
use serde_json::json;

use super::*;

/// A request that is answered with an error, whenever it is sent.
#[derive(Default)]
struct Asked {
    code: &'static str,
    method: Method,
    uri: String,
    content_type: &'static str,
    body: String,
    cookie: String,
}

/// A form POST.
fn asked(code: &'static str, uri: &str, fields: &[(&str, &str)]) -> Asked {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let content_type = "application/x-www-form-urlencoded";
    Asked { code, method: Method::POST, uri: uri.to_owned(), content_type, body, cookie: String::new() }
}

fn launch(code: &'static str, begun: &Begun, id_token: &str) -> Asked {
    let fields = [("id_token", id_token), ("state", &begun.state())];
    Asked { cookie: begun.cookie.clone(), ..asked(code, "/lti/launch", &fields) }
}

/// Title and advice of the page, in this language.
async fn said(tool: &TestTool, asked: &Asked, language: &str) -> (String, String) {
    let request = Request::builder().method(&asked.method).uri(&asked.uri).header(CONTENT_TYPE, asked.content_type);
    let request = request.header(COOKIE, &asked.cookie).header(ACCEPT_LANGUAGE, language);
    let page = tool.send(request.body(asked.body.clone().into()).expect("the request is well formed")).await;
    assert_eq!(page.code(), asked.code, "{}", page.body);
    assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{}: {}", asked.code, page.body);
    let (_, rest) = page.body.split_once("<h1>").expect("an error page has a title");
    let (title, rest) = rest.split_once("</h1><p>").expect("an error page has advice");
    (title.to_owned(), rest.split("</p>").next().unwrap_or_default().to_owned())
}

async fn assert_said(tool: &TestTool, all: &[Asked], codes: &mut BTreeSet<&'static str>) {
    for asked in all {
        let (title, advice) = said(tool, asked, "en").await;
        let (titel, rat) = said(tool, asked, "de").await;
        assert!(title != titel && advice != rat, "{}: {titel} {rat}", asked.code);
        codes.insert(asked.code);
    }
}

/// The claims of a good launch that says nothing of a language, with one of them changed.
fn changed(tool: &TestTool, platform: &FakePlatform, begun: &Begun, name: &str, value: Value) -> String {
    let mut claims = tool.good_claims(platform, begun);
    for name in ["locale", doorway_lti::claim::LAUNCH_PRESENTATION] {
        claims.as_object_mut().expect("claims are an object").remove(name);
    }
    claims[name] = value;
    platform.key.id_token(&claims)
}

#[tokio::test]
async fn every_error_of_a_login_and_of_a_launch_is_said_in_german_too() {
    use doorway_lti::claim::{DEPLOYMENT_ID, MESSAGE_TYPE, ROLES, VERSION};
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let with = |name: &str, value: Value| changed(&tool, &platform, &begun, name, value);
    let good = with("x", json!(1));
    let claims = tool.good_claims(&platform, &begun).to_string();
    let header = |change: fn(&mut Value)| {
        let mut header = platform.key.header();
        change(&mut header);
        platform.key.token(&header.to_string(), &claims)
    };
    let forged = PlatformKey::generate().token(&platform.key.header().to_string(), &claims);
    let login = |more: &[(&str, &str)], code| asked(code, "/lti/login", &login_with(more));
    let error = |error: &str| asked("authentication_refused", "/lti/launch", &[("error", error)]);
    let mut codes = BTreeSet::new();
    let all = [
        login(&[("x", "1"), ("x", "2")], "parameter_repeated"),
        login(&[("login_hint", "")], "login_parameter_missing"),
        login(&[("login_hint", &"x".repeat(7000))], "login_parameter_invalid"),
        login(&[("iss", "https://stranger.example")], "registration_unknown"),
        error("login_required"),
        error("launch_no_longer_valid"),
        error("unauthorized_client"),
        asked("state_missing", "/lti/launch", &[("id_token", "x")]),
        asked("id_token_missing", "/lti/launch", &[("state", "x")]),
        asked("state_invalid", "/lti/launch", &[("id_token", "x"), ("state", "x")]),
        asked("launch_not_waiting", COMPLETE_PATH, &[("state", &begun.state()), ("binding", "x")]),
        asked("body_too_large", "/lti/launch", &[("x", &"x".repeat(300_000))]),
        asked("not_found", "/lti/nothing", &[]),
        Asked { method: Method::GET, ..asked("method_not_allowed", "/lti/launch", &[]) },
        Asked { content_type: "text/plain", ..asked("form_expected", "/lti/launch", &[("x", "1")]) },
        launch("token_malformed", &begun, "x"),
        launch("token_algorithm_refused", &begun, &header(|header| header["alg"] = json!("HS256"))),
        launch("token_header_refused", &begun, &header(|header| header["jku"] = json!("https://x.example"))),
        launch("key_id_missing", &begun, &header(|header| drop(header.as_object_mut().unwrap().remove("kid")))),
        launch("key_id_unknown", &begun, &header(|header| header["kid"] = json!("another"))),
        launch("signature_invalid", &begun, &forged),
        launch("claim_missing", &begun, &with(ROLES, json!(null))),
        launch("claim_invalid", &begun, &with("exp", json!("soon"))),
        launch("issuer_mismatch", &begun, &with("iss", json!("https://x.example"))),
        launch("audience_mismatch", &begun, &with("aud", json!("client-2"))),
        launch("token_expired", &begun, &with("exp", json!(22_222))),
        launch("token_not_yet_valid", &begun, &with("nbf", json!(tool.now() + 200))),
        launch("nonce_mismatch", &begun, &with("nonce", json!("x"))),
        launch("user_missing", &begun, &with("sub", json!(""))),
        launch("version_unsupported", &begun, &with(VERSION, json!("1.1"))),
        launch("message_type_unknown", &begun, &with(MESSAGE_TYPE, json!("LtiEulaRequest"))),
        launch("deployment_unknown", &begun, &with(DEPLOYMENT_ID, json!("dep-2"))),
        Asked { cookie: String::new(), ..launch("binding_missing", &begun, &good) },
        Asked { cookie: begun.cookie.replace('=', "=x"), ..launch("binding_mismatch", &begun, &good) },
    ];
    assert_said(&tool, &all, &mut codes).await;
    tool.post_token(&begun, &good).await.launch_id();
    tool.clock.advance(1);
    assert_said(&tool, &[launch("launch_already_used", &begun, &good)], &mut codes).await;
    tool.clock.advance(600);
    assert_said(&tool, &[launch("state_expired", &begun, &good)], &mut codes).await;
    assert_eq!(codes.len(), 34, "{codes:?}");
}

#[tokio::test]
async fn what_an_operator_decides_is_said_in_german_too() {
    let mut codes = BTreeSet::new();
    let (platform, tool) = set_up_with(|registration| registration.deployments = DeploymentPolicy::Pending).await;
    let begun = tool.begin(&platform).await;
    let good = changed(&tool, &platform, &begun, "x", json!(1));
    assert_said(&tool, &[launch("deployment_pending", &begun, &good)], &mut codes).await;
    let second = FakePlatform::start(ISSUER, "client-2").await;
    tool.parts.registrations().put(&second.registration()).await.unwrap();
    let ambiguous = asked("registration_ambiguous", "/lti/login", &login_with(&[("client_id", "")]));
    assert_said(&tool, &[ambiguous], &mut codes).await;
    let id = platform.deployment_id.as_str().try_into().unwrap();
    let disabled = Deployment { id, status: Status::Disabled, tenant: None };
    tool.parts.deployments().put(&platform.registration().key(), &disabled, BEGIN).await.unwrap();
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    assert_said(&tool, &[launch("deployment_disabled", &begun, &good)], &mut codes).await;
    let (_, tool) = set_up_with(|registration| registration.status = Status::Disabled).await;
    assert_said(&tool, &[asked("registration_disabled", "/lti/login", &login_with(&[]))], &mut codes).await;
    assert_eq!(codes.len(), 4);
}

#[tokio::test]
async fn what_fails_at_the_platform_is_said_in_german_too() {
    let mut codes = BTreeSet::new();
    for (code, mode) in [
        ("platform_keys_unavailable", KeysMode::Status(StatusCode::INTERNAL_SERVER_ERROR)),
        ("key_refused", KeysMode::Published),
    ] {
        let (platform, tool) = set_up().await;
        platform.set_mode(mode);
        platform.publish(&[&platform.key, &platform.key]);
        let begun = tool.begin(&platform).await;
        let good = changed(&tool, &platform, &begun, "x", json!(1));
        assert_said(&tool, &[launch(code, &begun, &good)], &mut codes).await;
    }
    assert_eq!(codes.len(), 2);
}

#[tokio::test]
async fn what_fails_of_ours_is_said_in_german_too() {
    let mut codes = BTreeSet::new();
    let (platform, mut tool) = set_up().await;
    let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
    let good = changed(&tool, &platform, &begun, "x", json!(1));
    let waiting = waiting_for(&tool, begun.clone(), good.clone()).await;
    let mut item = tool.stored_launches().await.remove(0);
    item.insert("awaiting".to_owned(), AttributeValue::S("broken".to_owned()));
    tool.put_item(LAUNCHES_TABLE, item).await;
    let fields = [("state", &*begun.state()), ("handle", &waiting.handle()), ("binding", waiting.secret())];
    assert_said(&tool, &[asked("record_broken", COMPLETE_PATH, &fields)], &mut codes).await;
    tool.drop_table(LAUNCHES_TABLE).await;
    assert_said(&tool, &[launch("storage_unavailable", &begun, &good)], &mut codes).await;
    std::fs::remove_file(&tool.parts.state_key).unwrap();
    tool.restart();
    assert_said(&tool, &[launch("secret_unavailable", &begun, &good)], &mut codes).await;
    assert_eq!(codes.len(), 3);
    for failure in [Failure::BodyUnreadable, Failure::DeadlinePassed(9)] {
        let [english, german] = Language::ALL.map(|language| words::in_language(&failure, language));
        assert!(german.title != english.title && german.advice != english.advice, "{failure}");
        assert_eq!(german.status, english.status);
    }
}
