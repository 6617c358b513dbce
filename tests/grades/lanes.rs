//! Lanes: one score of a learner at a time is on its way, and nobody waits for somebody else.

use std::sync::Arc;

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use serde_json::json;

use crate::support::{CHLOE, Class, QUIZ, delivered, grade, grade_of, queued, soon, with};

/// Ben's score is on its way, and the Platform takes its time.
async fn slow_score() -> (Arc<Class>, tokio::task::JoinHandle<doorway_tests::Answer>) {
    let class = Arc::new(Class::of(Profile::Plain).await);
    class.fail(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
    let sending = tokio::spawn({
        let class = class.clone();
        async move { class.send(&grade(1.0)).await }
    });
    soon(class.school.platform.faults().withheld(1)).await;
    (class, sending)
}

#[tokio::test]
async fn a_slow_score_holds_up_nobody_else() {
    let (class, sending) = slow_score().await;
    delivered(&class.send(&grade_of(CHLOE, 2.0)).await);
    delivered(&class.send(&with(grade(3.0), &json!({ "lineItem": class.line_item_url(QUIZ) }))).await);
    let id = class.queue(&grade_of("54", 4.0)).await;
    class.poll().await;
    assert_eq!(class.state(&id).await, "delivered");
    class.school.platform.faults().release();
    delivered(&soon(sending).await.unwrap());
}

#[tokio::test]
async fn the_same_learners_next_score_waits_for_the_slow_one() {
    let (class, sending) = slow_score().await;
    class.tool.clock.advance(1);
    let next = queued(&class.send(&grade(2.0)).await);
    class.poll().await;
    assert_eq!((class.score_requests().len(), class.state(&next).await.as_str()), (1, "queued"));
    class.school.platform.faults().release();
    delivered(&soon(sending).await.unwrap());
    class.settle().await;
    assert_eq!(class.state(&next).await, "delivered");
    let timestamps: Vec<_> = class.applied().into_iter().map(|score| score.timestamp).collect();
    assert!(timestamps.is_sorted() && timestamps.len() == 2, "{timestamps:?}");
}

/// A worker that was killed in the middle of an attempt blocks its lane for a minute, not for ever.
#[tokio::test]
async fn a_lane_whose_worker_died_is_free_again_after_a_minute() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    let id = class.queue(&grade(1.0)).await;
    class.fail(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
    let worker = tokio::spawn({
        let class = class.clone();
        async move { class.poll().await }
    });
    soon(class.school.platform.faults().withheld(1)).await;
    worker.abort();
    assert!(worker.await.is_err_and(|error| error.is_cancelled()));

    class.tool.clock.advance(30);
    let newer = queued(&class.send(&grade(2.0)).await);
    class.tool.clock.advance(1);
    class.settle().await;
    let states = [class.state(&id).await, class.state(&newer).await];
    assert!(["delivered", "superseded"].contains(&states[0].as_str()) && states[1] == "delivered", "{states:?}");
    assert_eq!((class.applied().len(), class.queue_lengths()), (2, (0, 0)), "each once");
}

/// Killed in the middle of an attempt, and alone: the message comes again, and the score is not there twice.
#[tokio::test]
async fn a_score_whose_worker_died_is_delivered_once() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas] {
        let class = Arc::new(Class::of(profile).await);
        let id = class.queue(&with(grade(1.0), &json!({ "comment": "once" }))).await;
        class.fail(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
        let worker = tokio::spawn({
            let class = class.clone();
            async move { class.poll().await }
        });
        soon(class.school.platform.faults().withheld(1)).await;
        worker.abort();
        assert!(worker.await.is_err_and(|error| error.is_cancelled()));
        class.settle().await;
        assert_eq!(class.state(&id).await, "delivered", "{profile:?}");
        assert_eq!(class.applied().len(), 1, "{profile:?}");
        assert_eq!(class.grade().map(|grade| grade.comments.len()), Some(1), "{profile:?}");
    }
}
