//! Dependencies that fail: the right words, a reason in the log, nothing burned, and recovery.

mod aws;
mod clocks;
mod database;
mod disk;
mod everything;
mod records;
mod rotation;
mod secrets;

use doorway_tests::{Answer, Begun, FakePlatform, TestTool};

const ISSUER: &str = "https://lms.example";

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

async fn login(tool: &TestTool) -> Answer {
    let fields = [("iss", ISSUER), ("login_hint", "7"), ("target_link_uri", "x"), ("client_id", "client-1")];
    tool.post("/lti/login", &fields, &[]).await
}

async fn finish(tool: &TestTool, platform: &FakePlatform, begun: &Begun) -> Answer {
    tool.post_token(begun, &platform.key.id_token(&tool.good_claims(platform, begun))).await
}

/// An endpoint where nothing listens.
async fn closed_endpoint() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    let address = listener.local_addr().expect("a bound listener has an address");
    drop(listener);
    format!("http://{address}")
}

/// The log of a failure names what failed, and nobody.
fn assert_reason(case: &str, line: &serde_json::Value, expected: &str) {
    let reason = line["rejection.reason"].as_str().expect("a refusal has a reason");
    assert!(reason.contains(expected), "{case}: {reason}");
    for personal in ["Ada", "Morgan", "ada@", "eyJ"] {
        assert!(!line.to_string().contains(personal), "{case}: {line}");
    }
}
