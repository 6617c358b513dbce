//! A token request that is on its way while its key is revoked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::key_life::KeyKind;
use doorway_core::key_ring::KeyRing;
use doorway_core::tool_keys::ToolKeys;
use doorway_mock_platform::{Platform, Profile, ServicesConfig};
use doorway_tests::{School, TestTool};
use serde_json::json;
use url::Url;

const BEN: &str = "52";

/// In front of the token endpoint: while the first request passes, its key is revoked, and the Platform hears of it.
struct Front {
    behind: OnceLock<(String, Arc<Platform>)>,
    ring: KeyRing,
    tool_keys: ToolKeys,
    requests: AtomicUsize,
}

impl Front {
    async fn start(tool: &TestTool) -> (Arc<Self>, Url) {
        let front = Arc::new(Self {
            behind: OnceLock::new(),
            ring: tool.parts.key_ring(KeyKind::Signing),
            tool_keys: tool.parts.tool_keys(),
            requests: AtomicUsize::new(0),
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let url = format!("http://{}/token", listener.local_addr().expect("a bound listener has an address"));
        let router = Router::new().fallback(pass).with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (front, Url::parse(&url).expect("an address makes a URL"))
    }
}

async fn pass(State(front): State<Arc<Front>>, body: Bytes) -> Response {
    let (token_endpoint, platform) = front.behind.get().expect("the school has started");
    if front.requests.fetch_add(1, Ordering::SeqCst) == 0 {
        let current = front.ring.keys().await.expect("there are keys").current.id;
        front.ring.revoke(&current).await.expect("the key is revoked");
        let published = front.tool_keys.published().await.expect("keys are published");
        platform.set_tool_jwks(published);
    }
    let request = reqwest::Client::new().post(token_endpoint).body(body);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.send().await.expect("the school answers");
    let status = answer.status();
    (status, answer.bytes().await.expect("the school answers")).into_response()
}

#[tokio::test]
async fn a_token_request_under_way_is_made_again_with_the_key_that_steps_in() {
    let tool = TestTool::start(&[]).await;
    tool.parts.tool_keys().publish(&tool.public_keys()).await.expect("the table takes items");
    let (front, url) = Front::start(&tool).await;
    let services = ServicesConfig { profile: Profile::Plain, ..ServicesConfig::default() };
    let school = School::start_with(&tool, services, |registration| registration.token_endpoint = url).await;
    let behind = (school.platform.token_endpoint(), school.platform.clone());
    assert!(front.behind.set(behind).is_ok(), "there is one school");

    let launch = school.launch(&tool, BEN).await;
    let score = json!({ "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed",
                        "gradingProgress": "FullyGraded", "userId": BEN });
    let answer = tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), &score, &[]).await;
    assert_eq!(answer.json()["state"], "delivered", "{}", answer.body);
    assert_eq!(front.requests.load(Ordering::SeqCst), 2, "refused once, then granted");
}
