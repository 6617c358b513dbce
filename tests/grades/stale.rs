//! The Platform has something newer: a teacher's grade, or this very score, which arrived although its answer was lost.

use std::sync::Arc;

use doorway_lti::scope;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::refused;
use serde_json::json;

use crate::support::{BEN, Class, delivered, grade, grant, progress, queued, soon, with};

/// Platforms that say that a timestamp is old, how, and in which words.
const SAYING_SO: [(Profile, u16, &str); 5] = [
    (Profile::Plain, 409, "the timestamp is not later than that of the score before"),
    (Profile::Moodle, 409, "Refusing score with an earlier timestamp for item 31"),
    (Profile::Canvas, 400, "Request timestamp is before last updated timestamp"),
    (Profile::Blackboard, 409, "the timestamp is not later than that of the score before"),
    (Profile::Brightspace, 409, "the timestamp is not later than that of the score before"),
];

#[tokio::test]
async fn an_app_hears_that_a_teacher_changed_the_grade() {
    for (profile, status, words) in SAYING_SO {
        let class = Class::of(profile).await;
        class.grade_by_hand(55.0, 30);
        let answer = class.send_keyed("k", &grade(7.5)).await;
        refused("stale", &answer, 409, "score_stale");
        assert_eq!(answer.json()["platform"], json!({ "status": status, "words": words }), "{profile:?}");
        let id = class.id_of_key("k");
        assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("failed", (0, 0)), "{profile:?}");
        assert_eq!(class.outcomes(&id).await, ["stale"], "{profile:?}");
        assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(55.0), "{profile:?}");
    }
}

#[tokio::test]
async fn a_score_that_became_stale_in_the_queue_is_dead() {
    for (profile, status, words) in SAYING_SO {
        let class = Class::of(profile).await;
        class.fail_scores(1, ServiceFault::ServiceUnavailable);
        let id = queued(&class.send(&grade(7.5)).await);
        class.grade_by_hand(55.0, 1);
        class.settle().await;
        let record = class.record(&id).await;
        assert_eq!((&record["state"], class.queue_lengths()), (&json!("failed"), (0, 1)), "{profile:?}");
        let last = &record["attempts"][1];
        assert_eq!((&last["outcome"], &last["status"]), (&json!("stale"), &json!(status)), "{profile:?}");
        assert_eq!(last["words"], words, "{profile:?}");
        assert!(class.tool.parts.queues.dead.bodies()[0].contains(&id), "{profile:?}");
        assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(55.0), "{profile:?}");
    }
}

/// No grade is lost with it.
#[tokio::test]
async fn progress_that_is_stale_is_superseded() {
    let class = Class::of(Profile::Plain).await;
    class.grade_by_hand(55.0, 30);
    crate::support::settled_as(&class.send(&progress()).await, "superseded");
    class.tool.clock.advance(1);
    let id = class.queue(&progress()).await;
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("superseded", (0, 0)));
}

#[tokio::test]
async fn a_score_that_arrived_although_its_answer_was_lost_counts_as_delivered() {
    for (profile, ..) in SAYING_SO {
        let class = Class::of(profile).await;
        class.fail_scores(1, ServiceFault::AppliedButLost);
        let id = queued(&class.send(&with(grade(7.5), &json!({ "comment": "once" }))).await);
        class.settle().await;
        assert_eq!(class.state(&id).await, "delivered", "{profile:?}");
        assert_eq!(class.outcomes(&id).await, ["unavailable", "alreadyApplied"], "{profile:?}");
        assert_eq!(class.grade().map(|grade| grade.comments), Some(vec!["once".to_owned()]), "{profile:?}");
        assert_eq!((class.applied().len(), class.queue_lengths()), (1, (0, 0)), "{profile:?}");
    }
}

/// Canvas takes an equal timestamp, and makes another attempt and another comment of it (AGS digest §7).
#[tokio::test]
async fn canvas_is_asked_before_a_score_is_sent_again() {
    let class = Class::of(Profile::Canvas).await;
    class.fail_scores(1, ServiceFault::AppliedButLost);
    queued(&class.send(&grade(7.5)).await);
    class.settle().await;
    assert_eq!((class.score_requests().len(), class.requests("GET", "/results").len()), (1, 1));
}

/// The first attempt did not get as far as the score, and that is known: nobody need be asked.
#[tokio::test]
async fn canvas_is_not_asked_about_a_score_that_was_not_sent() {
    let class = Class::of(Profile::Canvas).await;
    class.fail(Endpoint::Token, ServiceFault::AppliedButLost, Times::Next(1));
    let id = queued(&class.send(&grade(7.5)).await);
    class.settle().await;
    assert_eq!((class.score_requests().len(), class.requests("GET", "/results").len()), (1, 0));
    assert_eq!(class.outcomes(&id).await, ["unavailable", "delivered"]);
}

/// A worker died before it sent the score, which nobody knows: asking shows that nothing is there, and it is sent.
#[tokio::test]
async fn canvas_gets_a_score_that_did_not_arrive() {
    let class = Arc::new(Class::of(Profile::Canvas).await);
    let id = class.queue(&grade(7.5)).await;
    class.fail(Endpoint::Token, ServiceFault::Withheld, Times::Next(1));
    let worker = tokio::spawn({
        let class = class.clone();
        async move { class.poll().await }
    });
    soon(class.school.platform.faults().withheld(1)).await;
    worker.abort();
    assert!(worker.await.is_err_and(|error| error.is_cancelled()));
    class.settle().await;
    assert_eq!((class.score_requests().len(), class.requests("GET", "/results").len()), (1, 1));
    assert_eq!((class.outcomes(&id).await, class.applied().len()), (vec!["delivered".to_owned()], 1));
}

/// Without the scope for results nobody can be asked; but there was an attempt whose end is not known.
#[tokio::test]
async fn a_lost_answer_is_believed_where_results_may_not_be_read() {
    let class = Class::with_claims(Profile::Plain, BEN, |claims| grant(claims, &[scope::SCORE])).await;
    class.fail_scores(1, ServiceFault::AppliedButLost);
    let id = queued(&class.send(&grade(7.5)).await);
    class.settle().await;
    assert_eq!(class.outcomes(&id).await, ["unavailable", "perhapsApplied"]);
}

/// The Platform answered the first attempt: it did not take it, so something else is newer.
#[tokio::test]
async fn a_stale_score_is_not_believed_delivered_where_results_may_not_be_read() {
    let class = Class::with_claims(Profile::Plain, BEN, |claims| grant(claims, &[scope::SCORE])).await;
    class.grade_by_hand(55.0, 30);
    refused("stale", &class.send(&grade(7.5)).await, 409, "score_stale");
}

#[tokio::test]
async fn a_score_after_the_teachers_is_delivered() {
    let class = Class::of(Profile::Plain).await;
    class.grade_by_hand(55.0, 30);
    refused("stale", &class.send(&grade(7.5)).await, 409, "score_stale");
    class.tool.clock.advance(31);
    delivered(&class.send(&grade(7.5)).await);
    assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(75.0));
}
