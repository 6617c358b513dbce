//! Scores that the Tool itself refuses, before any Platform is asked: whose launch may not, or is over.

use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, Status};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::DeploymentId;
use doorway_mock_platform::Profile;
use doorway_mock_platform::claims::names::AGS_ENDPOINT;
use doorway_tests::{APP_KEY, School, TestTool, refused};
use http::{HeaderValue, Request};
use serde_json::json;

use crate::support::{BEN, Class, VIDEO, delivered, grade, grant, queued, send_for, with};

/// Switching something off takes effect within so many seconds.
const CACHE_SECONDS: u64 = 31;

fn assert_nothing_happened(class: &Class) {
    assert!(class.school.platform.requests().is_empty(), "the Platform was asked");
    assert_eq!(class.queue_lengths(), (0, 0));
}

#[tokio::test]
async fn a_launch_without_the_grade_service_may_not_send_scores() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch_with(&tool, "ungraded", BEN, |_| {}).await;
    refused("no claim", &send_for(&tool, &launch, &grade(1.0), &[]).await, 409, "scores_not_granted");
    assert!(school.platform.requests().is_empty());
}

#[tokio::test]
async fn a_launch_without_the_score_scope_may_not_send_scores() {
    let others = ["lineitem", "lineitem.readonly", "result.readonly", "Score", "scores"]
        .map(|scope| format!("https://purl.imsglobal.org/spec/lti-ags/scope/{scope}"));
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    for scopes in [&[][..], &others[..]] {
        let class = Class::with_claims(Profile::Plain, BEN, |claims| grant(claims, scopes)).await;
        refused("no scope", &class.send(&grade(1.0)).await, 409, "scores_not_granted");
        assert_nothing_happened(&class);
    }
}

/// AGS digest §1: blank is absent.
#[tokio::test]
async fn a_launch_without_a_line_item_needs_the_app_to_name_one() {
    for line_item in [json!(null), json!("")] {
        let class =
            Class::with_claims(Profile::Plain, BEN, |claims| claims[AGS_ENDPOINT]["lineitem"] = line_item).await;
        let answer = class.send(&grade(1.0)).await;
        refused("no line item", &answer, 422, "score_invalid");
        assert_eq!(answer.json()["field"], "lineItem");
        assert_nothing_happened(&class);
        let named = with(grade(1.0), &json!({ "lineItem": class.line_item_url(VIDEO) }));
        delivered(&class.send(&named).await);
    }
}

#[tokio::test]
async fn a_launch_without_a_user_needs_the_app_to_name_one() {
    let tool = TestTool::start(&[]).await;
    let school =
        School::start_with(&tool, Default::default(), |registration| registration.allow_anonymous = true).await;
    let launch = school
        .launch_with(&tool, "video", BEN, |claims| {
            claims.as_object_mut().expect("claims are an object").remove("sub");
        })
        .await;
    let answer = send_for(&tool, &launch, &grade(1.0), &[]).await;
    refused("no user", &answer, 422, "score_invalid");
    assert_eq!(answer.json()["field"], "userId");
    delivered(&send_for(&tool, &launch, &with(grade(1.0), &json!({ "userId": BEN })), &[]).await);
}

/// A token goes only to origins that the Registration owns (services digest §4).
#[tokio::test]
async fn a_line_item_elsewhere_is_not_sent_to() {
    let class = Class::of(Profile::Plain).await;
    for url in ["https://evil.example/line-items/1", "http://127.0.0.1:9/line-items/course-7/link-1201"] {
        let answer = class.send(&with(grade(1.0), &json!({ "lineItem": url }))).await;
        refused(url, &answer, 409, "service_origin_foreign");
        assert!(url.starts_with(answer.json()["origin"].as_str().unwrap()));
    }
    assert_nothing_happened(&class);
}

#[tokio::test]
async fn an_unknown_launch_has_no_scores() {
    let class = Class::of(Profile::Plain).await;
    for id in ["A".repeat(32), "x".to_owned(), class.launch.to_lowercase()] {
        refused(&id, &send_for(&class.tool, &id, &grade(1.0), &[]).await, 404, "launch_unknown");
    }
    assert_nothing_happened(&class);
}

#[tokio::test]
async fn a_launch_that_is_over_has_no_scores() {
    let class = Class::of(Profile::Plain).await;
    class.tool.clock.advance(120 * 24 * 3600 - 60);
    delivered(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(61);
    refused("after retention", &class.send(&grade(1.0)).await, 410, "launch_expired");
    assert_eq!(class.applied().len(), 1);
}

#[tokio::test]
async fn a_forgotten_launch_has_no_scores() {
    let class = Class::of(Profile::Plain).await;
    let forgotten = class.tool.api("DELETE", &format!("/v1/launches/{}", class.launch)).await;
    assert_eq!(forgotten.status.as_u16(), 204);
    refused("forgotten", &class.send(&grade(1.0)).await, 404, "launch_unknown");
}

#[tokio::test]
async fn nobody_sends_scores_without_the_app_key() {
    let class = Class::of(Profile::Plain).await;
    let path = format!("/v1/launches/{}/scores", class.launch);
    for key in [None, Some("Bearer wrong"), Some("Basic dGVzdC1hcHAta2V5")] {
        let mut request = Request::post(&path).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("authorization", key);
        }
        let answer = class.tool.send(request.body(grade(1.0).to_string().into()).unwrap()).await;
        refused("no key", &answer, 401, "unauthorized");
    }
    assert_nothing_happened(&class);
}

#[tokio::test]
async fn a_disabled_registration_sends_no_scores_until_it_is_enabled() {
    let class = Class::of(Profile::Plain).await;
    let registrations = class.tool.parts.registrations();
    let disabled = Registration { status: Status::Disabled, ..class.school.registration().clone() };
    registrations.put(&disabled).await.unwrap();
    class.tool.clock.advance(CACHE_SECONDS);
    refused("disabled", &class.send(&grade(1.0)).await, 403, "registration_disabled");
    assert_nothing_happened(&class);
    registrations.put(class.school.registration()).await.unwrap();
    class.tool.clock.advance(CACHE_SECONDS);
    delivered(&class.send(&grade(1.0)).await);
}

#[tokio::test]
async fn a_disabled_deployment_sends_no_scores() {
    let class = Class::with_registration(|registration| registration.deployments = DeploymentPolicy::Any).await;
    let id = DeploymentId::try_from("1").unwrap();
    let deployment = Deployment { id, status: Status::Disabled, tenant: None };
    let key = class.school.registration().key();
    class.tool.parts.deployments().put(&key, &deployment, UnixSeconds(class.tool.now())).await.unwrap();
    class.tool.clock.advance(CACHE_SECONDS);
    refused("disabled", &class.send(&grade(1.0)).await, 403, "deployment_disabled");
    assert_nothing_happened(&class);
}

#[tokio::test]
async fn an_idempotency_key_has_bounds() {
    let class = Class::of(Profile::Plain).await;
    let too_long = "k".repeat(256);
    for key in ["", too_long.as_str()] {
        let answer = class.send_keyed(key, &grade(1.0)).await;
        refused("key", &answer, 422, "score_invalid");
        assert_eq!(answer.json()["field"], "Idempotency-Key");
    }
    assert_nothing_happened(&class);
    delivered(&class.send_keyed(&too_long[..255], &grade(1.0)).await);
}

/// A key that cannot be read protects nothing.
#[tokio::test]
async fn an_idempotency_key_that_is_no_ascii_is_refused() {
    let class = Class::of(Profile::Plain).await;
    let key = HeaderValue::from_bytes("schlüssel".as_bytes()).unwrap();
    let request = Request::post(format!("/v1/launches/{}/scores", class.launch))
        .header("authorization", format!("Bearer {APP_KEY}"))
        .header("idempotency-key", key);
    let answer = class.tool.send(request.body(grade(1.0).to_string().into()).unwrap()).await;
    refused("key", &answer, 422, "score_invalid");
    assert_eq!(answer.json()["field"], "Idempotency-Key");
    assert_nothing_happened(&class);
}

/// What no table takes is refused for good: sending it again would not help.
#[tokio::test]
async fn a_score_that_is_too_large_to_keep_is_refused() {
    let class = Class::of(Profile::Plain).await;
    // No two parts alike, so that nothing can be packed.
    let noise: Vec<String> = (0..60_000_u64).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let score = with(grade(1.0), &json!({ "https://lumen.example/lti/work": noise.concat()[..600 * 1024] }));
    let answer = class.send(&score).await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    assert_nothing_happened(&class);
}

/// Whatever the App prefers, what is wrong with its request is told at once.
#[tokio::test]
async fn a_score_that_is_not_waited_for_is_checked_all_the_same() {
    let class = Class::of(Profile::Plain).await;
    let asynchronous = [("prefer", "respond-async")];
    let answer = class.send_with(&with(grade(1.0), &json!({ "scoreMaximum": 0 })), &asynchronous).await;
    refused("not waited for", &answer, 422, "score_invalid");
    assert_nothing_happened(&class);
    queued(&class.send_with(&grade(1.0), &asynchronous).await);
}
