//! What a login answers: the authentication request, the cookie, and nothing written.

use std::collections::{BTreeMap, HashSet};

use doorway_tests::forge::base64url;
use doorway_tests::{Begun, begun};
use http::{Request, StatusCode};
use url::Url;

use super::*;

#[tokio::test]
async fn the_request_has_exactly_the_parameters_of_the_specification() {
    let (_platform, tool) = set_up().await;
    for (method, answer) in both_ways(&tool, &fields_with("lti_message_hint", "m")).await {
        let begun = begun(&answer);
        assert!(begun.request.as_str().starts_with("https://lms.example/auth?"), "{method}");
        let (state, nonce) = (begun.state(), begun.nonce());
        let expected = [
            ("scope", "openid"),
            ("response_type", "id_token"),
            ("response_mode", "form_post"),
            ("prompt", "none"),
            ("client_id", CLIENT),
            ("redirect_uri", "https://tool.example/lti/launch"),
            ("login_hint", "7"),
            ("lti_message_hint", "m"),
            ("state", &state),
            ("nonce", &nonce),
        ];
        let pairs: Vec<_> = begun.request.query_pairs().collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, expected, "{method}");
    }
}

#[tokio::test]
async fn hints_come_back_byte_for_byte() {
    let (_platform, tool) = set_up().await;
    let twice = base64url(base64url("user 7 of course ß"));
    for hint in [
        "7",
        "0",
        "null",
        "a=b+c/d&e;f%2520g h#i?j",
        "+%2B %20",
        r#"{"cmid":7,"launchid":"ltilaunch1_4242 x"}"#,
        "eyJhbGciOiJIUzI1NiJ9.eyJ2ZXJpZmllciI6ImMwZmZlZSJ9.c2lnbmF0dXJl",
        &twice,
        "d2l0aCBwYWRkaW5n/+==",
        "Zoë \u{1f393} \u{2028}",
        "line\r\nSet-Cookie: a=b",
        "\"><script>alert(1)</script>",
        &"h".repeat(6144),
    ] {
        for name in ["login_hint", "lti_message_hint"] {
            for (method, answer) in both_ways(&tool, &fields_with(name, hint)).await {
                assert_eq!(begun(&answer).parameter(name), hint, "{method} {name}");
                assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "{method} {name}");
                assert!(answer.header("set-cookie").starts_with("__Host-lti_"), "{method} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_message_hint_that_was_not_received_is_left_out() {
    let (_platform, tool) = set_up().await;
    for (method, answer) in both_ways(&tool, &fields()).await {
        assert!(!answer.header("location").contains("lti_message_hint"), "{method}");
    }
}

#[tokio::test]
async fn the_query_of_the_authorization_endpoint_is_kept() {
    let platform = FakePlatform::start(ISSUER, CLIENT).await;
    let mut registration = platform.registration();
    registration.authorization_endpoint = Url::parse("https://lms.example/auth?tenant=a%20b").unwrap();
    let tool = TestTool::start(&[registration]).await;
    let begun = tool.begin(&platform).await;
    assert!(begun.request.as_str().starts_with("https://lms.example/auth?tenant=a%20b&scope=openid&"));
}

#[tokio::test]
async fn where_the_platform_answers_is_our_own_constant_whatever_the_target_says() {
    let (_platform, tool) = set_up().await;
    for target in [
        "https://app.example/lesson/7",
        "https://tool.example/lti/launch?x=1",
        "https://evil.example/lti/launch",
        "//evil.example",
        "javascript:alert(1)",
        "https://tool.example@evil.example/",
        "https://tool.example/lti/launch&redirect_uri=https://evil.example/",
        "not a URL",
        "packback.co",
    ] {
        for (method, answer) in both_ways(&tool, &fields_with("target_link_uri", target)).await {
            let begun = begun(&answer);
            assert_eq!(begun.parameter("redirect_uri"), "https://tool.example/lti/launch", "{method} {target}");
            assert_eq!(begun.request.query_pairs().filter(|(name, _)| name == "redirect_uri").count(), 1);
            assert_eq!(begun.request.host_str(), Some("lms.example"), "{method} {target}");
            assert!(!answer.header("location").contains("evil"), "{method} {target}");
        }
    }
}

#[tokio::test]
async fn no_header_of_a_proxy_changes_any_address() {
    let (_platform, tool) = set_up().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "tool.example:8443"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", "8080"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
        ("forwarded", "host=evil.example;proto=http"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        let request = Request::get(format!("/lti/login?{}", encoded(&fields()))).header(name, value);
        let answer = tool.send(request.body(String::new().into()).unwrap()).await;
        let begun = begun(&answer);
        assert_eq!(begun.parameter("redirect_uri"), "https://tool.example/lti/launch", "{name}: {value}");
        assert!(begun.request.as_str().starts_with("https://lms.example/auth?"), "{name}: {value}");
        assert!(!answer.header("set-cookie").contains("Domain"), "{name}: {value}");
    }
}

#[tokio::test]
async fn the_binding_cookie_is_for_this_host_this_login_and_ten_minutes() {
    let (_platform, tool) = set_up().await;
    for (method, answer) in both_ways(&tool, &fields()).await {
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies.len(), 1, "{method}");
        let (pair, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None; Partitioned", "{method}");
        let (name, value) = pair.split_once('=').unwrap();
        let suffix = name.strip_prefix("__Host-lti_").unwrap();
        assert!(is_base64url(suffix, 16) && is_base64url(value, 43), "{method}: {pair}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn state_nonce_and_binding_are_long_url_safe_and_independent() {
    let (platform, tool) = set_up().await;
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let begun = tool.begin(&platform).await;
        let (name, secret) = begun.cookie.split_once('=').unwrap();
        let (state, nonce) = (begun.state(), begun.nonce());
        assert!(is_base64url(&nonce, 22) && is_base64url(&state, state.len()) && state.len() < 300, "{state}");
        for (what, text) in [("nonce", &*nonce), ("state", &*state), ("binding", secret), ("cookie", name)] {
            assert!(seen.insert(text.to_owned()), "a {what} came twice");
        }
        // Neither is to be had from another: the binding is in no URL, the nonce not readable in the state.
        assert!(!begun.request.as_str().contains(secret));
        let sealed = doorway_tests::forge::unbase64url(&state);
        for hidden in [&doorway_tests::forge::unbase64url(&nonce)[..], &doorway_tests::forge::unbase64url(secret)[..]] {
            assert!(!sealed.windows(hidden.len()).any(|window| window == hidden));
        }
        assert!(!state.contains(&nonce) && !sealed.windows(3).any(|window| window == b"lms"));
    }
}

#[tokio::test]
async fn a_login_writes_nothing_to_any_table() {
    let (platform, tool) = set_up().await;
    let before = tool.all_items().await;
    for _ in 0..20 {
        tool.begin(&platform).await;
        tool.post("/lti/login", &fields_with("iss", "https://stranger.example"), &[]).await;
        tool.post("/lti/login", &fields_with("lti_deployment_id", "new-one"), &[]).await;
        tool.post("/lti/login", &[], &[]).await;
    }
    assert_eq!(tool.all_items().await, before);
    assert_eq!(platform.fetches(), 0);
}

#[tokio::test]
async fn a_flood_of_logins_does_not_shut_out_the_one_that_is_meant() {
    let (platform, tool) = set_up().await;
    let first = tool.begin(&platform).await;
    for n in 0..300 {
        let stranger = format!("https://stranger-{n}.example");
        assert_eq!(tool.post("/lti/login", &fields_with("iss", &stranger), &[]).await.status, StatusCode::BAD_REQUEST);
    }
    let claims = tool.good_claims(&platform, &first);
    assert_eq!(tool.post_token(&first, &platform.key.id_token(&claims)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_choice_of_registration_decides_the_endpoint_and_nothing_else_does() {
    let one = FakePlatform::start(ISSUER, "client-1").await;
    let two = FakePlatform::start(ISSUER, "client-2").await;
    let mut second = two.registration();
    second.authorization_endpoint = Url::parse("https://other.example/authorize").unwrap();
    let tool = TestTool::start(&[one.registration(), second]).await;
    let places: BTreeMap<String, String> = [tool.begin(&one).await, tool.begin(&two).await].iter().map(place).collect();
    assert_eq!(places["client-1"], "https://lms.example/auth");
    assert_eq!(places["client-2"], "https://other.example/authorize");
}

fn place(begun: &Begun) -> (String, String) {
    let (endpoint, _) = begun.request.as_str().split_once('?').expect("the request has a query");
    (begun.parameter("client_id"), endpoint.to_owned())
}

fn is_base64url(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
