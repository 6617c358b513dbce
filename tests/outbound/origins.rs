//! S3: a token goes to origins of its Registration alone. Claims are signed, but a Platform may be compromised.

use doorway_lti::{claim, scope};
use doorway_tests::Answer;
use serde_json::{Value, json};

use crate::listener::{Heard, Listener, answer};
use crate::support::{LINE_ITEM, Place, grade, line_item, line_item_id};

/// The App is told which origin it was, and nobody was asked for anything, not even for a token.
fn told_and_silent(case: &str, answer: &Answer, place: &Place, elsewhere: &Listener) {
    let origin = &elsewhere.base;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (409, "service_origin_foreign"),
        "{case}: {}",
        answer.body
    );
    assert_eq!(answer.json()["origin"], json!(origin), "{case}: an operator can add it");
    assert_eq!(elsewhere.connections(), 0, "{case}: the foreign origin was asked");
    assert_eq!(place.lms.connections(), 0, "{case}: a token was asked for in vain");
}

/// S3: a claim that names a line item elsewhere makes no request.
#[tokio::test]
async fn a_line_item_on_a_foreign_origin_gets_no_score() {
    let (place, elsewhere) = (Place::start().await, Listener::silent().await);
    let foreign = format!("{}{LINE_ITEM}", elsewhere.base);
    let launch = place.launch_with(|claims| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(foreign)).await;
    told_and_silent("at once", &place.score(&launch, &grade()).await, &place, &elsewhere);
    let uri = format!("/v1/launches/{launch}/scores");
    let queued = place.tool.api_json("POST", &uri, &grade(), &[("prefer", "respond-async")]).await;
    told_and_silent("later", &queued, &place, &elsewhere);
    assert_eq!(place.tool.poller().poll().await, 0, "nothing was queued");
}

/// S3: a claim that names a container elsewhere makes no request.
#[tokio::test]
async fn a_container_on_a_foreign_origin_is_not_asked() {
    let (place, elsewhere) = (Place::start().await, Listener::silent().await);
    let foreign = format!("{}/li", elsewhere.base);
    let launch = place.launch_with(|claims| claims[claim::AGS_ENDPOINT]["lineitems"] = json!(foreign)).await;
    let body = json!({ "label": "Quiz", "scoreMaximum": 10, "tag": "grade" });
    told_and_silent("list", &place.ask("GET", &launch, "line-items?tag=grade").await, &place, &elsewhere);
    for find in ["", "?findOrCreate=true"] {
        let uri = format!("/v1/launches/{launch}/line-items{find}");
        told_and_silent("create", &place.tool.api_json("POST", &uri, &body, &[]).await, &place, &elsewhere);
    }
}

/// S3: a claim that names a roster elsewhere makes no request.
#[tokio::test]
async fn a_roster_on_a_foreign_origin_is_not_asked() {
    let (place, elsewhere) = (Place::start().await, Listener::silent().await);
    let foreign = format!("{}/roster", elsewhere.base);
    let launch =
        place.launch_with(|claims| claims[claim::NRPS_SERVICE]["context_memberships_url"] = json!(foreign)).await;
    for query in ["", "?role=Learner&limit=5", "?resourceLink=true"] {
        let answer = place.ask("GET", &launch, &format!("memberships{query}")).await;
        told_and_silent(query, &answer, &place, &elsewhere);
    }
}

/// S3: a line item that has moved, as the container says, may not have moved to a stranger.
#[tokio::test]
async fn a_line_item_is_not_followed_to_a_foreign_origin_when_it_has_moved() {
    let elsewhere = Listener::silent().await;
    let foreign = elsewhere.base.clone();
    let place = Place::scripted(|_| {
        move |heard: &Heard| match heard.target() {
            target if target.starts_with("/li/9/lineitem") => Some(answer(404, &[], "")),
            target if target.starts_with("/li?") => Some(answer(200, &[], &json!([line_item(&foreign)]).to_string())),
            _ => None,
        }
    })
    .await;
    let launch = place.launch_with(|claims| claims[claim::RESOURCE_LINK]["id"] = json!("link-1201")).await;
    let answer = place.score(&launch, &grade()).await;
    assert!(answer.status.is_client_error() || answer.status.is_server_error(), "{}", answer.body);
    assert_eq!(place.lms.heard_at("/li?").len(), 1, "it was looked for");
    assert_eq!(elsewhere.connections(), 0, "and not followed");
    if answer.code() == "platform_refused" {
        assert_ne!(answer.json()["platform"]["status"], json!(0), "no Platform answers 0: {}", answer.body);
    }
}

/// S3: what was the Registration's when a score was accepted must be so still when it is sent.
#[tokio::test]
async fn a_queued_score_is_not_sent_to_an_origin_that_was_taken_from_the_registration() {
    let mut place = Place::start().await;
    let grades = Listener::start(|_| |_: &Heard| answer(204, &[], "")).await;
    let origin = grades.base.parse().unwrap();
    place.change_registration(|registration| registration.service_origins = vec![origin]).await;
    let foreign = format!("{}{LINE_ITEM}", grades.base);
    let launch = place.launch_with(|claims| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(foreign)).await;
    let id = place.queue_score(&launch, &grade()).await;
    place.change_registration(|registration| registration.service_origins = Vec::new()).await;
    assert_eq!(place.tool.poller().poll().await, 1);
    assert_eq!(grades.connections(), 0);
    let shown = place.tool.api("GET", &format!("/v1/scores/{id}")).await.json();
    assert_ne!(shown["state"], "delivered", "{shown}");
    assert_eq!(shown["attempts"][0]["outcome"], "notAllowed", "{shown}");
}

/// S3: an origin that an operator added is as good as the Registration's own.
#[tokio::test]
async fn an_origin_that_an_operator_added_is_asked_with_the_token() {
    let mut place = Place::start().await;
    let grades = Listener::start(|_| |_: &Heard| answer(204, &[], "")).await;
    let origin = grades.base.parse().unwrap();
    place.change_registration(|registration| registration.service_origins = vec![origin]).await;
    let url = format!("{}{LINE_ITEM}", grades.base);
    let launch = place.launch_with(|claims| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(url)).await;
    assert_eq!(place.score(&launch, &grade()).await.status.as_u16(), 200);
    let heard = grades.heard();
    assert_eq!((heard.len(), heard[0].target()), (1, "/li/9/lineitem/scores?type_id=7"));
    assert_eq!(heard[0].header("authorization"), Some(&*format!("Bearer {}", crate::support::TOKEN)));
}

/// S3: the scopes of a claim grant what they say; a launch without them asks for nothing.
#[tokio::test]
async fn a_launch_without_a_service_makes_no_request_for_it() {
    let place = Place::start().await;
    let launch = place
        .launch_with(|claims| {
            claims[claim::AGS_ENDPOINT]["scope"] = json!([scope::RESULT_READ_ONLY]);
            claims[claim::NRPS_SERVICE] = Value::Null;
        })
        .await;
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    for (answer, code) in [
        (place.score(&launch, &grade()).await, "scores_not_granted"),
        (place.ask("GET", &launch, "line-items").await, "line_items_not_granted"),
        (place.ask("DELETE", &launch, &format!("line-items/{id}")).await, "line_items_not_granted"),
        (place.ask("GET", &launch, "memberships").await, "memberships_not_granted"),
    ] {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, code));
    }
    assert_eq!(place.lms.connections(), 0);
}
