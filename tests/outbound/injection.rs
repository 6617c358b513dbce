//! S9: what claims and the App say goes into a URL, a header or a body as data, and as nothing else.

use doorway_lti::claim;
use serde_json::{Value, json};

use crate::listener::{Heard, answer};
use crate::support::{LINE_ITEM, Place, grade, line_item_id, token_answer};

/// The headers that the Tool sends. Whatever else arrives was injected.
const HEADERS: [&str; 6] = ["accept", "authorization", "content-length", "content-type", "host", "user-agent"];

/// Texts that end a line, a header or a request where somebody lets them.
const ATTACKS: [&str; 9] = [
    "9\r\nX-Injected: 1",
    "9\nX-Injected: 1",
    "9\rX-Injected: 1",
    "9 HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /stolen",
    "9%0d%0aX-Injected:%201",
    "9\tX-Injected: 1",
    "9\u{85}X-Injected: 1\u{2028}X-Injected: 1",
    "9\u{10a}\u{10d}X-Injected: 1",
    "9\u{0}X-Injected: 1",
];

/// Every request is one request, to one of these paths, with known headers.
fn nothing_is_injected(case: &str, place: &Place) {
    let heard = place.lms.heard();
    assert_eq!(place.lms.connections(), heard.len(), "{case}: each connection had one request");
    for heard in &heard {
        let head = heard.head();
        assert!(head.is_ascii() && !head.contains('\0'), "{case}: {head:?}");
        let lines: Vec<&str> = head.split("\r\n").collect();
        assert!(lines.iter().all(|line| !line.contains(['\r', '\n', '\t'])), "{case}: {head:?}");
        assert_eq!(lines[0].split(' ').count(), 3, "{case}: a method, a target, a version: {head:?}");
        assert!(lines[0].ends_with(" HTTP/1.1"), "{case}: {head:?}");
        for (name, _) in heard.headers() {
            assert!(HEADERS.contains(&name), "{case}: {name} in {head:?}");
        }
        let host = place.lms.base.replace("http://", "");
        assert_eq!(heard.header("host"), Some(host.as_str()), "{case}");
        let length = heard.header("content-length").map_or(0, |length| length.parse().expect("a number"));
        assert_eq!(heard.body().len(), length, "{case}: nothing is behind the body");
    }
}

/// S9: a line item's URL in a claim.
#[tokio::test]
async fn a_claim_with_line_breaks_in_its_line_item_injects_nothing() {
    for attack in ATTACKS {
        let place = Place::start().await;
        let url = format!("{}/li/{attack}", place.lms.base);
        let launch = place
            .launch_with(|claims| {
                claims[claim::AGS_ENDPOINT]["lineitem"] = json!(url);
                claims[claim::AGS_ENDPOINT]["lineitems"] = json!(url);
                claims[claim::NRPS_SERVICE]["context_memberships_url"] = json!(url);
            })
            .await;
        place.score(&launch, &grade()).await;
        place.ask("GET", &launch, "line-items?tag=grade").await;
        place.ask("GET", &launch, "memberships?role=Learner&limit=5").await;
        nothing_is_injected(&format!("{attack:?}"), &place);
    }
}

/// S9: a line item's URL in the App's body and path, and in the Platform's own list.
#[tokio::test]
async fn a_line_item_of_the_app_with_line_breaks_injects_nothing() {
    for attack in ATTACKS {
        let place = Place::start().await;
        let launch = place.launch().await;
        let url = format!("{}/li/{attack}", place.lms.base);
        let mut score = grade();
        score["lineItem"] = json!(url);
        let encoded = doorway_tests::forge::base64url(&url);
        place.score(&launch, &score).await;
        score["lineItem"] = json!(encoded);
        place.score(&launch, &score).await;
        for (method, behind, body) in crate::support::line_item_calls() {
            let uri = format!("/v1/launches/{launch}/line-items/{encoded}{behind}");
            place.tool.api_json(method, &uri, &body.unwrap_or_default(), &[]).await;
        }
        nothing_is_injected(&format!("{attack:?}"), &place);
    }
}

/// S9: user ids go into bodies and queries. Those with control characters are none; others arrive as they are.
#[tokio::test]
async fn a_user_id_is_data_in_bodies_and_queries() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    for attack in ATTACKS.into_iter().chain(["a b", "ü&user_id=1#x", "\"},{\"", "<1>"]) {
        place.lms.forget();
        let mut score = grade();
        score["userId"] = json!(attack);
        let scored = place.score(&launch, &score).await;
        let encoded: String = form_urlencoded::byte_serialize(attack.as_bytes()).collect();
        let read = place.ask("GET", &launch, &format!("line-items/{id}/results?userId={encoded}")).await;
        if attack.chars().any(char::is_control) {
            assert_eq!((scored.status.as_u16(), scored.code().as_str()), (422, "score_invalid"), "{attack:?}");
            assert_eq!((read.status.as_u16(), read.code().as_str()), (400, "query_invalid"), "{attack:?}");
            assert!(place.lms.heard().is_empty(), "{attack:?}");
            continue;
        }
        assert_eq!((scored.status.as_u16(), read.status.as_u16()), (200, 200), "{attack:?}: {}", scored.body);
        let sent = place.lms.heard_at("/li/9/lineitem/scores");
        let body: Value = serde_json::from_str(sent[0].body()).unwrap();
        assert_eq!(body["userId"], json!(attack));
        let asked = place.lms.heard_at("/li/9/lineitem/results");
        let query = asked[0].target().split_once('?').unwrap().1.to_owned();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(pairs, [("type_id".to_owned(), "7".to_owned()), ("user_id".to_owned(), attack.to_owned())]);
    }
    assert!(place.lms.heard().iter().all(|heard| heard.head().is_ascii()));
}

/// S9: filters of the App become parameters, each one.
#[tokio::test]
async fn filters_of_the_app_are_data_in_queries() {
    for attack in ATTACKS.into_iter().chain(["grade&limit=1", "a#b", "a=b", "%26"]) {
        let place = Place::start().await;
        let launch = place.launch().await;
        let encoded: String = form_urlencoded::byte_serialize(attack.as_bytes()).collect();
        for name in ["tag", "resourceId", "resourceLinkId"] {
            place.ask("GET", &launch, &format!("line-items?{name}={encoded}")).await;
        }
        place.ask("GET", &launch, &format!("memberships?role=http://a.example/{encoded}&limit=3")).await;
        nothing_is_injected(&format!("{attack:?}"), &place);
        for heard in place.lms.heard_at("/li?") {
            let query = heard.target().split_once('?').unwrap().1.to_owned();
            let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            assert_eq!((pairs.len(), pairs[1].1.as_str()), (2, attack), "{query}");
        }
    }
}

/// S9: comments, labels and extensions are data in a body of JSON.
#[tokio::test]
async fn texts_of_the_app_are_data_in_bodies() {
    for attack in ATTACKS {
        let place = Place::start().await;
        let launch = place.launch().await;
        let mut score = grade();
        score["https://app.example/work"] = json!(attack);
        if !attack.contains('\0') {
            score["comment"] = json!(attack);
        }
        assert_eq!(place.score(&launch, &score).await.status.as_u16(), 200, "{attack:?}");
        let uri = format!("/v1/launches/{launch}/line-items");
        let line_item = json!({ "label": "Quiz", "scoreMaximum": 10, "https://app.example/work": attack });
        assert_eq!(place.tool.api_json("POST", &uri, &line_item, &[]).await.status.as_u16(), 201, "{attack:?}");
        nothing_is_injected(&format!("{attack:?}"), &place);
        let body: Value = serde_json::from_str(place.lms.heard_at("/li/9/lineitem/scores")[0].body()).unwrap();
        assert_eq!((&body["https://app.example/work"], body.get("comment")), (&json!(attack), score.get("comment")));
    }
}

/// S9: a Platform's token goes into a header: one with a line break, or with anything that is not visible, is none.
#[tokio::test]
async fn a_token_with_line_breaks_is_no_token() {
    for token in ["a\r\nX-Injected: 1", "a\nb", "a b", "a\tb", "a\0b", "ü", "", "\u{7f}"] {
        let place =
            Place::scripted(move |_| move |heard: &Heard| (heard.target() == "/token").then(|| token_answer(token)))
                .await;
        let launch = place.launch().await;
        let answer = place.ask("GET", &launch, "line-items").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "platform_unavailable"), "{token:?}");
        assert_eq!(place.lms.heard().len(), 1, "{token:?}: nothing is asked without a token");
    }
}

/// S9: the URL of a next page is the Platform's text too.
#[tokio::test]
async fn a_next_page_with_odd_characters_injects_nothing() {
    for odd in ["9%0d%0aX-Injected:%201", "9\tX-Injected: 1", "9 HTTP/1.1", "9\u{e9}", "9\\..\\..\\x", "9#x"] {
        let place = Place::scripted(move |_| {
            let link = format!("</roster?from={odd}>; rel=\"next\"");
            move |heard: &Heard| {
                let first = heard.target().starts_with("/roster") && !heard.target().contains("from");
                first.then(|| answer(200, &[("link", &link)], &crate::support::roster().to_string()))
            }
        })
        .await;
        let launch = place.launch().await;
        place.ask("GET", &launch, "memberships").await;
        nothing_is_injected(odd, &place);
    }
}
