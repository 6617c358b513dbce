//! The same request again: one score, whatever happened to the first answer.

use std::sync::Arc;

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::refused;
use serde_json::json;

use crate::support::{CHLOE, Class, at_once, delivered, grade, grade_of, queued, send_for, settled_as, soon, with};

/// No attempt lasts so long.
const LEASE_IS_OVER_SECONDS: u64 = 120;

#[tokio::test]
async fn a_repeated_score_is_answered_the_same_and_applied_once() {
    let class = Class::of(Profile::Plain).await;
    let first = class.send_keyed("attempt-1", &grade(7.5)).await;
    delivered(&first);
    class.tool.clock.advance(3600);
    let again = class.send_keyed("attempt-1", &grade(7.5)).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!((class.applied().len(), class.score_requests().len()), (1, 1));
}

/// The order of members and blanks between them say nothing.
#[tokio::test]
async fn a_repeated_score_may_be_written_otherwise() {
    let class = Class::of(Profile::Plain).await;
    let score = [
        r#"{"activityProgress":"Completed","gradingProgress":"FullyGraded","scoreGiven":7.5,"scoreMaximum":10}"#,
        "{ \"scoreMaximum\": 10, \"scoreGiven\": 7.5,\n\"gradingProgress\": \"FullyGraded\", \"activityProgress\": \"Completed\" }",
    ];
    let parsed = score.map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    let ids =
        [delivered(&class.send_keyed("k", &parsed[0]).await), delivered(&class.send_keyed("k", &parsed[1]).await)];
    assert_eq!((&ids[0], class.applied().len()), (&ids[1], 1));
}

#[tokio::test]
async fn a_key_is_not_used_for_another_score() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send_keyed("k", &grade(7.5)).await);
    class.tool.clock.advance(1);
    let others = [grade(8.0), grade_of(CHLOE, 7.5), with(grade(7.5), &json!({ "comment": "more" }))];
    for other in others {
        refused("reused", &class.send_keyed("k", &other).await, 422, "idempotency_key_reused");
    }
    assert_eq!(class.applied().len(), 1);
}

#[tokio::test]
async fn keys_of_different_launches_have_nothing_in_common() {
    let class = Class::of(Profile::Plain).await;
    let other = class.school.launch(&class.tool, CHLOE).await;
    let first = delivered(&class.send_keyed("k", &grade(7.5)).await);
    let second = delivered(&send_for(&class.tool, &other, &grade(7.5), &[("idempotency-key", "k")]).await);
    assert_ne!(first, second);
    assert_eq!(class.applied().len(), 2);
}

#[tokio::test]
async fn scores_without_a_key_are_different_scores() {
    let class = Class::of(Profile::Plain).await;
    let first = delivered(&class.send(&grade(7.5)).await);
    class.tool.clock.advance(1);
    assert_ne!(first, delivered(&class.send(&grade(7.5)).await));
    assert_eq!(class.applied().len(), 2);
}

#[tokio::test]
async fn a_score_that_waits_is_not_queued_twice() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::InternalServerError);
    let first = class.send_keyed("k", &grade(7.5)).await;
    let id = queued(&first);
    for _ in 0..3 {
        let again = class.send_keyed("k", &grade(7.5)).await;
        assert_eq!((queued(&again), &again.json()["timestamp"]), (id.clone(), &first.json()["timestamp"]));
    }
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("delivered", 1));
    assert_eq!(class.score_requests().len(), 2, "the failed attempt and the good one");
    delivered(&class.send_keyed("k", &grade(7.5)).await);
}

#[tokio::test]
async fn a_refused_score_is_refused_again_in_the_same_words() {
    let class = Class::of(Profile::Canvas).await;
    let first = class.send_keyed("k", &grade_of("9999", 1.0)).await;
    let again = class.send_keyed("k", &grade_of("9999", 1.0)).await;
    for answer in [&first, &again] {
        refused("nobody", answer, 502, "platform_refused");
    }
    assert_eq!(first.json()["platform"], again.json()["platform"]);
    assert_eq!(class.score_requests().len(), 1);
}

#[tokio::test]
async fn a_withheld_and_a_superseded_score_are_answered_again() {
    let class = Class::of(Profile::Moodle).await;
    let progress = crate::support::progress();
    let first = class.send_keyed("withheld", &progress).await;
    settled_as(&first, "withheld");
    assert_eq!(class.send_keyed("withheld", &progress).await.json(), first.json());
    class.tool.clock.advance(60);
    delivered(&class.send(&grade(7.5)).await);
    let older = with(grade(1.0), &json!({ "timestamp": "2026-11-23T08:00:10Z" }));
    let first = class.send_keyed("older", &older).await;
    settled_as(&first, "superseded");
    assert_eq!(class.send_keyed("older", &older).await.json(), first.json());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_identical_scores_at_once_one_is_applied() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    let answers = at_once(&class, 20, |_, class| async move { class.send_keyed("k", &grade(7.5)).await }).await;
    let id = class.id_of_key("k");
    for answer in &answers {
        match answer.status.as_u16() {
            200 | 202 => assert_eq!(answer.json()["id"], id),
            // The first one is still being sent.
            _ => drop(refused("meanwhile", answer, 503, "score_not_accepted")),
        }
    }
    assert!(answers.iter().any(|answer| answer.status.as_u16() == 200), "one was delivered");
    class.settle().await;
    assert_eq!((class.applied().len(), class.score_requests().len()), (1, 1));
    assert_eq!((class.state(&class.id_of_key("k")).await.as_str(), class.queue_lengths()), ("delivered", (0, 0)));
}

/// The App's request was cut off while its score was on the way; it sends the same again.
#[tokio::test]
async fn a_score_whose_sender_died_is_taken_up_by_its_repetition() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    class.fail(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
    let sending = tokio::spawn({
        let class = class.clone();
        async move { class.send_keyed("k", &grade(7.5)).await }
    });
    soon(class.school.platform.faults().withheld(1)).await;
    sending.abort();
    assert!(sending.await.is_err_and(|error| error.is_cancelled()));
    let id = class.id_of_key("k");
    assert_eq!(class.state(&id).await, "sending");

    refused("it may still arrive", &class.send_keyed("k", &grade(7.5)).await, 503, "score_not_accepted");
    class.tool.clock.advance(LEASE_IS_OVER_SECONDS);
    assert_eq!(queued(&class.send_keyed("k", &grade(7.5)).await), id);
    class.settle().await;
    let record = class.record(&id).await;
    assert_eq!((&record["state"], class.applied().len()), (&json!("delivered"), 1));
    assert_eq!(class.outcomes(&id).await, ["alreadyApplied"]);
}
