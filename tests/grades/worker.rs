//! The worker and its queue: what comes twice, what waits for somebody, what is tried very often.

use doorway_core::registration::{Registration, Status};
use doorway_core::store::scores::MAX_RECORDED_ATTEMPTS;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{BEN, CHLOE, Class, delivered, grade, grade_of, queued, soon};

#[tokio::test]
async fn a_message_that_comes_twice_does_no_harm() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade(7.5)).await;
    let queue = &class.tool.parts.queues.scores;
    let body = queue.bodies()[0].clone();
    for _ in 0..3 {
        queue.send(&body, 0);
    }
    assert_eq!(class.poll().await, 4);
    assert_eq!((class.state(&id).await.as_str(), class.score_requests().len()), ("delivered", 1));
    queue.send(&body, 0);
    class.settle().await;
    assert_eq!((class.score_requests().len(), class.queue_lengths()), (1, (0, 0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_that_several_workers_have_at_once_does_no_harm() {
    let class = Class::of(Profile::Canvas).await;
    let id = class.queue(&grade(7.5)).await;
    let queue = &class.tool.parts.queues.scores;
    let body = queue.bodies()[0].clone();
    let mut workers = JoinSet::new();
    for _ in 0..4 {
        // Each worker has a copy of its own: what it receives is invisible to the others.
        let poller = class.tool.twin().poller();
        queue.send(&body, 0);
        workers.spawn(async move { poller.poll().await });
    }
    while let Some(worked) = soon(workers.join_next()).await {
        worked.unwrap();
    }
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.score_requests().len()), ("delivered", 1));
    assert_eq!((class.applied().len(), class.queue_lengths()), (1, (0, 0)));
}

/// Of one batch some are done and some come again: only those stay in the queue.
#[tokio::test]
async fn of_a_batch_only_what_was_not_delivered_comes_again() {
    let class = Class::of(Profile::Plain).await;
    let ids = [class.queue(&grade(1.0)).await, class.queue(&grade_of(CHLOE, 2.0)).await];
    let last = class.queue(&grade_of("54", 3.0)).await;
    class.fail_scores(1, ServiceFault::Forbidden);
    class.tool.parts.queues.scores.send("no message of ours", 0);
    assert_eq!(class.poll().await, 4);
    assert_eq!(class.queue_lengths(), (0, 2), "what was refused, and what cannot be read");
    assert_eq!((class.state(&ids[0]).await.as_str(), class.state(&ids[1]).await.as_str()), ("failed", "delivered"));
    assert_eq!(class.state(&last).await, "delivered");

    let again = [class.queue(&grade_of("1001", 1.0)).await, class.queue(&grade_of("1002", 1.0)).await];
    class.tool.clock.advance(1);
    class.school.platform.faults().switch_on(Endpoint::Score, ServiceFault::ServiceUnavailable, Times::Next(1));
    assert_eq!(class.poll().await, 2);
    assert_eq!((class.queue_lengths().0, class.state(&again[0]).await.as_str()), (2, "queued"));
    class.settle().await;
    assert_eq!(class.applied().len(), 4);
}

#[tokio::test]
async fn a_score_of_a_disabled_registration_waits_until_it_is_enabled() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade(7.5)).await;
    let registrations = class.tool.parts.registrations();
    let disabled = Registration { status: Status::Disabled, ..class.school.registration().clone() };
    registrations.put(&disabled).await.unwrap();
    class.tool.clock.advance(31);
    for _ in 0..5 {
        assert!(class.poll_next().await);
    }
    assert!(class.school.platform.requests().is_empty(), "nothing was asked in its name");
    assert_eq!((class.state(&id).await.as_str(), class.queue_lengths()), ("queued", (1, 0)));
    assert!(class.outcomes(&id).await.iter().all(|outcome| outcome == "notAllowed"));
    registrations.put(class.school.registration()).await.unwrap();
    class.tool.clock.advance(31);
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("delivered", 1));
}

/// Somebody must mend the Platform's settings; the score is still there when they have.
#[tokio::test]
async fn a_queued_score_whose_token_is_refused_waits_until_the_scope_is_granted() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&grade(7.5)).await;
    class.school.platform.set_offered_scopes(&[]);
    for _ in 0..5 {
        assert!(class.poll_next().await);
    }
    assert_eq!(class.state(&id).await, "queued");
    assert!(class.outcomes(&id).await.iter().all(|outcome| outcome == "noToken"));
    class.school.platform.set_offered_scopes(&[doorway_lti::scope::SCORE]);
    class.settle().await;
    assert_eq!(class.state(&id).await, "delivered");
}

/// The record of a submission must not outgrow its item.
#[tokio::test]
async fn so_many_attempts_are_recorded_and_all_are_counted() {
    let most = usize::try_from(MAX_RECORDED_ATTEMPTS).unwrap();
    let class = Class::of(Profile::Plain).await;
    class.fail(Endpoint::Score, ServiceFault::InternalServerError, Times::All);
    let id = queued(&class.send(&grade(7.5)).await);
    class.poll_until_requests(most + 3).await;
    let record = class.record(&id).await;
    let tries = class.score_requests().len();
    assert_eq!((record["attempts"].as_array().unwrap().len(), &record["attemptCount"]), (most, &json!(tries)));
    assert!(tries > most, "{tries}");
    class.mend();
    class.settle().await;
    let record = class.record(&id).await;
    assert_eq!((&record["state"], &record["attemptCount"]), (&json!("delivered"), &json!(tries + 1)));
}

/// New instances know nothing of what was: all that counts stands in the table and the queue.
#[tokio::test]
async fn other_instances_go_on_where_these_ended() {
    let mut class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::ServiceUnavailable);
    let id = queued(&class.send(&grade(7.5)).await);
    class.tool.restart();
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("delivered", 1));
}

/// The queue of the local stack ends with its process; the table does not.
#[tokio::test]
async fn a_queue_that_was_lost_is_filled_again_from_the_table() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade_of(BEN, 1.0)).await);
    let waiting = class.queue(&grade_of(CHLOE, 2.0)).await;
    let queues = &class.tool.parts.queues;
    let lost = queues.scores.receive();
    lost.iter().for_each(|message| queues.scores.delete(&message.receipt));
    assert_eq!(class.queue_lengths(), (0, 0));
    queues.refill(&class.tool.parts.scores()).await.unwrap();
    assert_eq!(class.queue_lengths(), (1, 0));
    class.settle().await;
    assert_eq!((class.state(&waiting).await.as_str(), class.applied().len()), ("delivered", 2));
}
