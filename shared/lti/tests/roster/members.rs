//! Members as Platforms send them, and as the App gets them.

use doorway_lti::nrps::{MAX_ROLES, MemberStatus, Roster};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn a_complete_member_is_shown_in_the_words_of_the_app_api() {
    let expected = json!({
        "userId": "0ae836b9-7fc9-4060-006f-27b2066ac545",
        "roles": [membership("Instructor"), membership("Mentor")],
        "isInstructor": true,
        "isLearner": false,
        "isAdministrator": false,
        "isMentor": true,
        "isContentDeveloper": false,
        "isTeachingAssistant": false,
        "isPlatformAdministrator": false,
        "isTestUser": false,
        "status": "Active",
        "name": "Jane Q. Public",
        "givenName": "Jane",
        "familyName": "Doe",
        "middleName": "Marie",
        "email": "jane@platform.example",
        "picture": "https://platform.example/jane.jpg",
        "lisPersonSourcedId": "59254-6782-12ab",
        "lti11LegacyUserId": "668321221-2879",
        "groupEnrollments": [{ "group_id": "_7_1" }],
        "message": [{
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
            "https://purl.imsglobal.org/spec/lti/claim/custom": { "country": "Canada" },
        }],
    });
    assert_eq!(shown(&read(member())), expected);
}

#[test]
fn a_member_needs_nothing_but_a_user_id() {
    let shown = shown(&read(json!({ "user_id": "7" })));
    let names: Vec<&String> = shown.as_object().unwrap().keys().filter(|name| !name.starts_with("is")).collect();
    assert_eq!(names, ["roles", "status", "userId"]);
    assert_eq!((&shown["roles"], &shown["status"]), (&json!([]), &json!("Active")));
}

#[test]
fn what_is_empty_or_null_or_odd_is_absent() {
    for (sent, shown_as) in [
        ("name", "name"),
        ("given_name", "givenName"),
        ("family_name", "familyName"),
        ("middle_name", "middleName"),
        ("email", "email"),
        ("picture", "picture"),
        ("lis_person_sourcedid", "lisPersonSourcedId"),
        ("lti11_legacy_user_id", "lti11LegacyUserId"),
        ("group_enrollments", "groupEnrollments"),
        ("message", "message"),
    ] {
        assert!(shown(&read(member())).get(shown_as).is_some(), "{sent}");
        for odd in [json!(""), Value::Null, json!(true)] {
            assert_eq!(shown(&read(with(sent, odd))).get(shown_as), None, "{sent}");
        }
    }
}

#[test]
fn a_user_id_may_be_a_whole_number() {
    assert_eq!(read(with("user_id", 41)).user_id().as_str(), "41");
}

#[test]
fn roles_are_uris_whether_they_came_short_or_long() {
    // Moodle sends short names.
    let member = read(with("roles", ["Learner", "Helper", &membership("Learner"), ""]));
    assert_eq!(shown(&member)["roles"], json!([membership("Learner"), "Helper"]));
    assert!(member.roles().is_learner());
}

#[test]
fn a_member_without_roles_has_none_and_is_no_error() {
    for odd in [Value::Null, json!([]), json!({}), json!(7), json!([null])] {
        assert_eq!(read(with("roles", odd)).roles().iter().count(), 0);
    }
    assert!(read(with("roles", "Learner")).roles().is_learner());
}

#[test]
fn what_the_roles_mean_is_told() {
    let meanings = [
        ("isInstructor", membership("Instructor")),
        ("isLearner", "http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#GuestLearner".to_owned()),
        ("isAdministrator", membership("Administrator")),
        ("isMentor", membership("Mentor")),
        ("isContentDeveloper", membership("ContentDeveloper")),
        ("isTestUser", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser".to_owned()),
    ];
    for (name, role) in meanings {
        let shown = shown(&read(with("roles", [role])));
        let meant: Vec<_> = shown.as_object().unwrap().iter().filter(|(_, value)| **value == true).collect();
        assert_eq!(meant, [(&name.to_owned(), &json!(true))]);
    }
    let assistant = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant";
    assert_eq!(shown(&read(with("roles", [assistant])))["isTeachingAssistant"], true);
}

#[test]
fn the_roles_of_one_member_are_bounded_also_over_many_pages() {
    let roles = |from: usize| (from..from + 1_000).map(|n| format!("urn:x:{n}")).collect::<Vec<_>>();
    assert_eq!(read(with("roles", roles(0))).roles().iter().count(), MAX_ROLES);
    let mut roster = Roster::default();
    for page in 0..5 {
        roster.extend(page_of(&[with("roles", roles(page * 1_000))]));
    }
    assert_eq!(roster.into_members()[0].roles().iter().count(), MAX_ROLES);
}

#[test]
fn a_status_is_read_whatever_its_case_and_nothing_said_is_active() {
    use MemberStatus::{Active, Deleted, Inactive};
    for (sent, status) in [
        (json!("Active"), Active),
        (json!("ACTIVE"), Active),
        (json!("inactive"), Inactive),
        (json!("Inactive"), Inactive),
        (json!("DELETED"), Deleted),
        (json!("Suspended"), Inactive),
        (json!(""), Active),
        (Value::Null, Active),
    ] {
        assert_eq!(read(with("status", sent.clone())).status(), status, "{sent}");
    }
}

#[test]
fn nobody_is_named_in_debug_output() {
    let page = page_of(&[member()]);
    let mut roster = Roster::default();
    roster.extend(page.clone());
    for text in [format!("{:?}", page.members[0]), format!("{page:?}"), format!("{roster:?}")] {
        for personal in ["Jane", "Doe", "Marie", "jane@", "59254", "668321221", "Canada"] {
            assert!(!text.contains(personal), "{text}");
        }
    }
}
