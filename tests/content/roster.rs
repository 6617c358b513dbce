//! Who is in the course, as the App is told it (NRPS digest; design, section 5).

mod access;
mod changes;
mod filter;
mod links;
mod members;
mod paging;
mod resource_link;
mod spoiled;

use std::collections::BTreeSet;

use doorway_mock_platform::{Profile, RecordedRequest, Status};
use doorway_tests::{Answer, School, TestTool};
use serde_json::Value;

use crate::support::{TEACHER, at_school, texts};

/// The scope of the roster.
const SCOPE: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";

/// A Tool, a school of this kind, and a redeemed launch of the teacher.
async fn in_class(profile: Profile) -> (TestTool, School, String) {
    let (tool, school) = at_school(profile).await;
    let launch = school.launch(&tool, TEACHER).await;
    (tool, school, launch)
}

/// Asks for the roster; the query with its `?`, or "".
async fn ask(tool: &TestTool, launch: &str, query: &str) -> Answer {
    tool.api("GET", &format!("/v1/launches/{launch}/memberships{query}")).await
}

/// The roster, which must come.
async fn read(tool: &TestTool, launch: &str, query: &str) -> Value {
    let answer = ask(tool, launch, query).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"), "{}", answer.body);
    answer.json()
}

/// Ids of members, none of them twice.
#[track_caller]
fn ids(roster: &Value) -> BTreeSet<String> {
    let ids = texts(&roster["members"], "userId");
    let distinct: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(distinct.len(), ids.len(), "somebody is there twice");
    distinct
}

/// One member.
fn member<'a>(roster: &'a Value, id: &str) -> &'a Value {
    let members = roster["members"].as_array().expect("a roster has members");
    members.iter().find(|member| member["userId"] == id).unwrap_or_else(|| panic!("{id} is not there"))
}

/// Whom a Platform of this kind shows: Moodle and Canvas hide who does not take part.
fn shown(school: &School, profile: Profile) -> BTreeSet<String> {
    let hides = matches!(profile, Profile::Moodle | Profile::Canvas);
    let members = school.platform.roster().members().into_iter();
    members.filter(|member| !hides || member.status == Status::Active).map(|member| member.user.id).collect()
}

/// What came to the membership service.
fn membership_requests(school: &School) -> Vec<RecordedRequest> {
    school.platform.requests().into_iter().filter(|request| request.path.starts_with("/memberships/")).collect()
}
