//! The requests at the services, byte for byte. See [`goldens`](crate::goldens).

use serde_json::{Value, json};

use crate::goldens::{only, set_up};
use crate::listener::{Heard, answer};
use crate::support::{CONTAINER, LINE_ITEM, Place, line_item_id};

const LINE_ITEM_TYPE: &str = "application/vnd.ims.lis.v2.lineitem+json";

/// A score with everything, at the line item's address with `/scores` before the query.
#[tokio::test]
async fn a_score() {
    let (place, launch, _) = set_up().await;
    let score = json!({
        "timestamp": "2026-11-22T12:34:56.789Z", "scoreGiven": 83.3, "scoreMaximum": 100, "comment": "Gut gemacht – 👏",
        "activityProgress": "Completed", "gradingProgress": "FullyGraded", "scoringUserId": "41",
        "submission": { "startedAt": "2026-11-22T12:00:00+01:00", "submittedAt": "2026-11-22T12:34:56.789Z" },
        "https://app.example/attempt": { "number": 2 },
    });
    assert_eq!(place.score(&launch, &score).await.status.as_u16(), 200);
    let heard = only(&place, "POST", "/li/9/lineitem/scores", "score");
    assert_eq!(heard.target(), "/li/9/lineitem/scores?type_id=7");
    assert_eq!(heard.header("content-type"), Some("application/vnd.ims.lis.v1.score+json"), "v1, bare");
    let body: Value = serde_json::from_str(heard.body()).unwrap();
    assert_eq!(body["timestamp"], "2026-11-22T12:34:56.789Z");
    assert_eq!((&body["scoreGiven"], &body["scoreMaximum"]), (&json!(83.3), &json!(100)));
    assert!(heard.body().contains("\"scoreGiven\":83.3,\"scoreMaximum\":100,"), "numbers as given: {}", heard.body());
}

/// The least that a score has.
#[tokio::test]
async fn a_score_with_the_least_in_it() {
    let (place, launch, _) = set_up().await;
    let score = json!({ "activityProgress": "Initialized", "gradingProgress": "NotReady", "comment": null });
    assert_eq!(place.score(&launch, &score).await.status.as_u16(), 200);
    let heard = only(&place, "POST", "/li/9/lineitem/scores", "score-least");
    let body: Value = serde_json::from_str(heard.body()).unwrap();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["activityProgress", "gradingProgress", "timestamp", "userId"], "no member is null or empty");
    assert_eq!(body["timestamp"], "2026-11-23T08:00:00.000Z", "three decimals and Z");
}

/// The Platform gets the very numbers that the App gave: nothing is scaled or rounded.
#[tokio::test]
async fn numbers_are_sent_as_given() {
    for (given, maximum) in [("7.50", "10"), ("0", "1"), ("0.1", "0.3"), ("12", "10.0"), ("66.66666666666667", "100")] {
        let (place, launch, _) = set_up().await;
        let mut score = crate::support::grade();
        score["scoreGiven"] = serde_json::from_str(given).unwrap();
        score["scoreMaximum"] = serde_json::from_str(maximum).unwrap();
        assert_eq!(place.score(&launch, &score).await.status.as_u16(), 200, "{given}");
        let body: Value = serde_json::from_str(place.lms.heard_at("/li/9/lineitem/scores")[0].body()).unwrap();
        assert_eq!((&body["scoreGiven"], &body["scoreMaximum"]), (&score["scoreGiven"], &score["scoreMaximum"]));
        assert!(body["scoreGiven"].is_number() && body["scoreMaximum"].is_number());
    }
}

/// A line item that is created: in the container, without an `id`.
#[tokio::test]
async fn a_line_item_that_is_created() {
    let (place, launch, _) = set_up().await;
    let item = json!({
        "id": "https://evil.example/", "label": "Quiz: refraction", "scoreMaximum": 10.5, "resourceId": "quiz-7",
        "tag": "grade", "startDateTime": "2026-11-24T08:00:00Z", "https://app.example/kind": "quiz",
    });
    let uri = format!("/v1/launches/{launch}/line-items");
    assert_eq!(place.tool.api_json("POST", &uri, &item, &[]).await.status.as_u16(), 201);
    let heard = only(&place, "POST", "/li?", "line-item-post");
    assert_eq!(heard.target(), CONTAINER);
    assert_eq!((heard.header("accept"), heard.header("content-type")), (Some(LINE_ITEM_TYPE), Some(LINE_ITEM_TYPE)));
    assert!(!heard.body().contains("\"id\""), "{}", heard.body());
}

/// A line item that is read, and changed: read first, the whole sent back without `id`, unknown members kept.
#[tokio::test]
async fn a_line_item_that_is_changed() {
    let place = Place::scripted(|base| {
        let mut item = crate::support::line_item(base);
        item["https://lms.example/hidden"] = json!(true);
        move |heard: &Heard| {
            (heard.method() == "GET" && heard.target() == LINE_ITEM).then(|| answer(200, &[], &item.to_string()))
        }
    })
    .await;
    let launch = place.launch().await;
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    let uri = format!("/v1/launches/{launch}/line-items/{id}");
    let answer = place.tool.api_json("PUT", &uri, &json!({ "label": "Quiz II", "scoreMaximum": 20 }), &[]).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let read = only(&place, "GET", "/li/9/lineitem", "line-item-get");
    assert_eq!((read.target(), read.header("accept")), (LINE_ITEM, Some(LINE_ITEM_TYPE)));
    let changed = only(&place, "PUT", "/li/9/lineitem", "line-item-put");
    assert_eq!(changed.target(), LINE_ITEM);
    assert_eq!(
        (changed.header("accept"), changed.header("content-type")),
        (Some(LINE_ITEM_TYPE), Some(LINE_ITEM_TYPE))
    );
    let body: Value = serde_json::from_str(changed.body()).unwrap();
    assert_eq!((body.get("id"), &body["https://lms.example/hidden"]), (None, &json!(true)));
}

/// A line item that is deleted.
#[tokio::test]
async fn a_line_item_that_is_deleted() {
    let (place, launch, id) = set_up().await;
    assert_eq!(place.ask("DELETE", &launch, &format!("line-items/{id}")).await.status.as_u16(), 204);
    let heard = only(&place, "DELETE", "/li/9/lineitem", "line-item-delete");
    assert_eq!((heard.target(), heard.body()), (LINE_ITEM, ""));
}

/// The container with filters: merged into the query that is there.
#[tokio::test]
async fn the_container_with_filters() {
    let (place, launch, _) = set_up().await;
    let query = "resourceLinkId=link-1201&resourceId=quiz%207&tag=grade&limit=20";
    assert_eq!(place.ask("GET", &launch, &format!("line-items?{query}")).await.status.as_u16(), 200);
    let heard = only(&place, "GET", "/li?", "container-get");
    assert!(heard.target().starts_with("/li?type_id=7&"), "{}", heard.target());
    let query = heard.target().split_once('?').unwrap().1;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["limit", "resource_id", "resource_link_id", "tag", "type_id"]);
    assert_eq!(heard.header("accept"), Some("application/vnd.ims.lis.v2.lineitemcontainer+json"));
}

/// The results of one learner.
#[tokio::test]
async fn the_results_of_a_learner() {
    let (place, launch, id) = set_up().await;
    assert_eq!(place.ask("GET", &launch, &format!("line-items/{id}/results?userId=52")).await.status.as_u16(), 200);
    let heard = only(&place, "GET", "/li/9/lineitem/results", "results-get");
    assert_eq!(heard.target(), "/li/9/lineitem/results?type_id=7&user_id=52");
    assert_eq!(heard.header("accept"), Some("application/vnd.ims.lis.v2.resultcontainer+json"));
}

/// The roster by role, with a limit, of the launch's link.
#[tokio::test]
async fn the_roster_of_a_link() {
    let (place, launch, _) = set_up().await;
    let answer = place.ask("GET", &launch, "memberships?role=Learner&limit=50&resourceLink=true").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let heard = only(&place, "GET", "/roster", "roster-get");
    let query = heard.target().split_once('?').unwrap().1;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let learner = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
    let expected = [("groups", "true"), ("role", learner), ("limit", "50"), ("rlid", "link-1201")];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(heard.header("accept"), Some("application/vnd.ims.lti-nrps.v2.membershipcontainer+json"));
}

/// A next page: its URL verbatim, with the same `Accept` and token, and no filter added again.
#[tokio::test]
async fn the_next_page_of_a_roster() {
    let place = Place::scripted(|_| {
        |heard: &Heard| {
            let link = "</Roster/p%2F2?b=%7e&a=1&a=2&empty=>; rel=\"next\"";
            let first = heard.target().starts_with("/roster");
            let page = crate::support::roster().to_string();
            let whole = if first { answer(200, &[("link", link)], &page) } else { answer(200, &[], &page) };
            heard.target().to_lowercase().starts_with("/roster").then_some(whole)
        }
    })
    .await;
    let launch = place.launch().await;
    assert_eq!(place.ask("GET", &launch, "memberships?role=Learner").await.status.as_u16(), 200);
    let heard = only(&place, "GET", "/Roster", "roster-next");
    assert_eq!(heard.target(), "/Roster/p%2F2?b=%7e&a=1&a=2&empty=");
}
