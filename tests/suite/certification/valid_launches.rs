//! Sections 6.1.2 and 6.1.3: the valid launches of teachers and students. Each is accepted, with the part that the
//! user plays in the course and no other.

use super::payload::role;
use super::*;

const NAMES: [&str; 4] = ["name", "given_name", "middle_name", "family_name"];

/// A valid launch: what it changes, which parts the user plays, and what the App is told of the user and place.
struct Valid {
    case: &'static str,
    change: fn(&mut Value),
    parts: &'static [&'static str],
    has_name: bool,
    has_email: bool,
    has_context: bool,
}

const VALID: Valid = Valid { case: "", change: |_| {}, parts: &[], has_name: true, has_email: true, has_context: true };
const INSTRUCTOR: Valid = Valid { parts: &["isInstructor"], ..VALID };
const LEARNER: Valid = Valid { parts: &["isLearner"], ..VALID };

const TEACHERS: &[Valid] = &[
    Valid { case: "T1 instructor", ..INSTRUCTOR },
    Valid {
        case: "T2 instructor with roles",
        change: |claims| {
            claims[claim::ROLES] = json!([
                role("membership#Instructor"),
                role("institution/person#Staff"),
                role("institution/person#Other")
            ]);
        },
        ..INSTRUCTOR
    },
    Valid { case: "T3 short role", change: |claims| claims[claim::ROLES] = json!(["Instructor"]), ..INSTRUCTOR },
    Valid {
        case: "T4 unknown role alone",
        change: |claims| claims[claim::ROLES] = json!([role("unknown/unknown#Helper")]),
        ..VALID
    },
    Valid { case: "T5 no role", change: |claims| claims[claim::ROLES] = json!([""]), ..VALID },
    Valid { case: "T6 email only", change: |claims| removed(claims, &NAMES), has_name: false, ..INSTRUCTOR },
    Valid { case: "T7 names only", change: |claims| removed(claims, &["email"]), has_email: false, ..INSTRUCTOR },
    Valid { case: "T8 no PII", change: without_personal_data, has_name: false, has_email: false, ..INSTRUCTOR },
    Valid {
        case: "T9 email without context",
        change: email_without_context,
        has_name: false,
        has_context: false,
        ..INSTRUCTOR
    },
    Valid { case: "T10 new resource link id", change: new_link, ..INSTRUCTOR },
];

const STUDENTS: &[Valid] = &[
    Valid { case: "S1 learner", ..LEARNER },
    Valid {
        case: "S2 learner with roles",
        change: |claims| {
            claims[claim::ROLES] = json!([
                role("membership#Learner"),
                role("institution/person#Student"),
                role("institution/person#Mentor")
            ]);
        },
        ..LEARNER
    },
    Valid { case: "S3 short role", change: |claims| claims[claim::ROLES] = json!(["Learner"]), ..LEARNER },
    Valid {
        case: "S4 unknown role beside",
        change: |claims| {
            claims[claim::ROLES] = json!([role("membership#Learner"), role("uknownrole/unknown#Unknown")]);
        },
        ..LEARNER
    },
    Valid { case: "S5 no role", change: |claims| claims[claim::ROLES] = json!([""]), ..VALID },
    Valid { case: "S6 email only", change: |claims| removed(claims, &NAMES), has_name: false, ..LEARNER },
    Valid { case: "S7 names only", change: |claims| removed(claims, &["email"]), has_email: false, ..LEARNER },
    Valid { case: "S8 no PII", change: without_personal_data, has_name: false, has_email: false, ..LEARNER },
    Valid {
        case: "S9 email without context",
        change: email_without_context,
        has_name: false,
        has_context: false,
        ..LEARNER
    },
    Valid { case: "S10 new resource link id", change: new_link, ..LEARNER },
    Valid {
        case: "only resource link",
        change: |claims| {
            without_personal_data(claims);
            removed(claims, &["locale", claim::CUSTOM, claim::LIS, claim::AGS_ENDPOINT, claim::NRPS_SERVICE]);
        },
        has_name: false,
        has_email: false,
        ..LEARNER
    },
];

fn without_personal_data(claims: &mut Value) {
    removed(claims, &NAMES);
    removed(claims, &["email"]);
}

fn email_without_context(claims: &mut Value) {
    removed(claims, &NAMES);
    removed(claims, &[claim::CONTEXT]);
}

fn new_link(claims: &mut Value) {
    claims[claim::RESOURCE_LINK] = json!({ "id": "a-link-that-was-never-seen" });
}

fn assert_view(Valid { case, parts, has_name, has_email, has_context, .. }: &Valid, claims: &Value, view: &Value) {
    let user = &view["user"];
    assert_eq!(parts_played(view), parts.iter().copied().collect(), "{case}");
    for (member, claim) in [
        ("name", "name"),
        ("givenName", "given_name"),
        ("middleName", "middle_name"),
        ("familyName", "family_name"),
        ("email", "email"),
    ] {
        assert_eq!(user[member], claims[claim], "{case}: {member}");
    }
    assert_eq!((user["name"].is_string(), user["email"].is_string()), (*has_name, *has_email), "{case}");
    assert_eq!(view["context"]["id"], if *has_context { json!("8893483") } else { json!(null) }, "{case}");
    assert_eq!(view["resourceLink"]["id"], claims[claim::RESOURCE_LINK]["id"], "{case}");
    assert_eq!(view["targetLinkUri"], LAUNCH_URL, "{case}");
    assert_eq!(view["launchPresentation"], json!(null), "{case}");
    assert_eq!(user["mentoredUserIds"], json!(null), "{case}");
}

#[tokio::test]
async fn every_valid_launch_of_a_teacher_is_accepted() {
    let suite = Suite::start().await;
    for valid in TEACHERS {
        let begun = suite.login().await;
        let mut claims = suite.teacher(&begun);
        (valid.change)(&mut claims);
        assert_view(valid, &claims, &suite.accepted(valid.case, &begun, &claims).await);
    }
}

#[tokio::test]
async fn every_valid_launch_of_a_student_is_accepted() {
    let suite = Suite::start().await;
    for valid in STUDENTS {
        let begun = suite.login().await;
        let mut claims = suite.student(&begun);
        (valid.change)(&mut claims);
        assert_view(valid, &claims, &suite.accepted(valid.case, &begun, &claims).await);
    }
}

#[tokio::test]
async fn roles_arrive_in_full_and_those_that_say_nothing_are_left_out() {
    let suite = Suite::start().await;
    for (sent, arrives) in [
        (json!(["Instructor"]), json!([role("membership#Instructor")])),
        (json!([role("unknown/unknown#Helper")]), json!([role("unknown/unknown#Helper")])),
        (json!([""]), json!([])),
    ] {
        let begun = suite.login().await;
        let mut claims = suite.teacher(&begun);
        claims[claim::ROLES] = sent.clone();
        let view = suite.accepted("roles", &begun, &claims).await;
        assert_eq!(view["user"]["roles"], arrives, "{sent}");
    }
}

#[tokio::test]
async fn the_services_of_the_suite_are_there_as_sent() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let claims = suite.teacher(&begun);
    let services = suite.accepted("services", &begun, &claims).await["services"].clone();
    assert_eq!(services["ags"], claims[claim::AGS_ENDPOINT], "`lineitem` is absent, as sent");
    assert_eq!(services["nrps"], claims[claim::NRPS_SERVICE]);
    assert_eq!(services["deepLinking"], json!(null));
}

#[tokio::test]
async fn a_launch_whose_link_is_no_place_of_the_app_lands_on_its_default_page() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let answer = suite.post(&begun, HEADER, &suite.student(&begun)).await;
    assert_eq!(answer.header("location"), format!("https://app.example/start?launch={}", answer.launch_id()));
}
