//! Where pages lead: as they say, on the same origin, and never in a circle (digest, section 4).

use axum::response::IntoResponse as _;
use serde_json::json;

use super::*;
use crate::support::scripted::{CONTAINER, RosterService, launch_to, learners, page, read_from};
use crate::support::{NRPS, assert_problem};

#[tokio::test]
async fn every_request_has_the_token_and_the_one_media_type() {
    let (service, answer) = read_from("?limit=1&role=Learner", |target, base| {
        let next = ("next", format!("{base}/members?opaque=%7E%2B&x"));
        if target.contains("opaque") { page(&learners([2]), &[]) } else { page(&learners([1]), &[next]) }
    })
    .await;
    assert_eq!(answer.json()["complete"], false);
    for asked in service.asked() {
        assert!(asked.has_token, "{asked:?}");
        assert_eq!(asked.accept, CONTAINER, "Moodle answers others with NRPS 1.0");
    }
}

#[tokio::test]
async fn the_next_url_is_asked_as_it_is() {
    let (service, answer) = read_from("?role=Learner", |target, base| {
        let next = ("next", format!("{base}/members?opaque=%7E%2B&x"));
        if target.contains("opaque") { page(&learners([2]), &[]) } else { page(&learners([1]), &[next]) }
    })
    .await;
    assert_eq!(ids(&answer.json()).len(), 2);
    assert_eq!(service.targets()[1..], ["/members?opaque=%7E%2B&x"], "no filter is added again");
}

#[tokio::test]
async fn a_relative_url_is_one_of_the_page_it_stands_on() {
    let (service, answer) = read_from("", |target, _| {
        let next = ("next", "?page=2".to_owned());
        if target.contains("page=2") { page(&learners([2]), &[]) } else { page(&learners([1]), &[next]) }
    })
    .await;
    assert_eq!((ids(&answer.json()).len(), service.targets()), (2, vec!["/members".into(), "/members?page=2".into()]));
}

/// What is behind a circle is not known: the pages before it must not look like the whole roster.
#[tokio::test]
async fn a_page_that_leads_to_itself_is_asked_once_and_is_no_roster() {
    let (service, answer) = read_from("", |_, base| page(&learners([1]), &[("next", format!("{base}/members"))])).await;
    assert_problem(&answer, 503, "platform_unavailable");
    assert_eq!((service.asked().len(), answer.json().get("members")), (1, None));
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_are_asked_once_each_and_are_no_roster() {
    let (service, answer) = read_from("", |target, base| {
        let (id, next) = if target.contains("page=2") { (2, "members?page=3") } else { (3, "members?page=2") };
        page(&learners([id]), &[("next", format!("{base}/{next}"))])
    })
    .await;
    assert_problem(&answer, 503, "platform_unavailable");
    assert_eq!(answer.json().get("members"), None);
    assert_eq!(service.targets(), ["/members", "/members?page=2", "/members?page=3"]);
}

/// A service that goes on for ever with new pages: the answer ends, and is not complete.
#[tokio::test]
async fn pages_without_end_end_and_are_not_the_whole_roster() {
    let (service, answer) = read_from("", |target, base| {
        let (_, number) = target.split_once("page=").unwrap_or((target, "0"));
        let number: u32 = number.parse().expect("the page is a number");
        page(&learners([number]), &[("next", format!("{base}/members?page={}", number + 1))])
    })
    .await;
    let roster = answer.json();
    assert_eq!((&roster["complete"], roster["next"].is_string()), (&json!(false), true));
    assert!(service.asked().len() <= 1_000, "{}", service.asked().len());
    assert_eq!(ids(&roster).len(), service.asked().len());
}

#[tokio::test]
async fn a_page_that_leads_to_another_origin_is_refused_and_nothing_is_sent_there() {
    let stranger = RosterService::start(|_, _| page(&learners([9]), &[])).await;
    let elsewhere = format!("{}/members", stranger.base);
    let (service, answer) = read_from("", move |_, _| page(&learners([1]), &[("next", elsewhere.clone())])).await;
    assert_problem(&answer, 409, "service_origin_foreign");
    assert_eq!((&answer.json()["origin"], answer.json().get("members")), (&json!(stranger.base), None));
    assert_eq!((service.asked().len(), stranger.asked()), (1, Vec::new()));
}

/// Also an origin that the Registration owns: a page of a roster leads nowhere else.
#[tokio::test]
async fn a_page_does_not_lead_to_another_origin_of_the_registration_either() {
    let (tool, school) = at_school(Profile::Plain).await;
    let target = format!("{}/memberships/course-7", school.issuer);
    let service = RosterService::start(move |_, _| page(&learners([1]), &[("next", target.clone())])).await;
    let mut registration = school.registration().clone();
    registration.service_origins.push(url::Url::parse(&service.base).expect("a base is a URL"));
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    let url = format!("{}/members", service.base);
    let launch =
        school.launch_with(&tool, "video", TEACHER, |claims| claims[NRPS]["context_memberships_url"] = url.into());
    let answer = ask(&tool, &launch.await, "").await;
    assert_problem(&answer, 409, "service_origin_foreign");
    assert_eq!(membership_requests(&school), []);
}

/// A claim is signed, but a Platform may be compromised: the token goes nowhere that no operator agreed to.
#[tokio::test]
async fn a_claim_that_names_another_origin_gets_no_token() {
    let stranger = RosterService::start(|_, _| page(&learners([9]), &[])).await;
    let (tool, school) = at_school(Profile::Plain).await;
    let other_port = format!("{}/members", stranger.base);
    for url in [other_port.as_str(), "https://evil.example/members", "http://127.0.0.1/members", "nonsense", "/members"]
    {
        let named = |claims: &mut Value| claims[NRPS]["context_memberships_url"] = url.into();
        let launch = school.launch_with(&tool, "video", TEACHER, named).await;
        let answer = ask(&tool, &launch, "").await;
        assert_problem(&answer, 409, "service_origin_foreign");
    }
    assert_eq!(
        (stranger.asked(), school.platform.requests()),
        (Vec::new(), Vec::new()),
        "no token was asked for either"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stranger = RosterService::start(|_, _| page(&learners([9]), &[])).await;
    let elsewhere = format!("{}/members", stranger.base);
    let (service, answer) =
        read_from("", move |_, _| (http::StatusCode::FOUND, [("location", elsewhere.clone())]).into_response()).await;
    assert_problem(&answer, 502, "platform_refused");
    assert_eq!((service.asked().len(), stranger.asked()), (1, Vec::new()));
}

/// A cursor from before an operator took an origin away.
#[tokio::test]
async fn a_cursor_leads_only_where_the_registration_still_does() {
    let service =
        RosterService::start(|_, base| page(&learners([1]), &[("next", format!("{base}/members?page=2"))])).await;
    let (tool, launch) = launch_to(&service).await;
    let next = read(&tool, &launch, "?limit=1").await["next"].as_str().expect("there is more").to_owned();
    let view = tool.api("GET", &format!("/v1/launches/{launch}")).await.json();
    let issuer = view["platform"]["issuer"].as_str().expect("a launch has an issuer");
    let registration: doorway_core::registration::Registration = serde_json::from_value(json!({
        "issuer": issuer, "clientId": view["platform"]["clientId"], "deployments": ["1"],
        "authorizationEndpoint": format!("{issuer}/auth"), "tokenEndpoint": format!("{issuer}/token"),
        "jwksUri": format!("{issuer}/jwks.json"),
    }))
    .expect("the registration is complete");
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    assert_problem(&ask(&tool, &launch, &format!("?cursor={next}")).await, 409, "service_origin_foreign");
    assert_eq!(service.asked().len(), 1);
}
