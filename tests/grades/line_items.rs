//! Line items: read, created, changed, deleted.

use doorway_lti::scope;
use doorway_mock_platform::Profile;
use doorway_tests::refused;
use serde_json::{Value, json};

use crate::support::{BEN, Class, PROFILES, QUIZ, VIDEO, grant};

const NOTHING: &Value = &Value::Null;

/// A column that the Tool makes, with everything that it may have.
fn column() -> Value {
    json!({
        "label": "Project", "scoreMaximum": 20, "resourceId": "lesson-7", "tag": "grade",
        "startDateTime": "2026-11-01T08:00:00.000Z", "endDateTime": "2026-12-01T08:00:00.000Z",
        "gradesReleased": true, "https://lumen.example/lti/weight": { "of": [1, 0.5] },
    })
}

/// Creates it; the path of its resource.
async fn create(class: &Class) -> (String, Value) {
    let created = class.line_items("POST", "", &column()).await;
    assert_eq!(created.status.as_u16(), 201, "{}", created.body);
    let item = created.json();
    (format!("/{}", item["lineItemId"].as_str().expect("a line item has an id for paths")), item)
}

#[tokio::test]
async fn a_line_item_is_created_with_all_its_members() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let (_, item) = create(&class).await;
        let mut expected = column();
        expected["id"] = json!(class.line_item_url("column-1"));
        expected["lineItemId"] = json!(class.line_item_id("column-1"));
        assert_eq!(item, expected, "{profile:?}");
        let request = &class.requests("POST", "/course-7")[0];
        let media_type = Some("application/vnd.ims.lis.v2.lineitem+json");
        assert_eq!((request.header("content-type"), request.header("accept")), (media_type, media_type));
        assert_eq!(serde_json::from_str::<Value>(&request.body).unwrap(), column(), "{profile:?}");
    }
}

#[tokio::test]
async fn a_line_item_is_read_by_its_id() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let (path, created) = create(&class).await;
        let read = class.line_items("GET", &path, NOTHING).await;
        assert_eq!((read.status.as_u16(), read.json()), (200, created), "{profile:?}");
    }
}

/// A replacement is whole (AGS digest §2.2); Blackboard refuses a body with an `id`.
#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let (path, mut expected) = create(&class).await;
        let change = json!({ "label": "Final project", "endDateTime": null, "id": "ignored", "lineItemId": "ignored" });
        let changed = class.line_items("PUT", &path, &change).await;
        expected["label"] = json!("Final project");
        expected["endDateTime"] = Value::Null;
        assert_eq!((changed.status.as_u16(), changed.json()), (200, expected.clone()), "{profile:?}");
        assert_eq!(class.line_items("GET", &path, NOTHING).await.json(), expected, "{profile:?}");
        let sent: Value = serde_json::from_str(&class.requests("PUT", "")[0].body).unwrap();
        assert_eq!((sent.get("id"), sent.get("lineItemId")), (None, None), "{profile:?}");
        assert_eq!(sent["https://lumen.example/lti/weight"], column()["https://lumen.example/lti/weight"]);
    }
}

#[tokio::test]
async fn the_links_own_line_item_is_changed() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let path = format!("/{}", class.line_item_id(VIDEO));
        let changed = class.line_items("PUT", &path, &json!({ "scoreMaximum": 50 })).await;
        assert_eq!(changed.status.as_u16(), 200, "{profile:?}");
        let item = class.school.platform.gradebook().line_item(VIDEO).unwrap();
        assert_eq!((item.score_maximum, item.label.as_str()), (50.0, "How light bends"), "{profile:?}");
        assert_eq!(item.resource_link_id.as_deref(), Some(VIDEO), "{profile:?}");
    }
}

#[tokio::test]
async fn a_deleted_line_item_is_unknown() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace] {
        let class = Class::of(profile).await;
        let (path, _) = create(&class).await;
        assert_eq!(class.line_items("DELETE", &path, NOTHING).await.status.as_u16(), 204, "{profile:?}");
        assert_eq!(class.school.platform.gradebook().line_item("column-1"), None);
        let results = format!("{path}/results");
        let calls = [
            ("GET", &path, NOTHING),
            ("PUT", &path, &json!({})),
            ("DELETE", &path, NOTHING),
            ("GET", &results, NOTHING),
        ];
        for (method, path, body) in calls {
            refused(method, &class.line_items(method, path, body).await, 404, "line_item_unknown");
        }
    }
}

#[tokio::test]
async fn what_is_no_line_item_id_is_unknown() {
    let class = Class::of(Profile::Plain).await;
    for id in ["x", "link-1202", "%20", "aHR0cA"] {
        refused(id, &class.line_items("GET", &format!("/{id}"), NOTHING).await, 404, "line_item_unknown");
    }
    let elsewhere = doorway_core::line_item_id::of(&"https://evil.example/li/1".parse().unwrap());
    refused("evil", &class.line_items("GET", &format!("/{elsewhere}"), NOTHING).await, 409, "service_origin_foreign");
    assert!(class.school.platform.requests().is_empty());
}

#[tokio::test]
async fn a_line_item_that_is_not_as_it_must_be_names_every_fault() {
    let class = Class::of(Profile::Plain).await;
    let cases = [
        (json!({}), vec!["label", "scoreMaximum"]),
        (json!({ "label": " ", "scoreMaximum": 0 }), vec!["label", "scoreMaximum"]),
        (json!({ "label": "x", "scoreMaximum": "10" }), vec!["scoreMaximum"]),
        (
            json!({ "label": "x", "scoreMaximum": 1, "resourceId": "r".repeat(257), "tag": 5 }),
            vec!["resourceId", "tag"],
        ),
        (json!({ "label": "x", "scoreMaximum": 1, "endDateTime": "tomorrow" }), vec!["endDateTime"]),
        (json!({ "label": "x", "scoreMaximum": 1, "points": 3 }), vec!["points"]),
    ];
    for (item, fields) in cases {
        let answer = class.line_items("POST", "", &item).await;
        refused(&item.to_string(), &answer, 422, "line_item_invalid");
        let problem = answer.json();
        let named: Vec<_> =
            problem["faults"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
        assert_eq!((&named, &problem["field"]), (&fields, &json!(fields[0])));
    }
    let change = class.line_items("PUT", &format!("/{}", class.line_item_id(QUIZ)), &json!({ "label": "" })).await;
    refused("change", &change, 422, "line_item_invalid");
    assert!(class.school.platform.requests().is_empty());
}

#[tokio::test]
async fn a_platforms_refusal_is_told_in_its_words() {
    let class = Class::of(Profile::Blackboard).await;
    let coupled = json!({ "label": "x", "scoreMaximum": 1, "resourceLinkId": VIDEO });
    let answer = class.line_items("POST", "", &coupled).await;
    refused("coupled", &answer, 502, "platform_refused");
    assert_eq!(answer.json()["platform"], json!({ "status": 400, "words": "resourceLinkId cannot be set" }));
}

#[tokio::test]
async fn a_launch_that_may_not_touch_line_items_does_not() {
    for scopes in [&[][..], &[scope::SCORE, scope::RESULT_READ_ONLY][..]] {
        let class = Class::with_claims(Profile::Plain, BEN, |claims| grant(claims, scopes)).await;
        let path = format!("/{}", class.line_item_id(VIDEO));
        let calls = [
            ("GET", "", NOTHING),
            ("POST", "", &column()),
            ("GET", &path, NOTHING),
            ("PUT", &path, &json!({})),
            ("DELETE", &path, NOTHING),
        ];
        for (method, path, body) in calls {
            refused(method, &class.line_items(method, path, body).await, 409, "line_items_not_granted");
        }
        assert!(class.school.platform.requests().is_empty());
    }
}

#[tokio::test]
async fn a_launch_that_may_read_line_items_only_reads_them() {
    let scopes = [scope::LINE_ITEM_READ_ONLY];
    for profile in PROFILES {
        let class = Class::with_claims(profile, BEN, |claims| grant(claims, &scopes)).await;
        let path = format!("/{}", class.line_item_id(VIDEO));
        for path in ["", &path] {
            assert_eq!(class.line_items("GET", path, NOTHING).await.status.as_u16(), 200, "{profile:?}");
        }
        let calls = [("POST", "", &column()), ("PUT", &path, &json!({})), ("DELETE", &path, NOTHING)];
        for (method, path, body) in calls {
            refused(method, &class.line_items(method, path, body).await, 409, "line_items_not_granted");
        }
    }
}

/// Moodle looks for the scope to read beside the scope to write; Sakai gives all that is asked for, or nothing.
#[tokio::test]
async fn as_many_scopes_are_asked_for_as_platforms_want() {
    let scopes_asked = |class: &Class| -> Vec<String> {
        let requests = class.requests("POST", "/token");
        let body = requests.last().expect("a token was asked for").body.clone();
        let mut fields = form_urlencoded::parse(body.as_bytes());
        let scope = fields.find(|(name, _)| name == "scope").expect("scopes are asked for").1.into_owned();
        let mut scopes: Vec<String> = scope.split(' ').map(str::to_owned).collect();
        scopes.sort();
        scopes
    };
    let both = [scope::LINE_ITEM, scope::LINE_ITEM_READ_ONLY];
    let class = Class::with_claims(Profile::Moodle, BEN, |claims| grant(claims, &both)).await;
    assert_eq!(class.line_items("GET", "", NOTHING).await.status.as_u16(), 200);
    assert_eq!(scopes_asked(&class), both);

    let class = Class::of(Profile::Sakai).await;
    class.school.platform.set_offered_scopes(&[scope::LINE_ITEM]);
    assert_eq!(class.line_items("GET", "", NOTHING).await.status.as_u16(), 200);
    assert_eq!(class.line_items("POST", "", &column()).await.status.as_u16(), 201);
    assert_eq!(scopes_asked(&class), [scope::LINE_ITEM]);
}
