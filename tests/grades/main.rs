//! Grades: scores that arrive now or later but surely, line items, results (AGS digest; design, section 6).

mod submitting;

use doorway_mock_platform::Profile;
use doorway_tests::{Answer, School, TestTool};
use serde_json::{Value, json};

/// The student whose scores are sent.
const BEN: &str = "52";

/// A Tool, a school of this kind, and a redeemed launch of a student.
async fn in_class(profile: Profile) -> (TestTool, School, String) {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, profile).await;
    let launch = school.launch(&tool, BEN).await;
    (tool, school, launch)
}

/// A final score.
fn grade(given: f64) -> Value {
    json!({
        "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    })
}

/// Sends a score for a launch.
async fn send(tool: &TestTool, launch: &str, score: &Value) -> Answer {
    send_with(tool, launch, score, &[]).await
}

/// Sends a score with further headers.
async fn send_with(tool: &TestTool, launch: &str, score: &Value, headers: &[(&str, &str)]) -> Answer {
    tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), score, headers).await
}
