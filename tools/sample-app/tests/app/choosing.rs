//! Choosing content: what is offered, what is sent, and what comes back.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::doorway::{APP_KEY, Answer, Doorway, choosing_launch, launch};
use crate::services::Reply;
use crate::support::{OpenVisit, Visitor};

const DEEP_LINK: &str = "POST /v1/launches/launch-1/deep-link";
const PAGE: &str = "<form method=\"post\" action=\"https://maple.example/return\"></form><script nonce=\"n\"></script>";
const POLICY: &str = "default-src 'none'; script-src 'nonce-n'; form-action https://maple.example";

fn hand_over() -> Reply {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    Reply::raw(200, &headers, PAGE)
}

async fn picker_with(setting: &str, value: Value) -> OpenVisit {
    let mut launch = choosing_launch();
    launch["services"]["deepLinking"][setting] = value;
    let visit = OpenVisit::of(launch).await;
    visit.doorway.on(DEEP_LINK, hand_over());
    visit
}

async fn picker() -> OpenVisit {
    picker_with("title", Value::Null).await
}

#[tokio::test]
async fn the_catalogue_is_offered_with_a_label_for_every_lesson() {
    let page = picker().await.get("").await;
    page.assert_says("<h2 id=\"content\">Choose content</h2>");
    page.assert_says("<legend>Lessons to add</legend>");
    assert_eq!(page.body.matches("<label class=\"choice\"><input type=\"checkbox\" name=\"lesson\"").count(), 7);
    for lesson in ["how-light-bends", "quiz-refraction", "mixing-colours", "how-the-eye-sees"] {
        page.assert_says(&format!("value=\"{lesson}\""));
    }
    page.assert_says(">Add to the course</button>");
    page.assert_says(">Cancel</button>");
}

#[tokio::test]
async fn where_one_is_taken_one_can_be_chosen() {
    let visit = picker_with("accept_multiple", json!(false)).await;
    let page = visit.get("").await;
    assert_eq!(page.body.matches("<input type=\"radio\" name=\"lesson\"").count(), 7);
    page.assert_does_not_say("checkbox");
    let both = [("lesson", "mixing-colours"), ("lesson", "how-light-bends"), ("action", "add")];
    let page = visit.post("/choice", &both).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.assert_says("Your course takes one lesson at a time");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn chosen_lessons_are_sent_as_links_to_their_own_urls() {
    let visit = picker().await;
    visit.post("/choice", &[("lesson", "mixing-colours"), ("lesson", "quiz-refraction"), ("action", "add")]).await;
    let calls = visit.doorway.calls();
    assert_eq!((calls.len(), calls[0].what.as_str()), (1, DEEP_LINK));
    assert_eq!(calls[0].headers[header::ACCEPT], "text/html");
    let expected = json!({"contentItems": [
        {
            "type": "ltiResourceLink",
            "url": "https://lumen.example/app/lessons/mixing-colours",
            "title": "Mixing colours",
            "text": "Why lamps add up and paints take away.",
            "custom": {"lesson": "mixing-colours"},
        },
        {
            "type": "ltiResourceLink",
            "url": "https://lumen.example/app/lessons/quiz-refraction",
            "title": "Quiz: refraction",
            "text": "Five questions on the lesson \"How light bends\".",
            "custom": {"lesson": "quiz-refraction"},
            "lineItem": {
                "scoreMaximum": 5,
                "label": "Quiz: refraction",
                "resourceId": "quiz-refraction",
                "tag": "grade",
            },
        },
    ]});
    assert_eq!(calls[0].body, expected);
}

#[tokio::test]
async fn doorways_page_is_handed_on_as_it_is_with_its_own_policy() {
    let visit = picker().await;
    let page = visit.post("/choice", &[("lesson", "mixing-colours"), ("action", "add")]).await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, PAGE));
    assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
    let policies: Vec<_> = page.headers.get_all(header::CONTENT_SECURITY_POLICY).iter().collect();
    assert_eq!(policies, [POLICY]);
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn a_page_without_a_policy_gets_none_from_the_app() {
    let visit = OpenVisit::of(choosing_launch()).await;
    visit.doorway.on(DEEP_LINK, Reply::raw(200, &[(header::CONTENT_TYPE, "text/html")], PAGE));
    let page = visit.post("/choice", &[("action", "cancel")]).await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, PAGE));
    assert!(page.headers.get(header::CONTENT_SECURITY_POLICY).is_none());
}

#[tokio::test]
async fn cancelling_sends_that_nothing_was_chosen() {
    let visit = picker().await;
    let page = visit.post("/choice", &[("lesson", "mixing-colours"), ("action", "cancel")]).await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, PAGE));
    assert_eq!(visit.doorway.calls()[0].body, json!({"contentItems": []}));
}

#[tokio::test]
async fn adding_nothing_or_nonsense_is_asked_again() {
    let visit = picker().await;
    for (fields, words) in [
        (&[("action", "add")][..], "Choose a lesson, or cancel."),
        (&[("lesson", "<b>"), ("action", "add")][..], "Lumen does not have that lesson."),
    ] {
        let page = visit.post("/choice", fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.assert_says("<p class=\"notice\" id=\"fault\" role=\"alert\">");
        page.assert_says("<fieldset aria-describedby=\"fault\">");
        page.assert_says(words);
        page.assert_says(">Add to the course</button>");
    }
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn what_the_course_does_not_take_is_not_offered() {
    let visit = picker_with("accept_types", json!(["file", "html"])).await;
    let page = visit.get("").await;
    page.assert_says("Your course does not take links to lessons in this place.");
    page.assert_does_not_say("name=\"lesson\"");
    page.assert_does_not_say("Add to the course");
    page.assert_says(">Cancel</button>");
    let page = visit.post("/choice", &[("lesson", "mixing-colours"), ("action", "add")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn where_no_column_is_made_none_is_sent_and_the_teacher_is_told() {
    let visit = picker_with("accept_lineitem", json!(false)).await;
    visit.get("").await.assert_says("Your course makes no gradebook column here");
    visit.post("/choice", &[("lesson", "quiz-refraction"), ("action", "add")]).await;
    assert_eq!(visit.doorway.calls()[0].body["contentItems"][0].get("lineItem"), None);
}

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let refusals = [
        (
            409,
            "deep_link_answered",
            StatusCode::CONFLICT,
            "This choice was already sent",
            "choose content there once more",
        ),
        (409, "deep_linking_not_granted", StatusCode::CONFLICT, "This visit cannot add content to a course", "Go back"),
        (
            422,
            "deep_link_invalid",
            StatusCode::UNPROCESSABLE_ENTITY,
            "Your course does not take this choice",
            "Choose other",
        ),
        (410, "launch_expired", StatusCode::GONE, "This visit is over", "Go back to your course"),
        (404, "launch_unknown", StatusCode::GONE, "This visit is over", "Go back to your course"),
        (
            403,
            "registration_disabled",
            StatusCode::FORBIDDEN,
            "Your school's connection to Lumen is switched off",
            "ask",
        ),
        (409, "service_origin_foreign", StatusCode::BAD_GATEWAY, "Lumen could not do this", "support"),
        (503, "platform_unavailable", StatusCode::BAD_GATEWAY, "Lumen gets no answer just now", "try again"),
        (401, "unauthorized", StatusCode::BAD_GATEWAY, "Lumen is not set up correctly", "operator"),
    ];
    for (status, code, shown, title, advice) in refusals {
        let visit = OpenVisit::of(choosing_launch()).await;
        visit.doorway.on(DEEP_LINK, Reply::problem(status, code));
        let page = visit.post("/choice", &[("lesson", "mixing-colours")]).await;
        assert_eq!(page.status, shown, "{code}");
        page.assert_says(&format!("<h1>{title}</h1>"));
        page.assert_says(advice);
        page.assert_says("<code>ref-4711</code>");
        page.assert_says(&format!("<a href=\"{}\">", visit.path));
    }
}

#[tokio::test]
async fn the_faults_of_a_choice_are_shown_as_text() {
    let visit = OpenVisit::of(choosing_launch()).await;
    let faults = json!({"faults": [{"field": "contentItems[0].url", "expected": "<b>an origin</b> of the Tool"}]});
    visit.doorway.on(DEEP_LINK, Reply::problem_with(422, "deep_link_invalid", faults));
    let page = visit.post("/choice", &[("lesson", "mixing-colours")]).await;
    page.assert_says("<li>contentItems[0].url: &lt;b&gt;an origin&lt;/b&gt; of the Tool</li>");
}

#[tokio::test]
async fn a_success_that_is_no_page_is_not_handed_on() {
    let visit = OpenVisit::of(choosing_launch()).await;
    visit.doorway.on(DEEP_LINK, Reply::json(200, &json!({"jwt": "secret"})));
    let page = visit.post("/choice", &[("lesson", "mixing-colours")]).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.assert_does_not_say("secret");
}

#[tokio::test]
async fn a_choice_needs_the_visits_own_token() {
    let visit = picker().await;
    let (other_path, other_cookie) = visit.visitor.arrive().await;
    let foreign = visit.visitor.get(&other_path, Some(&other_cookie)).await.hidden("token");
    for token in ["", "guess", foreign.as_str()] {
        let page = visit.post_with("/choice", token, &[("lesson", "mixing-colours")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token}");
        page.assert_says("<h1>This form is not from your visit</h1>");
    }
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn a_choice_needs_the_cookie_besides_the_token() {
    let visit = picker().await;
    let token = visit.get("").await.hidden("token");
    let fields = [("token", token.as_str()), ("lesson", "mixing-colours")];
    let page = visit.visitor.post(&format!("{}/choice", visit.path), None, &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.assert_says("This visit is not open here");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn a_visit_that_is_about_a_lesson_chooses_nothing() {
    let visit = OpenVisit::of(launch()).await;
    let page = visit.post("/choice", &[("lesson", "mixing-colours")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.assert_says("This visit cannot add content to a course");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn a_request_without_settings_is_told_kindly() {
    let mut launch = choosing_launch();
    launch["services"] = json!({});
    let page = OpenVisit::of(launch).await.get("").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("does not let Lumen add content here");
    page.assert_does_not_say("<form");
}

#[tokio::test]
async fn a_form_that_is_too_long_is_not_read() {
    let doorway = Doorway::that_answers(Answer::Launch(choosing_launch())).await;
    let visitor = Visitor::at(&doorway.url, APP_KEY);
    let (path, cookie) = visitor.arrive().await;
    let long = "a".repeat(17 * 1024);
    let page = visitor.post(&format!("{path}/choice"), Some(&cookie), &[("lesson", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}
