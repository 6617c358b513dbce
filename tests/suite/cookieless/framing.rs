//! Whose pages may frame ours, and whose scripts run in them: what the headers of each page say.

use std::collections::HashSet;

use doorway_tests::refused;
use http::header::CONTENT_SECURITY_POLICY;

use super::*;

/// One page of every kind that knows its Registration.
async fn known_pages(tool: &TestTool, platform: &FakePlatform) -> Vec<(&'static str, Answer)> {
    let fields = login_with(&[("iss", platform.issuer.as_str()), ("lti_storage_target", "_parent")]);
    let login = tool.post("/lti/login", &fields, &[]).await;
    let started = begun(&login);
    let waits = waiting_for(tool, started.clone(), token(tool, platform, &started)).await;
    let wrong = waits.complete_with(tool, "x").await;
    let error = [("error", "login_required"), ("state", &started.state())];
    let unknown = |claims: &mut Value| claims[doorway_lti::claim::DEPLOYMENT_ID] = "dep-2".into();
    vec![
        ("login", login),
        ("nothing waits", waits.complete(tool).await),
        ("waits", waits.page),
        ("a wrong secret", wrong),
        ("binding missing", tool.launch_without_cookie(platform, "").await),
        ("the Platform refuses", tool.post("/lti/launch", &error, &[]).await),
        ("refused before it was verified", tool.post_token(&started, "x").await),
        ("refused afterwards", tool.launch_with(platform, unknown).await),
    ]
}

/// A page of every kind that knows none.
async fn unknown_pages(tool: &TestTool) -> Vec<(&'static str, Answer)> {
    let stranger = login_with(&[("iss", "https://stranger.example"), ("lti_storage_target", "_parent")]);
    let error = [("error", "login_required"), ("state", "x")];
    vec![
        ("a stranger", tool.post("/lti/login", &stranger, &[]).await),
        ("no login", tool.post("/lti/login", &[], &[]).await),
        ("no state of ours", tool.post("/lti/launch", &[("id_token", "x"), ("state", "x")], &[]).await),
        ("an error without a state of ours", tool.post("/lti/launch", &error, &[]).await),
        ("nothing to complete", complete(tool, "x", "x", "x").await),
        ("a method", tool.get(COMPLETE_PATH).await),
        ("a path", tool.get("/lti/launch/completed").await),
    ]
}

fn ancestors(page: &Answer) -> Vec<String> {
    let policy = page.header(CONTENT_SECURITY_POLICY);
    let (_, ancestors) = policy.split_once("; frame-ancestors ").expect("every page says who may frame it");
    ancestors.split(';').next().unwrap_or_default().split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn the_platform_of_the_registration_may_frame_its_pages_and_nobody_else() {
    let origin = |text: &str| Url::parse(text).expect("an origin is a URL");
    let url = |host: &str, path: &str| Url::parse(&format!("https://{host}/{path}")).expect("a constant URL");
    for (issuer, auth, more, expected) in [
        ("https://moodle.example", "moodle.example", None, vec!["https://moodle.example"]),
        (
            "https://canvas.instructure.com",
            "sso.canvaslms.com",
            None,
            vec!["https://*.instructure.com", "https://canvas.instructure.com", "https://sso.canvaslms.com"],
        ),
        (
            "https://blackboard.com",
            "developer.blackboard.com",
            Some("https://learn.school.example"),
            vec![
                "https://*.blackboard.com",
                "https://blackboard.com",
                "https://developer.blackboard.com",
                "https://learn.school.example",
            ],
        ),
    ] {
        let platform = FakePlatform::start(issuer, CLIENT).await;
        let mut registration = platform.registration();
        (registration.authorization_endpoint, registration.token_endpoint) = (url(auth, "auth"), url(auth, "token"));
        registration.frame_origins = more.map(origin).into_iter().collect();
        // Its keys are on this machine, which is theirs, too.
        let keys = registration.jwks_uri.origin().ascii_serialization();
        let tool = TestTool::start(&[registration]).await;
        let expected: Vec<String> = std::iter::once(keys).chain(expected.into_iter().map(str::to_owned)).collect();
        for (case, page) in known_pages(&tool, &platform).await {
            assert_eq!(ancestors(&page), expected, "{issuer}: {case}");
        }
    }
}

#[tokio::test]
async fn a_page_that_knows_no_registration_may_be_framed_by_any_and_has_nothing_to_press() {
    let (platform, tool) = set_up().await;
    for (case, page) in unknown_pages(&tool).await {
        assert_eq!(ancestors(&page), ["*"], "{case}");
        for pressable in ["<form", "<button", "<a ", "<input", "href="] {
            assert!(!page.body.contains(pressable), "{case}: {}", page.body);
        }
        assert!(page.header(CONTENT_SECURITY_POLICY).contains("form-action 'none'"), "{case}");
    }
    // A Registration that is switched off is known no more, whatever the state says.
    let waiting = waiting(&tool, &platform).await;
    let disabled = Registration { status: doorway_core::registration::Status::Disabled, ..platform.registration() };
    tool.parts.registrations().put(&disabled).await.unwrap();
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    let error = [("error", "login_required"), ("state", &waiting.begun.state())];
    let page = tool.post("/lti/launch", &error, &[]).await;
    refused("switched off", &page, 400, "authentication_refused");
    assert_eq!((ancestors(&page), forms(&page)), (vec!["*".to_owned()], Vec::new()));
}

#[tokio::test]
async fn where_platforms_may_be_on_http_a_form_may_lead_there() {
    let (platform, tool) = set_up().await;
    let pages = known_pages(&tool, &platform).await;
    let with_forms: Vec<_> = pages.iter().filter(|(_, page)| !forms(page).is_empty()).collect();
    assert!(with_forms.len() > 3, "{}", with_forms.len());
    for (case, page) in with_forms {
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.contains("; form-action 'self' https: http:;"), "{case}: {policy}");
    }
}

#[tokio::test]
async fn no_page_cuts_itself_off_from_its_opener_or_its_frame() {
    let (platform, tool) = set_up().await;
    let pages = known_pages(&tool, &platform).await.into_iter().chain(unknown_pages(&tool).await);
    for (case, page) in pages {
        assert!(page.headers.contains_key(CONTENT_SECURITY_POLICY), "{case} is a page");
        for name in ["x-frame-options", "cross-origin-opener-policy", "cross-origin-embedder-policy"] {
            assert!(!page.headers.contains_key(name), "{case}: {name}");
        }
        assert!(!page.header(CONTENT_SECURITY_POLICY).contains("sandbox"), "{case}");
    }
}

#[tokio::test]
async fn the_policy_lets_the_script_of_its_page_run_and_no_other() {
    let (platform, tool) = set_up().await;
    let mut nonces = HashSet::new();
    for (case, page) in known_pages(&tool, &platform).await {
        let policy = page.header(CONTENT_SECURITY_POLICY);
        let (_, rest) = policy.split_once("script-src 'nonce-").expect("scripts run by their nonce");
        let (nonce, rest) = rest.split_once('\'').expect("a nonce ends");
        assert!(rest.starts_with("; ") && nonce.len() == 22, "{case}: {policy}");
        assert!(nonces.insert(nonce.to_owned()), "{case}: a nonce came twice");
        assert_eq!(page.body.matches(&format!("<script nonce=\"{nonce}\">")).count(), 1, "{case}");
        let data = page.body.matches("<script id=\"data\" type=\"application/json\">").count();
        assert_eq!(page.body.matches("<script").count(), 1 + data, "{case}");
        assert_eq!(data, usize::from(page.status == StatusCode::OK), "{case}");
    }
}
