//! R4, R5, R7, R8, R11: the page that posts a deep-linking response, and where it posts it to.

use std::sync::Arc;

use doorway_core::app_target::AppTargets;
use doorway_core::error::Error;
use doorway_core::registration::PlatformTransport;
use doorway_core::use_case::deep_link::DeepLink;
use doorway_lti::claim;
use doorway_lti::json::Object;
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{Place, claims_of};

fn choice() -> Value {
    json!({ "contentItems": [{ "type": "ltiResourceLink", "title": "Lesson", "url": "https://app.example/lesson/7" }] })
}

async fn respond(place: &Place, launch: &str, body: &Value, accept: &str) -> Answer {
    place.tool.api_json("POST", &format!("/v1/launches/{launch}/deep-link"), body, &[("accept", accept)]).await
}

/// What stands between the quotes of this attribute at its first place, unescaped.
fn attribute(page: &str, beginning: &str) -> String {
    let (_, rest) = page.split_once(beginning).unwrap_or_else(|| panic!("no `{beginning}` in {page}"));
    let text = rest.split('"').next().unwrap_or_default();
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// R4: a return URL of the Platform, and texts of the App, are data on the page.
#[tokio::test]
async fn nothing_from_outside_becomes_markup() {
    for attack in [
        "\"><script>alert(7001)</script>",
        "'-alert(7001)-'",
        "</form></main><script>alert(7001)</script>",
        "\" onfocus=\"alert(7001)\" autofocus x=\"",
        "${7001}{{7001}}<%= 7001 %>",
        "a\u{2028}alert(7001)\u{2029}b",
        "&quot;&gt;&lt;img src=x onerror=alert(7001)&gt;",
        "<!--",
        "]]>",
    ] {
        let place = Place::start().await;
        let return_url = format!("https://lms.example/return?data={attack}");
        let launch = place.deep_linking(|settings| settings["deep_link_return_url"] = json!(return_url)).await;
        let mut body = choice();
        body["msg"] = json!(attack);
        body["contentItems"][0]["title"] = json!(attack);
        let answer = respond(&place, &launch, &body, "text/html").await;
        assert_eq!(answer.status.as_u16(), 200, "{attack}: {}", answer.body);
        let page = &answer.body;
        assert_eq!(attribute(page, "<form method=\"post\" action=\""), return_url, "byte for byte");
        for (what, count) in [("<script", 1), ("<form", 1), ("<input", 1), ("<img", 0), ("<!--", 0), ("</form>", 1)] {
            assert_eq!(page.matches(what).count(), count, "{attack}: {what} in {page}");
        }
        let scripts: Vec<&str> = page.split("<script>").skip(1).collect();
        assert!(scripts.iter().all(|script| !script.contains("7001")), "{attack}: {page}");
        assert!(!page.contains("onfocus=\""), "{attack}: {page}");
        let claims = claims_of(&attribute(page, "name=\"JWT\" value=\""));
        assert_eq!(claims[claim::DEEP_LINKING_MSG], json!(attack), "and in the response it is what it was");
        let policy = answer.header("content-security-policy");
        assert!(policy.is_ascii() && !policy.contains("7001"), "{attack}: {policy}");
    }
}

/// R5, R7, R8: one script and one style by their hashes, forms to the Platform alone, framed by whoever launched,
/// kept by nobody, and without a referrer.
#[tokio::test]
async fn the_page_runs_one_script_and_posts_to_the_platform_alone() {
    let place = Place::start().await;
    let launch = place.deep_linking(|_| {}).await;
    let answer = respond(&place, &launch, &choice(), "text/html").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let policy = answer.header("content-security-policy");
    for directive in
        ["default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "base-uri 'none'", "frame-ancestors "]
    {
        assert!(policy.contains(directive), "{directive} in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script-src *"), "{policy}");
    let forms = policy.split(';').find_map(|part| part.trim().strip_prefix("form-action ")).unwrap();
    let mut expected = vec!["https://lms.example".to_owned(), place.lms.base.clone()];
    expected.push(place.registration.jwks_uri.origin().ascii_serialization());
    let mut allowed: Vec<String> = forms.split(' ').map(str::to_owned).collect();
    expected.sort();
    allowed.sort();
    assert_eq!(allowed, expected, "the Registration's own origins and no other");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.headers.contains_key("x-frame-options") && !answer.headers.contains_key("location"));
    assert!(answer.body.contains("<meta name=\"referrer\" content=\"no-referrer\">"), "also without the header");
    for active in [" onclick", " onload", " onsubmit", "href=", "src=", "javascript:", " target="] {
        assert!(!answer.body.contains(active), "{active}");
    }
    assert!(answer.body.contains("<form method=\"post\" "), "the response is in no URL: {}", answer.body);
    assert!(answer.body.contains("type=\"submit\""), "there is a button for those without scripts");
}

/// R4, R5: errors of this function are documents for the App and no pages, also where it asks for one.
#[tokio::test]
async fn a_refusal_is_no_page() {
    let place = Place::start().await;
    let launch = place.deep_linking(|_| {}).await;
    let attack = "<script>alert(7001)</script>";
    for body in
        [json!({ "contentItems": attack }), json!({ "contentItems": [{ "type": attack }] }), json!({ attack: 1 })]
    {
        let answer = respond(&place, &launch, &body, "text/html").await;
        if answer.status.as_u16() != 200 {
            refused("a refusal", &answer, 422, "deep_link_invalid");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "the names in it are not read as markup");
            continue;
        }
        assert!(!answer.body.contains("alert(7001)"), "{}", answer.body);
    }
}

/// R11: where the response goes is in the verified token, and the App cannot say otherwise.
#[tokio::test]
async fn the_app_cannot_name_the_return_url() {
    let place = Place::start().await;
    let evil = "https://evil.example/return";
    for name in ["returnUrl", "deep_link_return_url", "deepLinkReturnUrl", "action", "data", "aud", "iss"] {
        let launch = place.deep_linking(|_| {}).await;
        let mut body = choice();
        body[name] = json!(evil);
        let answer = respond(&place, &launch, &body, "application/json").await;
        assert!(!answer.body.contains("evil.example"), "{name}: {}", answer.body);
        if answer.status.as_u16() == 200 {
            assert_eq!(answer.json()["returnUrl"], "https://lms.example/deep-linking/course-7", "{name}");
            let claims = claims_of(answer.json()["jwt"].as_str().unwrap());
            assert!(!claims.to_string().contains("evil.example"), "{name}: {claims}");
        }
    }
    let launch = place.deep_linking(|_| {}).await;
    let uri = format!("/v1/launches/{launch}/deep-link?returnUrl={evil}&deep_link_return_url={evil}");
    let answer = place.tool.api_json("POST", &uri, &choice(), &[]).await;
    assert_eq!(answer.json()["returnUrl"], "https://lms.example/deep-linking/course-7");
}

/// R11: an answer is for the launch that asked: another message has none.
#[tokio::test]
async fn a_launch_that_asked_for_nothing_is_not_answered() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let answer = respond(&place, &launch, &choice(), "text/html").await;
    refused("a resource link", &answer, 409, "deep_linking_not_granted");
    assert!(!answer.body.contains("eyJ"), "{}", answer.body);
}

/// R11: a return URL that is no web address is refused, in the local stack too.
#[tokio::test]
async fn a_return_url_that_is_no_web_address_is_refused() {
    let place = Place::start().await;
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "/return",
        "x",
        "ftp://a.example/",
    ] {
        let launch = place.deep_linking(|settings| settings["deep_link_return_url"] = json!(url)).await;
        for accept in ["text/html", "application/json"] {
            let answer = respond(&place, &launch, &choice(), accept).await;
            refused(url, &answer, 502, "return_url_unsafe");
        }
    }
}

/// R11: a deployed Tool answers by https alone.
#[tokio::test]
async fn a_deployed_tool_does_not_answer_to_plain_http() {
    let place = Place::start().await;
    let kit = place.tool.parts.service_kit();
    let deep_link = DeepLink {
        open: kit.open(),
        launches: kit.launches.clone(),
        signer: kit.signer(),
        app: AppTargets::new(place.tool.parts.app_url.clone(), &[], &place.tool.parts.public_url),
        transport: PlatformTransport::HttpsOnly,
        clock: Arc::clone(&kit.clock),
    };
    let body = || -> Object { serde_json::from_value(choice()).expect("a choice is an object") };
    for (url, is_safe) in
        [("http://lms.example/return", false), ("HTTP://lms.example/", false), ("https://lms.example/return", true)]
    {
        let launch = place.deep_linking(|settings| settings["deep_link_return_url"] = json!(url)).await;
        let id = launch.as_str().try_into().unwrap();
        let response = deep_link.respond(&id, body(), &mut None).await;
        match response {
            Ok(response) => assert!(is_safe && response.return_url == url, "{url}"),
            Err(error) => assert!(!is_safe && matches!(error, Error::ReturnUrlUnsafe), "{url}: {error}"),
        }
    }
}

/// R11: one response for one launch; the nonce of each is another.
#[tokio::test]
async fn a_launch_has_one_response() {
    let place = Place::start().await;
    let launch = place.deep_linking(|_| {}).await;
    let first = respond(&place, &launch, &choice(), "application/json").await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.body);
    let other = json!({ "contentItems": [] });
    refused("another choice", &respond(&place, &launch, &other, "application/json").await, 409, "deep_link_answered");
    let second = respond(&place, &place.deep_linking(|_| {}).await, &choice(), "application/json").await;
    let nonce = |answer: &Answer| claims_of(answer.json()["jwt"].as_str().unwrap())["nonce"].clone();
    assert_ne!(nonce(&first), nonce(&second));
    assert!(nonce(&first).as_str().is_some_and(|nonce| nonce.len() >= 22));
}
