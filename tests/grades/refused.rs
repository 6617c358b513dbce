//! Scores that the Platform will not have: the App hears it at once, in the Platform's words.

use doorway_lti::scope;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{ADA, Class, PROFILES, grade, grade_of};

/// Nobody in the course has this id.
const NOBODY: &str = "9999";

/// Checks that a score failed for good: the App was told with these words, and nothing waits.
async fn assert_failed(class: &Class, answer: &Answer, code: &str, status: u16, words: &str, outcome: &str) {
    let case = format!("{:?}", class.school.platform.profile());
    refused(&case, answer, 502, code);
    let problem = answer.json();
    let told = problem["platform"]["words"].as_str().unwrap_or_default();
    assert!(told.contains(words), "{case}: {problem}");
    let record = class.record(&class.id_of_key("k")).await;
    assert_eq!(record["state"], "failed", "{case}");
    let attempts = record["attempts"].as_array().expect("attempts are listed");
    assert_eq!(attempts.len(), 1, "{case}");
    let attempt = &attempts[0];
    assert_eq!((&attempt["outcome"], &attempt["status"]), (&json!(outcome), &json!(status)), "{case}");
    let recorded = attempt["words"].as_str().unwrap_or_default();
    assert!(recorded.contains(words), "{case}: {attempt}");
    assert_eq!((class.queue_lengths(), class.applied().len()), ((0, 0), 0), "{case}");
}

#[tokio::test]
async fn a_learner_whom_the_platform_does_not_know_is_told_in_its_words() {
    let cases = [
        (Profile::Plain, 422, "the user is not in this course", "refused"),
        // The reason stands in the status line alone; the body is `[]`.
        (Profile::Moodle, 400, "Incorrect score received", "refused"),
        (Profile::Canvas, 422, "User not found in course or is not a student", "refused"),
        (Profile::Blackboard, 400, "User could not be found:", "refused"),
        (Profile::Brightspace, 404, "User in requested score does not exist", "notFound"),
        (Profile::Sakai, 400, "the user is not in this course", "refused"),
    ];
    for (profile, status, words, outcome) in cases {
        let class = Class::of(profile).await;
        let answer = class.send_keyed("k", &grade_of(NOBODY, 1.0)).await;
        assert_failed(&class, &answer, "platform_refused", status, words, outcome).await;
        assert_eq!(answer.json()["platform"]["status"], status, "{profile:?}");
    }
}

#[tokio::test]
async fn a_teacher_gets_no_grade() {
    let cases = [
        (Profile::Moodle, 400, "Incorrect score received"),
        (Profile::Canvas, 422, "User not found in course or is not a student"),
        (Profile::Brightspace, 403, "User in requested score is not enrolled in the org unit"),
    ];
    for (profile, status, words) in cases {
        let class = Class::with_claims(profile, ADA, |_| {}).await;
        let answer = class.send_keyed("k", &grade(1.0)).await;
        assert_failed(&class, &answer, "platform_refused", status, words, "refused").await;
    }
}

#[tokio::test]
async fn a_closed_course_refuses() {
    for profile in [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace] {
        let class = Class::of(profile).await;
        class.fail_scores(1, ServiceFault::Forbidden);
        let answer = class.send_keyed("k", &grade(1.0)).await;
        assert_failed(&class, &answer, "platform_refused", 403, "", "refused").await;
    }
}

/// A token must not follow a redirect to another origin (services digest §4).
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let class = Class::of(Profile::Plain).await;
    let elsewhere = format!("{}/elsewhere", class.school.issuer);
    class.fail_scores(1, ServiceFault::Redirect { location: elsewhere });
    let answer = class.send_keyed("k", &grade(1.0)).await;
    refused("redirect", &answer, 502, "platform_refused");
    assert_eq!(answer.json()["platform"]["status"], 302);
    assert!(class.requests("POST", "/elsewhere").is_empty() && class.requests("GET", "/elsewhere").is_empty());
}

#[tokio::test]
async fn a_scope_that_the_administrator_did_not_grant_is_told() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        class.school.platform.set_offered_scopes(&[]);
        let answer = class.send_keyed("k", &grade(1.0)).await;
        let words = "the tool may not have what it asks for";
        assert_failed(&class, &answer, "token_refused", 400, words, "noToken").await;
        assert!(class.score_requests().is_empty(), "{profile:?}");
    }
}

#[tokio::test]
async fn a_tool_that_the_platform_does_not_know_is_told() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        class.school.platform.set_tool_jwks(json!({ "keys": [] }));
        let answer = class.send_keyed("k", &grade(1.0)).await;
        assert_failed(&class, &answer, "token_refused", 400, "", "noToken").await;
        assert!(class.score_requests().is_empty(), "{profile:?}");
    }
}

/// Services digest §1.2: Brightspace wants an audience of its own.
#[tokio::test]
async fn a_wrong_audience_is_told() {
    let class = Class::with_registration(|registration| {
        registration.token_audience = Some("https://wrong.example/token".to_owned());
    })
    .await;
    let answer = class.send_keyed("k", &grade(1.0)).await;
    assert_failed(&class, &answer, "token_refused", 400, "", "noToken").await;
}

/// The Platform grants less than it was asked for: the score scope is not among it.
#[tokio::test]
async fn a_token_without_the_score_scope_is_not_used() {
    let class = Class::of(Profile::Plain).await;
    class.school.platform.set_offered_scopes(&[scope::LINE_ITEM]);
    refused("no scope", &class.send(&grade(1.0)).await, 502, "token_refused");
    assert!(class.score_requests().is_empty());
}

#[tokio::test]
async fn a_failed_score_does_not_stand_in_the_way_of_the_next() {
    let class = Class::of(Profile::Plain).await;
    class.fail_scores(1, ServiceFault::Forbidden);
    refused("closed", &class.send(&grade(1.0)).await, 502, "platform_refused");
    class.tool.clock.advance(1);
    crate::support::delivered(&class.send(&grade(2.0)).await);
    assert_eq!(class.applied().len(), 1);
}

/// Words of a Platform may hold what is nobody's business (services digest §5).
#[tokio::test]
async fn nothing_of_the_token_request_is_told() {
    let class = Class::of(Profile::Plain).await;
    class.fail(Endpoint::Token, ServiceFault::Forbidden, Times::All);
    let answer = class.send(&grade(1.0)).await;
    refused("token forbidden", &answer, 502, "token_refused");
    let problem: Value = answer.json();
    assert!(!problem.to_string().contains("eyJ"), "{problem}");
}
