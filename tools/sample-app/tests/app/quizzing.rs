//! Taking a quiz: the form, whose result is sent, and what exactly.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::doorway::{choosing_launch, students_launch, teachers_launch};
use crate::services::{Call, Reply};
use crate::support::{OpenVisit, Page};

const SCORES: &str = "POST /v1/launches/launch-1/scores";
/// Four of five are right; the last question is not answered.
const ANSWERS: [(&str, &str); 4] = [("q0", "1"), ("q1", "0"), ("q2", "2"), ("q3", "0")];

async fn students_visit() -> OpenVisit {
    let visit = OpenVisit::of(students_launch()).await;
    visit.doorway.on(SCORES, Reply::json(200, &json!({"id": "s-1", "state": "delivered"})));
    visit
}

async fn hand_in(visit: &OpenVisit, form: &Page) -> Page {
    let (token, attempt) = (form.hidden("token"), form.hidden("attempt"));
    let fields: Vec<_> = [("attempt", attempt.as_str())].into_iter().chain(ANSWERS).collect();
    visit.post_with("/quiz", &token, &fields).await
}

fn keys(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.headers["idempotency-key"].to_str().unwrap()).collect()
}

#[tokio::test]
async fn the_quiz_is_a_form_that_works_without_script() {
    let page = students_visit().await.get("").await;
    assert_eq!(page.body.matches("<fieldset><legend>").count(), 5);
    page.assert_says("<legend>1. A ray goes from air into water at a slant. Which way does it bend?</legend>");
    page.assert_says("<label class=\"choice\"><input type=\"radio\" name=\"q0\" value=\"1\" required>");
    page.assert_says("<button type=\"submit\">Hand in</button>");
    page.assert_does_not_say("<script");
    assert!(page.header(header::CONTENT_SECURITY_POLICY).contains("form-action 'self'"));
}

#[tokio::test]
async fn every_lesson_has_two_questions_or_more() {
    for lesson in ["how-light-bends", "mixing-colours", "how-the-eye-sees", "how-rainbows-form"] {
        let mut launch = students_launch();
        launch["custom"]["lesson"] = json!(lesson);
        let page = OpenVisit::of(launch).await.get("").await;
        assert!((2..=3).contains(&page.body.matches("<fieldset>").count()), "{lesson}");
    }
}

#[tokio::test]
async fn nothing_is_sent_before_the_quiz_is_finished() {
    let visit = students_visit().await;
    visit.get("").await.assert_says("Nothing is sent before.");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn a_students_score_is_sent_as_final_with_its_times() {
    let visit = students_visit().await;
    let form = visit.get("").await;
    visit.visitor.wait_seconds(90);
    hand_in(&visit, &form).await;
    let calls = visit.doorway.calls();
    assert_eq!((calls.len(), calls[0].what.as_str()), (1, SCORES));
    let expected = json!({
        "scoreGiven": 4,
        "scoreMaximum": 5,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "comment": "Quiz: refraction: 4 of 5 answers are right.",
        "submission": {"startedAt": "2027-01-15T08:00:00.000Z", "submittedAt": "2027-01-15T08:01:30.000Z"},
    });
    assert_eq!(calls[0].body, expected);
    assert_eq!(keys(&calls), [form.hidden("attempt")]);
    assert_eq!(form.hidden("attempt").len(), 22);
}

#[tokio::test]
async fn a_double_click_sends_the_same_score_under_the_same_key() {
    let visit = students_visit().await;
    let form = visit.get("").await;
    let first = hand_in(&visit, &form).await;
    visit.visitor.wait_seconds(1);
    let second = hand_in(&visit, &form).await;
    assert_eq!(first.header(header::LOCATION), second.header(header::LOCATION));
    let calls = visit.doorway.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(keys(&calls)[0], keys(&calls)[1]);
    assert_eq!(calls[0].body, calls[1].body);
}

#[tokio::test]
async fn other_answers_in_the_same_form_do_not_change_the_result() {
    let visit = students_visit().await;
    let form = visit.get("").await;
    hand_in(&visit, &form).await;
    let (token, attempt) = (form.hidden("token"), form.hidden("attempt"));
    let again = visit.post_with("/quiz", &token, &[("attempt", &attempt), ("q4", "2")]).await;
    visit.follow(&again).await.assert_says("<h1>Your result: 4 of 5</h1>");
    assert_eq!(visit.doorway.calls()[1].body["scoreGiven"], 4);
}

#[tokio::test]
async fn a_new_attempt_has_a_key_of_its_own() {
    let visit = students_visit().await;
    for _ in 0..2 {
        let form = visit.get("").await;
        hand_in(&visit, &form).await;
    }
    let calls = visit.doorway.calls();
    assert_ne!(keys(&calls)[0], keys(&calls)[1]);
}

#[tokio::test]
async fn the_result_is_a_page_of_its_own_that_can_be_reloaded() {
    let visit = students_visit().await;
    let form = visit.get("").await;
    let answer = hand_in(&visit, &form).await;
    assert_eq!(answer.header(header::LOCATION), format!("{}/results/{}", visit.path, form.hidden("attempt")));
    for _ in 0..2 {
        let page = visit.follow(&answer).await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_says("<h1>Your result: 4 of 5</h1>");
        page.assert_says("You answered: Towards the upright line. <strong>Right.</strong>");
        page.assert_says("You did not answer. <strong>Not right.</strong>");
        page.assert_says("<time datetime=\"2027-01-15T08:00:00.000Z\">2027-01-15 08:00 UTC</time>");
    }
    assert_eq!(visit.doorway.calls().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_none_of_the_choices_is_worth_nothing() {
    let visit = students_visit().await;
    let attempt = visit.get("").await.hidden("attempt");
    let fields = [("attempt", attempt.as_str()), ("q0", "99"), ("q1", "-1"), ("q2", "<b>"), ("q3", "0")];
    let answer = visit.post("/quiz", &fields).await;
    let page = visit.follow(&answer).await;
    page.assert_says("<h1>Your result: 1 of 5</h1>");
    page.assert_does_not_say("<b>");
}

#[tokio::test]
async fn a_quiz_needs_the_visits_own_token() {
    let visit = students_visit().await;
    let form = visit.get("").await;
    let attempt = form.hidden("attempt");
    let (other_path, other_cookie) = visit.visitor.arrive().await;
    let foreign = visit.visitor.get(&other_path, Some(&other_cookie)).await.hidden("token");
    for token in ["", "guess", foreign.as_str()] {
        let page = visit.post_with("/quiz", token, &[("attempt", &attempt), ("q0", "1")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token}");
    }
    assert!(visit.doorway.calls().is_empty());
    assert_eq!(hand_in(&visit, &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_attempt_of_another_visit_is_none() {
    let visit = students_visit().await;
    let (other_path, other_cookie) = visit.visitor.arrive().await;
    let foreign = visit.visitor.get(&other_path, Some(&other_cookie)).await.hidden("attempt");
    for attempt in ["", "<b>", foreign.as_str()] {
        let page = visit.post("/quiz", &[("attempt", attempt), ("q0", "1")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{attempt}");
        page.assert_says("Open the quiz again");
        page.assert_says(&format!("<a href=\"{}\">", visit.path));
    }
    assert!(visit.doorway.calls().is_empty());
}

/// The words before and after the quiz, and that nothing was sent.
async fn assert_not_sent(launch: Value, words: &str) {
    let visit = OpenVisit::of(launch).await;
    let form = visit.get("").await;
    form.assert_says(words);
    form.assert_does_not_say("the result goes to your gradebook");
    let answer = hand_in(&visit, &form).await;
    let page = visit.follow(&answer).await;
    page.assert_says("<h1>Your result: 4 of 5</h1>");
    page.assert_says(words);
    page.assert_does_not_say("delivery");
    assert!(visit.doorway.calls().is_empty(), "{words}");
}

#[tokio::test]
async fn a_teachers_answers_are_graded_and_not_sent() {
    assert_not_sent(teachers_launch(), "You are here as a teacher: your answers are graded here, and are not sent")
        .await;
}

#[tokio::test]
async fn a_teachers_preview_as_a_student_is_not_sent() {
    let mut launch = students_launch();
    launch["user"]["isTestUser"] = json!(true);
    assert_not_sent(launch, "You preview this course as a student").await;
}

#[tokio::test]
async fn without_the_service_or_its_right_the_result_is_shown_here_only() {
    let words = "This course does not take grades from Lumen; your result is shown here only.";
    let mut without = students_launch();
    without["services"] = json!({});
    assert_not_sent(without, words).await;
    let mut reading = students_launch();
    reading["services"]["ags"]["scope"] = json!(["https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"]);
    assert_not_sent(reading, words).await;
}

#[tokio::test]
async fn without_a_column_the_result_is_shown_here_only() {
    let mut launch = students_launch();
    launch["services"]["ags"]["lineitem"] = Value::Null;
    assert_not_sent(launch, "This link has no column in the gradebook").await;
}

#[tokio::test]
async fn somebody_unknown_gets_the_result_here_only() {
    let mut launch = students_launch();
    launch["user"]["id"] = Value::Null;
    assert_not_sent(launch, "does not tell Lumen who you are").await;
}

#[tokio::test]
async fn a_visit_without_a_lesson_has_no_quiz() {
    let visit = OpenVisit::of(choosing_launch()).await;
    let page = visit.post("/quiz", &ANSWERS).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.assert_says("We do not have these answers");
    assert!(visit.doorway.calls().is_empty());
}
