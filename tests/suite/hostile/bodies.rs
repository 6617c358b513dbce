//! Bodies without end, at every route of the Tool: read up to a limit where one is wanted, and not at all elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use doorway_tests::{APP_KEY, FakePlatform, TestTool};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{Request, StatusCode};
use http_body_util::channel::Channel;

/// What is sent at a time, in bytes.
const CHUNK: usize = 16 * 1024;
/// What may lie between the two sides when one gives up, in bytes.
const IN_FLIGHT: usize = 3 * CHUNK;
/// The most that is read of a form and of JSON, in bytes.
const FORM: usize = 256 * 1024;
const JSON: usize = 640 * 1024;

/// Every route of the template, with values for what it leaves open.
fn routes() -> Vec<(String, String)> {
    let template = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/template.yaml"));
    let template = template.expect("the template is there");
    let keys = template.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: "));
    let routes: Vec<_> = keys
        .map(|key| {
            let (method, path) = key.split_once(' ').expect("a route has a method and a path");
            let path =
                path.replace("{lineItemId}", "aHR0cHM6Ly9sbXMuZXhhbXBsZS9saS8x").replace("{id}", &"a".repeat(32));
            (method.to_owned(), path)
        })
        .collect();
    assert!(routes.len() > 20, "{routes:?}");
    routes
}

/// How much of a body the route reads, in bytes, and of what type it is.
fn read_by(method: &str, path: &str) -> (usize, &'static str) {
    match (method, path.rsplit('/').next()) {
        ("GET" | "POST", Some("login" | "register")) | ("POST", Some("launch" | "complete")) => {
            (FORM, "application/x-www-form-urlencoded")
        }
        ("POST", Some("deep-link" | "scores" | "line-items")) | ("PUT", _) => (JSON, "application/json"),
        _ => (0, "application/json"),
    }
}

/// A body without end, and how much of it was taken.
fn endless() -> (Body, Arc<AtomicUsize>) {
    let (mut sender, body) = Channel::<Bytes>::new(1);
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    tokio::spawn(async move {
        while sender.send_data(Bytes::from_static(&[b'x'; CHUNK])).await.is_ok() {
            counted.fetch_add(CHUNK, Ordering::SeqCst);
        }
    });
    (Body::new(body), sent)
}

#[tokio::test]
async fn a_body_without_end_is_read_up_to_its_limit_at_every_route() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    for (method, path) in routes() {
        let (limit, content_type) = read_by(&method, &path);
        for length in [None, Some("1099511627776")] {
            let case = format!("{method} {path}, {length:?} announced");
            let (body, sent) = endless();
            let mut request = Request::builder()
                .method(&*method)
                .uri(&path)
                .header(CONTENT_TYPE, content_type)
                .header(AUTHORIZATION, format!("Bearer {APP_KEY}"));
            if let Some(length) = length {
                request = request.header(CONTENT_LENGTH, length);
            }
            let answer = tool.send(request.body(body).unwrap()).await;
            let sent = sent.load(Ordering::SeqCst);
            assert!(sent <= limit + IN_FLIGHT, "{case}: {sent} bytes were read");
            if limit > 0 {
                assert_eq!(
                    (answer.status.as_u16(), &*answer.code()),
                    (413, "body_too_large"),
                    "{case}: {}",
                    answer.body
                );
                assert!(answer.body.contains("The message was too large"), "{case}");
                let reason = answer.log_line()["rejection.reason"].to_string();
                assert!(reason.contains(&limit.to_string()), "{case}: {reason}");
            } else {
                assert_ne!(answer.status.as_u16(), 413, "{case}: nothing of it is wanted");
                assert!(
                    answer.status.as_u16() < 500 || answer.code() == "tool_keys_missing",
                    "{case}: {}",
                    answer.body
                );
            }
        }
    }
    tool.launch(&platform).await;
}

#[tokio::test]
async fn of_a_caller_without_a_key_no_body_is_read() {
    let tool = TestTool::start(&[]).await;
    for (method, path) in routes().into_iter().filter(|(_, path)| path.starts_with("/v1/")) {
        let (body, sent) = endless();
        let request = Request::builder().method(&*method).uri(&path).header(CONTENT_TYPE, "application/json");
        let answer = tool.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}: {}", answer.body);
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent <= IN_FLIGHT, "{method} {path}: {sent} bytes were read");
    }
}

#[tokio::test]
async fn thousands_of_parameters_are_read_and_passed_over() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    // As many as a form can have.
    let many: String = (0..25_000).map(|n| format!("&p{n}=1")).collect();
    let login = "iss=https%3A%2F%2Flms.example&login_hint=1&target_link_uri=x&client_id=client-1";
    let form = format!("{login}{many}");
    assert!(form.len() > 200_000 && form.len() < FORM);
    assert_eq!(tool.post_raw("/lti/login", form.clone(), &[]).await.status, StatusCode::FOUND);
    let twice = tool.post_raw("/lti/login", format!("{form}&p17=1"), &[]).await;
    assert_eq!(twice.code(), "parameter_repeated");
    let begun = tool.begin(&platform).await;
    let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
    let launch = format!("id_token={token}&state={}{many}", begun.state());
    tool.post_raw("/lti/launch", launch, &[&begun.cookie]).await.launch_id();
}
