//! R9, R10: the App API for services needs its key, cares for no cookie, and believes no header about where it is.

use doorway_lti::claim;
use doorway_tests::{APP_KEY, Answer, refused};
use http::Request;
use http::header::{AUTHORIZATION, SET_COOKIE};
use serde_json::{Value, json};

use crate::support::{LINE_ITEM, Place, claims_of, grade, line_item_id};

/// Every new method and path, with a body that would do something.
fn routes(place: &Place, launch: &str, score: &str) -> Vec<(&'static str, String, Value)> {
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    let below = |rest: &str| format!("/v1/launches/{launch}/{rest}");
    let line_item = json!({ "label": "Quiz", "scoreMaximum": 10 });
    vec![
        ("POST", below("scores"), grade()),
        ("GET", format!("/v1/scores/{score}"), Value::Null),
        ("GET", below("line-items"), Value::Null),
        ("POST", below("line-items"), line_item.clone()),
        ("GET", below(&format!("line-items/{id}")), Value::Null),
        ("PUT", below(&format!("line-items/{id}")), line_item),
        ("DELETE", below(&format!("line-items/{id}")), Value::Null),
        ("GET", below(&format!("line-items/{id}/results")), Value::Null),
        ("GET", below("memberships"), Value::Null),
        ("POST", below("deep-link"), json!({ "contentItems": [] })),
    ]
}

async fn send(place: &Place, method: &str, uri: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    place.tool.send(request.body(body.to_string().into()).expect("the request is well formed")).await
}

/// R9: without the key nothing is done and nothing is told, whatever a browser might bring along.
#[tokio::test]
async fn every_route_needs_the_apps_key() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let score = place.queue_score(&launch, &grade()).await;
    let basic = format!("Basic {APP_KEY}");
    let half = format!("Bearer {}", &APP_KEY[..APP_KEY.len() - 1]);
    let launch_code = format!("Bearer {launch}");
    let cookie = format!("key={APP_KEY}; Authorization=Bearer {APP_KEY}; __Host-session={APP_KEY}");
    for (method, uri, body) in routes(&place, &launch, &score) {
        for (case, headers) in [
            ("none", vec![]),
            ("empty", vec![("authorization", "")]),
            ("no scheme", vec![("authorization", APP_KEY)]),
            ("another scheme", vec![("authorization", basic.as_str())]),
            ("half a key", vec![("authorization", half.as_str())]),
            ("the launch's code", vec![("authorization", launch_code.as_str())]),
            ("cookies", vec![("cookie", cookie.as_str())]),
            ("a page of the App", vec![("origin", "https://app.example"), ("cookie", cookie.as_str())]),
            ("another header", vec![("x-api-key", APP_KEY)]),
        ] {
            let answer = send(&place, method, &uri, &headers, &body).await;
            refused(&format!("{case}: {method} {uri}"), &answer, 401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{case}");
        }
        let in_query = format!("{uri}?access_token={APP_KEY}&key={APP_KEY}");
        refused("a query", &send(&place, method, &in_query, &[], &body).await, 401, "unauthorized");
    }
    assert_eq!(place.lms.connections(), 0, "nobody without the key made the Tool ask anybody");
}

/// R9: no page of another origin can read an answer: there is no CORS, not even for a preflight.
#[tokio::test]
async fn no_answer_lets_another_origin_read_it_and_none_sets_a_cookie() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let score = place.queue_score(&launch, &grade()).await;
    let key = format!("Bearer {APP_KEY}");
    for (method, uri, body) in routes(&place, &launch, &score) {
        let from_page = [
            ("origin", "https://app.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "authorization"),
        ];
        let preflight = send(&place, "OPTIONS", &uri, &from_page, &Value::Null).await;
        refused("a preflight", &preflight, 405, "method_not_allowed");
        let with_key = [("authorization", key.as_str()), ("origin", "https://app.example"), ("cookie", "a=b")];
        let answer = send(&place, method, &uri, &with_key, &body).await;
        for answer in [&preflight, &answer] {
            let names: Vec<&str> = answer.headers.keys().map(http::HeaderName::as_str).collect();
            assert!(!names.iter().any(|name| name.starts_with("access-control-")), "{method} {uri}: {names:?}");
            assert!(!answer.headers.contains_key(SET_COOKIE), "{method} {uri}");
        }
    }
}

/// R7, R8: what the App is told of grades and people is kept by nobody between.
#[tokio::test]
async fn no_answer_is_kept_or_leaks_a_referrer() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let score = place.queue_score(&launch, &grade()).await;
    let key = format!("Bearer {APP_KEY}");
    for (method, uri, body) in routes(&place, &launch, &score) {
        for authorization in [key.as_str(), "Bearer wrong"] {
            let answer = send(&place, method, &uri, &[("authorization", authorization)], &body).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{method} {uri}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{method} {uri}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {uri}");
            assert!(!answer.header("content-type").starts_with("text/html"), "{method} {uri}: {}", answer.body);
        }
    }
}

/// R10: no header of a proxy or client changes what is sent to a Platform, or where the App is sent.
#[tokio::test]
async fn no_header_about_the_host_changes_anything() {
    let place = Place::start().await;
    let launch = place.launch().await;
    let key = format!("Bearer {APP_KEY}");
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/evil"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        // So that each round asks for a token of its own.
        place.tool.clock.advance(3600);
        place.lms.forget();
        let headers = [("authorization", key.as_str()), (name, value), ("prefer", "respond-async")];
        let uri = format!("/v1/launches/{launch}/scores");
        let queued = send(&place, "POST", &uri, &headers, &grade()).await;
        let location = queued.header("location");
        assert_eq!(location, format!("/v1/scores/{}", queued.json()["id"].as_str().unwrap()), "{name}");
        let listed = send(&place, "GET", &format!("/v1/launches/{launch}/line-items"), &headers, &Value::Null).await;
        assert_eq!(listed.status.as_u16(), 200, "{name}: {}", listed.body);
        assert!(!queued.body.contains("evil") && !listed.body.contains("evil"), "{name}");
        let heard = place.lms.heard();
        assert_eq!(heard.len(), 2, "{name}");
        assert!(heard.iter().all(|heard| !heard.head().contains("evil") && !heard.head().contains("forwarded")));
        let claims = claims_of(&heard[0].field("client_assertion").unwrap());
        assert_eq!((&claims["aud"], &claims["iss"]), (&json!(place.registration.token_endpoint), &json!("client-1")));
    }
}

/// R10: the same for what a teacher chose.
#[tokio::test]
async fn no_header_about_the_host_changes_where_a_choice_goes() {
    let place = Place::start().await;
    for (name, value) in
        [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("origin", "https://evil.example")]
    {
        let launch = place.deep_linking(|_| {}).await;
        let request = Request::post(format!("/v1/launches/{launch}/deep-link"))
            .header(AUTHORIZATION, format!("Bearer {APP_KEY}"))
            .header(name, value)
            .body(json!({ "contentItems": [{ "type": "ltiResourceLink", "title": "Lesson" }] }).to_string().into());
        let answer = place.tool.send(request.unwrap()).await;
        assert_eq!(answer.json()["returnUrl"], "https://lms.example/deep-linking/course-7", "{name}: {}", answer.body);
        let claims = claims_of(answer.json()["jwt"].as_str().unwrap());
        assert!(!claims.to_string().contains("evil"), "{name}: {claims}");
        assert_eq!(claims[claim::CONTENT_ITEMS][0]["url"], json!("https://app.example/start"), "the App's own address");
    }
}
