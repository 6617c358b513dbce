//! Results: what a Tool reads back.

use axum::http::StatusCode;
use doorway_mock_platform::Profile;
use serde_json::{Value, json};

use crate::support::ISSUER;
use crate::tool::{Answer, RESULT, RESULTS_TYPE, Tool, score_at, with};

const FIRST: &str = "2027-01-15T08:00:00.250Z";

fn url() -> String {
    format!("{ISSUER}/line-items/course-7/link-1201/results")
}

async fn results(tool: &Tool, query: &str) -> Answer {
    tool.get(RESULT, &format!("{}{query}", url()), RESULTS_TYPE).await
}

/// A Tool whose three students have a score each.
async fn graded(profile: Profile) -> Tool {
    let tool = Tool::at(profile);
    for user in ["52", "53", "54"] {
        tool.score(&with(&score_at(FIRST), "userId", json!(user))).await;
    }
    tool
}

fn users(answer: &Answer) -> Vec<String> {
    let results = answer.json();
    results.as_array().unwrap().iter().map(|result| result["userId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_result_is_in_points_of_the_column() {
    let tool = Tool::new();
    tool.score(&score_at(FIRST)).await;
    let answer = results(&tool, "").await;
    assert_eq!(answer.headers["content-type"], RESULTS_TYPE);
    assert_eq!(
        answer.json(),
        json!([{
            "id": format!("{}/52", url()),
            "scoreOf": format!("{ISSUER}/line-items/course-7/link-1201"),
            "userId": "52", "resultScore": 85, "resultMaximum": 100, "comment": "Well seen.",
        }])
    );
}

#[tokio::test]
async fn nobody_without_a_score_has_a_result_and_a_cleared_one_has_no_points() {
    let tool = Tool::new();
    assert_eq!(results(&tool, "").await.json(), json!([]));
    tool.score(&with(&score_at(FIRST), "scoreGiven", Value::Null)).await;
    assert_eq!(results(&tool, "").await.json()[0].get("resultScore"), None);
}

#[tokio::test]
async fn one_user_can_be_asked_for() {
    let tool = graded(Profile::Plain).await;
    assert_eq!(users(&results(&tool, "?user_id=53").await), ["53"]);
    assert_eq!(users(&results(&tool, "?user_id=999").await), [""; 0]);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let tool = graded(Profile::Plain).await;
    let first = results(&tool, "?limit=2").await;
    assert_eq!(users(&first), ["52", "53"]);
    let second = tool.get(RESULT, &first.link("next").unwrap(), RESULTS_TYPE).await;
    assert_eq!(users(&second), ["54"]);
    assert_eq!(second.link("next"), None);
}

#[tokio::test]
async fn a_limit_is_an_html_404_at_moodle() {
    let tool = graded(Profile::Moodle).await;
    let answer = results(&tool, "?type_id=2&limit=2").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(users(&results(&tool, "?type_id=2").await), ["52", "53", "54"]);
}

#[tokio::test]
async fn one_users_result_has_no_comment_at_blackboard() {
    let tool = graded(Profile::Blackboard).await;
    assert_eq!(results(&tool, "?user_id=52").await.json()[0].get("comment"), None);
    assert_eq!(results(&tool, "").await.json()[0]["comment"], "Well seen.");
}
