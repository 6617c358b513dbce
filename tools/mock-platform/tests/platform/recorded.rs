//! What came to the service endpoints is kept for tests, without tokens.

use doorway_mock_platform::Bearer;
use serde_json::json;

use crate::support::ISSUER;
use crate::tool::{LINE_ITEM, SCORE_TYPE, Tool, score_at};

#[tokio::test]
async fn a_request_is_recorded_as_it_came_and_its_token_is_not() {
    let tool = Tool::new();
    let score = score_at("2027-01-15T08:00:00.250Z");
    tool.score(&score).await;
    let requests = tool.platform.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/token"));
    assert!(requests[0].body.starts_with("grant_type=client_credentials&"));
    let recorded = &requests[1];
    assert_eq!(recorded.path, "/line-items/course-7/link-1201/scores");
    assert_eq!((recorded.query.as_deref(), recorded.bearer), (None, Bearer::Valid));
    assert_eq!(recorded.header("authorization"), Some("valid"));
    assert_eq!(recorded.header("content-type"), Some(SCORE_TYPE));
    assert_eq!(recorded.body, score.to_string());
}

#[tokio::test]
async fn a_request_that_is_refused_is_recorded_too() {
    let tool = Tool::new();
    let url = format!("{ISSUER}/line-items/course-7/nothing/at/all?a=b");
    tool.send("GET", &url, &[("authorization", "Bearer guessed")], "").await;
    tool.send("GET", &url, &[], "").await;
    let bearers: Vec<_> = tool.platform.requests().iter().map(|request| request.bearer).collect();
    assert_eq!(bearers, [Bearer::Invalid, Bearer::Absent]);
    assert_eq!(tool.platform.requests()[0].header("authorization"), Some("invalid"));
    assert_eq!(tool.platform.requests()[0].query.as_deref(), Some("a=b"));
    tool.platform.forget_requests();
    assert_eq!(tool.platform.requests(), []);
}

#[tokio::test]
async fn only_the_newest_two_thousand_are_kept() {
    let tool = Tool::new();
    for number in 0..2_001 {
        tool.send("GET", &format!("{ISSUER}/line-items/course-7?n={number}"), &[], "").await;
    }
    let requests = tool.platform.requests();
    assert_eq!(requests.len(), 2_000);
    assert_eq!(requests[0].query.as_deref(), Some("n=1"));
    tool.write("PUT", LINE_ITEM, &format!("{ISSUER}/line-items/course-7/link-1201"), "", &json!({})).await;
    assert_eq!(tool.platform.requests().len(), 2_000);
}
