//! The routes of the deployed API are the routes of the code, in both directions.

use std::collections::BTreeSet;

use axum::body::Body;
use doorway_tests::TestTool;
use http::Request;
use http::header::AUTHORIZATION;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The `RouteKey`s of the template, as `(method, path)`.
pub(crate) fn template_routes() -> BTreeSet<(String, String)> {
    let template = include_str!("../../infra/template.yaml");
    let keys = template.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: "));
    keys.filter_map(|key| key.split_once(' ')).map(|(method, path)| (method.to_owned(), path.to_owned())).collect()
}

/// Whether the code has something to say at this route.
async fn is_served(tool: &TestTool, method: &str, path: &str) -> bool {
    let line_item = "aHR0cHM6Ly9sbXMuZXhhbXBsZS9saS8x"; // https://lms.example/li/1
    let path = path.replace("{id}", &"A".repeat(32)).replace("{lineItemId}", line_item);
    let request = Request::builder()
        .method(method)
        .uri(format!("{path}?error=login_required"))
        .header(AUTHORIZATION, format!("Bearer {}", doorway_tests::APP_KEY));
    let answer = tool.send(request.body(Body::empty()).expect("method and path are well-formed")).await;
    !answer.status.is_client_error() || !["not_found", "method_not_allowed"].contains(&answer.code().as_str())
}

#[tokio::test]
async fn every_route_of_the_template_is_served_and_no_other() {
    let tool = TestTool::start(&[]).await;
    let routes = template_routes();
    let paths: BTreeSet<&str> = routes.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths.len(), 16, "{paths:?}");
    for path in paths {
        for method in METHODS {
            let deployed = routes.contains(&(method.to_owned(), path.to_owned()));
            assert_eq!(is_served(&tool, method, path).await, deployed, "{method} {path}");
        }
    }
}
