//! Members by role, and what else a query may say.

use serde_json::json;

use super::*;
use crate::support::assert_problem;
use crate::support::scripted::{RosterService, launch_to, page};

const MEMBERSHIP: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn of(roster: &Value, ids: &[&str]) -> bool {
    super::ids(roster) == ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn a_role_is_named_by_its_short_name_or_its_uri() {
    for profile in Profile::ALL {
        let (tool, school, launch) = in_class(profile).await;
        let learners = shown(&school, profile).len() - if profile == Profile::Moodle { 2 } else { 3 };
        for role in ["Learner".to_owned(), encoded(&format!("{MEMBERSHIP}#Learner"))] {
            let roster = read(&tool, &launch, &format!("?role={role}")).await;
            assert_eq!((ids(&roster).len(), &roster["complete"]), (learners, &json!(true)), "{profile:?} {role}");
            let members = roster["members"].as_array().expect("members");
            assert!(members.iter().all(|member| member["isLearner"] == true), "{profile:?} {role}");
        }
        let queries: Vec<_> = membership_requests(&school).into_iter().filter_map(|request| request.query).collect();
        assert!(queries.iter().any(|query| query.contains("role=")), "{profile:?}: the Platform is asked to filter");
    }
}

#[tokio::test]
async fn a_sub_role_is_filtered_exactly() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    let assistant = format!("{MEMBERSHIP}/Instructor#TeachingAssistant");
    let roster = read(&tool, &launch, &format!("?role={}", encoded(&assistant))).await;
    assert!(of(&roster, &["61"]), "{roster}");
    assert_eq!(roster["members"][0]["isTeachingAssistant"], true);
    assert!(of(&read(&tool, &launch, "?role=Instructor").await, &["41", "61"]), "both teach");
}

#[tokio::test]
async fn a_role_of_the_school_is_filtered_by_its_uri() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    let role = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator";
    assert!(of(&read(&tool, &launch, &format!("?role={}", encoded(role))).await, &["2"]));
}

/// A Platform that knows no filter: the Tool filters what comes.
#[tokio::test]
async fn a_role_has_its_sub_roles_in_it_also_where_the_platform_does_not_filter() {
    let service = RosterService::start(|_, _| {
        let sub_role = |name: &str| format!("{MEMBERSHIP}/{name}");
        let members = json!([
            { "user_id": "1", "roles": ["Instructor"] },
            { "user_id": "2", "roles": [sub_role("Instructor#Grader")] },
            { "user_id": "3", "roles": [sub_role("Learner#GuestLearner"), "Mentor"] },
            { "user_id": "4", "roles": [format!("{MEMBERSHIP}#Learner"), "Instructor"] },
            { "user_id": "5", "roles": [] },
            { "user_id": "6" },
        ]);
        page(&members, &[])
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    assert!(of(&read(&tool, &launch, "?role=Instructor").await, &["1", "2", "4"]));
    assert!(of(&read(&tool, &launch, "?role=Learner").await, &["3", "4"]));
    assert!(of(&read(&tool, &launch, "?role=Mentor").await, &["3"]));
    assert!(of(&read(&tool, &launch, "?role=ContentDeveloper").await, &[]));
    assert_eq!(read(&tool, &launch, "").await["members"].as_array().map(Vec::len), Some(6), "no filter, no loss");
}

/// Moodle's next URL has lost the filter (digest, section 5).
#[tokio::test]
async fn moodles_later_pages_are_filtered_by_the_tool() {
    let (tool, _school, launch) = in_class(Profile::Moodle).await;
    let mut query = "?role=Learner&limit=100".to_owned();
    let mut met = BTreeSet::new();
    for _ in 0..10 {
        let roster = read(&tool, &launch, &query).await;
        let members = roster["members"].as_array().expect("members");
        assert!(members.iter().all(|member| member["isLearner"] == true), "a teacher is among them: {query}");
        met.extend(ids(&roster));
        let Some(next) = roster["next"].as_str() else { break };
        query = format!("?role=Learner&limit=100&cursor={next}");
    }
    assert!(met.len() > 290 && !met.contains(TEACHER), "{}", met.len());
}

#[tokio::test]
async fn what_a_query_cannot_mean_is_refused_before_anything_is_sent() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    for (query, parameter) in [
        ("?role=Wizard", "role"),
        ("?role=learner%20and%20more", "role"),
        ("?role=%00", "role"),
        ("?limit=0", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=many", "limit"),
        ("?limit=1.5", "limit"),
        ("?limit=99999999999", "limit"),
        ("?resourceLink=yes", "resourceLink"),
        ("?resourceLink=1", "resourceLink"),
    ] {
        let answer = ask(&tool, &launch, query).await;
        assert_problem(&answer, 400, "query_invalid");
        assert_eq!(answer.json()["parameter"], parameter, "{query}");
    }
    assert_problem(&ask(&tool, &launch, "?role=Learner&role=Instructor").await, 400, "parameter_repeated");
    assert_eq!(school.platform.requests(), []);
}

#[tokio::test]
async fn empty_and_unknown_parameters_say_nothing() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    let roster = read(&tool, &launch, "?role=&limit=&cursor=&resourceLink=&later=version").await;
    assert_eq!(ids(&roster), shown(&school, Profile::Plain));
}

#[tokio::test]
async fn a_role_outside_the_vocabulary_is_asked_for_by_its_uri() {
    let service = RosterService::start(|_, _| {
        let librarian = json!(["https://school.example/roles#Librarian", "Learner"]);
        page(&json!([{ "user_id": "1", "roles": librarian }, { "user_id": "2" }]), &[])
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    let role = encoded("https://school.example/roles#Librarian");
    assert!(of(&read(&tool, &launch, &format!("?role={role}")).await, &["1"]));
    assert_eq!(service.targets(), [format!("/members?role={role}")]);
}
