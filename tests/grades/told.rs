//! The bus hears what became of scores: that one was delivered, or failed for good, and nothing of what lies between.

use doorway_mock_platform::{Profile, ServiceFault};
use doorway_tests::{FakeEventBus, refused};
use serde_json::{Value, json};

use crate::support::{BEN, Class, delivered, grade, progress};

async fn class() -> (Class, std::sync::Arc<FakeEventBus>) {
    let mut class = Class::of(Profile::Plain).await;
    let (bus, events) = FakeEventBus::start().await;
    class.tool.tell(events);
    (class, bus)
}

/// What the bus was told of a submission.
fn expected(class: &Class, id: &str, detail_type: &str, accepted_at: u64) -> Value {
    let registration = class.school.registration();
    json!({ "type": detail_type, "detail": {
        "version": 1,
        "platform": {
            "issuer": registration.issuer, "clientId": registration.client_id,
            "deploymentId": "1",
        },
        "submissionId": id, "isGrade": true, "acceptedAt": accepted_at,
    } })
}

fn told(bus: &FakeEventBus) -> Vec<Value> {
    let entries = bus.take();
    // As a whole string: two digits stand in many a random id and port.
    let named = json!(BEN).to_string();
    assert!(entries.iter().all(|entry| !entry.to_string().contains(&named)), "no learner is named: {entries:?}");
    entries.into_iter().map(|entry| json!({ "type": entry["DetailType"], "detail": entry["Detail"] })).collect()
}

#[tokio::test]
async fn a_score_that_arrived_is_told_at_once_or_when_the_worker_delivers_it() {
    let (class, bus) = class().await;
    let at_once = delivered(&class.send(&grade(5.0)).await);
    assert_eq!(told(&bus), [expected(&class, &at_once, "Score Delivered", class.tool.now())]);

    class.tool.clock.advance(1);
    let accepted_at = class.tool.now();
    let later = class.queue(&grade(6.0)).await;
    assert_eq!(told(&bus), Vec::<Value>::new(), "it waits");
    class.settle().await;
    assert_eq!(told(&bus), [expected(&class, &later, "Score Delivered", accepted_at)]);
}

#[tokio::test]
async fn a_score_that_failed_for_good_is_told_whoever_tried_it() {
    let (class, bus) = class().await;
    class.fail_scores(1, ServiceFault::Forbidden);
    refused("at once", &class.send_keyed("k", &grade(5.0)).await, 502, "platform_refused");
    let at_once = class.id_of_key("k");
    assert_eq!(told(&bus), [expected(&class, &at_once, "Score Failed", class.tool.now())]);

    class.tool.clock.advance(1);
    let accepted_at = class.tool.now();
    let later = class.queue(&grade(6.0)).await;
    class.fail_scores(1, ServiceFault::Forbidden);
    class.settle().await;
    assert_eq!(told(&bus), [expected(&class, &later, "Score Failed", accepted_at)]);
}

#[tokio::test]
async fn a_score_that_was_given_up_is_told_as_failed() {
    let (class, bus) = class().await;
    let accepted_at = class.tool.now();
    let id = class.queue(&grade(6.0)).await;
    class.tool.clock.advance(8 * 24 * 3600);
    class.settle().await;
    assert_eq!(told(&bus), [expected(&class, &id, "Score Failed", accepted_at)]);
}

#[tokio::test]
async fn a_score_that_was_overtaken_or_withheld_is_no_news() {
    let (class, bus) = class().await;
    let older = class.queue(&grade(1.0)).await;
    class.tool.clock.advance(1);
    delivered(&class.send(&grade(2.0)).await);
    assert_eq!(told(&bus).len(), 1);
    class.tool.clock.advance(1);
    class.send(&progress()).await;
    class.settle().await;
    assert_eq!(class.state(&older).await, "superseded");
    assert!(told(&bus).iter().all(|event| event["detail"]["submissionId"] != older.as_str()));
}
