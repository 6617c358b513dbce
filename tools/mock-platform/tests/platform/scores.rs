//! Scores: what is applied, what is refused, and how each Platform does it.

use axum::http::StatusCode;
use doorway_mock_platform::{ActivityProgress, GradingProgress, Profile};
use serde_json::{Value, json};

use crate::support::ISSUER;
use crate::tool::{SCORE, SCORE_TYPE, Tool, score_at, with, without};

const FIRST: &str = "2027-01-15T08:00:00.250Z";
const LATER: &str = "2027-01-15T08:00:00.750Z";
const NEXT_SECOND: &str = "2027-01-15T08:00:01.000Z";

#[tokio::test]
async fn a_score_is_applied_scaled_and_recorded_as_it_came() {
    let tool = Tool::new();
    let mut score = score_at(FIRST);
    score["submission"] = json!({"startedAt": "2027-01-15T07:00:00.000Z", "submittedAt": "2027-01-15T07:59:00.000Z"});
    score["scoringUserId"] = json!("41");
    score["https://tool.example/extension"] = json!({"attempt": 2});
    let answer = tool.score(&score).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    let grade = tool.grade().unwrap();
    assert_eq!((grade.result_score, grade.result_maximum), (Some(85.0), 100.0));
    assert_eq!(grade.comments, ["Well seen."]);
    assert_eq!(grade.scoring_user_id.as_deref(), Some("41"));
    assert_eq!(grade.submitted_at.as_deref(), Some("2027-01-15T07:59:00Z"));
    let applied = tool.platform.gradebook().applied_scores();
    assert_eq!(applied.len(), 1);
    assert_eq!((applied[0].line_item.as_str(), applied[0].user_id.as_str()), ("link-1201", "52"));
    assert_eq!(applied[0].timestamp, FIRST);
    assert_eq!((applied[0].score_given, applied[0].score_maximum), (Some(17.0), Some(20.0)));
    assert_eq!(applied[0].activity_progress, ActivityProgress::Completed);
    assert_eq!(applied[0].grading_progress, GradingProgress::FullyGraded);
    assert_eq!(applied[0].body, score);
}

#[tokio::test]
async fn a_score_must_be_newer_than_the_one_before() {
    let tool = Tool::new();
    tool.score(&score_at(LATER)).await;
    for timestamp in [LATER, FIRST, "2027-01-15T09:00:00.750+01:00"] {
        let answer = tool.score(&with(&score_at(timestamp), "scoreGiven", json!(1))).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{timestamp}");
    }
    assert_eq!(tool.grade().unwrap().result_score, Some(85.0));
    assert_eq!(tool.platform.gradebook().applied_scores().len(), 1, "what is refused is not recorded");
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00.751Z")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn students_do_not_share_a_clock() {
    let tool = Tool::new();
    tool.score(&score_at(LATER)).await;
    assert_eq!(tool.score(&with(&score_at(FIRST), "userId", json!("53"))).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_wrong_score_is_refused_and_changes_nothing() {
    let tool = Tool::new();
    let right = score_at(FIRST);
    let cases: [(Value, u16); 24] = [
        (without(&right, "userId"), 400),
        (with(&right, "userId", json!(52)), 400),
        (with(&right, "userId", json!("")), 400),
        (without(&right, "timestamp"), 400),
        (with(&right, "timestamp", json!("2027-01-15T08:00:00.250")), 400),
        (with(&right, "timestamp", json!(1_800_000_000)), 400),
        (without(&right, "activityProgress"), 400),
        (with(&right, "activityProgress", json!("completed")), 400),
        (without(&right, "gradingProgress"), 400),
        (with(&right, "gradingProgress", json!("Graded")), 400),
        (without(&right, "scoreMaximum"), 400),
        (with(&right, "scoreMaximum", json!(0)), 400),
        (with(&right, "scoreGiven", json!("17")), 400),
        (with(&right, "scoreGiven", json!(-1)), 400),
        (with(&right, "comment", json!(["Well seen."])), 400),
        (with(&right, "scoringUserId", json!("")), 400),
        (with(&right, "scoringUserId", Value::Null), 400),
        (with(&right, "score_given", json!(17)), 400),
        (with(&right, "submission", json!({"startedAt": "now"})), 400),
        (
            with(
                &right,
                "submission",
                json!({"startedAt": "2027-01-15T08:00:00Z", "submittedAt": "2027-01-15T07:00:00Z"}),
            ),
            400,
        ),
        (json!("17"), 400),
        (with(&right, "userId", json!("999")), 422),
        (with(&right, "userId", json!("41")), 422),
        (with(&right, "userId", json!("1999")), 422),
    ];
    for (score, status) in cases {
        assert_eq!(tool.score(&score).await.status, status, "{score}");
    }
    assert_eq!(tool.platform.gradebook().applied_scores(), []);
}

#[tokio::test]
async fn the_media_type_is_version_one_exactly() {
    let tool = Tool::new();
    let url = format!("{ISSUER}/line-items/course-7/link-1201/scores");
    let wrong =
        ["application/json", "application/vnd.ims.lis.v2.score+json", "application/vnd.ims.lis.v1.score+json;x=y"];
    for media_type in wrong {
        let answer = tool.write("POST", SCORE, &url, media_type, &score_at(FIRST)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type}");
    }
    let elsewhere = format!("{ISSUER}/line-items/course-7/nothing/scores");
    let answer = tool.write("POST", SCORE, &elsewhere, SCORE_TYPE, &score_at(FIRST)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_points_clear_and_zero_points_do_not() {
    let tool = Tool::new();
    tool.score(&with(&score_at(FIRST), "scoreGiven", json!(0))).await;
    assert_eq!(tool.grade().unwrap().result_score, Some(0.0));
    tool.score(&score_at(LATER)).await;
    tool.score(&with(&score_at(NEXT_SECOND), "scoreGiven", Value::Null)).await;
    let grade = tool.grade().unwrap();
    assert_eq!(grade.result_score, None);
    tool.score(&score_at("2027-01-15T08:00:02Z")).await;
    tool.score(&without(&without(&score_at("2027-01-15T08:00:03Z"), "scoreGiven"), "comment")).await;
    let grade = tool.grade().unwrap();
    assert_eq!(grade.result_score, None);
    assert_eq!(grade.comments, [""; 0], "no comment clears the comment");
}

#[tokio::test]
async fn more_points_than_the_maximum_are_kept_but_at_moodle() {
    for (profile, points) in [(Profile::Plain, 120.0), (Profile::Canvas, 120.0), (Profile::Moodle, 100.0)] {
        let tool = Tool::at(profile);
        tool.score(&with(&score_at(FIRST), "scoreGiven", json!(24))).await;
        assert_eq!(tool.grade().unwrap().result_score, Some(points), "{}", profile.name());
    }
}

#[tokio::test]
async fn an_activity_that_is_reset_was_never_handed_in() {
    let tool = Tool::new();
    let submission = json!({"startedAt": "2027-01-15T07:00:00Z", "submittedAt": "2027-01-15T07:59:00Z"});
    tool.score(&with(&score_at(FIRST), "submission", submission)).await;
    tool.score(&score_at(LATER)).await;
    assert!(tool.grade().unwrap().submitted_at.is_some(), "what is not sent again stays");
    tool.score(&with(&score_at(NEXT_SECOND), "activityProgress", json!("InProgress"))).await;
    let grade = tool.grade().unwrap();
    assert_eq!((grade.started_at.is_some(), grade.submitted_at), (true, None));
    tool.score(&with(&score_at("2027-01-15T08:00:02Z"), "activityProgress", json!("Initialized"))).await;
    assert_eq!(tool.grade().unwrap().started_at, None);
}

#[tokio::test]
async fn a_score_does_not_overtake_a_teachers_own_grade() {
    let tool = Tool::new();
    assert!(tool.platform.gradebook().grade_by_hand("link-1201", "52", 40.0, LATER));
    assert_eq!(tool.score(&score_at(FIRST)).await.status, StatusCode::CONFLICT);
    assert_eq!(tool.grade().unwrap().result_score, Some(40.0));
    assert_eq!(tool.score(&score_at(NEXT_SECOND)).await.status, StatusCode::NO_CONTENT);
    assert!(!tool.platform.gradebook().grade_by_hand("nothing", "52", 40.0, LATER));
    assert!(!tool.platform.gradebook().grade_by_hand("link-1201", "52", 40.0, "yesterday"));
}

#[tokio::test]
async fn moodle_compares_whole_seconds_and_says_why_in_the_status_line() {
    let tool = Tool::at(Profile::Moodle);
    let answer = tool.score(&score_at(FIRST)).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""));
    let answer = tool.score(&score_at(LATER)).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::CONFLICT, "[]"));
    assert!(answer.reason.unwrap().contains("earlier timestamp"));
    assert_eq!(tool.score(&score_at(NEXT_SECOND)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn moodle_wipes_a_grade_by_a_score_that_is_not_final() {
    for grading in ["Pending", "PendingManual", "Failed", "NotReady"] {
        let tool = Tool::at(Profile::Moodle);
        tool.score(&score_at(FIRST)).await;
        tool.score(&with(&score_at(NEXT_SECOND), "gradingProgress", json!(grading))).await;
        assert_eq!(tool.grade().unwrap().result_score, None, "{grading}");
    }
}

#[tokio::test]
async fn moodle_refuses_people_without_grades_with_400() {
    let tool = Tool::at(Profile::Moodle);
    for user in ["41", "999"] {
        let answer = tool.score(&with(&score_at(FIRST), "userId", json!(user))).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::BAD_REQUEST, "[]"));
        assert_eq!(answer.reason.as_deref(), Some("Incorrect score received"));
    }
}

#[tokio::test]
async fn canvas_takes_an_equal_timestamp_and_names_the_result() {
    let tool = Tool::at(Profile::Canvas);
    let answer = tool.score(&score_at(LATER)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), json!({"resultUrl": format!("{ISSUER}/line-items/course-7/link-1201/results/52")}));
    assert_eq!(tool.score(&score_at(LATER)).await.status, StatusCode::OK);
    let answer = tool.score(&score_at(FIRST)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("before last updated timestamp"));
    assert_eq!(tool.grade().unwrap().comments, ["Well seen.", "Well seen."], "a repeated score repeats its comment");
}

#[tokio::test]
async fn canvas_wipes_by_progress_unless_the_score_is_preserved() {
    let tool = Tool::at(Profile::Canvas);
    tool.score(&score_at(FIRST)).await;
    let mut ping = with(&score_at(LATER), "gradingProgress", json!("Pending"));
    ping["https://canvas.instructure.com/lti/submission"] = json!({"preserve_score": true});
    tool.score(&ping).await;
    assert_eq!(tool.grade().unwrap().result_score, Some(85.0));
    tool.score(&without(&ping, "https://canvas.instructure.com/lti/submission")).await;
    assert_eq!(tool.grade().unwrap().result_score, None);
    tool.score(&with(&ping, "gradingProgress", json!("PendingManual"))).await;
    tool.score(&with(&score_at(NEXT_SECOND), "gradingProgress", json!("PendingManual"))).await;
    assert_eq!(tool.grade().unwrap().result_score, Some(85.0));
}

#[tokio::test]
async fn canvas_wants_a_user_agent_and_a_maximum() {
    let tool = Tool::at(Profile::Canvas);
    assert_eq!(tool.score(&without(&score_at(FIRST), "scoreMaximum")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tool.score(&with(&score_at(FIRST), "userId", json!("999"))).await.status, 422);
    let token = format!("Bearer {}", tool.token(SCORE).await);
    let url = format!("{ISSUER}/line-items/course-7/link-1201/scores");
    let headers = [("authorization", token.as_str()), ("content-type", SCORE_TYPE)];
    let answer = tool.send("POST", &url, &headers, &score_at(FIRST).to_string()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(tool.platform.gradebook().applied_scores(), []);
}

#[tokio::test]
async fn unknown_users_and_teachers_are_told_in_each_platforms_words() {
    let cases = [
        (Profile::Blackboard, "999", 400, "User could not be found:"),
        (Profile::Brightspace, "999", 404, "User in requested score does not exist"),
        (Profile::Brightspace, "41", 403, "User in requested score is not enrolled in the org unit"),
        (Profile::Sakai, "999", 400, "the user is not in this course"),
    ];
    for (profile, user, status, words) in cases {
        let answer = Tool::at(profile).score(&with(&score_at(FIRST), "userId", json!(user))).await;
        assert_eq!(answer.status, status, "{}", profile.name());
        assert!(answer.text.contains(words), "{}", answer.text);
    }
}

#[tokio::test]
async fn sakai_answers_400_to_all_but_wrong_tokens() {
    let tool = Tool::at(Profile::Sakai);
    tool.score(&score_at(LATER)).await;
    let stale = tool.score(&score_at(FIRST)).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST);
    assert!(stale.headers.contains_key("error_detail"));
    let url = format!("{ISSUER}/line-items/course-7/link-1201/scores");
    let headers = [("authorization", "Bearer guessed"), ("content-type", SCORE_TYPE)];
    let answer = tool.send("POST", &url, &headers, &score_at(NEXT_SECOND).to_string()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_comment_that_is_not_sent_again_stays_at_blackboard() {
    let tool = Tool::at(Profile::Blackboard);
    tool.score(&score_at(FIRST)).await;
    tool.score(&without(&score_at(LATER), "comment")).await;
    assert_eq!(tool.grade().unwrap().comments, ["Well seen."]);
}
