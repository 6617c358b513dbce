//! Lumen in a browser that keeps no cookies in frames: everything works, by forms alone.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::doorway::{choosing_launch, students_launch, teachers_launch};
use crate::frame::Frame;
use crate::services::Reply;
use crate::support::OpenVisit;

const SCORES: &str = "POST /v1/launches/launch-1/scores";
const SCORE: &str = "GET /v1/scores/s-1";
const DEEP_LINK: &str = "POST /v1/launches/launch-1/deep-link";
const MEMBERSHIPS: &str = "GET /v1/launches/launch-1/memberships";

fn score(state: &str) -> Reply {
    Reply::json(200, &json!({"id": "s-1", "state": state}))
}

#[track_caller]
fn assert_page(frame: &Frame, status: StatusCode, words: &str) {
    assert_eq!(frame.page.status, status, "{}", frame.page.body);
    frame.page.assert_says(words);
    frame.assert_carries_the_secret();
    assert_eq!(frame.page.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(frame.page.header(header::REFERRER_POLICY), "no-referrer");
    assert!(!frame.page.header(header::CONTENT_SECURITY_POLICY).contains("script"));
}

#[tokio::test]
async fn a_student_takes_the_quiz_sees_the_result_and_goes_back_to_the_lesson() {
    let mut frame = Frame::of(students_launch()).await;
    frame.doorway.on(SCORES, score("queued"));
    frame.doorway.on(SCORE, score("delivered"));
    assert_page(&frame, StatusCode::OK, "Quiz: refraction</h2>");
    frame.press("Hand in", &[("q0", "1"), ("q1", "0")]).await;
    assert_page(&frame, StatusCode::OK, "<h1>Your result: 2 of 5</h1>");
    frame.press("Ask where your score is now", &[]).await;
    assert_page(&frame, StatusCode::OK, "It is in your gradebook.");
    frame.press("Ask again", &[]).await;
    assert_page(&frame, StatusCode::OK, "<h1>Where your score is</h1>");
    frame.press("Back to your result", &[]).await;
    assert_page(&frame, StatusCode::OK, "<h1>Your result: 2 of 5</h1>");
    frame.press("Back to the lesson, to answer once more", &[]).await;
    assert_page(&frame, StatusCode::OK, "Quiz: refraction</h2>");
    frame.press("Hand in", &[("q0", "1")]).await;
    assert_page(&frame, StatusCode::OK, "<h1>Your result: 1 of 5</h1>");
}

#[tokio::test]
async fn reloading_the_result_hands_in_the_same_attempt_again() {
    let mut frame = Frame::of(students_launch()).await;
    frame.doorway.on(SCORES, score("delivered"));
    let form = frame.page.form_with("Hand in");
    for _ in 0..2 {
        frame.send(&form, &[("q0", "1")]).await;
        assert_page(&frame, StatusCode::OK, "<h1>Your result: 1 of 5</h1>");
    }
    let calls = frame.doorway.calls();
    assert_eq!(calls[0].headers["idempotency-key"], calls[1].headers["idempotency-key"]);
    assert_eq!(calls[0].body, calls[1].body);
}

#[tokio::test]
async fn a_score_that_was_not_accepted_can_be_sent_again() {
    let mut frame = Frame::of(students_launch()).await;
    frame.doorway.on(SCORES, Reply::problem(503, "score_not_accepted"));
    frame.doorway.on(SCORES, score("delivered"));
    let form = frame.page.form_with("Hand in");
    frame.send(&form, &[("q0", "1")]).await;
    assert_page(&frame, StatusCode::OK, "Lumen gets no answer just now");
    frame.press("Send my result again", &[]).await;
    assert_page(&frame, StatusCode::OK, "It is in your gradebook.");
}

#[tokio::test]
async fn what_was_never_sent_leads_to_the_result() {
    let mut frame = Frame::of(students_launch()).await;
    frame.doorway.on(SCORES, Reply::problem(503, "score_not_accepted"));
    frame.press("Hand in", &[]).await;
    let mut form = frame.page.form_with("Send my result again");
    let attempt = frame.page.hidden("attempt");
    form.action = form.action.replace("/quiz", &format!("/results/{attempt}/delivery"));
    frame.send(&form, &[]).await;
    assert_page(&frame, StatusCode::OK, "<h1>Your result: 0 of 5</h1>");
}

#[tokio::test]
async fn a_teacher_chooses_lessons_and_they_go_back_to_the_course() {
    let mut frame = Frame::of(choosing_launch()).await;
    let page = "<form method=\"post\" action=\"https://maple.example/return\"></form>";
    frame.doorway.on(DEEP_LINK, Reply::raw(200, &[(header::CONTENT_TYPE, "text/html")], page));
    assert_page(&frame, StatusCode::OK, "<h2 id=\"content\">Choose content</h2>");
    frame.press("Add to the course", &[("action", "add")]).await;
    assert_page(&frame, StatusCode::UNPROCESSABLE_ENTITY, "Choose a lesson, or cancel.");
    frame.press("Add to the course", &[("lesson", "mixing-colours"), ("action", "add")]).await;
    assert_eq!((frame.page.status, frame.page.body.as_str()), (StatusCode::OK, page));
    assert_eq!(frame.doorway.calls()[0].body["contentItems"][0]["title"], "Mixing colours");
}

#[tokio::test]
async fn a_choice_that_is_refused_leads_back_to_the_picker() {
    let mut frame = Frame::of(choosing_launch()).await;
    frame.doorway.on(DEEP_LINK, Reply::problem(503, "platform_unavailable"));
    frame.press("Cancel", &[("action", "cancel")]).await;
    assert_page(&frame, StatusCode::BAD_GATEWAY, "<h1>Lumen gets no answer just now</h1>");
    frame.press("Back to your visit", &[]).await;
    assert_page(&frame, StatusCode::OK, "<h2 id=\"content\">Choose content</h2>");
}

#[tokio::test]
async fn a_teacher_sees_the_class_list_and_goes_back() {
    let mut frame = Frame::of(teachers_launch()).await;
    let ben = json!({"userId": "52", "name": "Ben Ito", "status": "Active", "roles": []});
    frame.doorway.on(MEMBERSHIPS, Reply::json(200, &json!({"members": [ben], "complete": true})));
    frame.press("See the class list", &[]).await;
    assert_page(&frame, StatusCode::OK, "<th scope=\"row\">Ben Ito</th>");
    frame.press("Back to your visit", &[]).await;
    assert_page(&frame, StatusCode::OK, "you are here as a teacher</h1>");
}

#[tokio::test]
async fn refusals_within_a_visit_lead_back_to_it() {
    let mut without_roster = teachers_launch();
    without_roster["services"]["nrps"] = Value::Null;
    let mut frame = Frame::of(without_roster).await;
    frame.press("See the class list", &[]).await;
    assert_page(&frame, StatusCode::OK, "does not show its class list to Lumen");
    frame.press("Back to your visit", &[]).await;
    assert_page(&frame, StatusCode::OK, "you are here as a teacher</h1>");

    let mut frame = Frame::of(students_launch()).await;
    let quiz = frame.page.form_with("Hand in").action;
    for (action, status, words) in [
        (quiz.replace("/quiz", "/class"), StatusCode::FORBIDDEN, "The class list is for teachers"),
        (quiz.replace("/quiz", "/results/none"), StatusCode::NOT_FOUND, "We do not have these answers"),
        (quiz.replace("/quiz", "/results/none%0a/delivery"), StatusCode::NOT_FOUND, "We do not have these answers"),
    ] {
        let mut form = frame.page.form_with("Hand in");
        form.action = action;
        frame.send(&form, &[]).await;
        assert_page(&frame, status, words);
        frame.press("Back to your visit", &[]).await;
        assert_page(&frame, StatusCode::OK, "Quiz: refraction</h2>");
    }
}

#[tokio::test]
async fn two_visits_in_one_browser_stay_apart() {
    let mine = Frame::of(students_launch()).await;
    let arrival = mine.visitor.arrive_without_cookie().await;
    let theirs = mine.visitor.get(&arrival, None).await;
    let (mine_form, their_form) = (mine.page.form_with("Hand in"), theirs.form_with("Hand in"));
    let token = mine.page.hidden("token");
    for secret in [theirs.hidden("secret"), String::new(), mine.page.hidden("token")] {
        let fields = [("token", token.as_str()), ("secret", &secret)];
        let page = mine.visitor.post(&mine_form.action, None, &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{secret}");
        page.assert_says("This visit is not open here");
    }
    assert_ne!(mine_form.action, their_form.action);
}

#[tokio::test]
async fn every_form_needs_the_token_besides_the_secret() {
    let frame = Frame::of(teachers_launch()).await;
    let (path, secret) = (frame.page.form_with("Hand in").action.replace("/quiz", ""), frame.page.hidden("secret"));
    for page in ["", "/quiz", "/class", "/choice", "/results/a", "/results/a/delivery"] {
        for token in ["", "guess", secret.as_str()] {
            let fields = [("token", token), ("secret", &secret)];
            let answer = frame.visitor.post(&format!("{path}{page}"), None, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page} {token}");
            answer.assert_says("<h1>This form is not from your visit</h1>");
        }
    }
    assert!(frame.doorway.calls().is_empty());
}

#[tokio::test]
async fn the_secret_opens_nothing_from_a_url() {
    let frame = Frame::of(teachers_launch()).await;
    let (path, secret) = (frame.page.form_with("Hand in").action.replace("/quiz", ""), frame.page.hidden("secret"));
    let token = frame.page.hidden("token");
    for query in [format!("secret={secret}&token={token}"), format!("key={secret}")] {
        let page = frame.visitor.get(&format!("{path}?{query}"), None).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{query}");
        let page = frame.visitor.post(&format!("{path}?{query}"), None, &[("token", token.as_str())]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{query}");
    }
}

#[tokio::test]
async fn a_visit_without_cookies_ends_after_a_school_day_as_well() {
    let mut frame = Frame::of(students_launch()).await;
    let form = frame.page.form_with("Hand in");
    frame.visitor.wait_seconds(8 * 3600);
    frame.send(&form, &[]).await;
    assert_eq!(frame.page.status, StatusCode::FORBIDDEN);
    frame.page.assert_says("This visit is not open here");
}

#[tokio::test]
async fn a_browser_that_keeps_cookies_finds_no_secret_in_its_pages() {
    let visit = OpenVisit::of(teachers_launch()).await;
    let secret = visit.cookie.strip_prefix("lumen_visit=").unwrap();
    for path in ["", "/class"] {
        let page = visit.get(path).await;
        page.assert_does_not_say(secret);
        page.assert_does_not_say("name=\"secret\"");
        page.assert_says("<a href=");
    }
}
