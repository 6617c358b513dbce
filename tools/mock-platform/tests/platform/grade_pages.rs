//! What people see of grades, and how a developer switches the services.

use axum::http::{StatusCode, header};
use doorway_mock_platform::{Endpoint, Profile};
use serde_json::json;

use crate::support::Browser;
use crate::tool::{Tool, score_at, with};

/// The Tool, and a browser of this person at the same Platform.
async fn tool_and_browser_of(user_id: &str) -> (Tool, Browser) {
    let tool = Tool::new();
    let mut browser = Browser::visiting(tool.platform.clone());
    browser.sign_in(user_id).await;
    (tool, browser)
}

#[tokio::test]
async fn a_teacher_sees_every_student_and_column_and_what_the_tool_said() {
    let (tool, browser) = tool_and_browser_of("41").await;
    let score = with(&score_at("2027-01-15T08:00:00Z"), "comment", json!("<b>Well</b> seen & said."));
    tool.score(&with(&score, "scoreGiven", json!(13.3333))).await;
    let page = browser.get("/platform/gradebook").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("<th scope=\"row\">").count(), 303);
    for text in [
        "Ben Okafor",
        "Chloé Martin",
        "Aiko Adeyemi",
        ">Student 1008<",
        "How light bends",
        "Quiz: refraction",
        "out of 10",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(page.body.contains("<strong>66.67/100</strong>"));
    assert!(page.body.contains("title=\"Completed, FullyGraded\">Completed, graded<"));
    assert!(page.body.contains("&lt;b&gt;Well&lt;/b&gt; seen &amp; said."));
    assert!(!page.body.contains("Ada Morgan</th>"), "teachers have no grades");
}

#[tokio::test]
async fn a_student_sees_their_own_grades_alone() {
    let (tool, browser) = tool_and_browser_of("53").await;
    tool.score(&with(&score_at("2027-01-15T08:00:00Z"), "comment", json!("For Ben."))).await;
    tool.score(&with(&with(&score_at("2027-01-15T08:00:00Z"), "userId", json!("53")), "scoreGiven", json!(7))).await;
    let page = browser.get("/platform/gradebook").await;
    assert!(page.body.contains("<strong>35/100</strong>"));
    for other in ["For Ben.", "Ben Okafor", "<strong>85/100</strong>"] {
        assert!(!page.body.contains(other), "{other}");
    }
}

#[tokio::test]
async fn the_course_leads_to_the_grades_and_nobody_sees_them_signed_out() {
    for (user, words) in [("41", "Gradebook"), ("52", "My grades")] {
        let page = Browser::of(user).await.get("/platform/course").await;
        assert!(page.body.contains(&format!("<a href=\"/platform/gradebook\">{words}</a>")));
    }
    let page = Browser::new().get("/platform/gradebook").await;
    assert_eq!(page.headers[header::LOCATION], "/platform/login");
}

#[tokio::test]
async fn a_cleared_score_and_a_teachers_own_are_told_apart() {
    let (tool, browser) = tool_and_browser_of("41").await;
    tool.score(&with(&score_at("2027-01-15T08:00:00Z"), "scoreGiven", json!(null))).await;
    tool.platform.gradebook().grade_by_hand("link-1201", "53", 50.0, "2027-01-15T08:00:00Z");
    let page = browser.get("/platform/gradebook").await;
    assert!(page.body.contains("<strong>No score</strong>"));
    assert!(page.body.contains(">Entered by a teacher, graded<"));
}

#[tokio::test]
async fn how_far_work_is_stands_there_in_words() {
    let (tool, browser) = tool_and_browser_of("41").await;
    let cases = [
        ("Initialized", "NotReady", "Not started, not graded"),
        ("Started", "Pending", "Started, being graded"),
        ("InProgress", "Failed", "In progress, grading went wrong"),
        ("Submitted", "PendingManual", "Handed in, waits for a teacher to grade it"),
    ];
    for (minute, (activity, grading, words)) in (10..).zip(cases) {
        let score = with(&score_at(&format!("2027-01-15T08:{minute}:00Z")), "activityProgress", json!(activity));
        tool.score(&with(&score, "gradingProgress", json!(grading))).await;
        let page = browser.get("/platform/gradebook").await;
        let said = format!("title=\"{activity}, {grading}\">{words}<");
        assert!(page.body.contains(&said), "{said}");
    }
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_developer_changes_the_profile() {
    let (tool, browser) = tool_and_browser_of("41").await;
    let page = browser.post("/platform/developer/profile", &fields(&[("profile", "Moodle")])).await;
    assert_eq!(page.headers[header::LOCATION], "/platform/developer#services");
    assert_eq!(tool.platform.profile(), Profile::Moodle);
    assert!(browser.get("/platform/developer").await.body.contains("<option value=\"Moodle\" selected>"));
    let page = browser.post("/platform/developer/profile", &fields(&[("profile", "Nothing")])).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(tool.platform.profile(), Profile::Moodle);
}

#[tokio::test]
async fn every_fault_can_be_switched_on_at_every_endpoint_and_off_again() {
    let (tool, browser) = tool_and_browser_of("41").await;
    let page = browser.get("/platform/developer").await.body;
    let faults: Vec<_> =
        page.split("<select id=\"fault\" name=\"fault\">").nth(1).unwrap().split("</select>").collect();
    let names: Vec<_> =
        faults[0].split("<option>").skip(1).map(|rest| rest.split("</option>").next().unwrap()).collect();
    assert_eq!(names.len(), 14);
    for name in &names {
        for endpoint in Endpoint::ALL {
            let form = [("endpoint", format!("{endpoint:?}")), ("fault", (*name).into()), ("times", "3".into())];
            let form = form.map(|(name, value)| (name.to_owned(), value));
            let page = browser.post("/platform/developer/faults", &form).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
        }
        let shown = format!("Scores: {name}, in the next 3 requests");
        assert!(browser.get("/platform/developer").await.body.contains(&shown), "{shown}");
    }
    browser.post("/platform/developer/faults/clear", &[]).await;
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00Z")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_fault_that_is_switched_on_happens_until_all_are_switched_off() {
    let (tool, browser) = tool_and_browser_of("52").await;
    let form = fields(&[("endpoint", "Score"), ("fault", "503 service unavailable"), ("times", "all")]);
    browser.post("/platform/developer/faults", &form).await;
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00Z")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    browser.post("/platform/developer/faults/clear", &[]).await;
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00Z")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_switch_that_is_not_on_the_page_does_nothing_and_strangers_have_none() {
    let (tool, browser) = tool_and_browser_of("41").await;
    for form in [
        fields(&[("endpoint", "Score"), ("fault", "nothing"), ("times", "1")]),
        fields(&[("endpoint", "Nothing"), ("fault", "404 not found"), ("times", "1")]),
        fields(&[("endpoint", "Score"), ("fault", "404 not found"), ("times", "0")]),
        fields(&[("endpoint", "Score"), ("fault", "404 not found")]),
    ] {
        assert_eq!(browser.post("/platform/developer/faults", &form).await.status, StatusCode::BAD_REQUEST);
    }
    let stranger = Browser::visiting(tool.platform.clone());
    let form = fields(&[("endpoint", "Score"), ("fault", "404 not found"), ("times", "1")]);
    let page = stranger.post("/platform/developer/faults", &form).await;
    assert_eq!(page.headers[header::LOCATION], "/platform/login");
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00Z")).await.status, StatusCode::NO_CONTENT);
}
