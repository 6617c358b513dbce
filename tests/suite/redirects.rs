//! Where a launch leads (security rows R1 to R3, R10; launch digest §9). What the login may say of it stands in
//! `login`.

use doorway_lti::claim;
use doorway_tests::{FakePlatform, Setup, TestTool, refused};
use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use url::Url;

const DEFAULT: &str = "https://app.example/start?launch=ID";

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let setup = Setup {
        app_origins: vec![Url::parse("https://video.example:8443").expect("a constant URL parses")],
        ..Setup::default()
    };
    let tool = TestTool::start_with(setup, &[platform.registration()]).await;
    (platform, tool)
}

/// Where a launch with this claim lands, its code written as `ID`.
async fn landing(tool: &TestTool, platform: &FakePlatform, target: Value) -> String {
    let answer = tool.launch_with(platform, |claims| claims[claim::TARGET_LINK_URI] = target).await;
    let id = answer.launch_id();
    let location = answer.header(LOCATION).to_owned();
    assert_eq!(location.matches("launch=").count(), 1, "{location}");
    location.replace(&id, "ID")
}

#[tokio::test]
async fn r1_a_claim_of_another_place_leads_to_the_default_page() {
    let (platform, tool) = set_up().await;
    for target in [
        "https://evil.example/",
        "//evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:\\\\evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https://app.example@evil.example/",
        "https://app.example:x@evil.example/",
        "https://user:secret@app.example/",
        "https://user@app.example/",
        "https://app.example.evil.example/",
        "https://app.example%2eevil.example/",
        "https://app.example%00.evil.example/",
        "https://evil.example/https://app.example/",
        "https://evil.example#https://app.example/",
        "https://evil.example?https://app.example/",
        "https://app.example:444/",
        "https://app.example:8443/",
        "https://video.example/",
        "http://app.example/",
        "HTTP://app.example/",
        "ftp://app.example/",
        "https://app\u{2024}example/",
        "https://\u{430}pp.example/",
        "https://app.example\t/",
        "https://app.exa\nmple/",
        "\u{1}https://app.example/",
        " https://app.example/",
        "https://app.example/ ",
        "https://app.example\\@evil.example/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "blob:https://app.example/7",
        "file:///etc/passwd",
        "/lesson/7",
        "packback.co",
        "https://",
        "https:///lesson",
    ] {
        assert_eq!(landing(&tool, &platform, json!(target)).await, DEFAULT, "{target:?}");
    }
}

#[tokio::test]
async fn r1_a_claim_that_is_no_text_leads_to_the_default_page() {
    let (platform, tool) = set_up().await;
    for target in [json!(["https://app.example/x"]), json!({}), json!(true), json!("")] {
        assert_eq!(landing(&tool, &platform, target.clone()).await, DEFAULT, "{target}");
    }
}

#[tokio::test]
async fn a_place_of_the_app_is_where_the_launch_lands() {
    let (platform, tool) = set_up().await;
    for (target, expected) in [
        ("https://app.example/lesson/7", "https://app.example/lesson/7?launch=ID"),
        ("https://app.example", "https://app.example/?launch=ID"),
        ("https://APP.example:443/a", "https://app.example/a?launch=ID"),
        ("https://app.example/a?b=c#part", "https://app.example/a?b=c&launch=ID"),
        ("https://app.example/a/../b/%2e%2e/c", "https://app.example/c?launch=ID"),
        ("https://video.example:8443/7", "https://video.example:8443/7?launch=ID"),
        ("https://app.example/?launch=of-a-stranger&x=1", "https://app.example/?x=1&launch=ID"),
        ("https://app.example/?%6caunch=of-a-stranger", "https://app.example/?launch=ID"),
        ("https://app.example/?next=https://evil.example/", "https://app.example/?next="),
    ] {
        let landed = landing(&tool, &platform, json!(target)).await;
        assert!(landed.starts_with(expected), "{target}: {landed}");
        assert!(landed.ends_with("launch=ID"), "{target}: {landed}");
    }
}

#[tokio::test]
async fn the_signed_claim_decides_and_a_difference_from_the_login_is_logged() {
    let (platform, tool) = set_up().await;
    let login = |target| {
        let fields = [
            ("iss", "https://lms.example"),
            ("login_hint", "7"),
            ("target_link_uri", target),
            ("client_id", "client-1"),
        ];
        let tool = &tool;
        async move { doorway_tests::begun(&tool.post("/lti/login", &fields, &[]).await) }
    };
    for (target, differs) in [
        ("https://app.example/lesson/7", false),
        ("https://evil.example/", true),
        ("https://app.example/lesson/8", true),
    ] {
        let begun = login(target).await;
        let claims = tool.good_claims(&platform, &begun);
        let answer = tool.post_token(&begun, &platform.key.id_token(&claims)).await;
        let id = answer.launch_id();
        assert_eq!(answer.header(LOCATION), format!("https://app.example/lesson/7?launch={id}"), "{target}");
        let logged = doorway_tests::last_request_line().to_string();
        assert_eq!(logged.contains("differs from the login"), differs, "{target}: {logged}");
    }
}

#[tokio::test]
async fn what_a_verified_launch_has_that_is_odd_is_logged_and_lets_it_pass() {
    let (platform, tool) = set_up().await;
    for (hint, graded, odd) in [
        (None, Value::Null, Value::Null),
        (Some("dep-1"), Value::Null, Value::Null),
        (Some("dep-2"), Value::Null, json!("deployment_id differs from the login's")),
        (None, json!("no object"), json!(claim::AGS_ENDPOINT)),
    ] {
        let mut fields = vec![
            ("iss", "https://lms.example"),
            ("login_hint", "7"),
            ("target_link_uri", "https://app.example/lesson/7"),
            ("client_id", "client-1"),
        ];
        fields.extend(hint.map(|hint| ("lti_deployment_id", hint)));
        let begun = doorway_tests::begun(&tool.post("/lti/login", &fields, &[]).await);
        let mut claims = tool.good_claims(&platform, &begun);
        claims[claim::AGS_ENDPOINT] = graded;
        let answer = tool.post_token(&begun, &platform.key.id_token(&claims)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{hint:?}: {}", answer.body);
        assert_eq!(doorway_tests::last_request_line()["oddities"], odd, "{hint:?}");
    }
}

#[tokio::test]
async fn nothing_but_the_code_is_in_the_redirect() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let claims = tool.good_claims(&platform, &begun);
    let token = platform.key.id_token(&claims);
    let answer = tool.post_token(&begun, &token).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SEE_OTHER, ""));
    let headers = format!("{:?}", answer.headers);
    for secret in ["Ada", "Morgan", "maple.example", &begun.state(), &begun.nonce(), &token, "eyJ"] {
        assert!(!headers.contains(secret), "{secret} in {headers}");
    }
}

#[tokio::test]
async fn r1_a_refusal_of_the_platform_redirects_nowhere() {
    let (platform, tool) = set_up().await;
    let state = tool.begin(&platform).await.state();
    for uri in ["https://evil.example/", "javascript:alert(1)", "https://app.example/"] {
        for name in ["error_uri", "return_url", "redirect_uri", "target_link_uri"] {
            let fields = [("error", "login_required"), (name, uri), ("state", &state)];
            let answer = tool.post("/lti/launch", &fields, &[]).await;
            refused(name, &answer, 400, "authentication_refused");
            assert!(!answer.body.contains("evil") && !answer.body.contains("href"), "{name}={uri}");
        }
    }
}

#[tokio::test]
async fn r10_no_header_of_a_proxy_changes_where_a_launch_lands() {
    let (platform, tool) = set_up().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "host=evil.example"),
        ("x-http-method-override", "GET"),
        ("origin", "https://evil.example"),
    ] {
        let begun = tool.begin(&platform).await;
        let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("id_token", &*token), ("state", &*begun.state())])
            .finish();
        let request = Request::post("/lti/launch")
            .header(name, value)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, &begun.cookie);
        let answer = tool.send(request.body(body.into()).unwrap()).await;
        answer.launch_id();
        assert!(answer.header(LOCATION).starts_with("https://app.example/lesson/7?launch="), "{name}: {value}");
    }
}

#[tokio::test]
async fn where_tool_and_app_share_an_origin_no_launch_leads_back_into_the_tool() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let url = |text| Url::parse(text).unwrap();
    let setup =
        Setup { public_url: url("https://one.example"), app_url: url("https://one.example/app"), ..Setup::default() };
    let tool = TestTool::start_with(setup, &[platform.registration()]).await;
    for target in [
        "https://one.example/lti/login?iss=https://evil.example",
        "https://one.example/lti/launch",
        "https://one.example/x/../lti/launch",
        "https://one.example/v1/users",
        "https://one.example/.well-known/jwks.json",
    ] {
        assert_eq!(landing(&tool, &platform, json!(target)).await, "https://one.example/app?launch=ID", "{target}");
    }
    assert_eq!(
        landing(&tool, &platform, json!("https://one.example/app/7")).await,
        "https://one.example/app/7?launch=ID"
    );
}
