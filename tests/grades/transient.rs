//! Scores that the Platform cannot take now: accepted, and delivered by the worker, the same bytes with the same
//! timestamp.

use doorway_lti::timestamp::Timestamp;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use serde_json::{Value, json};

use crate::support::{Class, PROFILES, grade, queued, with};

/// The first attempt fails like this; later ones are let pass. What is delivered in the end, and how.
async fn fails_then_arrives(class: &Class, outcome: &str, status: Value, last: &str) {
    let case = format!("{:?} {outcome} {status}", class.school.platform.profile());
    let score = with(grade(7.5), &json!({ "comment": "kept", "https://lumen.example/x": [1.0, 1] }));
    let answer = class.send(&score).await;
    let id = queued(&answer);
    let first = class.record(&id).await;
    let attempt = &first["attempts"][0];
    assert_eq!((&attempt["outcome"], attempt["status"].clone()), (&json!(outcome), status), "{case}: {attempt}");
    assert!(first["nextAttemptAt"].is_string(), "{case}: {first}");
    class.settle().await;
    let record = class.record(&id).await;
    assert_eq!((&record["state"], record.get("nextAttemptAt")), (&json!("delivered"), None), "{case}");
    let attempts = record["attempts"].as_array().expect("attempts are listed");
    assert_eq!((attempts.len(), &attempts[1]["outcome"]), (2, &json!(last)), "{case}: {record}");
    assert_eq!((class.applied().len(), class.queue_lengths()), (1, (0, 0)), "{case}");
    let mut bodies: Vec<String> = class.score_requests().into_iter().map(|request| request.body).collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{case}: the same bytes at every attempt");
    assert_eq!(class.applied()[0].timestamp, answer.json()["timestamp"], "{case}");
}

#[tokio::test]
async fn what_a_platform_refuses_for_now_is_delivered_later() {
    let faults = [
        (ServiceFault::InternalServerError, "unavailable", 500),
        (ServiceFault::ServiceUnavailable, "unavailable", 503),
        (ServiceFault::TooManyRequests { retry_after_seconds: 90 }, "throttled", 429),
        (ServiceFault::RateLimitExceeded, "throttled", 403),
    ];
    for (fault, outcome, status) in faults {
        for profile in PROFILES {
            let class = Class::of(profile).await;
            class.fail_scores(1, fault.clone());
            fails_then_arrives(&class, outcome, json!(status), "delivered").await;
        }
    }
}

/// The Platform had it, but nobody was told. Whether it has it is asked, not guessed.
#[tokio::test]
async fn a_score_whose_answer_was_lost_is_counted_once() {
    for fault in [ServiceFault::AppliedButLost, ServiceFault::CutInBody, ServiceFault::EndlessBody] {
        for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace] {
            let class = Class::of(profile).await;
            class.fail_scores(1, fault.clone());
            fails_then_arrives(&class, "unavailable", Value::Null, "alreadyApplied").await;
        }
    }
}

/// Design, section 6: a 401 after the token was replaced is retried.
#[tokio::test]
async fn a_token_that_is_refused_twice_is_tried_later() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        class.fail_scores(2, ServiceFault::Unauthorized);
        fails_then_arrives(&class, "tokenRefused", json!(401), "delivered").await;
    }
}

#[tokio::test]
async fn a_token_endpoint_that_fails_is_tried_later() {
    let faults = [
        (ServiceFault::InternalServerError, "throttled", json!(500)),
        (ServiceFault::ServiceUnavailable, "throttled", json!(503)),
        (ServiceFault::TooManyRequests { retry_after_seconds: 90 }, "throttled", json!(429)),
        (ServiceFault::AppliedButLost, "unavailable", Value::Null),
        (ServiceFault::CutInBody, "unavailable", Value::Null),
        (ServiceFault::InvalidJson, "unavailable", Value::Null),
    ];
    for (fault, outcome, status) in faults {
        let class = Class::of(Profile::Plain).await;
        class.fail(Endpoint::Token, fault.clone(), Times::Next(1));
        fails_then_arrives(&class, outcome, status, "delivered").await;
    }
}

#[tokio::test]
async fn retry_after_moves_the_next_attempt() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::TooManyRequests { retry_after_seconds: 90 });
    let id = queued(&class.send(&grade(7.5)).await);
    let record = class.record(&id).await;
    assert!(record["nextAttemptAt"].as_str() >= Some("2026-11-23T08:01:30Z"), "{record}");
    class.tool.clock.advance(89);
    assert_eq!((class.poll().await, class.score_requests().len()), (0, 1));
    class.settle().await;
    assert_eq!(class.state(&id).await, "delivered");
}

#[tokio::test]
async fn every_attempt_is_recorded_with_what_the_platform_said() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(2, ServiceFault::InternalServerError);
    class.fail_scores(1, ServiceFault::RateLimitExceeded);
    class.fail_scores(1, ServiceFault::TooManyRequests { retry_after_seconds: 30 });
    let id = queued(&class.send(&grade(7.5)).await);
    class.settle().await;
    let record = class.record(&id).await;
    let attempts = record["attempts"].as_array().unwrap();
    let told: Vec<_> = attempts.iter().map(|a| (a["outcome"].as_str().unwrap(), a["status"].as_u64())).collect();
    let expected = [
        ("unavailable", Some(500)),
        ("unavailable", Some(500)),
        ("throttled", Some(403)),
        ("throttled", Some(429)),
        ("delivered", Some(204)),
    ];
    assert_eq!(told, expected);
    assert!(attempts[2]["words"].as_str().is_some_and(|words| words.contains("Rate Limit Exceeded")), "{record}");
    let moments: Vec<_> = attempts.iter().map(|attempt| attempt["at"].as_str().unwrap()).collect();
    assert!(moments.is_sorted() && moments[0] < moments[4], "{moments:?}");
    assert_eq!(class.applied().len(), 1);
}

#[tokio::test]
async fn waits_become_longer_up_to_about_an_hour() {
    let class = Class::of(Profile::Plain).await;
    class.fail(Endpoint::Score, ServiceFault::InternalServerError, Times::All);
    let id = queued(&class.send(&grade(7.5)).await);
    class.poll_until_requests(20).await;
    let record = class.record(&id).await;
    let attempts = record["attempts"].as_array().unwrap();
    let moment = |attempt: &Value| attempt["at"].as_str().and_then(Timestamp::parse).unwrap().seconds();
    let moments: Vec<u64> = attempts.iter().map(moment).collect();
    let waits: Vec<u64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits[..3].iter().all(|wait| *wait <= 60), "{waits:?}");
    // The Platform is spared besides, for five minutes and a little more.
    assert!(waits[15..].iter().all(|wait| (1800..=3600 + 400).contains(wait)), "{waits:?}");
}
