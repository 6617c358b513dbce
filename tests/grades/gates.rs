//! Sparing a Platform that fails: one attempt speaks for all, others are not touched, and few ask at a time.

use doorway_core::store::gates::SLOTS;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::{Mood, School};
use tokio::task::JoinSet;

use crate::support::{BEN, CHLOE, Class, delivered, grade, grade_of, queued, send_for, soon};

/// Queues a score for each of so many students.
async fn queue_for_many(class: &Class, many: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..many {
        ids.push(class.queue(&grade_of(&(1001 + n).to_string(), 5.0)).await);
    }
    ids
}

#[tokio::test]
async fn one_attempt_speaks_for_all_scores_of_a_platform_that_fails() {
    let class = Class::of(Profile::Plain).await;
    let ids = queue_for_many(&class, 10).await;
    class.fail(Endpoint::Score, ServiceFault::ServiceUnavailable, Times::All);
    assert_eq!(class.poll().await, 10);
    assert_eq!(class.score_requests().len(), 1);
    let mut attempts = 0;
    for id in &ids {
        assert_eq!(class.state(id).await, "queued");
        attempts += class.outcomes(id).await.len();
    }
    assert_eq!((attempts, class.queue_lengths()), (1, (10, 0)));
    class.mend();
    class.settle().await;
    assert_eq!(class.applied().len(), 10);
}

#[tokio::test]
async fn a_new_score_does_not_ask_a_platform_that_is_spared() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::TooManyRequests { retry_after_seconds: 60 });
    queued(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(30);
    queued(&class.send(&grade_of(CHLOE, 2.0)).await);
    queued(&send_for(&class.tool.twin(), &class.launch, &grade_of("54", 3.0), &[]).await);
    assert_eq!(class.score_requests().len(), 1);
    class.settle().await;
    assert_eq!(class.applied().len(), 3);
}

/// Lane and gate are read together, and a part of that may be left for later by a table that is asked for much.
#[tokio::test]
async fn a_lane_or_gate_that_is_left_out_of_an_answer_is_asked_for_by_itself() {
    let mut reads = Vec::new();
    for keys in ["none of them", "lane#", "gate#", ""] {
        let mut class = Class::of(Profile::Plain).await;
        class.fail_scores(1, ServiceFault::TooManyRequests { retry_after_seconds: 60 });
        queued(&class.send(&grade(1.0)).await);
        let front = class.tool.put_behind_front().await;
        front.tables(Mood::LeavingOut { keys });
        let answer = class.send(&grade(2.0)).await;
        queued(&answer);
        assert_eq!(answer.json()["timestamp"], "2026-11-23T08:00:00.001Z", "`{keys}`: after that of the first");
        assert_eq!(class.score_requests().len(), 1, "`{keys}`: the Platform is spared");
        let tries = front.take_tries();
        assert_eq!(tries["BatchGetItem"], 1, "`{keys}`: {tries:?}");
        reads.push(tries["GetItem"]);
    }
    let all_at_once = reads[0];
    assert_eq!(reads, [0, 1, 1, 2].map(|by_itself| all_at_once + by_itself));
}

#[tokio::test]
async fn a_platform_is_left_alone_as_long_as_it_asks() {
    let class = Class::of(Profile::Plain).await;
    queue_for_many(&class, 10).await;
    class.fail_scores(1, ServiceFault::TooManyRequests { retry_after_seconds: 120 });
    class.poll().await;
    for _ in 0..119 {
        class.tool.clock.advance(1);
        class.poll().await;
    }
    assert_eq!(class.score_requests().len(), 1);
    class.settle().await;
    assert_eq!((class.applied().len(), class.score_requests().len()), (10, 11));
}

#[tokio::test]
async fn a_long_outage_costs_few_requests() {
    let class = Class::of(Profile::Plain).await;
    queue_for_many(&class, 10).await;
    class.fail(Endpoint::Score, ServiceFault::InternalServerError, Times::All);
    let end = class.tool.now() + 6 * 3600;
    for _ in 0..2000 {
        if class.tool.now() >= end {
            break;
        }
        assert!(class.poll_next().await);
    }
    assert!(class.tool.now() >= end, "the worker is asked without end");
    let requests = class.score_requests().len();
    assert!((10..=90).contains(&requests), "{requests} requests in six hours");
    class.mend();
    class.settle().await;
    assert_eq!((class.applied().len(), class.queue_lengths()), (10, (0, 0)));
}

#[tokio::test]
async fn another_platforms_scores_are_not_touched() {
    let class = Class::of(Profile::Plain).await;
    let other = School::start(&class.tool, Profile::Moodle).await;
    let other_launch = other.launch(&class.tool, BEN).await;
    class.fail(Endpoint::Score, ServiceFault::ServiceUnavailable, Times::All);
    class.queue(&grade(1.0)).await;
    queued(&send_for(&class.tool, &other_launch, &grade(2.0), &[("prefer", "respond-async")]).await);
    assert_eq!(class.poll().await, 2, "one batch");
    assert_eq!((other.platform.gradebook().applied_scores().len(), class.queue_lengths()), (1, (1, 0)));
    class.tool.clock.advance(1);
    delivered(&send_for(&class.tool, &other_launch, &grade(3.0), &[]).await);
    class.mend();
    class.settle().await;
    assert_eq!(class.applied().len(), 1);
}

/// A refusal of one learner's score says nothing of the others.
#[tokio::test]
async fn a_refusal_spares_nobody() {
    let class = Class::of(Profile::Plain).await;
    let refused = class.queue(&grade_of("9999", 1.0)).await;
    queue_for_many(&class, 9).await;
    assert_eq!(class.poll().await, 10);
    assert_eq!((class.state(&refused).await.as_str(), class.applied().len()), ("failed", 9));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_most_the_allowed_slots_ask_one_platform_at_a_time() {
    let slots = usize::try_from(SLOTS).unwrap();
    let (batches, batch) = (slots + 2, 10);
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(1.0)).await);
    queue_for_many(&class, batches * batch).await;
    class.fail(Endpoint::Score, ServiceFault::Withheld, Times::All);
    let mut workers = JoinSet::new();
    for _ in 0..batches {
        let poller = class.tool.twin().poller();
        workers.spawn(async move { poller.poll().await });
    }
    soon(class.school.platform.faults().withheld(slots)).await;
    for _ in slots..batches {
        // Those without a slot do not wait for one.
        assert_eq!(soon(workers.join_next()).await.unwrap().unwrap(), batch);
    }
    assert_eq!(class.score_requests().len(), 1 + slots);
    class.mend();
    class.school.platform.faults().release();
    while let Some(worked) = soon(workers.join_next()).await {
        assert_eq!(worked.unwrap(), batch);
    }
    class.settle().await;
    assert_eq!(class.applied().len(), 1 + batches * batch);
}
