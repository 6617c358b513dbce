//! What the tests of this target share.

pub(crate) mod forms;
pub(crate) mod jwt;
pub(crate) mod scripted;

use doorway_core::registration::Status;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_mock_platform::Profile;
use doorway_tests::{Answer, School, TestTool};
use serde_json::Value;

/// Who chooses content and reads the class list.
pub(crate) const TEACHER: &str = "41";
/// A student.
pub(crate) const BEN: &str = "52";
/// The name of the roster's claim.
pub(crate) const NRPS: &str = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";

/// A Tool, and a school of this kind.
pub(crate) async fn at_school(profile: Profile) -> (TestTool, School) {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, profile).await;
    (tool, school)
}

/// Switches the school's Registration off and waits until every function has noticed.
pub(crate) async fn switch_off(tool: &TestTool, school: &School) {
    let mut registration = school.registration().clone();
    registration.status = Status::Disabled;
    tool.parts.registrations().put(&registration).await.expect("the table takes items");
    tool.clock.advance(REGISTRATION_CACHE_SECONDS);
}

/// Checks the status and the code of a problem document.
#[track_caller]
pub(crate) fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.body);
}

/// The texts of a member of all entries of a list.
pub(crate) fn texts<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    let entries = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    entries.iter().map(|entry| entry[member].as_str().unwrap_or_else(|| panic!("no {member}: {entry}"))).collect()
}
