//! What every answer carries, and what none repeats (security rows R4, R5, R7, R8; launch digest §10).

use std::collections::HashSet;

use doorway_tests::{APP_KEY, Answer, FakePlatform, TestTool, refused};
use form_urlencoded::Serializer;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION};
use http::{Request, StatusCode};
use serde_json::json;

const FORM: &str = "application/x-www-form-urlencoded";

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

async fn send(tool: &TestTool, method: &str, uri: &str, content_type: Option<&str>, body: impl Into<String>) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    tool.send(request.body(body.into().into()).expect("the request is well formed")).await
}

/// One answer of every kind: (what, answer).
async fn answers(platform: &FakePlatform, tool: &TestTool) -> Vec<(&'static str, Answer)> {
    let unknown = "/lti/login?iss=https%3A%2F%2Fx.example&login_hint=7&target_link_uri=x";
    let login = "/lti/login?iss=https%3A%2F%2Flms.example&login_hint=7&target_link_uri=x";
    let launched = tool.launch_with(platform, |_| {}).await;
    let id = launched.launch_id();
    vec![
        ("login", tool.get(login).await),
        ("login with storage", tool.get(&format!("{login}&lti_storage_target=_parent")).await),
        ("a launch that waits", tool.launch_without_cookie(platform, "_parent").await),
        ("a launch without cookie or storage", tool.launch_without_cookie(platform, "").await),
        ("a launch that is refused after it was verified", tool.launch_with(platform, refused_later).await),
        ("nothing to complete", tool.post("/lti/launch/complete", &[], &[]).await),
        ("unknown Platform", tool.get(unknown).await),
        ("empty login", tool.post("/lti/login", &[], &[]).await),
        ("login by HEAD", send(tool, "HEAD", login, None, "").await),
        ("login by PUT", send(tool, "PUT", login, None, "").await),
        ("launch", launched),
        ("expired token", tool.launch_with(platform, |claims| claims["exp"] = json!(22_222)).await),
        ("unknown state", tool.post("/lti/launch", &[("id_token", "x"), ("state", "y")], &[]).await),
        ("refusal by the Platform", tool.post("/lti/launch", &[("error", "login_required")], &[]).await),
        ("refusal by GET", tool.get("/lti/launch?error=access_denied").await),
        ("launch by GET", tool.get("/lti/launch?id_token=x&state=y").await),
        ("launch by DELETE", send(tool, "DELETE", "/lti/launch", None, "").await),
        ("too large", send(tool, "POST", "/lti/launch", Some(FORM), "a".repeat(300_000)).await),
        ("wrong content type", send(tool, "POST", "/lti/launch", Some("text/plain"), "a=b").await),
        ("unknown path", tool.get("/lti/nothing").await),
        ("root", tool.get("/").await),
        ("keys that are not there", tool.get("/.well-known/jwks.json").await),
        ("unknown path below the keys", tool.get("/.well-known/x").await),
        ("read", tool.api("GET", &format!("/v1/launches/{id}")).await),
        ("redeem", tool.redeem(&id).await),
        ("redeem again", tool.redeem(&id).await),
        ("no key", tool.get(&format!("/v1/launches/{id}")).await),
        ("unknown launch", tool.api("GET", "/v1/launches/x").await),
        ("read by PUT", tool.api("PUT", &format!("/v1/launches/{id}")).await),
        ("forget", tool.api("DELETE", &format!("/v1/launches/{id}")).await),
        ("forget nobody", tool.api("DELETE", "/v1/users").await),
        ("unknown path of the App API", tool.api("GET", "/v1/nothing").await),
    ]
}

/// Good but for its Deployment, and with a way back.
fn refused_later(claims: &mut serde_json::Value) {
    claims[doorway_lti::claim::DEPLOYMENT_ID] = json!("dep-2");
    claims[doorway_lti::claim::LAUNCH_PRESENTATION] = json!({ "return_url": "https://lms.example/back" });
}

#[tokio::test]
async fn r7_r8_every_answer_is_kept_by_nobody_and_leaks_no_referrer() {
    let (platform, tool) = set_up().await;
    for (case, answer) in answers(&platform, &tool).await {
        assert_eq!(answer.header("cache-control"), "no-store", "{case}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{case}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{case}");
        assert!(!answer.headers.contains_key("x-frame-options"), "{case}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{case}");
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{case}");
    }
}

#[tokio::test]
async fn the_tools_keys_are_for_everybody_and_may_be_cached() {
    let (_platform, tool) = set_up().await;
    tool.parts.tool_keys().publish(&json!({ "keys": [] })).await.unwrap();
    let answer = tool.get("/.well-known/jwks.json").await;
    assert_eq!((answer.status, answer.header(CONTENT_TYPE)), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert!(!answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("vary"));
}

#[tokio::test]
async fn r5_every_page_has_a_policy_that_runs_our_scripts_alone_and_says_who_may_frame_it() {
    let (platform, tool) = set_up().await;
    let mut nonces = HashSet::new();
    let mut pages = 0;
    for (case, answer) in answers(&platform, &tool).await {
        if !answer.header(CONTENT_TYPE).starts_with("text/html") || case.ends_with("HEAD") {
            assert!(!answer.body.contains("<html") && !answer.body.contains("<script"), "{case}: {}", answer.body);
            continue;
        }
        pages += 1;
        assert_eq!(answer.header(CONTENT_TYPE), "text/html; charset=utf-8", "{case}");
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "form-action ", "frame-ancestors "] {
            assert!(policy.contains(directive), "{case}: {policy}");
        }
        let (_, nonce) = policy.split_once("script-src 'nonce-").expect("scripts run by their nonce alone");
        let (nonce, others) = nonce.split_once('\'').expect("a nonce ends");
        assert!(others.starts_with("; ") && nonce.len() == 22 && nonces.insert(nonce.to_owned()), "{case}: {policy}");
        assert!(!policy.contains("unsafe"), "{case}: {policy}");
        let page = answer.body.to_lowercase();
        let runs =
            page.matches("<script").count() - page.matches("<script id=\"data\" type=\"application/json\">").count();
        assert_eq!(
            (runs, page.matches(&format!("<script nonce=\"{}\">", nonce.to_lowercase())).count()),
            (1, 1),
            "{case}"
        );
        for active in ["<iframe", "src=", "http-equiv", "javascript:", " onclick", " onload", " onsubmit", " style="] {
            assert!(!page.contains(active), "{case}: {active}");
        }
        // A form leads to the Tool alone, and a page without one lets none in.
        let forms = page.matches("<form").count();
        assert_eq!(forms == 0, policy.contains("form-action 'none'"), "{case}: {policy}");
        assert_eq!(page.matches("action=\"/lti/l").count(), forms, "{case}");
        // Whoever is not known to have a Registration gets a page with nothing to press.
        let known = !policy.ends_with("frame-ancestors *");
        assert!(known || !(page.contains("<form") || page.contains("href=")), "{case}");
        let around = platform.registration().framing_origins().join(" ");
        assert!(!known || policy.ends_with(&format!("frame-ancestors {around}")), "{case}: {policy}");
        assert!(page.contains("<html lang=\"en\">") && page.contains("<h1>"), "{case}");
    }
    assert!(pages >= 15, "{pages}");
}

#[tokio::test]
async fn statuses_of_http_itself() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
    let pairs = [("id_token", token.as_str()), ("state", &begun.state())];
    let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let multipart = format!(
        "--b\r\nContent-Disposition: form-data; name=\"id_token\"\r\n\r\n{token}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"state\"\r\n\r\n{}\r\n--b--\r\n",
        begun.state()
    );
    for (case, content_type, body, status, code) in [
        (
            "JSON",
            "application/json",
            json!({"id_token": token, "state": begun.state()}).to_string(),
            415,
            "form_expected",
        ),
        ("multipart", "multipart/form-data; boundary=b", multipart, 415, "form_expected"),
        ("text", "text/plain", form.clone(), 415, "form_expected"),
        ("another form", "application/x-www-form-urlencoded2", form.clone(), 415, "form_expected"),
        ("two types", "text/plain, application/x-www-form-urlencoded", form.clone(), 415, "form_expected"),
        ("a byte too large", FORM, "a".repeat(256 * 1024 + 1), 413, "body_too_large"),
        ("as large as may be", FORM, "a".repeat(256 * 1024), 400, "state_missing"),
        ("no form at all", FORM, "\u{0}\u{1}%%%&&&===".to_owned(), 400, "state_missing"),
        ("nothing", FORM, String::new(), 400, "state_missing"),
    ] {
        refused(case, &send(&tool, "POST", "/lti/launch", Some(content_type), body.clone()).await, status, code);
        if status != 400 {
            refused(case, &send(&tool, "POST", "/lti/login", Some(content_type), body).await, status, code);
        }
    }
    for content_type in [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-URLencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded;charset=utf-8",
    ] {
        let begun = tool.begin(&platform).await;
        let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
        let pairs = [("id_token", token.as_str()), ("state", &begun.state())];
        let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post("/lti/launch").header(CONTENT_TYPE, content_type).header(COOKIE, &begun.cookie);
        let answer = tool.send(request.body(form.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{content_type}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_launch_by_get_is_not_allowed_and_an_error_by_get_is_shown() {
    let (platform, tool) = set_up().await;
    let state = tool.begin(&platform).await.state();
    for query in ["", "?id_token=x&state=y", "?id_token=x", "?state=y", "?code=x", "?error=", "?error=a&error=b"] {
        refused(query, &tool.get(&format!("/lti/launch{query}")).await, 405, "method_not_allowed");
    }
    for (error, title) in [
        ("login_required", "sign in again"),
        ("interaction_required", "sign in again"),
        ("access_denied", "sign in again"),
        ("launch_no_longer_valid", "already used"),
        ("unauthorized_client", "refused"),
        ("invented_by_a_vendor", "refused"),
    ] {
        let uri = format!("/lti/launch?error={error}&error_description=the+words+of+it&state={state}&id_token=x");
        let by_get = tool.get(&uri).await;
        let by_post = tool.post("/lti/launch", &[("error", error), ("state", &state), ("id_token", "x")], &[]).await;
        for answer in [by_get, by_post] {
            let line = refused(error, &answer, 400, "authentication_refused");
            assert_eq!(line["lti.client_id"], "client-1", "the state tells whose error it is: {line}");
            assert!(line["rejection.reason"].as_str().unwrap().contains(error));
            assert!(answer.body.contains(title), "{error}: {}", answer.body);
            assert!(!answer.body.contains("the words of it"));
        }
    }
}

#[tokio::test]
async fn r4_nothing_of_a_request_is_in_any_page_or_problem() {
    let (platform, tool) = set_up().await;
    for attack in [
        "\"><script>alert(7001)</script>",
        "</title><script>alert(7001)</script>",
        "'-alert(7001)-'",
        "${7001}{{7001}}<%= 7001 %>",
        "javascript:alert(7001)",
        "\u{2028}alert(7001)",
        "<img src=x onerror=alert(7001)>",
        "7001\r\nSet-Cookie: a=7001",
    ] {
        let begun = tool.begin(&platform).await;
        let state = begun.state();
        let encoded: String = form_urlencoded::byte_serialize(attack.as_bytes()).collect();
        let login = |name: &'static str| {
            let mut fields = vec![("iss", "https://lms.example"), ("login_hint", "7"), ("target_link_uri", "x")];
            fields.retain(|(known, _)| *known != name);
            fields.push((name, attack));
            fields.push((name, "twice"));
            fields
        };
        let mut answers = vec![
            ("a Platform", tool.post("/lti/login", &login("iss")[..3], &[]).await),
            ("a client", tool.post("/lti/login", &login("client_id")[..4], &[]).await),
            ("a path", tool.get(&format!("/lti/{encoded}")).await),
            ("a path of the App API", tool.api("GET", &format!("/v1/{encoded}")).await),
            ("a launch id", tool.api("GET", &format!("/v1/launches/{encoded}")).await),
            ("a cursor", tool.api("DELETE", &format!("/v1/users?issuer=a&sub=b&cursor={encoded}")).await),
            ("a query", tool.api("DELETE", &format!("/v1/users?{encoded}={encoded}")).await),
            ("a state", tool.post("/lti/launch", &[("id_token", "x"), ("state", attack)], &[]).await),
            ("a token", tool.post("/lti/launch", &[("id_token", attack), ("state", &state)], &[]).await),
            ("a cookie", tool.post("/lti/launch", &[("state", &state), ("id_token", "x")], &["a=7001"]).await),
            ("an error", tool.post("/lti/launch", &[("error", attack)], &[]).await),
            ("an error with a state", tool.post("/lti/launch", &[("error", attack), ("state", &state)], &[]).await),
            ("an error by GET", tool.get(&format!("/lti/launch?error={encoded}&error_description={encoded}")).await),
            ("a name", tool.post("/lti/launch", &[(attack, "1"), (attack, "2")], &[]).await),
        ];
        for name in ["login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id", "lti_storage_target"] {
            answers.push((name, tool.post("/lti/login", &login(name), &[]).await));
        }
        for name in
            ["iss", "aud", "nonce", "sub", "name", doorway_lti::claim::DEPLOYMENT_ID, doorway_lti::claim::VERSION]
        {
            let answer = tool.launch_with(&platform, |claims| {
                claims["exp"] = if name == "name" { json!(22_222) } else { claims["exp"].clone() };
                claims[name] = json!(attack);
            });
            answers.push((name, answer.await));
        }
        answers.retain(|(_, answer)| !answer.status.is_redirection());
        assert!(answers.len() >= 20, "{attack}: {}", answers.len());
        for (case, answer) in answers {
            assert!(!answer.body.contains("7001") && !answer.body.contains("alert"), "{case}: {attack}");
            assert!(!format!("{:?}", answer.headers).contains("7001"), "{case}: {attack}");
            // The log is JSON: an attack in a name it may carry is one text in one line.
            answer.log_line();
        }
    }
}

#[tokio::test]
async fn the_app_api_asks_for_its_key_before_anything_else() {
    let (platform, tool) = set_up().await;
    let id = tool.launch(&platform).await;
    for (case, authorization) in [
        ("none", None),
        ("empty", Some(String::new())),
        ("no scheme", Some(APP_KEY.to_owned())),
        ("another scheme", Some(format!("Basic {APP_KEY}"))),
        ("no key", Some("Bearer ".to_owned())),
        ("a wrong key", Some("Bearer wrong".to_owned())),
        ("half a key", Some(format!("Bearer {}", &APP_KEY[..4]))),
        ("two keys", Some(format!("Bearer {APP_KEY} {APP_KEY}"))),
        ("in capitals", Some(format!("Bearer {}", APP_KEY.to_uppercase()))),
        ("the launch's own code", Some(format!("Bearer {id}"))),
    ] {
        for (method, uri) in [
            ("POST", format!("/v1/launches/{id}/redeem")),
            ("GET", format!("/v1/launches/{id}")),
            ("GET", "/v1/launches/x".to_owned()),
            ("DELETE", format!("/v1/launches/{id}")),
            ("DELETE", "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41".to_owned()),
        ] {
            let mut request = Request::builder().method(method).uri(&uri);
            if let Some(authorization) = &authorization {
                request = request.header(AUTHORIZATION, authorization);
            }
            let answer = tool.send(request.body(String::new().into()).unwrap()).await;
            refused(case, &answer, 401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{case}");
            assert!(answer.headers.get(LOCATION).is_none());
        }
    }
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK, "nobody without the key did anything to it");
}
