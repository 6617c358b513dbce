//! Members of one resource link, with what it says to each (NRPS 2.0, section 3).

use axum::response::IntoResponse as _;
use http::StatusCode;
use serde_json::json;

use super::*;
use crate::support::assert_problem;
use crate::support::scripted::{RosterService, launch_to, page};

const CUSTOM: &str = "https://purl.imsglobal.org/spec/lti/claim/custom";
const MESSAGE_TYPE: &str = "https://purl.imsglobal.org/spec/lti/claim/message_type";

#[tokio::test]
async fn members_of_the_link_come_with_its_message() {
    for profile in Profile::ALL {
        let (tool, school, launch) = in_class(profile).await;
        let roster = read(&tool, &launch, "?resourceLink=true").await;
        assert_eq!(roster.get("resourceLinkIgnored"), None, "{profile:?}");
        assert_eq!(ids(&roster), shown(&school, profile), "{profile:?}");
        let message = &member(&roster, "52")["message"][0];
        assert_eq!(message[MESSAGE_TYPE], "LtiResourceLinkRequest", "{profile:?}");
        assert_eq!(message[CUSTOM], json!({ "lesson": "how-light-bends", "due_at": "" }), "{profile:?}");
        let first = membership_requests(&school)[0].query.clone().unwrap_or_default();
        assert!(first.contains("rlid=link-1201"), "{profile:?}: {first}");
    }
}

#[tokio::test]
async fn members_come_without_a_message_where_none_was_asked_for() {
    let (tool, school, launch) = in_class(Profile::Plain).await;
    for query in ["", "?resourceLink=false"] {
        let roster = read(&tool, &launch, query).await;
        assert_eq!(member(&roster, "52").get("message"), None, "{query}");
    }
    assert!(
        membership_requests(&school).iter().all(|request| !request.query.clone().unwrap_or_default().contains("rlid"))
    );
}

/// A launch of a link that the membership service does not know.
async fn launch_of_unknown_link(tool: &TestTool, school: &School) -> String {
    let resource_link = "https://purl.imsglobal.org/spec/lti/claim/resource_link";
    school.launch_with(tool, "video", TEACHER, |claims| claims[resource_link]["id"] = "assignment-7".into()).await
}

/// Canvas: "Tool does not have access to rlid or rlid does not exist" (digest, section 5).
#[tokio::test]
async fn where_the_link_is_refused_the_plain_roster_comes_and_says_so() {
    for profile in Profile::ALL {
        let (tool, school) = at_school(profile).await;
        let launch = launch_of_unknown_link(&tool, &school).await;
        let roster = read(&tool, &launch, "?resourceLink=true").await;
        assert_eq!(roster["resourceLinkIgnored"], true, "{profile:?}");
        assert_eq!((ids(&roster), &roster["complete"]), (shown(&school, profile), &json!(true)), "{profile:?}");
        assert_eq!(member(&roster, "52").get("message"), None, "{profile:?}");
    }
}

/// Open edX and Sakai pass over the parameter (digest, section 5).
#[tokio::test]
async fn where_the_link_is_passed_over_the_roster_says_so() {
    let everybody = json!([{ "user_id": "1", "roles": ["Instructor"] }, { "user_id": "2", "roles": ["Learner"] }]);
    let service = RosterService::start(move |_, _| page(&everybody, &[])).await;
    let (tool, launch) = launch_to(&service).await;
    for query in ["?resourceLink=true", "?resourceLink=true&role=Learner"] {
        assert_eq!(read(&tool, &launch, query).await["resourceLinkIgnored"], true, "{query}");
    }
    assert_eq!(read(&tool, &launch, "").await.get("resourceLinkIgnored"), None);
    assert!(service.targets()[0].contains("rlid=link-1201"), "{:?}", service.targets());
}

#[tokio::test]
async fn one_message_shows_that_the_link_was_filtered_by_and_nobody_shows_nothing() {
    let message = json!([{ MESSAGE_TYPE: "LtiResourceLinkRequest" }]);
    for members in [json!([]), json!([{ "user_id": "1" }, { "user_id": "2", "message": message }])] {
        let service = RosterService::start(move |_, _| page(&members, &[])).await;
        let (tool, launch) = launch_to(&service).await;
        assert_eq!(read(&tool, &launch, "?resourceLink=true").await.get("resourceLinkIgnored"), None);
    }
}

#[tokio::test]
async fn the_plain_roster_keeps_the_other_filters() {
    let (tool, school) = at_school(Profile::Canvas).await;
    let launch = launch_of_unknown_link(&tool, &school).await;
    let roster = read(&tool, &launch, "?resourceLink=true&role=Instructor&limit=1").await;
    assert_eq!((ids(&roster), &roster["resourceLinkIgnored"]), (BTreeSet::from([TEACHER.to_owned()]), &json!(true)));
    let next = roster["next"].as_str().expect("there is another teacher");
    let rest = read(&tool, &launch, &format!("?role=Instructor&cursor={next}")).await;
    assert_eq!(ids(&rest), BTreeSet::from(["61".to_owned()]));
}

#[tokio::test]
async fn a_platform_that_is_down_is_not_asked_a_second_time_without_the_link() {
    let service = RosterService::start(|target, _| {
        if target.contains("rlid") { StatusCode::INTERNAL_SERVER_ERROR.into_response() } else { page(&json!([]), &[]) }
    })
    .await;
    let (tool, launch) = launch_to(&service).await;
    assert_problem(&ask(&tool, &launch, "?resourceLink=true").await, 503, "platform_unavailable");
    assert_eq!(service.targets(), ["/members?rlid=link-1201"]);
}

#[tokio::test]
async fn a_refusal_that_has_nothing_to_do_with_the_link_is_told() {
    let service = RosterService::start(|_, _| StatusCode::FORBIDDEN.into_response()).await;
    let (tool, launch) = launch_to(&service).await;
    assert_problem(&ask(&tool, &launch, "?resourceLink=true").await, 502, "platform_refused");
    assert_eq!(service.targets(), ["/members?rlid=link-1201", "/members"]);
}

#[tokio::test]
async fn a_url_that_names_a_link_already_is_not_given_another() {
    let service = RosterService::start(|_, _| page(&json!([{ "user_id": "1" }]), &[])).await;
    let (tool, _) = launch_to(&service).await;
    let origin = url::Url::parse(&service.base).expect("a base is a URL");
    let services = doorway_mock_platform::ServicesConfig::default();
    let school = School::start_with(&tool, services, |registration| registration.service_origins.push(origin)).await;
    let url = format!("{}/members?groups=true&rlid=9&limit=5", service.base);
    let at_service = |claims: &mut Value| claims[crate::support::NRPS]["context_memberships_url"] = url.into();
    let launch = school.launch_with(&tool, "video", TEACHER, at_service).await;
    read(&tool, &launch, "?resourceLink=true&limit=2&role=Learner").await;
    let role = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner";
    assert_eq!(service.targets(), [format!("/members?groups=true&rlid=9&limit=5&role={role}")]);
}

#[tokio::test]
async fn a_launch_without_a_link_has_no_members_of_it() {
    let (tool, school) = at_school(Profile::Plain).await;
    let launch = school.deep_linking(&tool).await;
    let answer = ask(&tool, &launch, "?resourceLink=true").await;
    assert_problem(&answer, 400, "query_invalid");
    assert_eq!(answer.json()["parameter"], "resourceLink");
    assert_eq!(ids(&read(&tool, &launch, "").await).len(), 307, "the course has members all the same");
}
