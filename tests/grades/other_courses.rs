//! One token serves a whole Registration: a launch reaches the line items of its own course, and no others.

use doorway_mock_platform::Profile;
use doorway_tests::refused;
use serde_json::{Value, json};

use crate::support::{Class, grade, with};

/// Addresses on the Platform's origin that are not below the launch's own container.
fn elsewhere(class: &Class) -> Vec<String> {
    let paths = [
        "/line-items/course-8/link-1201",
        "/line-items/course-70/link-1201",
        "/line-items/course-7/../course-8/link-1201",
        "/line-items",
        "/token",
        "/memberships/course-7",
        "/",
    ];
    paths.map(|path| format!("{}{path}", class.school.issuer)).to_vec()
}

#[tokio::test]
async fn line_items_of_other_courses_are_unknown() {
    let class = Class::of(Profile::Plain).await;
    for url in elsewhere(&class) {
        let path = format!("/{}", doorway_core::line_item_id::of(&url.parse().unwrap()));
        let results = format!("{path}/results");
        let calls = [
            ("GET", &path, Value::Null),
            ("PUT", &path, json!({ "label": "Mine" })),
            ("DELETE", &path, Value::Null),
            ("GET", &results, Value::Null),
        ];
        for (method, path, body) in calls {
            refused(&format!("{method} {url}"), &class.line_items(method, path, &body).await, 404, "line_item_unknown");
        }
    }
    assert!(class.school.platform.requests().is_empty(), "a token went elsewhere");
}

#[tokio::test]
async fn scores_for_other_courses_are_refused() {
    let class = Class::of(Profile::Plain).await;
    for url in elsewhere(&class) {
        let answer = class.send(&with(grade(1.0), &json!({ "lineItem": url }))).await;
        refused(&url, &answer, 422, "score_invalid");
        assert_eq!(answer.json()["field"], "lineItem", "{url}");
    }
    assert!(class.school.platform.requests().is_empty(), "a token went elsewhere");
}
