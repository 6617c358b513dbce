//! Who may call.

use doorway_core::app_keys::secret_text;
use doorway_tests::{APP_KEY, Answer, refused};
use http::Request;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};

use super::*;

const CALLS: [(&str, &str); 4] = [
    ("POST", "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/redeem"),
    ("GET", "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ("DELETE", "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ("DELETE", "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41"),
];

async fn call(tool: &TestTool, (method, uri): (&str, &str), authorization: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    tool.send(request.body(axum::body::Body::empty()).expect("the request is made of constants")).await
}

#[tokio::test]
async fn a_call_without_the_right_key_is_refused_and_told_how_to_authenticate() {
    let (tool, _) = tool_and_platform().await;
    let other_scheme = format!("Basic {APP_KEY}");
    let longer = format!("Bearer {APP_KEY}x");
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer wrong"),
        Some(APP_KEY),
        Some(&other_scheme),
        Some(&longer),
    ] {
        for called in CALLS {
            let answer = call(&tool, called, authorization).await;
            refused(&format!("{called:?} with {authorization:?}"), &answer, 401, "unauthorized");
            assert_eq!(answer.header(WWW_AUTHENTICATE), "Bearer");
        }
    }
}

#[tokio::test]
async fn a_call_without_the_right_key_changes_nothing() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    let paths = [
        ("POST", format!("/v1/launches/{id}/redeem")),
        ("DELETE", format!("/v1/launches/{id}")),
        ("DELETE", "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41".to_owned()),
    ];
    for (method, path) in &paths {
        call(&tool, (method, path), Some("Bearer wrong")).await;
    }
    assert_eq!(tool.redeem(&id).await.status, 200);
}

#[tokio::test]
async fn the_name_of_the_scheme_may_be_written_in_any_case() {
    let (tool, _) = tool_and_platform().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = call(&tool, CALLS[1], Some(&format!("{scheme} {APP_KEY}"))).await;
        refused(scheme, &answer, 404, "launch_unknown");
    }
}

#[tokio::test]
async fn two_keys_are_valid_while_one_replaces_the_other() {
    let (tool, _) = tool_and_platform().await;
    let write = |keys: &[(&str, &str)]| {
        std::fs::write(&tool.parts.app_keys, secret_text(keys)).expect("the key file can be written");
    };
    let status = async |key: &str| call(&tool, CALLS[1], Some(&format!("Bearer {key}"))).await.status.as_u16();
    assert_eq!((status(APP_KEY).await, status("new-key").await), (404, 401));

    write(&[("old", APP_KEY), ("new", "new-key")]);
    tool.clock.advance(10);
    assert_eq!((status("new-key").await, status(APP_KEY).await), (404, 404), "a new key works at once");

    write(&[("new", "new-key")]);
    tool.clock.advance(300);
    assert_eq!((status("new-key").await, status(APP_KEY).await), (404, 401), "an old one ends within five minutes");
}
