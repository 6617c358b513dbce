//! Secrets that are missing or malformed.

use doorway_core::secret::{SECRET_CACHE_SECONDS, SECRET_REREAD_SECONDS};
use doorway_tests::{APP_KEY, begun, refused};
use http::StatusCode;

use super::*;

const MALFORMED: [&str; 7] =
    ["", "{", "[]", "{}", r#"{"secret":"short"}"#, r#"{"secret":7}"#, r#"{"keys":[{"id":"1","sha256":"zz"}]}"#];

#[tokio::test]
async fn a_state_key_that_is_missing_or_malformed_stops_login_and_launch_and_burns_nothing() {
    let (platform, mut tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let good = std::fs::read(&tool.parts.state_key).unwrap();
    for content in std::iter::once(None).chain(MALFORMED.map(Some)) {
        match content {
            None => std::fs::remove_file(&tool.parts.state_key).unwrap(),
            Some(text) => std::fs::write(&tool.parts.state_key, text).unwrap(),
        }
        tool.restart();
        let expected = if content.is_none() { "cannot be read" } else { "at least 32 random characters" };
        let launch = finish(&tool, &platform, &begun).await;
        for (case, answer) in [("login", login(&tool).await), ("launch", launch)] {
            let line = refused(case, &answer, 503, "secret_unavailable");
            assert_reason(case, &line, expected);
        }
    }
    std::fs::write(&tool.parts.state_key, good).unwrap();
    finish(&tool, &platform, &begun).await.launch_id();
}

#[tokio::test]
async fn a_secret_that_was_read_once_serves_through_an_outage_of_its_store() {
    let (platform, tool) = set_up().await;
    let id = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
    for path in [&tool.parts.state_key, &tool.parts.app_keys] {
        std::fs::write(path, "broken in between").unwrap();
    }
    for _ in 0..3 {
        tool.clock.advance(SECRET_CACHE_SECONDS);
        let id = tool.launch(&platform).await;
        assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn app_keys_that_are_missing_or_malformed_let_nobody_in() {
    let (platform, mut tool) = set_up().await;
    let id = tool.launch(&platform).await;
    let good = std::fs::read(&tool.parts.app_keys).unwrap();
    for content in std::iter::once(None).chain(MALFORMED.map(Some)) {
        match content {
            None => std::fs::remove_file(&tool.parts.app_keys).unwrap(),
            Some(text) => std::fs::write(&tool.parts.app_keys, text).unwrap(),
        }
        tool.restart();
        let answer = tool.redeem(&id).await;
        let line = refused("redeem", &answer, 503, "secret_unavailable");
        assert_eq!(answer.header("retry-after"), "5");
        assert_reason("redeem", &line, if content.is_none() { "cannot be read" } else { "64 hexadecimal digits" });
        assert!(!line.to_string().contains(APP_KEY));
    }
    std::fs::write(&tool.parts.app_keys, r#"{"keys":[]}"#).unwrap();
    tool.restart();
    refused("no keys at all", &tool.redeem(&id).await, 401, "unauthorized");
    std::fs::write(&tool.parts.app_keys, good).unwrap();
    tool.clock.advance(SECRET_REREAD_SECONDS);
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_app_key_is_accepted_at_once_and_an_old_one_dies_with_the_cache() {
    let (platform, tool) = set_up().await;
    let id = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
    let text = doorway_core::app_keys::secret_text(&[("2", "another-key")]);
    std::fs::write(&tool.parts.app_keys, text).unwrap();
    tool.clock.advance(SECRET_REREAD_SECONDS);
    let read = |key: &'static str| {
        let uri = format!("/v1/launches/{id}");
        let request = http::Request::get(uri).header("authorization", format!("Bearer {key}"));
        tool.send(request.body(String::new().into()).expect("the request is well formed"))
    };
    assert_eq!(read(APP_KEY).await.status, StatusCode::OK, "the cache knows it");
    assert_eq!(read("another-key").await.status, StatusCode::OK, "an unknown key is looked up");
    refused("the old key", &read(APP_KEY).await, 401, "unauthorized");
}

#[tokio::test]
async fn a_state_key_that_is_gone_after_two_rotations_ends_the_logins_it_sealed() {
    let (platform, mut tool) = set_up().await;
    let old = tool.begin(&platform).await;
    std::fs::write(&tool.parts.state_key, format!(r#"{{"secret":"{}"}}"#, "n".repeat(32))).unwrap();
    tool.restart();
    refused("sealed before", &finish(&tool, &platform, &old).await, 400, "state_invalid");
    let new = begun(&login(&tool).await);
    finish(&tool, &platform, &new).await.launch_id();
}
