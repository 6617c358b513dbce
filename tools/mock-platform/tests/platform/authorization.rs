//! The authorization endpoint accepts a right request and refuses each wrong one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use doorway_mock_platform::{PlatformConfig, Profile};

use crate::support::{Browser, Fields, NOW, Page, REDIRECT_URI, authentication_request, config, field, platform};

/// A right request by the student Ben.
async fn right_request() -> (Browser, Fields) {
    let browser = Browser::of("52").await;
    let request = authentication_request(&browser.click("video").await);
    (browser, request)
}

fn with(mut request: Fields, name: &str, value: Option<&str>) -> Fields {
    match value {
        Some(value) => request.iter_mut().filter(|(field, _)| field == name).for_each(|(_, old)| *old = value.into()),
        None => request.retain(|(field, _)| field != name),
    }
    request
}

/// Settings with a time that the test moves on.
fn config_with_time() -> (Arc<AtomicU64>, PlatformConfig) {
    let now = Arc::new(AtomicU64::new(NOW));
    let clock = Arc::clone(&now);
    (now, PlatformConfig { clock: Arc::new(move || clock.load(Ordering::SeqCst)), ..config() })
}

fn assert_error(page: &Page, code: &str) {
    assert_eq!(page.status, StatusCode::OK);
    let (action, fields) = page.form();
    assert_eq!(action, REDIRECT_URI);
    assert_eq!(field(&fields, "error"), code);
    assert!(!field(&fields, "error_description").is_empty());
    assert_eq!(field(&fields, "id_token"), "");
}

#[tokio::test]
async fn a_right_request_is_answered_with_token_and_state() {
    let (browser, request) = right_request().await;
    let page = browser.authorize(&request).await;
    let (action, fields) = page.form();
    assert_eq!(action, REDIRECT_URI);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["id_token", "state"]);
    assert_eq!(field(&fields, "state"), "st-4Te_of-the-login");
}

#[tokio::test]
async fn a_request_by_post_is_as_good() {
    let (browser, request) = right_request().await;
    let (_, fields) = browser.post("/platform/auth", &request).await.form();
    assert_ne!(field(&fields, "id_token"), "");
}

#[tokio::test]
async fn a_wrong_or_missing_parameter_is_told_to_the_tool() {
    let wrong = [
        ("scope", Some("openid profile"), "invalid_scope"),
        ("scope", None, "invalid_scope"),
        ("response_type", Some("code"), "unsupported_response_type"),
        ("response_type", None, "unsupported_response_type"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("response_mode", None, "invalid_request"),
        ("prompt", Some("login"), "invalid_request"),
        ("prompt", None, "invalid_request"),
        ("nonce", Some(""), "invalid_request"),
        ("nonce", None, "invalid_request"),
        ("login_hint", None, "invalid_request"),
        ("login_hint", Some("53"), "access_denied"),
        ("lti_message_hint", None, "invalid_request"),
        ("lti_message_hint", Some("no JSON"), "invalid_request"),
        ("lti_message_hint", Some(r#"{"launchid":"unknown"}"#), "invalid_request"),
        ("lti_message_hint", Some(r#"{"launchid":7}"#), "invalid_request"),
    ];
    let (browser, request) = right_request().await;
    for (name, value, code) in wrong {
        let page = browser.authorize(&with(request.clone(), name, value)).await;
        assert_error(&page, code);
        assert_eq!(field(&page.form().1, "state"), "st-4Te_of-the-login", "{name}");
    }
    let (_, fields) = browser.authorize(&request).await.form();
    assert_ne!(field(&fields, "id_token"), "", "a wrong request spends no message hint");
}

#[tokio::test]
async fn a_request_without_state_is_refused_without_state() {
    let (browser, request) = right_request().await;
    let page = browser.authorize(&with(request, "state", None)).await;
    assert_error(&page, "invalid_request");
    assert!(page.form().1.iter().all(|(name, _)| name != "state"));
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    for name in ["scope", "nonce", "login_hint", "state"] {
        let (browser, mut request) = right_request().await;
        request.push((name.to_owned(), field(&request, name).to_owned()));
        assert_error(&browser.authorize(&request).await, "invalid_request");
    }
}

#[tokio::test]
async fn an_unknown_client_or_redirect_uri_gets_a_page_and_no_form() {
    let wrong = [
        ("client_id", Some("another-tool")),
        ("client_id", None),
        ("redirect_uri", Some("https://tool.example/lti/launch/")),
        ("redirect_uri", Some("https://evil.example/")),
        ("redirect_uri", None),
    ];
    let (browser, request) = right_request().await;
    for (name, value) in wrong {
        let page = browser.authorize(&with(request.clone(), name, value)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name}");
        assert!(!page.body.contains("id=\"launch\""), "{name}");
        assert!(!page.body.contains("evil.example"), "{name}");
    }
}

#[tokio::test]
async fn a_tool_may_have_several_redirect_uris() {
    let platform = platform(config());
    let mut browser = Browser::visiting(platform.clone());
    browser.sign_in("52").await;
    let other = "https://tool.example/lti/choose";
    let request = with(authentication_request(&browser.click("video").await), "redirect_uri", Some(other));
    assert_eq!(browser.authorize(&request).await.status, StatusCode::BAD_REQUEST);
    platform.add_redirect_uri(other);
    for redirect_uri in [other, REDIRECT_URI] {
        let request = authentication_request(&browser.click("video").await);
        let (action, fields) = browser.authorize(&with(request, "redirect_uri", Some(redirect_uri))).await.form();
        assert_eq!(action, redirect_uri);
        assert!(!field(&fields, "id_token").is_empty());
    }
    let registered = &platform.clients()[0].registration["redirect_uris"];
    assert_eq!(registered, &serde_json::json!([REDIRECT_URI, other]));
}

#[tokio::test]
async fn a_repeated_redirect_uri_gets_a_page() {
    let (browser, mut request) = right_request().await;
    request.push(("redirect_uri".into(), REDIRECT_URI.into()));
    assert_eq!(browser.authorize(&request).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nobody_signed_in_is_a_required_login() {
    let (mut browser, request) = right_request().await;
    browser.cookie = None;
    assert_error(&browser.authorize(&request).await, "login_required");
}

#[tokio::test]
async fn a_session_that_was_ended_is_a_required_login() {
    let (browser, request) = right_request().await;
    browser.post("/platform/logout", &[]).await;
    assert_error(&browser.authorize(&request).await, "login_required");
}

#[tokio::test]
async fn a_message_hint_is_good_once() {
    let (browser, request) = right_request().await;
    browser.authorize(&request).await;
    assert_error(&browser.authorize(&request).await, "invalid_request");
}

#[tokio::test]
async fn a_message_hint_lasts_five_minutes_with_blackboard_and_sakai() {
    for profile in Profile::ALL {
        let (now, config) = config_with_time();
        let platform = platform(config);
        platform.set_profile(profile);
        let mut browser = Browser::visiting(platform);
        browser.sign_in("52").await;
        let request = authentication_request(&browser.click("video").await);
        browser.authorize(&request).await;
        now.store(NOW + 299, Ordering::SeqCst);
        let again = browser.authorize(&request).await;
        if matches!(profile, Profile::Blackboard | Profile::Sakai) {
            assert_ne!(field(&again.form().1, "id_token"), "", "{profile:?}");
        } else {
            assert_error(&again, "invalid_request");
        }
        now.store(NOW + 300, Ordering::SeqCst);
        assert_error(&browser.authorize(&request).await, "invalid_request");
    }
}

#[tokio::test]
async fn a_message_hint_is_good_for_the_person_who_clicked() {
    let (mut browser, request) = right_request().await;
    browser.sign_in("53").await;
    let request = with(request, "login_hint", Some("53"));
    assert_error(&browser.authorize(&request).await, "invalid_request");
}

#[tokio::test]
async fn a_message_hint_expires_after_five_minutes_and_a_session_after_eight_hours() {
    let (now, config) = config_with_time();
    let mut browser = Browser::at(config);
    browser.sign_in("52").await;
    let request = authentication_request(&browser.click("video").await);
    now.store(NOW + 300, Ordering::SeqCst);
    assert_error(&browser.authorize(&request).await, "invalid_request");
    now.store(NOW + 8 * 3600, Ordering::SeqCst);
    assert_error(&browser.authorize(&request).await, "login_required");
}
