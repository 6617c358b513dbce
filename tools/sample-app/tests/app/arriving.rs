//! Arriving, with a code that is good and with codes that are not.

use axum::http::{StatusCode, header};

use crate::doorway::{APP_KEY, Answer, Doorway, launch};
use crate::support::{Page, Visitor};

fn assert_refused(page: &Page, status: StatusCode, title: &str) {
    assert_eq!(page.status, status);
    assert!(page.body.contains(&format!("<h1>{title}</h1>")), "{}", page.body);
    assert!(page.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn a_code_is_redeemed_with_the_apps_key_and_leaves_the_url() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let visitor = Visitor::at(&doorway.url, APP_KEY);
    let page = visitor.get("/app?launch=code-1&other=1", None).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(doorway.asked(), ["code-1"]);
    let location = page.headers[header::LOCATION].to_str().unwrap();
    assert!(location.starts_with("/app/visits/"));
    assert!(!location.contains("code-1"));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn the_visits_cookie_is_for_that_visit_and_works_in_a_frame() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let page = visitor.get("/app?launch=code-1", None).await;
    let (location, key) = page.header(header::LOCATION).split_once("?key=").unwrap();
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    let expected = format!("Path={location}; Max-Age=28800; HttpOnly; Secure; SameSite=None; Partitioned");
    assert_eq!(attributes, expected);
    let secret = value.strip_prefix("lumen_visit=").unwrap();
    assert_eq!(secret.len(), 43);
    assert!(!location.contains(secret));
    assert_eq!(key.len(), 43);
    assert_ne!(key, secret);
}

#[tokio::test]
async fn two_arrivals_are_two_visits() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (first, second) = (visitor.arrive().await, visitor.arrive().await);
    assert_ne!(first.0, second.0);
    assert_ne!(first.1, second.1);
}

#[tokio::test]
async fn without_a_code_the_landing_page_says_how_to_come_in() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let page = Visitor::at(&doorway.url, APP_KEY).get("/app", None).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("follow a Lumen link"));
    assert!(doorway.asked().is_empty());
}

#[tokio::test]
async fn a_code_that_is_none_is_not_asked_about() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let visitor = Visitor::at(&doorway.url, APP_KEY);
    for query in ["launch=", "launch=..%2F..%2Fadmin", "launch=%3Cscript%3E"] {
        let page = visitor.get(&format!("/app?{query}"), None).await;
        assert_refused(&page, StatusCode::NOT_FOUND, "We do not know this link");
    }
    assert!(doorway.asked().is_empty());
}

#[tokio::test]
async fn a_refusal_says_what_happened_what_to_do_and_the_reference() {
    let refusals = [
        (404, "launch_unknown", StatusCode::NOT_FOUND, "We do not know this link"),
        (410, "launch_redeemed", StatusCode::GONE, "This link was already used"),
        (410, "launch_expired", StatusCode::GONE, "This link waited too long"),
        (503, "something_new", StatusCode::BAD_GATEWAY, "We could not finish signing you in"),
    ];
    for (status, code, shown, title) in refusals {
        let visitor = Visitor::when(Answer::Problem(status, code)).await;
        let page = visitor.get("/app?launch=code-1", None).await;
        assert_refused(&page, shown, title);
        assert!(page.body.contains("Go back to your course"), "{code}");
        assert!(page.body.contains("<code>ref-4711</code>"), "{code}");
    }
}

#[tokio::test]
async fn a_wrong_app_key_is_the_operators_matter_and_is_not_shown() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let page = Visitor::at(&doorway.url, "wrong-key").get("/app?launch=code-1", None).await;
    assert_refused(&page, StatusCode::BAD_GATEWAY, "Lumen is not set up correctly");
    assert!(page.body.contains("ref-4711"));
    assert!(!page.body.contains("wrong-key"));
}

#[tokio::test]
async fn a_base_url_that_is_none_is_the_operators_matter() {
    let page = Visitor::at("doorway", APP_KEY).get("/app?launch=code-1", None).await;
    assert_refused(&page, StatusCode::BAD_GATEWAY, "Lumen is not set up correctly");
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let doorway = Doorway::that_answers(Answer::Redirect).await;
    let page = Visitor::at(&doorway.url, APP_KEY).get("/app?launch=code-1", None).await;
    assert_refused(&page, StatusCode::BAD_GATEWAY, "We could not finish signing you in");
    assert_eq!(doorway.asked(), ["code-1"]);
}

#[tokio::test]
async fn an_answer_that_is_no_launch_opens_no_visit() {
    let no_launch = serde_json::json!({"id": "launch-1"});
    for answer in [Answer::NoJson, Answer::Launch(no_launch)] {
        let page = Visitor::when(answer).await.get("/app?launch=code-1", None).await;
        assert_refused(&page, StatusCode::BAD_GATEWAY, "We could not finish signing you in");
    }
}

#[tokio::test]
async fn a_doorway_that_is_not_there_is_said_kindly() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let page = Visitor::at(&url, APP_KEY).get("/app?launch=code-1", None).await;
    assert_refused(&page, StatusCode::BAD_GATEWAY, "We could not finish signing you in");
    assert!(!page.body.contains("127.0.0.1"));
}

#[tokio::test]
async fn a_code_at_a_lesson_opens_exactly_that_lesson() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    for (path, lesson) in [
        ("/app/lessons/mixing-colours", "Mixing colours"),
        ("/app/lessons/why-the-sky-is-blue", "Why the sky is blue"),
        ("/app/lessons/quiz-refraction", "Quiz: refraction"),
    ] {
        let (visit, cookie) = visitor.arrive_at(path).await;
        assert!(visit.starts_with("/app/visits/"), "{visit}");
        let page = visitor.get(&visit, Some(&cookie)).await;
        page.assert_says(&format!("<h2 id=\"lesson\">{lesson}</h2>"));
    }
}

#[tokio::test]
async fn a_lesson_that_does_not_exist_is_said_and_not_replaced() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (visit, cookie) = visitor.arrive_at("/app/lessons/how-light-breaks").await;
    let page = visitor.get(&visit, Some(&cookie)).await;
    page.assert_says("This lesson is not there</h2>");
    page.assert_does_not_say("How light bends</h2>");
    page.assert_does_not_say("<form");
}

#[tokio::test]
async fn a_code_at_any_page_is_redeemed_and_leaves_the_url() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let visitor = Visitor::at(&doorway.url, APP_KEY);
    for path in ["/app/visits/none", "/app/visits/none/class", "/app/style.css", "/app/no/such/page"] {
        let page = visitor.get(&format!("{path}?launch=code-1"), None).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.header(header::LOCATION).starts_with("/app/visits/"), "{path}");
        assert!(!page.header(header::LOCATION).contains("code-1"), "{path}");
    }
    assert_eq!(doorway.asked().len(), 4);
}

#[tokio::test]
async fn a_code_in_a_form_is_not_redeemed() {
    let doorway = Doorway::that_answers(Answer::Launch(launch())).await;
    let page = Visitor::at(&doorway.url, APP_KEY).post("/app/visits/none/quiz?launch=code-1", None, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(doorway.asked().is_empty());
}

#[tokio::test]
async fn a_lesson_without_a_code_says_how_to_come_in() {
    let visitor = Visitor::at("http://127.0.0.1:9", "key");
    let page = visitor.get("/app/lessons/mixing-colours", None).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("follow a Lumen link");
    for path in ["/app/lessons/how-light-breaks", "/app/nowhere"] {
        let page = visitor.get(path, None).await;
        assert_refused(&page, StatusCode::NOT_FOUND, "Lumen has no such page");
    }
}
