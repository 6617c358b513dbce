//! Scores that are not as they must be: every member that is wrong is named, and nothing is sent.

use doorway_mock_platform::Profile;
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{Class, grade, with};

/// The members that an answer names, in its order. `field` is the first of them.
#[track_caller]
fn faults(case: &str, answer: &Answer) -> Vec<String> {
    refused(case, answer, 422, "score_invalid");
    let problem = answer.json();
    let faults = problem["faults"].as_array().expect("faults are listed");
    assert_eq!((&problem["field"], &problem["expected"]), (&faults[0]["field"], &faults[0]["expected"]), "{case}");
    assert!(faults.iter().all(|fault| fault["expected"].as_str().is_some_and(|text| !text.is_empty())), "{case}");
    faults.iter().map(|fault| fault["field"].as_str().expect("a fault has a field").to_owned()).collect()
}

#[tokio::test]
async fn each_wrong_member_is_named() {
    let class = Class::of(Profile::Plain).await;
    let long_comment = "c".repeat(16 * 1024 + 1);
    let cases = [
        ("userId", json!({ "userId": "" })),
        ("userId", json!({ "userId": 52 })),
        ("userId", json!({ "userId": "u".repeat(256) })),
        ("activityProgress", json!({ "activityProgress": null })),
        ("activityProgress", json!({ "activityProgress": "completed" })),
        ("gradingProgress", json!({ "gradingProgress": null })),
        ("gradingProgress", json!({ "gradingProgress": "Graded" })),
        ("scoreGiven", json!({ "scoreGiven": -0.5 })),
        ("scoreGiven", json!({ "scoreGiven": "7" })),
        ("scoreMaximum", json!({ "scoreMaximum": null })),
        ("scoreMaximum", json!({ "scoreMaximum": 0 })),
        ("scoreMaximum", json!({ "scoreMaximum": "10" })),
        ("comment", json!({ "comment": ["x"] })),
        ("comment", json!({ "comment": long_comment })),
        ("comment", json!({ "comment": "nul \u{0}" })),
        ("scoringUserId", json!({ "scoringUserId": "" })),
        ("submission", json!({ "submission": "today" })),
        ("submission.startedAt", json!({ "submission": { "startedAt": "2026-11-23T07:00:00" } })),
        (
            "submission.submittedAt",
            json!({ "submission": { "startedAt": "2026-11-23T07:00:01Z", "submittedAt": "2026-11-23T07:00:00Z" } }),
        ),
        ("submission.ended", json!({ "submission": { "ended": true } })),
        ("timestamp", json!({ "timestamp": "2026-11-23T07:00:00" })),
        ("timestamp", json!({ "timestamp": 1_795_420_800 })),
        ("lineItem", json!({ "lineItem": "link-1202" })),
        ("lineItem", json!({ "lineItem": 7 })),
        ("overwriteGrade", json!({ "overwriteGrade": "yes" })),
        ("score_given", json!({ "score_given": 1 })),
    ];
    for (field, change) in cases {
        let answer = class.send(&with(grade(1.0), &change)).await;
        assert_eq!(faults(&change.to_string(), &answer), [field], "{change}");
    }
    assert!(class.school.platform.requests().is_empty());
}

/// Unlike other members it may not be `null` (AGS digest §4).
#[tokio::test]
async fn a_scoring_user_that_is_null_is_named() {
    let class = Class::of(Profile::Plain).await;
    let mut score = grade(1.0);
    score["scoringUserId"] = Value::Null;
    assert_eq!(faults("null", &class.send(&score).await), ["scoringUserId"]);
}

#[tokio::test]
async fn an_empty_score_lacks_both_progresses() {
    let class = Class::of(Profile::Plain).await;
    assert_eq!(faults("{}", &class.send(&json!({})).await), ["activityProgress", "gradingProgress"]);
}

#[tokio::test]
async fn several_faults_are_told_at_once_in_their_order() {
    let class = Class::of(Profile::Plain).await;
    let score = json!({
        "userId": 52, "activityProgress": "Done", "scoreGiven": -1, "scoreMaximum": 0, "comment": 5,
        "submission": { "startedAt": "yesterday", "submittedAt": 5 }, "grade": "A",
    });
    let expected = [
        "userId",
        "activityProgress",
        "gradingProgress",
        "scoreGiven",
        "scoreMaximum",
        "comment",
        "submission.startedAt",
        "submission.submittedAt",
        "grade",
    ];
    assert_eq!(faults("several", &class.send(&score).await), expected);
}

/// Which members are ours and which the standard's is nothing to the App.
#[tokio::test]
async fn faults_of_our_own_members_are_told_together_with_the_others() {
    let class = Class::of(Profile::Plain).await;
    let score = json!({
        "timestamp": "yesterday", "lineItem": "link-1202", "overwriteGrade": 1,
        "activityProgress": "Done", "gradingProgress": "FullyGraded",
    });
    let mut named = faults("ours and theirs", &class.send(&score).await);
    named.sort();
    assert_eq!(named, ["activityProgress", "lineItem", "overwriteGrade", "timestamp"]);
}

#[tokio::test]
async fn what_was_sent_is_not_repeated_in_the_answer() {
    let class = Class::of(Profile::Plain).await;
    let score = with(grade(1.0), &json!({ "userId": { "name": "Marigold" }, "comment": ["Marigold"] }));
    let answer = class.send(&score).await;
    assert_eq!(faults("a name", &answer), ["userId", "comment"]);
    assert!(!answer.body.contains("Marigold"), "{}", answer.body);
}

#[tokio::test]
async fn what_is_no_json_object_is_no_score() {
    let class = Class::of(Profile::Plain).await;
    let bodies = ["", "score", "[]", "7", "null", "{", "{\"scoreGiven\":1,\"scoreGiven\":2}", "{} {}", "\u{0}"];
    for body in bodies {
        refused(body, &class.send_raw(body).await, 400, "json_expected");
    }
    let too_large = format!("{{\"comment\":\"{}\"}}", "c".repeat(700 * 1024));
    refused("large", &class.send_raw(&too_large).await, 413, "body_too_large");
    assert!(class.school.platform.requests().is_empty());
}
