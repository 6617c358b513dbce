//! Problem documents (RFC 9457).

use doorway_tests::Answer;
use serde_json::json;

use super::*;

/// Every member of the document; the reference is another each time.
#[track_caller]
fn assert_problem(answer: &Answer, expected: Value) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut document = answer.json();
    let reference = document.as_object_mut().and_then(|members| members.remove("reference"));
    let reference = reference.expect("a problem has a reference");
    assert_eq!(reference.as_str().map(str::len), Some("7KQ2M-9XW4D".len()));
    assert_eq!(document, expected);
    assert_eq!(answer.log_line()["outcome"], expected["code"]);
}

#[tokio::test]
async fn a_problem_says_what_happened_what_to_do_and_where_to_look() {
    let (tool, _) = tool_and_platform().await;
    let expected = json!({
        "type": "urn:doorway:problem:launch_unknown",
        "title": "There is no such launch",
        "status": 404,
        "detail": "The id is wrong, or the launch was forgotten. Send the user back to the course to open the link again.",
        "code": "launch_unknown",
    });
    assert_problem(&read(&tool, UNKNOWN).await, expected.clone());
    assert_problem(&tool.redeem(UNKNOWN).await, expected);
}

#[tokio::test]
async fn what_is_no_launch_id_is_no_launch() {
    let (tool, _) = tool_and_platform().await;
    for id in ["x", "..", &UNKNOWN[1..], &format!("{UNKNOWN}A"), &"A".repeat(5000), "%00", "a%2Fb", "%C3%A4"] {
        for answer in [read(&tool, id).await, tool.redeem(id).await] {
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "launch_unknown"), "{id}");
        }
    }
}

#[tokio::test]
async fn paths_and_methods_that_do_not_exist_are_problems_too() {
    let (tool, _) = tool_and_platform().await;
    for (method, uri, status, code) in [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/launches", 404, "not_found"),
        ("GET", "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/redeem", 405, "method_not_allowed"),
        ("PUT", "/v1/launches/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 405, "method_not_allowed"),
        ("GET", "/v1/users?issuer=x&sub=y", 405, "method_not_allowed"),
    ] {
        let answer = tool.api(method, uri).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{method} {uri}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {uri}");
    }
}
