//! One response per launch: a repeated request gets the same, another none.

use std::sync::Arc;

use doorway_core::clock::Clock as _;
use tokio::task::JoinSet;

use super::*;
use crate::support::assert_problem;

#[tokio::test]
async fn another_response_to_the_same_launch_is_refused() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.status.as_u16(), 200);
    for body in [one(&lesson(2)), json!({ "contentItems": [] }), json!({ "contentItems": [lesson(1)], "msg": "x" })] {
        assert_problem(&respond(&tool, &launch, &body).await, 409, "deep_link_answered");
    }
}

#[tokio::test]
async fn the_same_request_again_has_the_very_same_response_while_it_is_good() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let first = respond(&tool, &launch, &one(&lesson(1))).await.json();
    for seconds in [0, 1, 298] {
        tool.clock.advance(seconds);
        assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.json(), first, "after {seconds} s more");
    }
    tool.clock.advance(1);
    assert_problem(&respond(&tool, &launch, &one(&lesson(1))).await, 409, "deep_link_answered");
}

#[tokio::test]
async fn the_same_request_has_the_same_response_from_another_instance_and_as_a_page() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let first = respond(&tool, &launch, &one(&lesson(1))).await.json();
    tool.clock.advance(7);
    assert_eq!(respond(&tool.twin(), &launch, &one(&lesson(1))).await.json(), first);
    let page = respond_with(&tool, &launch, &one(&lesson(1)), &[("accept", "text/html")]).await;
    assert!(page.body.contains(&format!("value=\"{}\"", jwt(&first))), "{}", page.body);
}

#[tokio::test]
async fn a_refused_response_does_not_use_the_launch_up() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    faults(&tool, &launch, &one(&json!({ "type": "image" }))).await;
    faults(&tool, &launch, &one(&json!({ "type": "ltiResourceLink", "url": "https://evil.example/" }))).await;
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_wrong_request_after_the_response_is_told_its_faults() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let first = respond(&tool, &launch, &one(&lesson(1))).await.json();
    faults(&tool, &launch, &one(&json!({ "type": "image" }))).await;
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.json(), first, "and it changed nothing");
}

/// The answers to twenty requests at once, each from an instance of its own.
async fn twenty_at_once(tool: TestTool, launch: &str, body: impl Fn(usize) -> Value) -> Vec<Answer> {
    let tool = Arc::new(tool);
    let mut requests = JoinSet::new();
    for number in 0..20 {
        let (tool, launch, body) = (Arc::clone(&tool), launch.to_owned(), body(number));
        requests.spawn(async move { respond(&tool.twin(), &launch, &body).await });
    }
    requests.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_different_responses_at_once_exactly_one_is_signed() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let answers = twenty_at_once(tool, &launch, |number| one(&lesson(number))).await;
    let (signed, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.as_u16() == 200);
    assert_eq!(signed.len(), 1);
    for answer in refused {
        assert_problem(answer, 409, "deep_link_answered");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_times_the_same_request_at_once_is_one_response() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let answers = twenty_at_once(tool, &launch, |_| one(&lesson(1))).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.json()), (200, answers[0].json()));
    }
}

#[tokio::test]
async fn launches_do_not_use_each_other_up() {
    let (tool, school, first) = choosing(|_| {}).await;
    let second = choose(&tool, &school, |_| {}).await;
    let one_jwt = respond(&tool, &first, &one(&lesson(1))).await.json();
    let other_jwt = respond(&tool, &second, &one(&lesson(1))).await.json();
    assert_ne!(jwt(&one_jwt), jwt(&other_jwt));
    assert_eq!(tool.clock.now().0, tool.now(), "at the same second");
}
