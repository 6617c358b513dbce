//! Faults happen where they were switched on, as often as was said, and do what they say.

use std::time::Duration;

use axum::http::StatusCode;
use doorway_mock_platform::{Endpoint, FaultMix, Profile, ServiceFault, Times, router};
use http_body_util::BodyExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::ISSUER;
use crate::tool::{
    Answer, CONTAINER_TYPE, LINE_ITEM, MEMBERS_TYPE, MEMBERSHIP, RESULT, RESULTS_TYPE, SCORE, SCORE_TYPE, Tool,
    score_at,
};

const FIRST: &str = "2027-01-15T08:00:00.250Z";

async fn container(tool: &Tool) -> Answer {
    tool.get(LINE_ITEM, &format!("{ISSUER}/line-items/course-7"), CONTAINER_TYPE).await
}

#[tokio::test]
async fn a_refusal_happens_as_often_as_was_said_and_applies_nothing() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::Unauthorized, Times::Next(1));
    let refused = tool.score(&score_at(FIRST)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.headers.contains_key("www-authenticate"));
    assert_eq!(tool.platform.gradebook().applied_scores(), []);
    assert_eq!(tool.score(&score_at(FIRST)).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn every_refusal_has_its_status_and_headers() {
    let cases = [
        (ServiceFault::Forbidden, 403, None),
        (ServiceFault::NotFound, 404, None),
        (ServiceFault::TooManyRequests { retry_after_seconds: 7 }, 429, Some(("retry-after", "7"))),
        (ServiceFault::RateLimitExceeded, 403, Some(("x-rate-limit-remaining", "0.0"))),
        (ServiceFault::InternalServerError, 500, None),
        (ServiceFault::ServiceUnavailable, 503, None),
        (
            ServiceFault::Redirect { location: "https://a.example/".into() },
            302,
            Some(("location", "https://a.example/")),
        ),
    ];
    let tool = Tool::new();
    for (fault, status, header) in cases {
        tool.platform.faults().switch_on(Endpoint::LineItems, fault.clone(), Times::Next(1));
        let answer = container(&tool).await;
        assert_eq!(answer.status, status, "{fault:?}");
        if let Some((name, value)) = header {
            assert_eq!(answer.headers[name], value);
        }
        let throttles = fault == ServiceFault::RateLimitExceeded;
        assert_eq!(answer.text.contains("403 Forbidden (Rate Limit Exceeded)"), throttles);
    }
    assert_eq!(container(&tool).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_fault_stays_at_its_endpoint_until_it_is_cleared() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Memberships, ServiceFault::ServiceUnavailable, Times::All);
    let members = async || tool.get(MEMBERSHIP, &format!("{ISSUER}/memberships/course-7"), MEMBERS_TYPE).await.status;
    for _ in 0..3 {
        assert_eq!(members().await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(container(&tool).await.status, StatusCode::OK);
    }
    tool.platform.faults().clear();
    assert_eq!(members().await, StatusCode::OK);
}

#[tokio::test]
async fn faults_of_an_endpoint_happen_in_their_order() {
    let tool = Tool::new();
    let faults = tool.platform.faults();
    faults.switch_on(Endpoint::Results, ServiceFault::InternalServerError, Times::Next(2));
    faults.switch_on(Endpoint::Results, ServiceFault::NotFound, Times::Next(1));
    let url = format!("{ISSUER}/line-items/course-7/link-1201/results");
    for status in [500, 500, 404, 200] {
        assert_eq!(tool.get(RESULT, &url, RESULTS_TYPE).await.status, status);
    }
}

#[tokio::test]
async fn the_token_endpoint_fails_too() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Token, ServiceFault::ServiceUnavailable, Times::Next(1));
    let claims = tool.assertion_claims();
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(tool.ask_with(&claims, SCORE).await.status, StatusCode::OK, "the assertion was not spent");
}

#[tokio::test]
async fn a_spoiled_answer_is_that_of_a_score_that_was_applied() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::InvalidJson, Times::Next(1));
    let answer = tool.score(&score_at(FIRST)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    assert_eq!(tool.platform.gradebook().applied_scores().len(), 1);
    assert_eq!(tool.score(&score_at(FIRST)).await.status, StatusCode::CONFLICT, "sent again, it is not newer");
}

#[tokio::test]
async fn a_next_page_can_be_foreign() {
    let tool = Tool::new();
    let fault = ServiceFault::ForeignNext { url: "https://stranger.example/next".into() };
    tool.platform.faults().switch_on(Endpoint::LineItems, fault, Times::Next(1));
    let answer = container(&tool).await;
    assert_eq!(answer.link("next").as_deref(), Some("https://stranger.example/next"));
    assert_eq!(answer.json().as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_withheld_answer_comes_when_it_is_released() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::Withheld, Times::Next(2));
    let (first, later) = (score_at(FIRST), score_at("2027-01-15T08:00:01Z"));
    let test = async {
        tool.platform.faults().withheld(2).await;
        assert_eq!(tool.platform.gradebook().applied_scores().len(), 2, "what is withheld is the answer");
        tool.platform.faults().release();
    };
    let (one, two, ()) = tokio::join!(tool.score(&first), tool.score(&later), test);
    assert_eq!((one.status, two.status), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
}

#[tokio::test]
async fn a_withheld_answer_that_nobody_waits_for_holds_nothing_up() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
    let score = score_at(FIRST);
    tokio::select! {
        _ = tool.score(&score) => panic!("nobody released it"),
        () = tool.platform.faults().withheld(1) => {}
    }
    assert_eq!(tool.platform.gradebook().applied_scores().len(), 1);
    assert_eq!(container(&tool).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_endless_body_gives_as_much_as_is_taken() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::LineItems, ServiceFault::EndlessBody, Times::Next(1));
    let token = format!("Bearer {}", tool.token(LINE_ITEM).await);
    let url = format!("{ISSUER}/line-items/course-7");
    let mut body = tool.raw("GET", &url, &[("authorization", &token)], "").await.into_body();
    for _ in 0..100 {
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), 8192);
    }
}

/// What comes over a real connection in answer to this score, until the connection ends.
async fn bytes_of_a_score(tool: &Tool, score: &serde_json::Value) -> String {
    let token = tool.token(SCORE).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().nest("/platform", router(tool.platform.clone()));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let body = score.to_string();
    let path = "/platform/line-items/course-7/link-1201/scores";
    let path = if tool.platform.profile() == Profile::Moodle { format!("{path}?type_id=2") } else { path.to_owned() };
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nUser-Agent: lumen\r\n\
         Authorization: Bearer {token}\r\nContent-Type: {SCORE_TYPE}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    // A reset and an orderly end are the same to a client that waits for more.
    let _ = read.expect("the connection ends");
    server.abort();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn an_answer_that_is_lost_sends_not_a_byte_and_the_score_is_applied() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::AppliedButLost, Times::Next(1));
    assert_eq!(bytes_of_a_score(&tool, &score_at(FIRST)).await, "");
    assert_eq!(tool.grade().unwrap().result_score, Some(85.0));
}

#[tokio::test]
async fn a_body_that_is_cut_begins_and_does_not_end() {
    let tool = Tool::at(Profile::Canvas);
    tool.platform.faults().switch_on(Endpoint::Score, ServiceFault::CutInBody, Times::Next(1));
    let answer = bytes_of_a_score(&tool, &score_at(FIRST)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("{\"resultUrl\":"), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
    assert_eq!(tool.platform.gradebook().applied_scores().len(), 1);
}

#[tokio::test]
async fn moodles_reason_stands_in_the_status_line() {
    let tool = Tool::at(Profile::Moodle);
    tool.score(&score_at(FIRST)).await;
    let answer = bytes_of_a_score(&tool, &score_at(FIRST)).await;
    assert!(answer.starts_with("HTTP/1.1 409 Refusing score with an earlier timestamp"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n[]"), "{answer}");
}

/// Which of 200 requests go wrong by this mix.
async fn unlucky(percent: u8, seed: u64) -> Vec<usize> {
    let tool = Tool::new();
    let faults = vec![ServiceFault::InternalServerError, ServiceFault::ServiceUnavailable];
    tool.platform.faults().mix(FaultMix { endpoints: vec![Endpoint::LineItems], percent, faults, seed });
    let mut unlucky = Vec::new();
    for number in 0..200 {
        let url = format!("{ISSUER}/line-items/course-7");
        if tool.send("GET", &url, &[], "").await.status.is_server_error() {
            unlucky.push(number);
        }
        assert_eq!(tool.send("GET", &format!("{ISSUER}/memberships/course-7"), &[], "").await.status, 401);
    }
    unlucky
}

#[tokio::test]
async fn mixed_faults_are_the_same_for_the_same_seed() {
    let once = unlucky(30, 7).await;
    assert!((40..80).contains(&once.len()), "{}", once.len());
    assert_eq!(unlucky(30, 7).await, once);
    assert_ne!(unlucky(30, 8).await, once);
    assert_eq!(unlucky(0, 7).await, [0; 0]);
    assert_eq!(unlucky(100, 7).await.len(), 200);
}

#[tokio::test]
async fn a_fault_is_recorded_as_a_request_all_the_same() {
    let tool = Tool::new();
    tool.platform.faults().switch_on(Endpoint::LineItems, ServiceFault::NotFound, Times::Next(1));
    tool.send("GET", &format!("{ISSUER}/line-items/course-7"), &[], "").await;
    assert_eq!(tool.platform.requests().len(), 1);
    assert_eq!(json!(tool.platform.requests()[0].path), "/line-items/course-7");
}
