//! The roster: pages, filters, differences, and what each Platform makes of it.

use axum::http::StatusCode;
use doorway_mock_platform::{Member, Profile, Status};
use serde_json::{Value, json};

use crate::support::ISSUER;
use crate::tool::{Answer, MEMBERS_TYPE, MEMBERSHIP, SCORE, Tool, score_at, with};

const LEARNER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";

fn url() -> String {
    format!("{ISSUER}/memberships/course-7")
}

async fn ask(tool: &Tool, query: &str) -> Answer {
    tool.get(MEMBERSHIP, &format!("{}{query}", url()), MEMBERS_TYPE).await
}

fn members(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["members"].as_array().unwrap().clone()
}

/// All pages from this query on, and the last answer.
async fn all(tool: &Tool, query: &str) -> (Vec<Value>, Answer) {
    let mut answer = ask(tool, query).await;
    let mut found = members(&answer);
    for _ in 0..100 {
        let Some(next) = answer.link("next") else { return (found, answer) };
        answer = tool.get(MEMBERSHIP, &next, MEMBERS_TYPE).await;
        found.extend(members(&answer));
    }
    panic!("the pages do not end");
}

fn find<'a>(members: &'a [Value], id: &str) -> &'a Value {
    members.iter().find(|member| member["user_id"] == id).unwrap()
}

#[tokio::test]
async fn the_whole_course_comes_in_pages_of_a_hundred() {
    let tool = Tool::new();
    let first = ask(&tool, "").await;
    assert_eq!(members(&first).len(), 100);
    assert_eq!(first.headers["content-type"], MEMBERS_TYPE);
    assert_eq!(
        first.json()["context"],
        json!({"id": "course-7", "label": "PHY-2", "title": "Physics: light and colour"})
    );
    assert_eq!(first.link("differences"), None, "only the last page has them");
    let (found, last) = all(&tool, "").await;
    assert_eq!(found.len(), 307);
    assert!(last.link("differences").is_some());
}

/// PyLTI1p3 writes it in small letters. Were that the first page again, a Tool would read without end.
#[tokio::test]
async fn the_url_of_a_page_that_was_changed_is_no_page() {
    let tool = Tool::new();
    let next = ask(&tool, "").await.link("next").unwrap();
    let small = next.to_lowercase();
    assert_ne!(small, next);
    let answer = tool.get(MEMBERSHIP, &small, MEMBERS_TYPE).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert!(answer.text.contains("the page is unknown"), "{}", answer.text);
}

#[tokio::test]
async fn a_member_is_complete_and_releases_what_it_wants() {
    let (found, _) = all(&Tool::new(), "").await;
    assert_eq!(
        find(&found, "52"),
        &json!({
            "user_id": "52", "status": "Active", "name": "Ben Okafor", "given_name": "Ben", "family_name": "Okafor",
            "email": "ben@maple.example",
            "roles": [LEARNER, "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student"],
        })
    );
    assert_eq!(find(&found, "1008").get("name"), None);
    assert_eq!(find(&found, "1008").get("email"), None);
    assert_eq!(find(&found, "1013")["status"], "Inactive");
    let test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";
    assert_eq!(find(&found, "1999")["roles"], json!([LEARNER, test_user]));
}

#[tokio::test]
async fn a_role_is_asked_for_by_its_short_name_or_its_uri() {
    let tool = Tool::new();
    let teachers = all(&tool, "?role=Instructor").await.0;
    assert_eq!(teachers.iter().map(|member| &member["user_id"]).collect::<Vec<_>>(), ["41", "61"]);
    let uri = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Instructor";
    assert_eq!(all(&tool, &format!("?role={uri}")).await.0, teachers);
    assert_eq!(all(&tool, "?role=Mentor").await.0, [] as [Value; 0]);
    assert_eq!(all(&tool, "?role=Learner&limit=60").await.0.len(), 304, "pages keep the filter");
}

#[tokio::test]
async fn the_url_of_a_page_must_be_used_as_it_is() {
    let tool = Tool::new();
    let next = ask(&tool, "?limit=10&role=Learner").await.link("next").unwrap();
    let again = tool.get(MEMBERSHIP, &format!("{next}&role=Learner"), MEMBERS_TYPE).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_scope_and_the_exact_media_type_are_required() {
    let tool = Tool::new();
    assert_eq!(tool.get(SCORE, &url(), MEMBERS_TYPE).await.status, StatusCode::FORBIDDEN);
    for accept in ["application/json", "*/*", &format!("{MEMBERS_TYPE}, application/json")] {
        assert_eq!(tool.get(MEMBERSHIP, &url(), accept).await.status, StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
    let answer = tool.write("POST", MEMBERSHIP, &url(), MEMBERS_TYPE, &json!({})).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_link_adds_its_message_to_each_member() {
    let tool = Tool::new();
    let found = members(&ask(&tool, "?rlid=link-1202&limit=5").await);
    for member in &found {
        let message = &member["message"][0];
        assert_eq!(message["https://purl.imsglobal.org/spec/lti/claim/message_type"], "LtiResourceLinkRequest");
        assert_eq!(message["https://purl.imsglobal.org/spec/lti/claim/custom"]["lesson"], "quiz-refraction");
    }
    assert_eq!(members(&ask(&tool, "?limit=5").await)[0].get("message"), None);
    let answer = ask(&tool, "?rlid=link-9999").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("Tool does not have access to rlid or rlid does not exist"));
}

#[tokio::test]
async fn differences_tell_who_came_changed_and_left_since() {
    let tool = Tool::new();
    let differences = all(&tool, "?limit=200").await.1.link("differences").unwrap();
    let ask = async |url: &str| tool.get(MEMBERSHIP, url, MEMBERS_TYPE).await;
    assert_eq!(members(&ask(&differences).await), [] as [Value; 0]);
    let roster = tool.platform.roster();
    let ben = roster.members().into_iter().find(|member| member.user.id == "52").unwrap();
    let newcomer = doorway_mock_platform::User { id: "77".into(), ..ben.user.clone() };
    assert!(roster.remove("53"));
    assert!(!roster.remove("53"));
    roster.put(Member { status: Status::Inactive, ..ben.clone() });
    roster.put(Member { user: newcomer, status: Status::Active });
    let answer = ask(&differences).await;
    let found = members(&answer);
    assert_eq!(found.len(), 3);
    assert_eq!(find(&found, "52")["status"], "Inactive");
    assert_eq!(find(&found, "77")["status"], "Active");
    assert_eq!(find(&found, "53")["status"], "Deleted");
    let since = answer.link("differences").unwrap();
    assert_eq!(members(&ask(&since).await), [] as [Value; 0]);
    roster.put(ben);
    assert_eq!(members(&ask(&since).await).len(), 1);
    for wrong in ["cm9zdGVyLTk5", "x"] {
        let answer = ask(&format!("{}?differences={wrong}", url())).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn who_left_the_course_gets_no_score() {
    let tool = Tool::new();
    tool.platform.roster().remove("52");
    assert_eq!(tool.score(&score_at("2027-01-15T08:00:00Z")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let score = with(&score_at("2027-01-15T08:00:00Z"), "userId", json!("1042"));
    assert_eq!(tool.score(&score).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn canvas_shows_fifty_active_members_at_most_and_calls_its_cursor_page() {
    let tool = Tool::at(Profile::Canvas);
    let answer = ask(&tool, "?limit=100").await;
    assert_eq!(members(&answer).len(), 50);
    let next = answer.link("next").unwrap();
    assert!(next.contains("?page=") && !next.contains("limit="), "{next}");
    let (found, last) = all(&tool, "").await;
    assert_eq!(found.len(), 306);
    assert!(found.iter().all(|member| member["status"] == "Active"));
    assert_eq!(last.link("differences"), None);
}

#[tokio::test]
async fn moodle_shows_all_at_once_with_short_roles() {
    let tool = Tool::at(Profile::Moodle);
    let answer = ask(&tool, "").await;
    let found = members(&answer);
    assert_eq!(found.len(), 306, "nobody who is suspended");
    assert_eq!(answer.link("next"), None);
    assert_eq!(find(&found, "41")["roles"], json!(["Instructor"]));
    assert_eq!(find(&found, "61")["roles"], json!(["Learner"]), "an assistant teaches in launches only");
    assert_eq!(tool.get(MEMBERSHIP, &url(), "*/*").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn moodle_forgets_the_role_on_the_next_page_and_does_not_know_some() {
    let tool = Tool::at(Profile::Moodle);
    let answer = ask(&tool, "?role=Learner&limit=2").await;
    assert_eq!(answer.link("next").unwrap(), format!("{}?limit=2&from=2", url()));
    assert!(members(&answer).iter().all(|member| member["roles"] == json!(["Learner"])));
    assert_eq!(members(&ask(&tool, "?role=Mentor").await).len(), 306);
}

#[tokio::test]
async fn blackboards_address_asks_for_groups() {
    let tool = Tool::at(Profile::Blackboard);
    let found = members(&ask(&tool, "?groups=true&limit=1").await);
    assert_eq!(found[0]["group_enrollments"], json!([]));
    assert_eq!(found[0]["middle_name"], "");
    let answer = ask(&tool, "?groups=true&limit=1").await;
    let next = answer.link("next").unwrap();
    assert!(next.starts_with(&format!("{}?groups=true&cursor=", url())), "{next}");
    assert_eq!(members(&tool.get(MEMBERSHIP, &next, MEMBERS_TYPE).await).len(), 1);
}
