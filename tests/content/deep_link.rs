//! What a teacher chose in the App goes back to the course (deep linking digest; design, section 5).

mod answers;
mod course;
mod items;
mod once;
mod page;
mod refusals;
mod rules;
mod settings;

use doorway_mock_platform::Profile;
use doorway_tests::{Answer, School, TestTool};
use serde_json::{Value, json};

use crate::support::{TEACHER, at_school};

const SETTINGS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
const ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
const DATA: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/data";

/// A Tool, a school, and a redeemed launch in which a teacher chooses; a test changes what may be chosen.
async fn choosing(change: impl FnOnce(&mut Value)) -> (TestTool, School, String) {
    let (tool, school) = at_school(Profile::Plain).await;
    let launch = choose(&tool, &school, change).await;
    (tool, school, launch)
}

/// A redeemed launch in which a teacher chooses.
async fn choose(tool: &TestTool, school: &School, change: impl FnOnce(&mut Value)) -> String {
    school.launch_with(tool, "choose-content", TEACHER, |claims| change(&mut claims[SETTINGS])).await
}

/// Answers a deep-linking request.
async fn respond(tool: &TestTool, launch: &str, body: &Value) -> Answer {
    respond_with(tool, launch, body, &[]).await
}

/// Answers with further headers.
async fn respond_with(tool: &TestTool, launch: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    tool.api_json("POST", &format!("/v1/launches/{launch}/deep-link"), body, headers).await
}

/// The claims of the response to this body.
async fn signed(tool: &TestTool, launch: &str, body: &Value) -> Value {
    let answer = respond(tool, launch, body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    crate::support::jwt::verified(tool, jwt(&answer.json())).claims
}

fn jwt(answer: &Value) -> &str {
    answer["jwt"].as_str().unwrap_or_else(|| panic!("no jwt: {answer}"))
}

/// A body with one item.
fn one(item: &Value) -> Value {
    json!({ "contentItems": [item] })
}

/// A link to a lesson of the App.
fn lesson(number: usize) -> Value {
    json!({ "type": "ltiResourceLink", "title": format!("Lesson {number}"),
            "url": format!("https://app.example/lessons/{number}") })
}

/// The fields of all faults of a refused body.
async fn faults(tool: &TestTool, launch: &str, body: &Value) -> Vec<String> {
    let answer = respond(tool, launch, body).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "deep_link_invalid"), "{body}: {}", answer.body);
    let problem = answer.json();
    let faults = problem["faults"].as_array().unwrap_or_else(|| panic!("no faults: {problem}"));
    assert_eq!((&problem["field"], &problem["expected"]), (&faults[0]["field"], &faults[0]["expected"]), "{problem}");
    faults.iter().map(|fault| fault["field"].as_str().unwrap_or_default().to_owned()).collect()
}
