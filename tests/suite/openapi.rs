//! The description of the App API is that of the code, and has all of it.

use std::collections::{BTreeMap, BTreeSet};

use doorway_local::openapi;
use doorway_tests::described::answer_is_described;
use doorway_tests::{Answer, TestTool};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::docs::{quoted_behind, read};
use crate::infra::template_routes;

/// Codes that only pages and the key set show, beside those of rejected tokens and of registrations.
const OF_PAGES: [&str; 16] = [
    "authentication_refused",
    "binding_mismatch",
    "binding_missing",
    "form_expected",
    "id_token_missing",
    "launch_already_used",
    "launch_not_waiting",
    "login_parameter_invalid",
    "login_parameter_missing",
    "platform_keys_unavailable",
    "registration_ambiguous",
    "registration_unknown",
    "state_expired",
    "state_invalid",
    "state_missing",
    "tool_keys_missing",
];

/// The codes that the description has, each with its status.
fn described_codes() -> BTreeMap<String, u16> {
    let document = openapi::document();
    let calls = values(&document["paths"]).flat_map(values);
    let answers = calls.map(|call| &call["responses"]).chain([&document["components"]["responses"]]).flat_map(values);
    let mut codes = BTreeMap::new();
    for properties in answers.map(|answer| &answer["content"]["application/problem+json"]["schema"]["properties"]) {
        for code in properties["code"]["enum"].as_array().into_iter().flatten() {
            let status = properties["status"]["const"].as_u64().and_then(|status| u16::try_from(status).ok());
            let (code, status) = code.as_str().zip(status).expect("an answer with codes has a status");
            let before = codes.insert(code.to_owned(), status);
            assert!(before.is_none_or(|before| before == status), "{code} has two statuses");
        }
    }
    codes
}

/// The values of an object.
fn values(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(serde_json::Map::values)
}

#[test]
fn the_committed_description_is_that_of_the_code() {
    let is_current = read("docs/openapi.json") == openapi::text();
    assert!(is_current, "docs/openapi.json is stale: cargo run -- openapi > docs/openapi.json");
}

#[test]
fn the_description_has_every_route_of_the_app_api_and_no_other() {
    let document = openapi::document();
    let mut described = BTreeSet::new();
    for (path, calls) in document["paths"].as_object().unwrap() {
        described.extend(calls.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let deployed: BTreeSet<_> = template_routes().into_iter().filter(|(_, path)| path.starts_with("/v1/")).collect();
    assert_eq!(described, deployed);
    assert!(described.len() > 10, "{described:?}");
}

#[test]
fn every_error_code_is_described_or_only_shown_on_pages() {
    let mut codes = BTreeSet::new();
    for file in ["shared/core/src/error.rs", "shared/web/src/failure.rs"] {
        let source = read(file);
        let (_, behind) = source.split_once("fn code(").expect("errors have codes");
        codes.extend(quoted_behind(behind, "=> "));
    }
    let described: BTreeSet<String> = described_codes().into_keys().collect();
    let of_pages: BTreeSet<String> = OF_PAGES.map(str::to_owned).into();
    assert!(described.is_disjoint(&of_pages), "{:?}", described.intersection(&of_pages));
    assert_eq!(codes, described.union(&of_pages).cloned().collect());
}

#[test]
fn the_codes_of_the_document_are_those_of_the_description() {
    let document = read("docs/app-api.md");
    let (_, table) = document.split_once("| code | status | here it means |").expect("there is a table of codes");
    let mut listed = BTreeMap::new();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let status: u16 = cells[1].parse().expect("a status is a number");
        listed.extend(cells[0].split('`').skip(1).step_by(2).map(|code| (code.to_owned(), status)));
    }
    assert_eq!(listed, described_codes());
}

/// Every answer that a test gets by [`TestTool`] is looked up in the description: this is what it must not find there.
#[tokio::test]
async fn an_answer_that_is_not_described_is_noticed() {
    let tool = TestTool::start(&[]).await;
    let path = "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let unknown = tool.api("GET", path).await;
    assert_eq!(answer_is_described(&Method::GET, path, &unknown), Ok(()));
    let with = |status: StatusCode, change: fn(&mut Value)| {
        let mut problem = unknown.json();
        change(&mut problem);
        Answer { status, body: problem.to_string(), ..unknown.clone() }
    };
    let other_status = with(StatusCode::IM_A_TEAPOT, |_| {});
    let other_code = with(StatusCode::NOT_FOUND, |problem| problem["code"] = "score_unknown".into());
    let mut plain = unknown.clone();
    plain.headers.insert("content-type", "text/plain".parse().unwrap());
    let mut cached = unknown.clone();
    cached.headers.remove("cache-control");
    for (method, path, answer) in [
        (Method::GET, path, &other_status),
        (Method::GET, path, &other_code),
        (Method::GET, path, &plain),
        (Method::GET, path, &cached),
        (Method::PATCH, path, &unknown),
        (Method::DELETE, path, &unknown),
        (Method::GET, "/v1/nothing", &unknown),
    ] {
        assert!(answer_is_described(&method, path, answer).is_err(), "{method} {path} {answer:?}");
    }
}
