//! A Platform that fails: a part of a roster must never look like the roster, or people would be taken for gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde_json::json;

use super::*;
use crate::support::assert_problem;
use crate::support::scripted::{RosterService, launch_to, learners, page, read_from};

/// Three pages, of which the third is like this.
fn third(target: &str, base: &str, third: impl FnOnce() -> Response) -> Response {
    let next = |number: usize| [("next", format!("{base}/members?page={number}"))];
    match target {
        "/members?page=3" => third(),
        "/members?page=2" => page(&learners([2]), &next(3)),
        _ => page(&learners([1]), &next(2)),
    }
}

/// Nothing of the pages before is in a refusal.
#[track_caller]
fn assert_no_roster(answer: &Answer, status: u16, code: &str) {
    assert_problem(answer, status, code);
    for member in ["members", "complete", "next", "differences"] {
        assert_eq!(answer.json().get(member), None, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_third_page_that_cannot_be_had_is_a_failure_of_the_whole() {
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS] {
        let (service, answer) = read_from("", move |target, base| third(target, base, || status.into_response())).await;
        assert_no_roster(&answer, 503, "platform_unavailable");
        assert_ne!(answer.header("retry-after"), "", "{status}");
        assert_eq!(answer.json()["platform"]["status"], status.as_u16());
        assert_eq!(service.asked().len(), 3, "{status}");
    }
}

#[tokio::test]
async fn a_third_page_that_is_refused_is_a_refusal_of_the_whole() {
    for status in [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::GONE] {
        let (_, answer) = read_from("", move |target, base| third(target, base, || status.into_response())).await;
        assert_no_roster(&answer, 502, "platform_refused");
        assert_eq!(answer.json()["platform"]["status"], status.as_u16());
    }
}

#[tokio::test]
async fn the_platforms_words_are_passed_on() {
    let (_, answer) = read_from("", |target, base| {
        third(target, base, || (StatusCode::FORBIDDEN, "{\"message\":\"The course has ended\"}").into_response())
    })
    .await;
    let words = answer.json()["platform"]["words"].as_str().unwrap_or_default().to_owned();
    assert!(words.contains("The course has ended"), "{words}");
}

#[tokio::test]
async fn a_third_page_that_is_no_roster_is_a_failure_of_the_whole() {
    const BODIES: [&str; 9] = [
        "",
        "<!doctype html><title>Sign in</title>",
        "[]",
        "null",
        "{}",
        "{\"members\": null}",
        "{\"members\": {}}",
        "{\"members\": [{\"user_id\": \"3\"}",
        "{\"members\": [], \"members\": [{\"user_id\": \"3\"}]}",
    ];
    let asked = AtomicUsize::new(0);
    let service = RosterService::start(move |target, base| {
        third(target, base, || BODIES[asked.fetch_add(1, Ordering::SeqCst)].into_response())
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    for _ in BODIES {
        assert_no_roster(&ask(&tool, &launch, "").await, 503, "platform_unavailable");
    }
    assert_eq!(service.asked().len(), 3 * BODIES.len());
}

#[tokio::test]
async fn a_page_of_more_than_ten_megabytes_is_not_read() {
    let (_, answer) = read_from("", |target, base| {
        third(target, base, || page(&json!([{ "user_id": "3", "name": "x".repeat(11 * 1024 * 1024) }]), &[]))
    })
    .await;
    assert_no_roster(&answer, 503, "platform_unavailable");
}

#[tokio::test]
async fn a_walk_that_fails_goes_on_from_the_same_cursor_later() {
    let is_down = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&is_down);
    let service = RosterService::start(move |target, base| {
        third(target, base, || match switch.load(Ordering::SeqCst) {
            true => StatusCode::BAD_GATEWAY.into_response(),
            false => page(&learners([3]), &[]),
        })
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let mut query = "?limit=1".to_owned();
    for _ in 0..2 {
        let roster = read(&tool, &launch, &query).await;
        query = format!("?limit=1&cursor={}", roster["next"].as_str().expect("there is more"));
    }
    assert_no_roster(&ask(&tool, &launch, &query).await, 503, "platform_unavailable");
    is_down.store(false, Ordering::SeqCst);
    let last = read(&tool, &launch, &query).await;
    assert_eq!((ids(&last).len(), &last["complete"]), (1, &json!(true)));
}

#[tokio::test]
async fn a_platform_that_is_not_there_is_unavailable() {
    let (tool, school) = at_school(Profile::Plain).await;
    let launch = school.launch(&tool, TEACHER).await;
    let mut registration = school.registration().clone();
    registration.token_endpoint = url::Url::parse("http://127.0.0.1:9/token").expect("a URL");
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    assert_no_roster(&ask(&tool, &launch, "").await, 503, "platform_unavailable");
}

#[tokio::test]
async fn an_empty_course_is_a_whole_roster_of_nobody() {
    let (_, answer) = read_from("", |_, _| page(&json!([]), &[])).await;
    let roster = answer.json();
    assert_eq!((&roster["members"], &roster["complete"]), (&json!([]), &json!(true)));
}
