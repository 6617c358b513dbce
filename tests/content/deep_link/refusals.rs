//! Who may not answer, where to, and what a browser or an App cannot decide.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use doorway_core::app_target::AppTargets;
use doorway_core::registration::PlatformTransport;
use doorway_core::secret::{Secret, SecretSource};
use doorway_core::use_case::deep_link::DeepLink;
use doorway_deep_link::DeepLinkApi;
use doorway_tests::{APP_KEY, refused};
use doorway_web::app_api::AppGate;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::support::{BEN, assert_problem, switch_off};

#[tokio::test]
async fn a_launch_that_is_no_deep_linking_request_has_no_response() {
    let (tool, school, _) = choosing(|_| {}).await;
    for link in ["video", "review", "privacy"] {
        let launch = school.launch_with(&tool, link, TEACHER, |_| {}).await;
        let answer = respond(&tool, &launch, &one(&lesson(1))).await;
        let line = refused(link, &answer, 409, "deep_linking_not_granted");
        assert_eq!(line["lti.issuer"], school.issuer, "an operator sees whose launch it was");
    }
}

/// The Platform decides who chooses; the Tool has no rule of its own.
#[tokio::test]
async fn a_student_whom_the_platform_lets_choose_may_choose() {
    let (tool, school, _) = choosing(|_| {}).await;
    let launch = school.launch_with(&tool, "choose-content", BEN, |_| {}).await;
    assert_eq!(signed(&tool, &launch, &one(&lesson(1))).await[ITEMS], json!([lesson(1)]));
}

#[tokio::test]
async fn only_the_app_answers() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let uri = format!("/v1/launches/{launch}/deep-link");
    for key in [None, Some("Bearer another-key"), Some("Basic dGVzdA==")] {
        let request = Request::post(&uri).header(CONTENT_TYPE, "application/json");
        let request = key.into_iter().fold(request, |request, key| request.header(AUTHORIZATION, key));
        let answer = tool.send(request.body(Body::from(one(&lesson(1)).to_string())).unwrap()).await;
        assert_problem(&answer, 401, "unauthorized");
    }
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.status.as_u16(), 200, "nothing was used up");
}

#[tokio::test]
async fn a_launch_that_never_was_or_was_forgotten_is_unknown() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    for unknown in ["A".repeat(32).as_str(), "x", "%00"] {
        assert_problem(&respond(&tool, unknown, &one(&lesson(1))).await, 404, "launch_unknown");
    }
    assert_eq!(tool.api("DELETE", &format!("/v1/launches/{launch}")).await.status.as_u16(), 204);
    assert_problem(&respond(&tool, &launch, &one(&lesson(1))).await, 404, "launch_unknown");
}

#[tokio::test]
async fn a_launch_that_was_forgotten_after_its_response_is_unknown_too() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.status.as_u16(), 200);
    tool.api("DELETE", &format!("/v1/launches/{launch}")).await;
    assert_problem(&respond(&tool, &launch, &one(&lesson(1))).await, 404, "launch_unknown");
}

#[tokio::test]
async fn a_launch_whose_time_has_passed_is_gone() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    tool.clock.advance(120 * 24 * 3600);
    assert_problem(&respond(&tool, &launch, &one(&lesson(1))).await, 410, "launch_expired");
}

#[tokio::test]
async fn a_school_that_is_switched_off_gets_no_content() {
    let (tool, school, launch) = choosing(|_| {}).await;
    switch_off(&tool, &school).await;
    let answer = respond(&tool, &launch, &one(&lesson(1))).await;
    refused("switched off", &answer, 403, "registration_disabled");
}

/// R11: the return URL is the signed claim's, whoever names another.
#[tokio::test]
async fn nobody_but_the_platform_names_the_return_url() {
    let (tool, _school, launch) =
        choosing(|settings| settings["deep_link_return_url"] = "https://lms.example/r?a=1".into()).await;
    for name in ["returnUrl", "return_url", "deep_link_return_url", "deepLinkReturnUrl"] {
        let body = json!({ "contentItems": [lesson(1)], name: "https://evil.example/" });
        assert_eq!(faults(&tool, &launch, &body).await, [name], "what does nothing must not look as if it did");
    }
    let query = "returnUrl=https://evil.example/&deep_link_return_url=https://evil.example/";
    let uri = format!("/v1/launches/{launch}/deep-link?{query}");
    let headers = [("origin", "https://evil.example"), ("referer", "https://evil.example/x"), ("host", "evil.example")];
    let answer = tool.api_json("POST", &uri, &one(&lesson(1)), &headers).await;
    assert_eq!(answer.json()["returnUrl"], "https://lms.example/r?a=1", "{}", answer.body);
    let page = respond_with(&tool, &launch, &one(&lesson(1)), &[("accept", "text/html")]).await;
    assert!(!page.body.contains("evil.example"), "{}", page.body);
}

#[tokio::test]
async fn the_return_url_comes_back_byte_for_byte() {
    let (tool, school, _) = choosing(|_| {}).await;
    for url in [
        "https://lms.example",
        "https://LMS.example:443/a/../b?data=eyJ.a-_b.c%2F&x=1;y=2#fragment",
        "https://lms.example/r?q=ü&empty=&again=1&again=2",
    ] {
        let launch = choose(&tool, &school, |settings| settings["deep_link_return_url"] = url.into()).await;
        assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.json()["returnUrl"], url);
    }
}

/// The function as it is deployed: Platforms are on https alone.
fn deployed(tool: &TestTool) -> Router {
    let (parts, kit) = (&tool.parts, tool.parts.service_kit());
    let deep_link = DeepLink {
        open: kit.open(),
        launches: kit.launches.clone(),
        signer: kit.signer(),
        app: AppTargets::new(parts.app_url.clone(), &parts.app_origins, &parts.public_url),
        transport: PlatformTransport::HttpsOnly,
        clock: parts.clock.clone(),
    };
    let keys = Secret::new(SecretSource::File(parts.app_keys.clone()));
    let gate = AppGate::new(Arc::new(keys), parts.clock.clone());
    doorway_deep_link::router(DeepLinkApi::new(deep_link, gate, parts.random.clone()))
}

async fn respond_deployed(tool: &TestTool, launch: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(format!("/v1/launches/{launch}/deep-link"))
        .header(AUTHORIZATION, format!("Bearer {APP_KEY}"))
        .body(Body::from(body.to_string()));
    let response = deployed(tool).oneshot(request.expect("a request")).await.expect("routers do not fail");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("the body is in memory").to_bytes();
    (status, serde_json::from_slice(&body).expect("the answer is JSON"))
}

#[tokio::test]
async fn a_deployed_tool_hands_nothing_to_a_return_url_without_https() {
    let (tool, school, _) = choosing(|_| {}).await;
    for url in
        ["http://lms.example/r", "javascript:alert(1)", "/deep-linking", "ftp://lms.example/", "data:text/html,x"]
    {
        let launch = choose(&tool, &school, |settings| settings["deep_link_return_url"] = url.into()).await;
        let (status, problem) = respond_deployed(&tool, &launch, &one(&lesson(1))).await;
        assert_eq!((status, &problem["code"]), (502, &json!("return_url_unsafe")), "{url}: {problem}");
        assert_eq!(problem.get("jwt"), None);
    }
    let launch =
        choose(&tool, &school, |settings| settings["deep_link_return_url"] = "https://lms.example/r".into()).await;
    let (status, answer) = respond_deployed(&tool, &launch, &one(&lesson(1))).await;
    assert_eq!((status, &answer["returnUrl"]), (200, &json!("https://lms.example/r")), "{answer}");
}

#[tokio::test]
async fn also_this_machines_tool_hands_nothing_to_what_is_no_web_address() {
    let (tool, school, _) = choosing(|_| {}).await;
    for url in ["javascript:alert(1)", "/deep-linking", "data:text/html,x"] {
        let launch = choose(&tool, &school, |settings| settings["deep_link_return_url"] = url.into()).await;
        assert_problem(&respond(&tool, &launch, &one(&lesson(1))).await, 502, "return_url_unsafe");
    }
}
