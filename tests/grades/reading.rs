//! What the App can read about a score, in every state.

use std::sync::Arc;

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::refused;
use serde_json::json;

use crate::support::{Class, VIDEO, delivered, grade, grade_of, progress, queued, settled_as, soon, with};

#[tokio::test]
async fn a_delivered_score_has_one_attempt() {
    let class = Class::of(Profile::Plain).await;
    let id = delivered(&class.send(&grade(7.5)).await);
    let record = class.record(&id).await;
    assert_eq!(record["id"], id);
    assert_eq!((&record["state"], &record["timestamp"]), (&json!("delivered"), &json!("2026-11-23T08:00:00.000Z")));
    assert_eq!(record["lineItem"], class.line_item_url(VIDEO));
    let attempt = json!([{ "at": "2026-11-23T08:00:00.000Z", "outcome": "delivered", "status": 204 }]);
    assert_eq!(record["attempts"], attempt);
    assert_eq!(record.get("nextAttemptAt"), None);
    assert!(record["expiresAt"].as_str().is_some_and(|at| at.ends_with('Z')));
}

#[tokio::test]
async fn a_score_on_its_way_is_sending() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    class.fail(Endpoint::Score, ServiceFault::Withheld, Times::Next(1));
    let sending = tokio::spawn({
        let class = class.clone();
        async move { class.send_keyed("slow", &grade(7.5)).await }
    });
    soon(class.school.platform.faults().withheld(1)).await;
    let record = class.record(&class.id_of_key("slow")).await;
    assert_eq!((&record["state"], &record["attempts"]), (&json!("sending"), &json!([])));
    class.school.platform.faults().release();
    let id = delivered(&soon(sending).await.unwrap());
    assert_eq!((id.clone(), class.state(&id).await.as_str()), (class.id_of_key("slow"), "delivered"));
}

#[tokio::test]
async fn a_queued_score_says_when_it_is_tried_again() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::InternalServerError);
    let id = queued(&class.send(&grade(7.5)).await);
    let record = class.record(&id).await;
    assert_eq!(record["state"], "queued");
    let attempt = &record["attempts"][0];
    assert_eq!((&attempt["outcome"], &attempt["status"]), (&json!("unavailable"), &json!(500)));
    let next = record["nextAttemptAt"].as_str().unwrap();
    assert!(("2026-11-23T08:00:01Z"..="2026-11-23T08:00:02Z").contains(&next), "{next}");
    class.settle().await;
    let record = class.record(&id).await;
    assert_eq!((&record["state"], record.get("nextAttemptAt")), (&json!("delivered"), None));
}

#[tokio::test]
async fn an_overtaken_score_is_superseded() {
    let class = Class::of(Profile::Plain).await;
    class.tool.clock.advance(60);
    delivered(&class.send(&grade(7.5)).await);
    let older = with(grade(3.0), &json!({ "timestamp": "2026-11-23T08:00:30.000Z" }));
    let id = settled_as(&class.send(&older).await, "superseded");
    let record = class.record(&id).await;
    assert_eq!((&record["state"], &record["attempts"]), (&json!("superseded"), &json!([])));
    assert_eq!(record["timestamp"], "2026-11-23T08:00:30.000Z");
}

#[tokio::test]
async fn a_withheld_score_has_a_note() {
    let class = Class::of(Profile::Moodle).await;
    let answer = class.send(&progress()).await;
    let id = settled_as(&answer, "withheld");
    let record = class.record(&id).await;
    assert_eq!((&record["state"], &record["attempts"]), (&json!("withheld"), &json!([])));
    assert_eq!(record["note"], answer.json()["note"]);
    assert!(record["note"].as_str().is_some_and(|note| note.contains("overwriteGrade")));
}

#[tokio::test]
async fn a_refused_score_is_failed_with_the_platforms_words() {
    let class = Class::of(Profile::Brightspace).await;
    refused("nobody", &class.send_keyed("k", &grade_of("9999", 1.0)).await, 502, "platform_refused");
    let record = class.record(&class.id_of_key("k")).await;
    assert_eq!((&record["state"], record.get("nextAttemptAt")), (&json!("failed"), None));
    let attempt = &record["attempts"][0];
    assert_eq!(
        (&attempt["status"], &attempt["words"]),
        (&json!(404), &json!("User in requested score does not exist"))
    );
}

#[tokio::test]
async fn there_is_no_score_of_another_id() {
    let class = Class::of(Profile::Plain).await;
    let id = delivered(&class.send(&grade(7.5)).await);
    let unknown = ["A".repeat(32), "x".to_owned(), id[1..].to_owned(), "lane%23x".to_owned(), class.launch.clone()];
    for id in unknown {
        refused(&id, &class.tool.api("GET", &format!("/v1/scores/{id}")).await, 404, "score_unknown");
    }
}

/// The record outlives the last moment at which the score could be delivered by thirty days.
#[tokio::test]
async fn a_record_ends() {
    let class = Class::of(Profile::Plain).await;
    let id = delivered(&class.send(&grade(7.5)).await);
    assert_eq!(class.record(&id).await["expiresAt"], "2026-12-30T08:00:00Z");
    class.tool.clock.advance(37 * 24 * 3600 - 1);
    assert_eq!(class.state(&id).await, "delivered");
    class.tool.clock.advance(1);
    refused("ended", &class.tool.api("GET", &format!("/v1/scores/{id}")).await, 404, "score_unknown");
}

/// Nothing of what a learner did is kept once the Platform has it.
#[tokio::test]
async fn a_delivered_score_leaves_no_comment_behind() {
    let class = Class::of(Profile::Plain).await;
    let id = class.queue(&with(grade(7.5), &json!({ "comment": "Marigold" }))).await;
    let holds_payload = |items: Vec<doorway_tests::Item>| items.iter().any(|item| item.contains_key("payload"));
    assert!(holds_payload(class.tool.items(doorway_local::database::SCORES_TABLE).await));
    class.settle().await;
    assert_eq!(class.state(&id).await, "delivered");
    assert!(!holds_payload(class.tool.items(doorway_local::database::SCORES_TABLE).await));
}
