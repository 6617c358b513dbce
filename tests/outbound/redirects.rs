//! S2: a redirect is followed nowhere: not by a token request, not by a service's, not by that of the keys.

use doorway_tests::{Answer, KeysMode};

use crate::listener::{Heard, Listener, answer};
use crate::support::{Place, grade, line_item_id};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// A Platform that answers requests at this path with a redirect to `target`, where nobody may come.
async fn redirecting(path: &'static str, status: u16, target: &str) -> (Place, String) {
    let location = format!("{target}/stolen");
    let place = Place::scripted(|_| {
        move |heard: &Heard| heard.target().starts_with(path).then(|| answer(status, &[("location", &location)], ""))
    })
    .await;
    let launch = place.launch().await;
    (place, launch)
}

/// The answer tells of a refusal, and nothing was asked elsewhere nor twice.
fn told(case: &str, answer: &Answer, place: &Place, elsewhere: &Listener, path: &str) {
    let code = if path == "/token" { "token_refused" } else { "platform_refused" };
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, code), "{case}: {}", answer.body);
    assert_eq!(elsewhere.connections(), 0, "{case}: the redirect was followed");
    assert_eq!(place.lms.heard_at(path).len(), 1, "{case}: once is enough");
    assert!(!answer.body.contains("stolen"), "{case}: {}", answer.body);
}

/// S2: the assertion goes to the token endpoint and nowhere else.
#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_not_followed() {
    for status in STATUSES {
        let elsewhere = Listener::silent().await;
        let (place, launch) = redirecting("/token", status, &elsewhere.base).await;
        let answer = place.ask("GET", &launch, "line-items").await;
        told(&format!("{status}"), &answer, &place, &elsewhere, "/token");
        assert_eq!(place.lms.heard().len(), 1, "{status}: without a token nothing is asked");
    }
}

/// S2: a score goes to the line item and nowhere else.
#[tokio::test]
async fn a_redirect_of_a_score_is_not_followed() {
    for status in STATUSES {
        let elsewhere = Listener::silent().await;
        let (place, launch) = redirecting("/li/9/lineitem/scores", status, &elsewhere.base).await;
        told(&format!("{status}"), &place.score(&launch, &grade()).await, &place, &elsewhere, "/li/9/lineitem/scores");
    }
}

/// S2: line items, results and the roster are read where they are said to be.
#[tokio::test]
async fn a_redirect_of_any_other_service_is_not_followed() {
    for (method, rest, path) in [
        ("GET", "line-items", "/li?"),
        ("POST", "line-items", "/li?"),
        ("GET", "line-items/{lineItem}", "/li/9/lineitem?"),
        ("PUT", "line-items/{lineItem}", "/li/9/lineitem?"),
        ("DELETE", "line-items/{lineItem}", "/li/9/lineitem?"),
        ("GET", "line-items/{lineItem}/results", "/li/9/lineitem/results?"),
        ("GET", "memberships", "/roster?"),
    ] {
        for status in [302, 307] {
            let elsewhere = Listener::silent().await;
            let (place, launch) = redirecting(path, status, &elsewhere.base).await;
            let id = line_item_id(&format!("{}{}", place.lms.base, crate::support::LINE_ITEM));
            let uri = format!("/v1/launches/{launch}/{}", rest.replace("{lineItem}", &id));
            let body = serde_json::json!({ "label": "Quiz", "scoreMaximum": 10 });
            let answer = place.tool.api_json(method, &uri, &body, &[]).await;
            told(&format!("{method} {rest} {status}"), &answer, &place, &elsewhere, path);
        }
    }
}

/// S2: not even a path of the same origin is followed with a token: what was asked for was not done.
#[tokio::test]
async fn a_redirect_on_the_same_origin_is_not_followed_either() {
    let place = Place::scripted(|base| {
        let location = format!("{base}/roster?groups=true&again=1");
        move |heard: &Heard| {
            let first = heard.target().starts_with("/roster") && !heard.target().contains("again");
            first.then(|| answer(302, &[("location", &location)], ""))
        }
    })
    .await;
    let launch = place.launch().await;
    let answer = place.ask("GET", &launch, "memberships").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "platform_refused"), "{}", answer.body);
    assert_eq!(place.lms.heard_at("/roster").len(), 1);
}

/// S2: a worker follows no redirect either, and gives the score up: somebody must act.
#[tokio::test]
async fn a_redirect_of_a_queued_score_is_not_followed() {
    let elsewhere = Listener::silent().await;
    let (place, launch) = redirecting("/li/9/lineitem/scores", 307, &elsewhere.base).await;
    let id = place.queue_score(&launch, &grade()).await;
    assert_eq!(place.tool.poller().poll().await, 1);
    let shown = place.tool.api("GET", &format!("/v1/scores/{id}")).await.json();
    assert_eq!(shown["state"], "failed", "{shown}");
    assert_eq!((elsewhere.connections(), place.lms.heard_at("/li/9/lineitem/scores").len()), (0, 1));
}

/// S2: keys come from where the Registration says.
#[tokio::test]
async fn a_redirect_of_the_keys_is_not_followed() {
    for status in STATUSES {
        let elsewhere = Listener::silent().await;
        let location = format!("{}/jwks", elsewhere.base);
        let mut place = Place::scripted(|_| {
            move |heard: &Heard| (heard.target() == "/jwks").then(|| answer(status, &[("location", &location)], ""))
        })
        .await;
        let jwks = format!("{}/jwks", place.lms.base).parse().unwrap();
        place.change_registration(|registration| registration.jwks_uri = jwks).await;
        let answer = place.tool.launch_with(&place.platform, |_| {}).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "platform_keys_unavailable"), "{status}");
        assert_eq!((elsewhere.connections(), place.lms.heard_at("/jwks").len()), (0, 1), "{status}");
    }
}

/// S2: nor is one to the same origin (the harness's Platform redirects to itself).
#[tokio::test]
async fn a_redirect_of_the_keys_to_the_same_origin_is_not_followed() {
    let place = Place::start().await;
    place.platform.set_mode(KeysMode::Redirect);
    let answer = place.tool.launch_with(&place.platform, |_| {}).await;
    assert_eq!((answer.status.as_u16(), place.platform.fetches()), (503, 1), "{}", answer.body);
}
