//! As deployed: https and public addresses alone, whatever a configuration or a name says.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use doorway_core::http::PlatformClient;
use doorway_core::http::resolve::{Lookup, NameService};
use doorway_core::registration::PlatformTransport::HttpsOnly;
use doorway_tests::TestTool;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::support::{invite, opened, trusted};

/// Every name leads there; counts the look-ups.
struct Names(Vec<IpAddr>, AtomicUsize);

impl NameService for Names {
    fn look_up(&self, _: &str) -> Lookup {
        self.1.fetch_add(1, Ordering::SeqCst);
        let addresses = self.0.clone();
        Box::pin(async move { Ok(addresses) })
    }
}

fn deployed(tool: &TestTool, addresses: &[&str]) -> (Router, Arc<Names>) {
    let addresses = addresses.iter().map(|address| address.parse().expect("an address")).collect();
    let names = Arc::new(Names(addresses, AtomicUsize::new(0)));
    let client = PlatformClient::with_names(HttpsOnly, names.clone());
    (doorway_register::router(tool.parts.register(client, HttpsOnly)), names)
}

async fn ask(router: &Router, uri: String) -> (StatusCode, String) {
    let request = Request::get(uri).body(Body::empty()).expect("the address is well-formed");
    let answer = router.clone().oneshot(request).await.expect("routers do not fail");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("the body is in memory").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("answers are text"))
}

#[tokio::test]
async fn inner_addresses_in_any_spelling_are_refused_in_words() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    let (router, names) = deployed(&tool, &["8.8.8.8"]);
    for host in [
        "127.0.0.1",
        "169.254.169.254",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "10.0.0.7:8443",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fd00:ec2::254]",
    ] {
        let (status, body) = ask(&router, opened(&code, &format!("https://{host}/configuration"))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{host}");
        assert!(
            body.contains("not on the public internet") && body.contains("configuration_not_public"),
            "{host}: {body}"
        );
    }
    assert_eq!(names.1.load(Ordering::SeqCst), 0, "nothing was looked up");
}

/// The client connects to the addresses that were judged: a name is looked up once, so that it cannot be public when it
/// is checked and private when it is used.
#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_looked_up() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    for addresses in [&["127.0.0.1"][..], &["10.1.2.3", "fd00::1"], &["169.254.169.254"], &[]] {
        let (router, names) = deployed(&tool, addresses);
        let (status, body) = ask(&router, opened(&code, "https://lms.example/configuration")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{addresses:?}: {body}");
        assert!(body.contains("configuration_not_public"), "{addresses:?}: {body}");
        assert_eq!(names.1.load(Ordering::SeqCst), 1, "{addresses:?}");
    }
}

#[tokio::test]
async fn plain_http_is_refused_without_asking() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    let (router, names) = deployed(&tool, &["8.8.8.8"]);
    let (status, body) = ask(&router, opened(&code, "http://lms.example/configuration")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("configuration_address_invalid"), "{body}");
    assert_eq!(names.1.load(Ordering::SeqCst), 0);
}
