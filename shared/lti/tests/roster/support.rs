//! A complete member, and pages of members.

use doorway_lti::nrps::{Member, Page};
use serde_json::{Value, json};
use url::Url;

/// The role's URI.
pub fn membership(name: &str) -> String {
    format!("http://purl.imsglobal.org/vocab/lis/v2/membership#{name}")
}

/// A member as a well-furnished Platform sends one.
pub fn member() -> Value {
    json!({
        "status": "Active",
        "name": "Jane Q. Public",
        "picture": "https://platform.example/jane.jpg",
        "given_name": "Jane",
        "family_name": "Doe",
        "middle_name": "Marie",
        "email": "jane@platform.example",
        "user_id": "0ae836b9-7fc9-4060-006f-27b2066ac545",
        "lis_person_sourcedid": "59254-6782-12ab",
        "lti11_legacy_user_id": "668321221-2879",
        "roles": ["Instructor", "Mentor"],
        "group_enrollments": [{ "group_id": "_7_1" }],
        "message": [{
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
            "https://purl.imsglobal.org/spec/lti/claim/custom": { "country": "Canada" },
        }],
        "x_vendor": { "ignored": true },
    })
}

/// The good member with one member of it set.
pub fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut member = member();
    member[name] = value.into();
    member
}

pub fn page_of(members: &[Value]) -> Page {
    Page::parse(json!({ "members": members }).to_string().as_bytes()).unwrap()
}

/// The one member that is read of this entry.
pub fn read(entry: Value) -> Member {
    page_of(&[entry]).members.remove(0)
}

/// As the App gets it.
pub fn shown(member: &Member) -> Value {
    serde_json::to_value(member).unwrap()
}

pub fn user_ids(members: &[Member]) -> Vec<&str> {
    members.iter().map(|member| member.user_id().as_str()).collect()
}

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}
