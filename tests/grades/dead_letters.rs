//! Scores that cannot be delivered end in the dead-letter queue, where somebody sees them, and nowhere else.

use doorway_core::random::SystemRandom;
use doorway_core::scores::{SubmissionId, message};
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use serde_json::json;

use crate::support::{CHLOE, Class, grade, grade_of, queued};

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn a_message_that_cannot_be_read_is_dead() {
    let class = Class::of(Profile::Plain).await;
    let queues = &class.tool.parts.queues;
    let bodies = ["", "hello", "{}", "[]", r#"{"submissionId":7}"#, r#"{"submissionId":"short"}"#];
    for body in bodies {
        queues.scores.send(body, 0);
    }
    assert_eq!(class.poll().await, bodies.len());
    assert_eq!((class.queue_lengths(), queues.dead.bodies()), ((0, bodies.len()), bodies.map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn a_message_without_a_record_is_dead() {
    let class = Class::of(Profile::Plain).await;
    let body = message(&SubmissionId::new(&SystemRandom));
    class.tool.parts.queues.scores.send(&body, 0);
    assert_eq!(class.poll().await, 1);
    assert_eq!((class.queue_lengths(), class.tool.parts.queues.dead.bodies()), ((0, 1), vec![body]));
}

#[tokio::test]
async fn a_dead_message_does_not_hold_up_the_others_of_its_batch() {
    let class = Class::of(Profile::Plain).await;
    class.tool.parts.queues.scores.send("hello", 0);
    let id = class.queue(&grade(7.5)).await;
    assert_eq!(class.poll().await, 2);
    assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("delivered", (0, 1)));
}

#[tokio::test]
async fn a_score_is_tried_for_seven_days_and_then_dead() {
    let class = Class::of(Profile::Plain).await;
    class.fail(Endpoint::Score, ServiceFault::ServiceUnavailable, Times::All);
    let id = queued(&class.send(&grade(7.5)).await);
    class.tool.clock.advance(7 * DAY - 1);
    class.poll().await;
    assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("queued", (1, 0)));
    assert_eq!(class.score_requests().len(), 2, "it was tried a second before its time was over");
    class.tool.clock.advance(DAY);
    class.poll().await;
    let record = class.record(&id).await;
    assert_eq!((&record["state"], record.get("nextAttemptAt")), (&json!("failed"), None));
    assert_eq!((class.queue_lengths(), class.score_requests().len()), ((0, 1), 2));
    assert!(class.tool.parts.queues.dead.bodies()[0].contains(&id));
}

/// The Platform works again, but too late: the App was told, and must decide.
#[tokio::test]
async fn an_overdue_score_is_not_sent() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade(7.5)).await;
    class.tool.clock.advance(8 * DAY);
    class.poll().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("failed", 0));
    assert_eq!(class.queue_lengths(), (0, 1));
}

#[tokio::test]
async fn an_overdue_score_that_was_overtaken_is_superseded() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::ServiceUnavailable);
    let older = queued(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(8 * DAY);
    crate::support::delivered(&class.send(&grade(2.0)).await);
    class.poll().await;
    assert_eq!((class.state(&older).await.as_str(), class.queue_lengths()), ("superseded", (0, 0)));
}

#[tokio::test]
async fn what_the_platform_refuses_in_the_queue_is_dead_with_its_words() {
    let cases = [
        (Profile::Plain, 422, "the user is not in this course"),
        (Profile::Moodle, 400, "Incorrect score received"),
        (Profile::Canvas, 422, "User not found in course or is not a student"),
        (Profile::Blackboard, 400, "User could not be found:"),
        (Profile::Brightspace, 404, "User in requested score does not exist"),
        (Profile::Sakai, 400, "the user is not in this course"),
    ];
    for (profile, status, words) in cases {
        let class = Class::of(profile).await;
        let id = class.queue(&grade_of("9999", 7.5)).await;
        class.poll().await;
        let record = class.record(&id).await;
        let attempt = &record["attempts"][0];
        assert_eq!((&record["state"], class.queue_lengths()), (&json!("failed"), (0, 1)), "{profile:?}");
        assert_eq!((&attempt["status"], &attempt["words"]), (&json!(status), &json!(words)), "{profile:?}");
    }
}

/// The learner joins the course after all: what is dead can be sent again by hand.
#[tokio::test]
async fn a_dead_score_keeps_what_it_would_send() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade_of("9999", 7.5)).await;
    class.poll().await;
    let id = SubmissionId::try_from(id.as_str()).unwrap();
    let now = doorway_lti::id_token::UnixSeconds(class.tool.now());
    let stored = class.tool.parts.scores().get(&id, now).await.unwrap().unwrap();
    assert_eq!(stored.payload.unwrap()["scoreGiven"], json!(7.5));
}

/// Moved back by somebody who cannot change its record: it is not lost from sight.
#[tokio::test]
async fn a_message_of_a_failed_score_is_dead_again() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade_of("9999", 7.5)).await;
    class.poll().await;
    let queues = &class.tool.parts.queues;
    let dead = queues.dead.receive().remove(0);
    queues.dead.delete(&dead.receipt);
    queues.scores.send(&dead.body, 0);
    class.poll().await;
    assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("failed", (0, 1)));
    assert_eq!(class.score_requests().len(), 1);
}

#[tokio::test]
async fn a_dead_score_does_not_stand_in_the_way_of_the_next() {
    let class = Class::of(Profile::Plain).await;
    class.queue(&grade_of(CHLOE, 1.0)).await;
    class.fail_scores(1, ServiceFault::Forbidden);
    class.poll().await;
    class.tool.clock.advance(1);
    let next = class.queue(&grade_of(CHLOE, 2.0)).await;
    class.poll().await;
    assert_eq!((class.state(&next).await.as_str(), class.queue_lengths()), ("delivered", (0, 1)));
}
