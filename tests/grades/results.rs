//! Results: what the gradebook says, the teacher's own changes included.

use doorway_lti::scope;
use doorway_mock_platform::Profile;
use doorway_tests::{Answer, refused};
use serde_json::{Value, json};

use crate::support::{ADA, BEN, CHLOE, Class, PROFILES, VIDEO, delivered, grade, grade_of, grant, with};

async fn results(class: &Class, query: &str) -> Answer {
    class.line_items("GET", &format!("/{}/results{query}", class.line_item_id(VIDEO)), &Value::Null).await
}

#[track_caller]
fn listed(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    answer.json()["results"].as_array().expect("results are listed").clone()
}

/// A class in which Ben and Chloé have grades, with comments.
async fn graded(profile: Profile) -> Class {
    let class = Class::with_claims(profile, ADA, |_| {}).await;
    for (user, given, comment) in [(BEN, 7.5, "Well done, Ben"), (CHLOE, 9.0, "Très bien")] {
        let score = with(grade_of(user, given), &json!({ "comment": comment, "scoringUserId": ADA }));
        delivered(&class.send(&score).await);
    }
    class
}

#[tokio::test]
async fn results_have_everything_that_the_platform_says() {
    for profile in PROFILES {
        let class = graded(profile).await;
        let all = listed(&results(&class, "").await);
        assert_eq!(all.len(), 2, "{profile:?}");
        let item = class.line_item_url(VIDEO);
        let id = item.replace(VIDEO, &format!("{VIDEO}/results/{BEN}"));
        let expected = json!({
            "id": id, "scoreOf": item, "userId": BEN, "resultScore": 75, "resultMaximum": 100,
            "comment": "Well done, Ben", "scoringUserId": ADA,
        });
        assert_eq!(all[0], expected, "{profile:?}");
    }
}

/// Blackboard leaves the comment out when it is asked for one user, so that it is asked for all (AGS digest §5).
#[tokio::test]
async fn one_users_result_has_its_comment_everywhere() {
    for profile in PROFILES {
        let class = graded(profile).await;
        let one = listed(&results(&class, &format!("?userId={CHLOE}")).await);
        assert_eq!(one.len(), 1, "{profile:?}");
        assert_eq!((&one[0]["userId"], &one[0]["comment"]), (&json!(CHLOE), &json!("Très bien")), "{profile:?}");
        let query = class.requests("GET", "/results")[0].query.clone().unwrap_or_default();
        assert_eq!(query.contains("user_id="), profile != Profile::Blackboard, "{profile:?}: {query}");
        assert_eq!(listed(&results(&class, "?userId=54").await), Vec::<Value>::new(), "{profile:?}");
    }
}

/// Moodle answers 404 to results with a `limit` (measured, 5.1.3).
#[tokio::test]
async fn results_are_never_asked_for_with_a_limit() {
    for profile in PROFILES {
        let class = graded(profile).await;
        listed(&results(&class, "").await);
        listed(&results(&class, "?limit=1").await);
        for request in class.requests("GET", "/results") {
            let query = request.query.clone().unwrap_or_default();
            assert!(!query.contains("limit"), "{profile:?}: {query}");
            let accept = Some("application/vnd.ims.lis.v2.resultcontainer+json");
            assert_eq!(request.header("accept"), accept, "{profile:?}");
        }
    }
}

#[tokio::test]
async fn a_teachers_own_grade_is_a_result() {
    let class = Class::of(Profile::Plain).await;
    class.grade_by_hand(55.0, 0);
    let all = listed(&results(&class, "").await);
    assert_eq!((&all[0]["resultScore"], &all[0]["resultMaximum"]), (&json!(55), &json!(100)));
}

/// No score is no result score, which is not the same as none.
#[tokio::test]
async fn a_cleared_grade_has_no_result_score() {
    let class = Class::of(Profile::Plain).await;
    for (given, shown) in [(0.0, 0), (5.0, 50)] {
        class.tool.clock.advance(1);
        delivered(&class.send(&grade(given)).await);
        assert_eq!(listed(&results(&class, "").await)[0]["resultScore"], json!(shown));
    }
    class.tool.clock.advance(1);
    delivered(&class.send(&with(crate::support::progress(), &json!({ "overwriteGrade": true }))).await);
    assert_eq!(listed(&results(&class, "").await)[0].get("resultScore"), None);
}

/// A teacher grades so many students.
fn grade_many(class: &Class, many: usize) {
    for n in 0..many {
        let user = format!("{:05}", 20_000 + n);
        let gradebook = class.school.platform.gradebook();
        assert!(gradebook.grade_by_hand(VIDEO, &user, 5.0, "2026-11-23T07:00:00Z"));
    }
}

#[tokio::test]
async fn all_pages_of_results_are_read() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        grade_many(&class, 120);
        let answer = results(&class, "").await;
        assert_eq!((listed(&answer).len(), answer.json().get("next")), (120, None), "{profile:?}");
    }
}

/// Fifty pages are one answer; a cursor leads on.
#[tokio::test]
async fn very_many_results_go_on_at_a_cursor() {
    let class = Class::of(Profile::Plain).await;
    grade_many(&class, 2600);
    let first = results(&class, "").await;
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = results(&class, &format!("?cursor={next}")).await;
    assert_eq!((listed(&first).len(), listed(&second).len(), second.json().get("next")), (2500, 100, None));
    let line_items = class.line_items("GET", &format!("?cursor={next}"), &Value::Null).await;
    refused("a cursor of results", &line_items, 400, "query_invalid");
    let other = class.school.launch(&class.tool, CHLOE).await;
    let path = format!("/v1/launches/{other}/line-items/{}/results?cursor={next}", class.line_item_id(VIDEO));
    refused("another launch", &class.tool.api("GET", &path).await, 400, "query_invalid");
}

#[tokio::test]
async fn a_launch_that_may_not_read_results_does_not() {
    let scopes = [scope::SCORE, scope::LINE_ITEM];
    let class = Class::with_claims(Profile::Plain, BEN, |claims| grant(claims, &scopes)).await;
    refused("no scope", &results(&class, "").await, 409, "results_not_granted");
    assert!(class.school.platform.requests().is_empty());
}

#[tokio::test]
async fn results_of_a_line_item_elsewhere_are_not_read() {
    let class = Class::of(Profile::Plain).await;
    let elsewhere = doorway_core::line_item_id::of(&"https://evil.example/li/1".parse().unwrap());
    let answer = class.line_items("GET", &format!("/{elsewhere}/results"), &Value::Null).await;
    refused("evil", &answer, 409, "service_origin_foreign");
}

#[tokio::test]
async fn a_user_that_is_none_is_told() {
    let class = Class::of(Profile::Plain).await;
    let answer = results(&class, &format!("?userId={}", "u".repeat(256))).await;
    refused("long", &answer, 400, "query_invalid");
    assert_eq!(answer.json()["parameter"], "userId");
}
