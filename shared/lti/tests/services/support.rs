//! Small builders that all files of these tests share.

use doorway_lti::fault::Faults;
use doorway_lti::ids::UserId;
use doorway_lti::json::Object;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::timestamp::Timestamp;
use proptest::prelude::ProptestConfig;
use serde_json::Value;
use url::Url;

/// The moment of the digest's examples: 2026-01-31T12:34:56.789Z.
pub const NOON: u64 = 1_769_862_896_789;

pub const FAMILIES: [PlatformFamily; 8] = [
    PlatformFamily::Canvas,
    PlatformFamily::Moodle,
    PlatformFamily::Blackboard,
    PlatformFamily::Brightspace,
    PlatformFamily::Sakai,
    PlatformFamily::Schoology,
    PlatformFamily::OpenEdx,
    PlatformFamily::Other,
];

pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// `value` with one member set.
pub fn with(mut value: Value, name: &str, member: Value) -> Value {
    value.as_object_mut().unwrap().insert(name.to_owned(), member);
    value
}

/// `value` with one member left out.
pub fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name).unwrap();
    value
}

pub fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub fn user(text: &str) -> UserId {
    UserId::try_from(text).unwrap()
}

/// The members that are at fault.
pub fn fields<T: std::fmt::Debug>(parsed: Result<T, Faults>) -> Vec<String> {
    parsed.unwrap_err().iter().map(|fault| fault.field.clone()).collect()
}

/// As it goes over the wire.
pub fn wire(object: &Object) -> String {
    serde_json::to_string(object).unwrap()
}
