//! Members by role.

use doorway_lti::nrps::RoleFilter;

use crate::support::*;

const ASSISTANT: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant";
const STUDENT: &str = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student";

fn admits(filter: &str, roles: &[&str]) -> bool {
    RoleFilter::parse(filter).unwrap().admits(&read(with("roles", roles)))
}

#[test]
fn a_short_name_and_its_uri_are_one_filter() {
    let uri = membership("Learner");
    for text in ["Learner", &uri, "urn:lti:role:ims/lis/Learner"] {
        assert_eq!(RoleFilter::parse(text).unwrap().as_str(), uri);
        assert!(admits(text, &["Learner"]) && admits(text, &["Mentor", &uri]), "{text}");
        assert!(!admits(text, &["Instructor"]) && !admits(text, &[]), "{text}");
    }
}

#[test]
fn a_sub_role_counts_as_its_principal_role_and_not_the_other_way_round() {
    assert!(admits("Instructor", &[ASSISTANT]));
    assert!(admits(ASSISTANT, &["Learner", ASSISTANT]));
    assert!(!admits(ASSISTANT, &["Instructor"]));
    assert!(!admits("Learner", &["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#Grader"]));
}

#[test]
fn roles_in_the_institution_and_of_a_platforms_own_are_matched_whole() {
    assert!(admits(STUDENT, &[STUDENT]));
    assert!(!admits(STUDENT, &["Learner"]) && !admits("Learner", &[STUDENT]));
    let own = "https://lms.example/roles#Prefect";
    assert_eq!(RoleFilter::parse(own).unwrap().as_str(), own);
    assert!(admits(own, &[own]) && !admits(own, &["https://lms.example/roles#Prefects"]));
}

#[test]
fn what_is_no_role_is_no_filter() {
    for text in ["", " ", "Student", "learner", "Learner,Instructor", " Learner", "membership#Learner"] {
        assert_eq!(RoleFilter::parse(text), None, "{text}");
    }
}
