//! What a newer score of the same learner and line item has overtaken is not sent any more.

use doorway_mock_platform::{Profile, RecordedRequest, ServiceFault};
use serde_json::{Value, json};

use crate::support::{CHLOE, Class, QUIZ, delivered, grade, grade_of, queued, with};

/// The points in the score requests, in their order.
fn points_sent(class: &Class) -> Vec<f64> {
    let points = |request: RecordedRequest| {
        let score: Value = serde_json::from_str(&request.body).expect("a score is JSON");
        score["scoreGiven"].as_f64().expect("a grade has points")
    };
    class.score_requests().into_iter().map(points).collect()
}

#[tokio::test]
async fn an_older_score_is_not_sent_after_a_newer_was_delivered() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas] {
        let class = Class::of(profile).await;
        class.fail_scores(1, ServiceFault::ServiceUnavailable);
        let older = queued(&class.send(&grade(1.0)).await);
        class.tool.clock.advance(10);
        delivered(&class.send(&grade(2.0)).await);
        class.settle().await;
        assert_eq!(class.state(&older).await, "superseded", "{profile:?}");
        assert_eq!(points_sent(&class), [1.0, 2.0], "{profile:?}: the older was tried before the newer alone");
        assert_eq!(class.queue_lengths(), (0, 0), "{profile:?}");
    }
}

#[tokio::test]
async fn while_a_newer_score_waits_the_older_is_not_sent() {
    let class = Class::of(Profile::Plain).await;
    let older = class.queue(&grade(1.0)).await;
    class.tool.clock.advance(1);
    let newer = class.queue(&grade(2.0)).await;
    assert_eq!(class.poll().await, 2);
    assert_eq!(points_sent(&class), [2.0]);
    assert_eq!((class.state(&older).await, class.state(&newer).await), ("queued".into(), "delivered".into()));
    class.settle().await;
    assert_eq!(class.state(&older).await, "superseded");
    assert_eq!(points_sent(&class), [2.0]);
}

/// Only the newest of a learner's scores goes out, however many wait.
#[tokio::test]
async fn of_many_scores_that_wait_the_newest_is_sent() {
    let class = Class::of(Profile::Moodle).await;
    let mut ids = Vec::new();
    for n in 1..=25 {
        ids.push(class.queue(&grade(f64::from(n))).await);
        class.tool.clock.advance(1);
    }
    class.settle().await;
    assert_eq!(points_sent(&class), [25.0]);
    let (newest, older) = ids.split_last().unwrap();
    assert_eq!(class.state(newest).await, "delivered");
    for id in older {
        assert_eq!(class.state(id).await, "superseded");
    }
}

#[tokio::test]
async fn an_older_score_is_sent_when_the_newer_was_refused() {
    let class = Class::of(Profile::Plain).await;
    let older = class.queue(&grade(1.0)).await;
    class.tool.clock.advance(1);
    let newer = class.queue(&grade(2.0)).await;
    class.fail_scores(1, ServiceFault::Forbidden);
    class.settle().await;
    assert_eq!((class.state(&older).await, class.state(&newer).await), ("delivered".into(), "failed".into()));
    assert_eq!((points_sent(&class), class.queue_lengths()), (vec![2.0, 1.0], (0, 1)));
}

/// The App hears of the refusal, and what it sent before still counts.
#[tokio::test]
async fn an_older_score_is_sent_when_the_newer_was_refused_at_once() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::ServiceUnavailable);
    let older = queued(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(10);
    class.fail_scores(1, ServiceFault::Forbidden);
    assert_eq!(class.send(&grade(2.0)).await.code(), "platform_refused");
    class.settle().await;
    assert_eq!((class.state(&older).await.as_str(), points_sent(&class)), ("delivered", vec![1.0, 2.0, 1.0]));
}

#[tokio::test]
async fn scores_of_others_and_elsewhere_are_not_overtaken() {
    let class = Class::of(Profile::Plain).await;
    let mut ids = vec![class.queue(&grade(1.0)).await];
    class.tool.clock.advance(1);
    ids.push(class.queue(&grade_of(CHLOE, 2.0)).await);
    ids.push(class.queue(&with(grade(3.0), &json!({ "lineItem": class.line_item_url(QUIZ) }))).await);
    class.settle().await;
    for id in ids {
        assert_eq!(class.state(&id).await, "delivered");
    }
}

/// What the App says happened earlier, and comes later, is overtaken before it is queued.
#[tokio::test]
async fn an_older_event_is_superseded_while_the_newer_waits() {
    let class = Class::of(Profile::Plain).await;
    class.tool.clock.advance(60);
    class.queue(&grade(2.0)).await;
    let late = with(grade(1.0), &json!({ "timestamp": "2026-11-23T08:00:30Z" }));
    crate::support::settled_as(&class.send(&late).await, "superseded");
    class.settle().await;
    assert_eq!(points_sent(&class), [2.0]);
}
