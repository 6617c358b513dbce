//! The files: what is in the repository, that it is complete, and that it holds no secret.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::CASES;

/// `events/`.
pub fn events_directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../events")
}

/// `tests/fixtures/events/`: what the events were recorded with.
pub fn fixtures_directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/events")
}

/// The event of this case.
#[track_caller]
pub fn event(case: &str) -> Value {
    read(&events_directory().join(format!("{case}.json")))
}

/// A fixture.
#[track_caller]
pub fn fixture(name: &str) -> Value {
    read(&fixtures_directory().join(name))
}

#[track_caller]
fn read(path: &std::path::Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the files in `events/`, without their ending.
pub fn event_names() -> BTreeSet<String> {
    let files = std::fs::read_dir(events_directory()).expect("the directory is there");
    let names = files.map(|file| file.expect("a directory can be listed").file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect()
}

/// The cases that API Gateway sends; the queue and Secrets Manager send the others.
fn of_api_gateway() -> impl Iterator<Item = &'static str> {
    let others = ["deliver-scores.", "rotate-keys."];
    CASES.into_iter().filter(move |case| !others.iter().any(|other| case.starts_with(other)))
}

/// Members that API Gateway always sends (payload format 2.0).
const MEMBERS: [&str; 7] =
    ["version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded"];
const CONTEXT_MEMBERS: [&str; 10] =
    ["accountId", "apiId", "domainName", "domainPrefix", "http", "requestId", "routeKey", "stage", "time", "timeEpoch"];
const HTTP_MEMBERS: [&str; 5] = ["method", "path", "protocol", "sourceIp", "userAgent"];

#[test]
fn every_event_is_a_complete_payload_of_format_2() {
    for case in of_api_gateway() {
        let event = event(case);
        let context = &event["requestContext"];
        for (object, members) in
            [(&event, &MEMBERS[..]), (context, &CONTEXT_MEMBERS), (&context["http"], &HTTP_MEMBERS)]
        {
            for member in members {
                assert!(object.get(*member).is_some_and(|value| !value.is_null()), "{case}: {member}");
            }
        }
        assert_eq!(event["version"], "2.0", "{case}");
        assert_eq!(event["routeKey"], context["routeKey"], "{case}");
        assert_eq!(event["rawPath"], context["http"]["path"], "{case}");
        let method = context["http"]["method"].as_str().expect("a method is a text");
        assert!(event["routeKey"].as_str().is_some_and(|key| key.starts_with(&format!("{method} /"))), "{case}");
        let is_json = event["headers"]["content-type"] == "application/json";
        let is_encoded = event.get("body").is_some() && !is_json;
        assert_eq!(event["isBase64Encoded"], is_encoded, "{case}: forms come in base64, JSON as it is");
    }
}

#[test]
fn every_route_of_an_event_is_one_of_the_template() {
    let template = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let template = std::fs::read_to_string(template).expect("the template is there");
    for case in of_api_gateway() {
        let event = event(case);
        let route = event["routeKey"].as_str().expect("a route key is a text");
        assert!(template.lines().any(|line| line.trim() == format!("RouteKey: {route}")), "{case}: {route}");
    }
}

#[test]
fn the_platforms_key_is_kept_without_its_private_half() {
    let jwks = fixture("platform-jwks.json");
    let keys = jwks["keys"].as_array().expect("a key set has keys");
    for key in keys {
        let members: Vec<&str> = key.as_object().expect("a key is an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
    for name in ["state-key.json", "app-keys.json", "platform-jwks.json"] {
        let text = fixture(name).to_string();
        assert!(!text.contains("PRIVATE") && !text.contains("\"d\":"), "{name}");
    }
    assert!(fixture("state-key.json")["secret"].as_str().is_some_and(|secret| secret.starts_with("not-a-secret-")));
}

#[test]
fn events_name_nobody_outside_their_signed_tokens() {
    for case in CASES {
        let text = super::unencoded(event(case)).to_string();
        let mentioned = ["@", "%40", "Ada", "Morgan"].iter().find(|word| text.contains(**word));
        assert_eq!(mentioned, None, "{case}");
    }
}
