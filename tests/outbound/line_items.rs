//! S3: the line items that the App or a list names are held to the origins of the Registration, and to the launch.

use doorway_tests::Answer;
use serde_json::json;

use crate::listener::{Heard, Listener, answer};
use crate::support::{LINE_ITEM, Place, grade, line_item, line_item_calls, line_item_id};

/// Refused by whichever rule looks first, that of origins or that of the launch's container, and nobody was asked.
fn refused_and_silent(case: &str, answer: &Answer, place: &Place, elsewhere: &Listener) {
    let told = (answer.status.as_u16(), answer.code());
    let rules = [(409, "service_origin_foreign"), (404, "line_item_unknown"), (422, "score_invalid")];
    assert!(rules.contains(&(told.0, told.1.as_str())), "{case}: {}", answer.body);
    assert_eq!((elsewhere.connections(), place.lms.connections()), (0, 0), "{case}");
}

/// S3: the App may name a line item by its URL or id: it is held to the same origins.
#[tokio::test]
async fn a_foreign_line_item_of_the_app_is_refused_in_bodies_and_paths() {
    let (place, elsewhere) = (Place::start().await, Listener::silent().await);
    let launch = place.launch().await;
    let url = format!("{}{LINE_ITEM}", elsewhere.base);
    for name in [url.clone(), line_item_id(&url)] {
        let mut score = grade();
        score["lineItem"] = json!(name);
        refused_and_silent("a score", &place.score(&launch, &score).await, &place, &elsewhere);
    }
    for (method, behind, body) in line_item_calls() {
        let uri = format!("/v1/launches/{launch}/line-items/{}{behind}", line_item_id(&url));
        let answer = place.tool.api_json(method, &uri, &body.unwrap_or_default(), &[]).await;
        refused_and_silent(&format!("{method} {behind}"), &answer, &place, &elsewhere);
    }
}

/// S3: a line item that a list of the Platform's own names is no reason to trust its origin.
#[tokio::test]
async fn a_foreign_line_item_in_a_list_is_shown_and_never_asked() {
    let elsewhere = Listener::silent().await;
    let foreign = elsewhere.base.clone();
    let place = Place::scripted(|_| {
        move |heard: &Heard| {
            let status = if heard.method() == "POST" { 201 } else { 200 };
            let item = line_item(&foreign);
            let body = if heard.method() == "POST" { item } else { json!([item]) };
            heard.target().starts_with("/li?").then(|| answer(status, &[], &body.to_string()))
        }
    })
    .await;
    let launch = place.launch().await;
    let listed = place.ask("GET", &launch, "line-items").await.json();
    let uri = format!("/v1/launches/{launch}/line-items");
    let created = place.tool.api_json("POST", &uri, &json!({ "label": "Quiz", "scoreMaximum": 10 }), &[]).await.json();
    for item in [&listed["lineItems"][0], &created] {
        let id = item["lineItemId"].as_str().unwrap_or_else(|| panic!("no id: {listed} {created}"));
        let read = place.ask("GET", &launch, &format!("line-items/{id}")).await;
        assert!(["service_origin_foreign", "line_item_unknown"].contains(&&*read.code()), "{}", read.body);
        let mut score = grade();
        score["lineItem"] = item["id"].clone();
        let scored = place.score(&launch, &score).await;
        assert!(["service_origin_foreign", "score_invalid"].contains(&&*scored.code()), "{}", scored.body);
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// S3: on the Platform's own origin a launch may act on the line items of its own container, and no others.
#[tokio::test]
async fn a_line_item_outside_the_container_of_the_launch_is_not_asked() {
    let place = Place::start().await;
    let launch = place.launch().await;
    for path in [
        "/other/9/lineitem?type_id=7",
        "/li2/9/lineitem?type_id=7",
        "/lineitem?type_id=7",
        "/",
        "/li/../other/9",
        "/li/%2e%2e/other/9",
        "/li/9/../../other/9",
        "/li/..\\other\\9",
        "/li/..%2fother%2f9",
        "/li/..%5Cother%5C9",
        "//li/9",
        "/token",
        "/api/v1/users?x=/li/9/lineitem",
    ] {
        let url = format!("{}{path}", place.lms.base);
        let mut score = grade();
        score["lineItem"] = json!(url);
        let scored = place.score(&launch, &score).await;
        assert_eq!((scored.status.as_u16(), scored.json()["field"].clone()), (422, json!("lineItem")), "{path}");
        for (method, behind, body) in line_item_calls() {
            let uri = format!("/v1/launches/{launch}/line-items/{}{behind}", line_item_id(&url));
            let answer = place.tool.api_json(method, &uri, &body.unwrap_or_default(), &[]).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "line_item_unknown"), "{method} {path}");
        }
    }
    assert_eq!(place.lms.connections(), 0, "not even a token was asked for");
}
