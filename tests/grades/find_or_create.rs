//! Creating a line item only if there is none: once, whoever asks at the same time and whatever answer is lost.

use std::sync::Arc;

use doorway_mock_platform::{Endpoint, LineItem, Profile, ServiceFault, Times};
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{Class, PROFILES, VIDEO, at_once, soon};

fn column(resource_id: &str, tag: &str) -> Value {
    json!({ "label": "Project", "scoreMaximum": 20, "resourceId": resource_id, "tag": tag })
}

async fn find_or_create(class: &Class, item: &Value) -> Answer {
    class.line_items("POST", "?findOrCreate=true", item).await
}

/// The columns that the Tool made.
fn made(class: &Class) -> Vec<LineItem> {
    let items = class.school.platform.gradebook().line_items();
    items.into_iter().filter(|item| item.id.starts_with("column-")).collect()
}

#[tokio::test]
async fn a_line_item_is_created_once_and_then_found() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let created = find_or_create(&class, &column("lesson-7", "grade")).await;
        let found = find_or_create(&class, &column("lesson-7", "grade")).await;
        assert_eq!((created.status.as_u16(), found.status.as_u16()), (201, 200), "{profile:?}");
        assert_eq!((created.json(), made(&class).len()), (found.json(), 1), "{profile:?}");
    }
}

#[tokio::test]
async fn a_line_item_with_another_tag_is_another_one() {
    let class = Class::of(Profile::Plain).await;
    for (resource_id, tag) in [("lesson-7", "grade"), ("lesson-7", "originality"), ("lesson-8", "grade")] {
        assert_eq!(find_or_create(&class, &column(resource_id, tag)).await.status.as_u16(), 201, "{resource_id} {tag}");
    }
    assert_eq!(made(&class).len(), 3);
}

#[tokio::test]
async fn the_line_item_of_a_link_is_found_by_the_link() {
    let class = Class::of(Profile::Plain).await;
    let item = json!({ "label": "x", "scoreMaximum": 5, "resourceLinkId": VIDEO });
    let found = find_or_create(&class, &item).await;
    assert_eq!((found.status.as_u16(), &found.json()["id"]), (200, &json!(class.line_item_url(VIDEO))));
    assert_eq!(found.json()["scoreMaximum"], json!(100), "what is found is not changed");
}

#[tokio::test]
async fn a_line_item_that_cannot_be_found_by_anything_is_refused() {
    let class = Class::of(Profile::Plain).await;
    let answer = find_or_create(&class, &json!({ "label": "x", "scoreMaximum": 5 })).await;
    refused("nothing to find it by", &answer, 422, "line_item_invalid");
    assert_eq!(answer.json()["field"], "resourceId");
    let unclear = class.line_items("POST", "?findOrCreate=perhaps", &column("a", "b")).await;
    refused("perhaps", &unclear, 400, "query_invalid");
    assert!(class.school.platform.requests().is_empty());
}

#[tokio::test]
async fn without_being_asked_to_find_every_call_creates() {
    let class = Class::of(Profile::Plain).await;
    for _ in 0..2 {
        assert_eq!(class.line_items("POST", "", &column("lesson-7", "grade")).await.status.as_u16(), 201);
    }
    assert_eq!(made(&class).len(), 2);
}

/// Of ten at once one creates it. The others find it, or are told to ask again in a moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_at_once_create_one_line_item() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    let answers =
        at_once(&class, 10, |_, class| async move { find_or_create(&class, &column("lesson-7", "grade")).await }).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((count(201), made(&class).len()), (1, 1));
    assert_eq!(count(201) + count(200) + count(503), 10);
    for busy in answers.iter().filter(|answer| answer.status.as_u16() == 503) {
        refused("busy", busy, 503, "line_item_busy");
        assert!(!busy.header("retry-after").is_empty());
    }
    let found = find_or_create(&class, &column("lesson-7", "grade")).await;
    assert_eq!((found.status.as_u16(), made(&class).len()), (200, 1));
}

/// POST is not idempotent (AGS digest §2.3): after a lost answer it is looked for, not posted again.
#[tokio::test]
async fn a_lost_answer_does_not_make_a_second_line_item() {
    for fault in [ServiceFault::AppliedButLost, ServiceFault::CutInBody] {
        let class = Arc::new(Class::of(Profile::Plain).await);
        let faults = class.school.platform.faults();
        // The first request looks for it; while that one is held, the second is spoiled.
        faults.switch_on(Endpoint::LineItems, ServiceFault::Withheld, Times::Next(1));
        let asking = tokio::spawn({
            let class = class.clone();
            async move { find_or_create(&class, &column("lesson-7", "grade")).await }
        });
        soon(faults.withheld(1)).await;
        faults.switch_on(Endpoint::LineItems, fault.clone(), Times::Next(1));
        faults.release();
        let created = soon(asking).await.unwrap();
        assert_eq!(created.status.as_u16(), 201, "{fault:?}: {}", created.body);
        assert_eq!((made(&class).len(), class.requests("POST", "/course-7").len()), (1, 1), "{fault:?}");
        assert_eq!(created.json()["id"], json!(class.line_item_url("column-1")), "{fault:?}");
    }
}

/// It was not created, and the App is told; the next call creates it.
#[tokio::test]
async fn a_platform_that_cannot_create_now_is_told() {
    let class = Arc::new(Class::of(Profile::Plain).await);
    let faults = class.school.platform.faults();
    faults.switch_on(Endpoint::LineItems, ServiceFault::Withheld, Times::Next(1));
    let asking = tokio::spawn({
        let class = class.clone();
        async move { find_or_create(&class, &column("lesson-7", "grade")).await }
    });
    soon(faults.withheld(1)).await;
    faults.switch_on(Endpoint::LineItems, ServiceFault::ServiceUnavailable, Times::Next(1));
    faults.release();
    refused("unavailable", &soon(asking).await.unwrap(), 503, "platform_unavailable");
    assert_eq!(find_or_create(&class, &column("lesson-7", "grade")).await.status.as_u16(), 201);
    assert_eq!(made(&class).len(), 1);
}
