//! The login where the Platform offers storage, and in a frame: a page, with the cookie of a redirect.

use std::collections::HashSet;

use doorway_tests::forge::unbase64url;
use doorway_tests::log_lines;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};

use super::*;

const STORAGE: (&str, &str) = ("lti_storage_target", "_parent");

fn names(request: &Url) -> Vec<String> {
    request.query_pairs().map(|(name, _)| name.into_owned()).collect()
}

fn attributes(answer: &Answer) -> &str {
    answer.header(SET_COOKIE).split_once("; ").expect("the cookie has attributes").1
}

#[tokio::test]
async fn where_storage_is_offered_a_login_is_a_page_that_leads_where_the_redirect_leads() {
    let (_platform, tool) = set_up().await;
    let redirect = tool.post("/lti/login", &login_with(&[]), &[]).await;
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(login_with(&[STORAGE])).finish();
    let by_get = tool.get(&format!("/lti/login?{query}")).await;
    for page in [by_get, tool.post("/lti/login", &login_with(&[STORAGE]), &[]).await] {
        assert_eq!((page.status, page.headers.get(LOCATION)), (StatusCode::OK, None));
        assert_eq!(page.header(CACHE_CONTROL), "no-store");
        assert!(page.header(CONTENT_SECURITY_POLICY).contains("script-src 'nonce-"));
        let (page_login, usual) = (begun(&page), begun(&redirect));
        assert!(page_login.request.as_str().starts_with("https://lms.example/auth?"), "{}", page_login.request);
        assert_eq!(names(&page_login.request), names(&usual.request));
        assert_eq!(page.headers.get_all(SET_COOKIE).iter().count(), 1);
        assert_eq!(attributes(&page), attributes(&redirect));
        // Without scripts a person goes on by a link to the same place.
        let link = page_login.request.as_str().replace('&', "&amp;");
        assert!(page.body.contains(&format!("<a href=\"{link}\">")), "{}", page.body);
    }
}

#[tokio::test]
async fn what_is_kept_is_the_secret_of_the_cookie_under_the_name_of_the_cookie() {
    let (_platform, tool) = set_up().await;
    for target in ["_parent", "post_message_forwarding", "lti_storage_frame", "*", "0", "https://evil.example"] {
        let login = begin(&tool, &[("lti_storage_target", target)]).await;
        let (name, secret) = login.cookie.split_once('=').unwrap();
        let stored = login.storage.clone().unwrap();
        assert_eq!((stored.frame.as_str(), stored.value.as_str()), (target, secret));
        assert_eq!(stored.value.len(), 43);
        let tail = stored.key.strip_prefix("lti_").unwrap();
        assert_eq!((tail.len(), format!("__Host-lti_{tail}").as_str()), (16, name));
    }
}

#[tokio::test]
async fn the_secret_is_in_the_page_once_and_nowhere_else() {
    let (_platform, tool) = set_up().await;
    let page = tool.post("/lti/login", &login_with(&[STORAGE]), &[]).await;
    let login = begun(&page);
    let secret = login.storage.clone().unwrap().value;
    assert_eq!(page.body.matches(&secret).count(), 1, "as a value of the page's data");
    assert!(!login.request.as_str().contains(&secret));
    let (sealed, raw) = (unbase64url(&login.state()), unbase64url(&secret));
    assert!(!sealed.windows(raw.len()).any(|window| window == raw));
    assert!(!log_lines().is_empty());
    for line in log_lines() {
        assert!(!line.to_string().contains(&secret), "{line}");
    }
}

#[tokio::test]
async fn messages_are_for_the_origin_of_the_authorization_endpoint_alone() {
    let platform = FakePlatform::start("https://canvas.instructure.com", CLIENT).await;
    for (endpoint, origin) in [
        ("https://sso.canvaslms.com/api/lti/authorize_redirect", "https://sso.canvaslms.com"),
        ("https://sso.example:8443/auth?tenant=1", "https://sso.example:8443"),
    ] {
        let mut registration = platform.registration();
        registration.authorization_endpoint = Url::parse(endpoint).unwrap();
        let tool = TestTool::start(&[registration]).await;
        for more in [
            ("target_link_uri", "https://evil.example/"),
            ("lti_message_hint", "https://evil.example"),
            ("lti_storage_origin", "https://evil.example"),
            ("origin", "https://evil.example"),
        ] {
            let fields = login_with(&[("iss", "https://canvas.instructure.com"), STORAGE, more]);
            let headers = [("origin", "https://evil.example"), ("referer", "https://evil.example/")];
            let page = post_with(&tool, "/lti/login", &fields, &headers).await;
            assert_eq!(page.page_data()["storage"]["origin"], origin, "{more:?}");
        }
    }
}

#[tokio::test]
async fn logins_side_by_side_have_cookies_and_keys_of_their_own() {
    let (platform, tool) = set_up().await;
    let mut seen = HashSet::new();
    let mut logins = Vec::new();
    for _ in 0..5 {
        let login = begin(&tool, &[STORAGE]).await;
        let stored = login.storage.clone().unwrap();
        let (name, _) = login.cookie.split_once('=').unwrap();
        for text in [stored.key, stored.value, name.to_owned()] {
            assert!(seen.insert(text.clone()), "{text} came twice");
        }
        logins.push(login);
    }
    for login in logins.into_iter().rev() {
        let token = token(&tool, &platform, &login);
        waiting_for(&tool, login, token).await.complete(&tool).await.launch_id();
    }
}

#[tokio::test]
async fn without_storage_a_login_is_a_page_in_frames_and_a_redirect_elsewhere() {
    let (_platform, tool) = set_up().await;
    let with = |destination: &'static str| [("sec-fetch-dest", destination)];
    for destination in ["document", "empty", "script", "fencedframe", "iframes", ""] {
        let answer = post_with(&tool, "/lti/login", &login_with(&[]), &with(destination)).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{destination}");
    }
    for destination in ["iframe", "frame"] {
        let page = post_with(&tool, "/lti/login", &login_with(&[]), &with(destination)).await;
        let login = begun(&page);
        let (_, secret) = login.cookie.split_once('=').unwrap();
        let data = page.page_data();
        assert_eq!((login.storage, &data["storage"], &data["value"]), (None, &Value::Null, &Value::Null));
        assert!(!page.body.contains(secret), "nobody would keep it");
        assert_eq!(data["next"], login.request.as_str(), "{destination}");
    }
}

#[tokio::test]
async fn a_storage_target_that_is_empty_or_too_long_offers_nothing() {
    let (_platform, tool) = set_up().await;
    let (longest, wide) = ("x".repeat(128), "ä".repeat(64));
    for target in ["", &format!("{longest}x"), &format!("{wide}x")] {
        let answer = tool.post("/lti/login", &login_with(&[("lti_storage_target", target)]), &[]).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{target}");
    }
    for target in [&longest, &wide] {
        let stored = begin(&tool, &[("lti_storage_target", target)]).await.storage.unwrap();
        assert_eq!(stored.frame, *target);
    }
}

#[tokio::test]
async fn a_login_with_a_page_writes_nothing_to_any_table() {
    let (platform, tool) = set_up().await;
    let before = tool.all_items().await;
    for _ in 0..5 {
        begin(&tool, &[STORAGE, ("lti_deployment_id", "new-one")]).await;
        post_with(&tool, "/lti/login", &login_with(&[]), &[("sec-fetch-dest", "iframe")]).await;
    }
    assert_eq!((tool.all_items().await, platform.fetches()), (before, 0));
}

/// Platform storage is apart for every origin: the launch could not read what the login put elsewhere.
#[tokio::test]
async fn login_and_launch_are_pages_of_one_origin() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let own = tool.parts.public_url.origin();
    assert_eq!(Url::parse(&waiting.begun.parameter("redirect_uri")).unwrap().origin(), own);
    let elsewhere = "https://tool.eu-west-1.example";
    let login = post_with(&tool, "/lti/login", &login_with(&[STORAGE]), &[("host", "tool.eu-west-1.example")]).await;
    assert!(!login.body.contains(elsewhere));
    for form in forms(&login).iter().chain(&forms(&waiting.page)) {
        assert!(form.action.starts_with("/lti/"), "{form:?}");
    }
}
