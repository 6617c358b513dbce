//! What is told of a member, and what is not.

use serde_json::json;

use super::*;
use crate::support::scripted::{page, read_from};

/// The one member that a service describes like this.
async fn told(entry: Value) -> Value {
    let (_, answer) = read_from("", move |_, _| page(&json!([entry]), &[])).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    answer.json()["members"][0].clone()
}

/// The specification's example of a member, which has everything.
#[tokio::test]
async fn a_member_has_the_names_of_the_standard_in_camel_case() {
    let member = told(json!({
        "status": "Active",
        "name": "Jane Q. Public", "picture": "https://platform.example.edu/jane.jpg",
        "given_name": "Jane", "family_name": "Doe", "middle_name": "Marie", "email": "jane@platform.example.edu",
        "user_id": "0ae836b9-7fc9-4060-006f-27b2066ac545",
        "lis_person_sourcedid": "59254-6782-12ab",
        "lti11_legacy_user_id": "668321221-2879",
        "roles": ["Instructor", "Mentor"],
        "group_enrollments": [{ "group_id": "8" }],
    }))
    .await;
    let expected = json!({
        "userId": "0ae836b9-7fc9-4060-006f-27b2066ac545",
        "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
                  "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"],
        "status": "Active",
        "name": "Jane Q. Public", "givenName": "Jane", "familyName": "Doe", "middleName": "Marie",
        "email": "jane@platform.example.edu", "picture": "https://platform.example.edu/jane.jpg",
        "lisPersonSourcedId": "59254-6782-12ab", "lti11LegacyUserId": "668321221-2879",
        "groupEnrollments": [{ "group_id": "8" }],
        "isInstructor": true, "isLearner": false, "isAdministrator": false, "isMentor": true,
        "isContentDeveloper": false, "isTeachingAssistant": false, "isPlatformAdministrator": false,
        "isTestUser": false,
    });
    assert_eq!(member, expected);
}

#[tokio::test]
async fn what_is_absent_null_or_empty_is_absent() {
    for nothing in [None, Some(json!(null)), Some(json!(""))] {
        let mut entry = json!({ "user_id": "1", "roles": ["Learner"] });
        for name in ["name", "given_name", "family_name", "middle_name", "email", "picture", "lis_person_sourcedid"] {
            if let Some(nothing) = &nothing {
                entry[name] = nothing.clone();
            }
        }
        let member = told(entry).await;
        let names: Vec<&str> =
            member.as_object().unwrap().keys().map(String::as_str).filter(|n| !n.starts_with("is")).collect();
        assert_eq!(BTreeSet::from_iter(names), BTreeSet::from(["roles", "status", "userId"]), "{nothing:?}");
    }
}

#[tokio::test]
async fn a_status_is_read_in_any_case_and_an_unknown_one_opens_no_door() {
    let entries = json!([
        { "user_id": "1", "status": "Active" },
        { "user_id": "2", "status": "ACTIVE" },
        { "user_id": "3", "status": null },
        { "user_id": "4" },
        { "user_id": "5", "status": "inactive" },
        { "user_id": "6", "status": "DELETED" },
        { "user_id": "7", "status": "Suspended" },
    ]);
    let (_, answer) = read_from("", move |_, _| page(&entries, &[])).await;
    let expected = ["Active", "Active", "Active", "Active", "Inactive", "Deleted", "Inactive"];
    assert_eq!(texts(&answer.json()["members"], "status"), expected);
}

#[tokio::test]
async fn a_user_id_that_is_a_number_is_told_as_a_text() {
    assert_eq!(told(json!({ "user_id": 52 })).await["userId"], "52");
}

#[tokio::test]
async fn entries_that_are_nobody_are_left_out() {
    let entries =
        json!([{ "name": "No id" }, { "user_id": "" }, { "user_id": null }, "7", null, [], { "user_id": "1" }]);
    let (_, answer) = read_from("", move |_, _| page(&entries, &[])).await;
    let roster = answer.json();
    assert_eq!(ids(&roster), BTreeSet::from(["1".to_owned()]));
    assert_eq!(roster["complete"], true);
}

#[tokio::test]
async fn who_stands_on_several_pages_is_one_member_with_all_roles() {
    let (_, answer) = read_from("", |target, base| {
        if target.contains("page=2") {
            let later = json!({ "user_id": "1", "roles": ["Mentor"], "name": "Later", "status": "Inactive" });
            let members = json!([later, { "user_id": "3" }]);
            return page(&members, &[]);
        }
        let members = json!([{ "user_id": "1", "roles": ["Learner"], "name": "Earlier" }, { "user_id": "2" }]);
        page(&members, &[("next", format!("{base}/members?page=2"))])
    })
    .await;
    let roster = answer.json();
    assert_eq!(texts(&roster["members"], "userId"), ["1", "2", "3"]);
    let first = &roster["members"][0];
    assert_eq!((&first["isLearner"], &first["isMentor"]), (&json!(true), &json!(true)));
    assert_eq!((&first["name"], &first["status"]), (&json!("Later"), &json!("Inactive")));
}

#[tokio::test]
async fn names_are_told_where_the_school_releases_them() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    let roster = read(&tool, &launch, "").await;
    let ada = member(&roster, TEACHER);
    assert_eq!(
        (&ada["name"], &ada["givenName"], &ada["familyName"]),
        (&json!("Ada Morgan"), &json!("Ada"), &json!("Morgan"))
    );
    assert_eq!(ada["email"], "ada@maple.example");
    let anonymous = roster["members"].as_array().unwrap().iter().filter(|member| member.get("name").is_none());
    assert_eq!(anonymous.clone().count(), 12);
    assert!(anonymous.into_iter().all(|member| member.get("email").is_none() && member.get("givenName").is_none()));
}

#[tokio::test]
async fn who_does_not_take_part_and_who_is_no_person_is_told_apart() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    let roster = read(&tool, &launch, "").await;
    let inactive = member(&roster, "1013");
    assert_eq!((&inactive["status"], &inactive["isLearner"]), (&json!("Inactive"), &json!(true)));
    let test_user = member(&roster, "1999");
    assert_eq!((&test_user["isTestUser"], &test_user["status"]), (&json!(true), &json!("Active")));
    let test_users = roster["members"].as_array().unwrap().iter().filter(|member| member["isTestUser"] == true);
    assert_eq!(test_users.count(), 1);
}

#[tokio::test]
async fn what_a_platform_tells_besides_is_told() {
    let (tool, _school, launch) = in_class(Profile::Blackboard).await;
    let roster = read(&tool, &launch, "").await;
    let ben = member(&roster, "52");
    assert_eq!(ben["groupEnrollments"], json!([]), "Blackboard's URL asks for groups");
    assert_eq!(ben.get("middleName"), None, "an empty name is none");
}

#[tokio::test]
async fn moodles_short_roles_are_told_as_uris() {
    let (tool, _school, launch) = in_class(Profile::Moodle).await;
    let roster = read(&tool, &launch, "").await;
    let learner = json!(["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]);
    assert_eq!(member(&roster, "52")["roles"], learner);
    assert_eq!(member(&roster, "61")["roles"], learner, "Moodle's assistants are learners in the roster");
    assert_eq!(member(&roster, "2")["roles"], json!([]), "an administrator has no role in the course");
}

#[tokio::test]
async fn nobody_of_the_roster_is_in_the_logs() {
    let (tool, _school, launch) = in_class(Profile::Plain).await;
    read(&tool, &launch, "").await;
    let line = doorway_tests::last_request_line();
    assert_eq!((&line["function"], &line["count"]), (&json!("memberships"), &json!(307)));
    let lines: String = doorway_tests::log_lines().iter().map(ToString::to_string).collect();
    for private in ["Ada", "Morgan", "maple.example", "student1001"] {
        assert!(!lines.contains(private), "{private}");
    }
}
