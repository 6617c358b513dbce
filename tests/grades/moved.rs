//! A line item that is gone where the launch said, and is found by its link.

use doorway_lti::scope;
use doorway_mock_platform::{Profile, ServiceFault};
use doorway_tests::refused;
use serde_json::{Value, json};

use crate::support::{BEN, Class, VIDEO, delivered, grade, grant, with};

/// Platforms that answer 404 for a line item that is gone. (Sakai answers 400 to everything.)
const SAYING_SO: [Profile; 4] = [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Brightspace];

async fn make_column(class: &Class) {
    let column = json!({ "label": "Again", "scoreMaximum": 100, "resourceLinkId": VIDEO });
    assert_eq!(class.line_items("POST", "", &column).await.status.as_u16(), 201);
}

async fn delete_column(class: &Class) {
    let deleted = class.line_items("DELETE", &format!("/{}", class.line_item_id(VIDEO)), &Value::Null).await;
    assert_eq!(deleted.status.as_u16(), 204);
}

#[tokio::test]
async fn a_score_follows_its_link_to_another_line_item() {
    for profile in SAYING_SO {
        let class = Class::of(profile).await;
        make_column(&class).await;
        delete_column(&class).await;
        delivered(&class.send(&grade(7.5)).await);
        let applied = class.applied();
        assert_eq!((applied.len(), applied[0].line_item.as_str()), (1, "column-1"), "{profile:?}");
        let lookups = class.requests("GET", "/course-7");
        let query = lookups[0].query.as_deref().unwrap_or_default();
        assert!(query.contains("resource_link_id=link-1201"), "{profile:?}: {query}");
    }
}

#[tokio::test]
async fn a_queued_score_follows_its_link_as_well() {
    let class = Class::of(Profile::Moodle).await;
    let id = class.queue(&grade(7.5)).await;
    make_column(&class).await;
    delete_column(&class).await;
    class.settle().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied()[0].line_item.as_str()), ("delivered", "column-1"));
}

/// The teacher may have deleted it on purpose: nothing is created.
#[tokio::test]
async fn a_line_item_that_is_nowhere_is_told() {
    for profile in SAYING_SO {
        let class = Class::of(profile).await;
        delete_column(&class).await;
        let answer = class.send(&grade(7.5)).await;
        refused("gone", &answer, 502, "platform_refused");
        assert_eq!(answer.json()["platform"]["status"], 404, "{profile:?}");
        assert_eq!(class.requests("POST", "/course-7").len(), 0, "{profile:?}");
    }
}

#[tokio::test]
async fn which_of_several_line_items_is_meant_is_not_guessed() {
    let class = Class::of(Profile::Plain).await;
    make_column(&class).await;
    make_column(&class).await;
    delete_column(&class).await;
    refused("two", &class.send(&grade(7.5)).await, 502, "platform_refused");
    assert!(class.applied().is_empty());
}

/// A 404 may be about the learner (Brightspace says so) or the course: the column is where it was.
#[tokio::test]
async fn a_grade_is_not_put_elsewhere_while_its_own_line_item_is_there() {
    for profile in SAYING_SO {
        let class = Class::of(profile).await;
        make_column(&class).await;
        class.fail_scores(1, ServiceFault::NotFound);
        refused("about something else", &class.send(&grade(7.5)).await, 502, "platform_refused");
        assert_eq!(class.applied().len(), 0, "{profile:?}");
    }
}

/// What the App names it means.
#[tokio::test]
async fn a_line_item_that_the_app_names_is_not_looked_for_elsewhere() {
    let class = Class::of(Profile::Plain).await;
    make_column(&class).await;
    let gone = class.line_item_url("link-1299");
    refused("gone", &class.send(&with(grade(7.5), &json!({ "lineItem": gone }))).await, 502, "platform_refused");
    assert!(class.requests("GET", "/course-7").is_empty() && class.applied().is_empty());
}

#[tokio::test]
async fn without_the_scope_for_line_items_nothing_is_looked_for() {
    let class = Class::of(Profile::Plain).await;
    make_column(&class).await;
    delete_column(&class).await;
    let old_column = json!(class.line_item_url(VIDEO));
    let launch = class
        .school
        .launch_with(&class.tool, "video", BEN, |claims| {
            grant(claims, &[scope::SCORE]);
            claims[doorway_mock_platform::claims::names::AGS_ENDPOINT]["lineitem"] = old_column;
        })
        .await;
    let answer = crate::support::send_for(&class.tool, &launch, &grade(7.5), &[]).await;
    refused("gone", &answer, 502, "platform_refused");
    assert!(class.requests("GET", "/course-7").is_empty());
}
