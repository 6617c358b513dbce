//! Timestamps: strictly increasing for a learner at a line item, never in the future.

use std::sync::Arc;

use doorway_core::date::rfc3339;
use doorway_lti::id_token::UnixSeconds;
use doorway_mock_platform::Profile;
use doorway_tests::refused;
use serde_json::{Value, json};

use crate::support::{BEN, CHLOE, Class, QUIZ, at_once, delivered, grade, grade_of, queued, settled_as, with};

fn at(given: f64, timestamp: &str) -> Value {
    with(grade(given), &json!({ "timestamp": timestamp }))
}

fn applied_timestamps(class: &Class) -> Vec<String> {
    class.applied().into_iter().map(|score| score.timestamp).collect()
}

/// Sends so many scores of one learner at once; in the end each is delivered or superseded, and none was stale.
async fn at_once_for_one_learner(profile: Profile, many: usize) {
    let class = Arc::new(Class::of(profile).await);
    let answers = at_once(&class, many, |n, class| async move { class.send(&grade(n as f64)).await }).await;
    class.settle().await;
    let mut newest = String::new();
    for answer in &answers {
        assert!([200, 202].contains(&answer.status.as_u16()), "{}", answer.body);
        let score = answer.json();
        let id = score["id"].as_str().expect("a score has an id");
        let state = class.state(id).await;
        assert!(["delivered", "superseded"].contains(&state.as_str()), "{profile:?}: {state}");
        let outcomes = class.outcomes(id).await;
        assert!(!outcomes.iter().any(|outcome| outcome == "stale"), "{profile:?}: {outcomes:?}");
        newest = newest.max(score["timestamp"].as_str().expect("a score has a timestamp").to_owned());
    }
    let timestamps = applied_timestamps(&class);
    assert!(timestamps.is_sorted_by(|earlier, later| earlier < later), "{profile:?}: {timestamps:?}");
    assert_eq!(timestamps.last(), Some(&newest), "{profile:?}: the newest is what the learner has");
    assert_eq!(class.queue_lengths(), (0, 0), "{profile:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_scores_of_one_learner_at_once_are_put_in_order() {
    at_once_for_one_learner(Profile::Plain, 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_scores_of_one_learner_at_once_are_put_in_order_by_whole_seconds_at_moodle() {
    at_once_for_one_learner(Profile::Moodle, 10).await;
}

#[tokio::test]
async fn a_score_of_the_same_millisecond_gets_the_next_one() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(1.0)).await);
    let answer = class.send(&grade(2.0)).await;
    let id = queued(&answer);
    assert_eq!(answer.json()["timestamp"], "2026-11-23T08:00:00.001Z");
    class.settle().await;
    assert_eq!(class.state(&id).await, "delivered");
    assert_eq!(applied_timestamps(&class), ["2026-11-23T08:00:00.000Z", "2026-11-23T08:00:00.001Z"]);
}

/// Moodle compares whole seconds (measured, 5.1.3): the second score of a second would be refused.
#[tokio::test]
async fn a_score_of_the_same_second_waits_for_the_next_second_at_moodle() {
    let class = Class::of(Profile::Moodle).await;
    delivered(&class.send(&grade(1.0)).await);
    class.tool.clock.advance_millis(300);
    let answer = class.send(&grade(2.0)).await;
    let id = queued(&answer);
    assert_eq!(answer.json()["timestamp"], "2026-11-23T08:00:01.000Z");
    assert_eq!((class.poll().await, class.score_requests().len()), (0, 1), "not before its second");
    class.tool.clock.advance_millis(700);
    assert_eq!(class.poll().await, 1);
    assert_eq!(class.outcomes(&id).await, ["delivered"]);
    assert_eq!(applied_timestamps(&class), ["2026-11-23T08:00:00.000Z", "2026-11-23T08:00:01.000Z"]);
}

/// A timestamp ahead of Moodle's clock would block what a teacher does until then.
#[tokio::test]
async fn no_score_is_sent_before_its_own_timestamp() {
    let class = Class::of(Profile::Moodle).await;
    for n in 0..6 {
        class.send_keyed(&format!("{n}"), &grade(f64::from(n))).await;
    }
    // A repetition puts the score into the queue once more, to be looked at soon.
    queued(&class.send_keyed("5", &grade(5.0)).await);
    for _ in 0..60 {
        class.poll().await;
        let now = rfc3339(UnixSeconds(class.tool.now()));
        let sent = applied_timestamps(&class);
        assert!(sent.iter().all(|timestamp| timestamp[..19] <= now[..19]), "{sent:?} at {now}");
        class.tool.clock.advance(1);
    }
    class.settle().await;
    assert_eq!(applied_timestamps(&class).last().map(String::as_str), Some("2026-11-23T08:00:05.000Z"));
}

/// Elsewhere a millisecond is enough.
#[tokio::test]
async fn a_score_a_moment_later_is_delivered_at_once_elsewhere() {
    for profile in [Profile::Plain, Profile::Canvas, Profile::Blackboard, Profile::Brightspace, Profile::Sakai] {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(1.0)).await);
        class.tool.clock.advance_millis(1);
        delivered(&class.send(&grade(2.0)).await);
        assert_eq!(applied_timestamps(&class).last().map(String::as_str), Some("2026-11-23T08:00:00.001Z"));
    }
}

#[tokio::test]
async fn learners_and_line_items_have_timestamps_of_their_own() {
    let class = Class::of(Profile::Moodle).await;
    delivered(&class.send(&grade(1.0)).await);
    delivered(&class.send(&grade_of(CHLOE, 1.0)).await);
    delivered(&class.send(&with(grade(1.0), &json!({ "lineItem": class.line_item_url(QUIZ) }))).await);
    let same = [class.line_item_url("link-1201"), class.line_item_id("link-1201")];
    for name in same {
        queued(&class.send(&with(grade_of(BEN, 2.0), &json!({ "lineItem": name }))).await);
    }
}

#[tokio::test]
async fn the_apps_own_time_in_the_past_is_kept() {
    let class = Class::of(Profile::Plain).await;
    for timestamp in ["2026-11-20T10:00:00.000Z", "2026-11-23T07:59:59.999Z"] {
        delivered(&class.send(&at(1.0, timestamp)).await);
    }
    assert_eq!(applied_timestamps(&class), ["2026-11-20T10:00:00.000Z", "2026-11-23T07:59:59.999Z"]);
}

#[tokio::test]
async fn a_score_that_is_older_than_one_before_is_superseded() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&at(2.0, "2026-11-23T07:50:00.000Z")).await);
    let answer = class.send(&at(1.0, "2026-11-23T07:49:59.999Z")).await;
    settled_as(&answer, "superseded");
    assert!(answer.json()["note"].is_string(), "{}", answer.body);
    assert_eq!((class.score_requests().len(), class.queue_lengths()), (1, (0, 0)));
}

/// The App may tell of the same moment twice, with another score: the later word counts.
#[tokio::test]
async fn a_score_of_the_same_event_comes_after_the_one_before() {
    let class = Class::of(Profile::Plain).await;
    for given in [1.0, 2.0] {
        delivered(&class.send(&at(given, "2026-11-23T07:50:00.000Z")).await);
    }
    assert_eq!(applied_timestamps(&class), ["2026-11-23T07:50:00.000Z", "2026-11-23T07:50:00.001Z"]);
    assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(20.0));
}

/// A time ahead of the Platform's clock would block what comes after it.
#[tokio::test]
async fn a_time_up_to_a_minute_ahead_becomes_now() {
    let class = Class::of(Profile::Plain).await;
    let answer = class.send(&at(1.0, "2026-11-23T08:01:00.000Z")).await;
    delivered(&answer);
    assert_eq!(answer.json()["timestamp"], "2026-11-23T08:00:00.000Z");
    class.tool.clock.advance(1);
    delivered(&class.send(&grade(2.0)).await);
    assert_eq!(applied_timestamps(&class), ["2026-11-23T08:00:00.000Z", "2026-11-23T08:00:01.000Z"]);
}

#[tokio::test]
async fn a_time_further_ahead_is_named() {
    let class = Class::of(Profile::Plain).await;
    for timestamp in ["2026-11-23T08:01:00.001Z", "2027-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let answer = class.send(&at(1.0, timestamp)).await;
        refused(timestamp, &answer, 422, "score_invalid");
        assert_eq!(answer.json()["field"], "timestamp");
    }
    assert!(class.school.platform.requests().is_empty());
}
