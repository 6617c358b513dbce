//! Who may read the roster, and with which token.

use axum::response::IntoResponse as _;
use doorway_mock_platform::Bearer;
use doorway_tests::refused;
use serde_json::json;

use super::*;
use crate::support::{BEN, NRPS, assert_problem, switch_off};

#[tokio::test]
async fn a_launch_without_the_claim_may_not_ask() {
    let (tool, school) = at_school(Profile::Plain).await;
    let without = |claims: &mut Value| _ = claims.as_object_mut().unwrap().remove(NRPS);
    let removed = school.launch_with(&tool, "video", TEACHER, without).await;
    let ungraded = school.launch_with(&tool, "ungraded", TEACHER, |_| {}).await;
    let empty = school.launch_with(&tool, "video", TEACHER, |claims| claims[NRPS] = json!({})).await;
    for launch in [removed, ungraded, empty] {
        let line = refused("no claim", &ask(&tool, &launch, "").await, 409, "memberships_not_granted");
        assert_eq!(line["lti.issuer"], school.issuer);
        assert_problem(&ask(&tool, &launch, "?limit=5&cursor=x").await, 409, "memberships_not_granted");
    }
    assert_eq!(school.platform.requests(), [], "the Platform is not asked");
}

/// What a student may see is the App's to decide: the service was granted to the launch.
#[tokio::test]
async fn the_roster_is_the_apps_whoever_launched() {
    let (tool, school) = at_school(Profile::Plain).await;
    let launch = school.launch(&tool, BEN).await;
    assert_eq!(ids(&read(&tool, &launch, "").await).len(), 307);
}

#[tokio::test]
async fn the_token_has_the_scope_of_the_roster_and_no_other() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    read(&tool, &launch, "").await;
    let requests = school.platform.requests();
    let tokens: Vec<_> = requests.iter().filter(|request| request.path == "/token").collect();
    assert_eq!(tokens.len(), 1, "one token serves all pages");
    let scopes: Vec<String> = form_urlencoded::parse(tokens[0].body.as_bytes())
        .filter(|(name, _)| name == "scope")
        .map(|(_, scope)| scope.into_owned())
        .collect();
    assert_eq!(scopes, [SCOPE]);
    assert!(membership_requests(&school).iter().all(|request| request.bearer == Bearer::Valid));
    assert!(membership_requests(&school).iter().all(|request| request.header("user-agent").is_some()));
}

#[tokio::test]
async fn a_token_serves_until_it_ends() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    read(&tool, &launch, "").await;
    read(&tool, &launch, "").await;
    let tokens = |school: &School| school.platform.requests().iter().filter(|request| request.path == "/token").count();
    assert_eq!(tokens(&school), 1);
    tool.clock.advance(3_600);
    read(&tool, &launch, "").await;
    assert_eq!(tokens(&school), 2);
}

#[tokio::test]
async fn a_school_that_does_not_offer_the_scope_is_asked_for_no_roster() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    school.platform.set_offered_scopes(&["https://purl.imsglobal.org/spec/lti-ags/scope/score"]);
    let answer = ask(&tool, &launch, "").await;
    refused("scope", &answer, 502, "token_refused");
    assert!(answer.json()["platform"]["words"].as_str().is_some_and(|words| !words.is_empty()), "{}", answer.body);
    assert_eq!(membership_requests(&school), []);
    school.platform.set_offered_scopes(&[SCOPE]);
    read(&tool, &launch, "").await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    read(&tool, &launch, "").await;
    school.platform.revoke_access_tokens();
    school.platform.forget_requests();
    assert_eq!(ids(&read(&tool, &launch, "").await).len(), 307);
    let bearers: Vec<Bearer> = membership_requests(&school).iter().map(|request| request.bearer).collect();
    assert_eq!(bearers, [Bearer::Invalid, Bearer::Valid, Bearer::Valid, Bearer::Valid, Bearer::Valid]);
}

#[tokio::test]
async fn a_platform_that_refuses_every_token_is_asked_twice_and_no_more() {
    let (service, answer) = crate::support::scripted::read_from("", |_, _| {
        let challenge = ("www-authenticate", "Bearer error=\"invalid_token\"");
        (http::StatusCode::UNAUTHORIZED, [challenge]).into_response()
    })
    .await;
    assert_eq!(answer.status.as_u16(), 502, "{}", answer.body);
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn launches_that_are_unknown_forgotten_expired_or_switched_off_have_no_roster() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let (forgotten, expired) = (school.launch(&tool, TEACHER).await, school.launch(&tool, TEACHER).await);
    assert_problem(&ask(&tool, &"A".repeat(32), "").await, 404, "launch_unknown");
    tool.api("DELETE", &format!("/v1/launches/{forgotten}")).await;
    assert_problem(&ask(&tool, &forgotten, "").await, 404, "launch_unknown");
    switch_off(&tool, &school).await;
    assert_problem(&ask(&tool, &launch, "").await, 403, "registration_disabled");
    tool.clock.advance(120 * 24 * 3600);
    assert_problem(&ask(&tool, &expired, "").await, 410, "launch_expired");
    assert_eq!(school.platform.requests(), []);
}

#[tokio::test]
async fn only_the_app_reads_the_roster() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let answer = tool.get(&format!("/v1/launches/{launch}/memberships")).await;
    assert_problem(&answer, 401, "unauthorized");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(school.platform.requests(), []);
}

#[tokio::test]
async fn a_roster_is_read_and_not_written() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    for method in ["POST", "PUT", "DELETE"] {
        let answer = tool.api(method, &format!("/v1/launches/{launch}/memberships")).await;
        assert_problem(&answer, 405, "method_not_allowed");
    }
}

#[tokio::test]
async fn the_roster_is_not_cached_on_its_way() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    assert_eq!(ask(&tool, &launch, "?limit=1").await.header("cache-control"), "no-store");
}
