//! Tokens in the table: sealed, so that whoever reads the table alone reads no token.

use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use doorway_local::database::SCORES_TABLE;
use doorway_mock_platform::{Profile, ServicesConfig};
use doorway_tests::{AttributeValue, Item, School, TestTool};
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::support::{BEN, delivered, grade, send_for};

/// A token endpoint in front of the Platform's own, which remembers the tokens that went out.
#[derive(Clone, Default)]
struct Eavesdropper {
    platform: Arc<OnceLock<Router>>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Eavesdropper {
    /// Listens; the address of its token endpoint.
    async fn listen(&self) -> Url {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound listener has an address");
        let router = Router::new().route("/token", post(pass_on)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Url::parse(&format!("http://{address}/token")).expect("an address makes a URL")
    }

    fn tokens(&self) -> Vec<String> {
        self.tokens.lock().expect("no handler panics").clone()
    }
}

async fn pass_on(State(ear): State<Eavesdropper>, request: Request<Body>) -> Response {
    let platform = ear.platform.get().expect("the school is open").clone();
    let (parts, body) = platform.oneshot(request).await.expect("routers do not fail").into_parts();
    let body = body.collect().await.expect("the body is in memory").to_bytes();
    let answer: Value = serde_json::from_slice(&body).expect("a token response is JSON");
    if let Some(token) = answer["access_token"].as_str() {
        ear.tokens.lock().expect("no handler panics").push(token.to_owned());
    }
    (parts.status, parts.headers, body).into_response()
}

/// All that stands in an item, as texts.
fn texts(item: &Item) -> Vec<String> {
    let value = |value: &AttributeValue| match value {
        AttributeValue::B(bytes) => String::from_utf8_lossy(bytes.as_ref()).into_owned(),
        other => format!("{other:?}"),
    };
    item.iter().flat_map(|(name, attribute)| [name.clone(), value(attribute)]).collect()
}

#[tokio::test]
async fn no_token_stands_in_the_table_in_clear() {
    let tool = TestTool::start(&[]).await;
    let ear = Eavesdropper::default();
    let endpoint = ear.listen().await;
    let services = ServicesConfig { profile: Profile::Plain, ..ServicesConfig::default() };
    let school = School::start_with(&tool, services, |registration| registration.token_endpoint = endpoint).await;
    ear.platform.set(doorway_mock_platform::router(school.platform.clone())).expect("the school opens once");

    let launch = school.launch(&tool, BEN).await;
    delivered(&send_for(&tool, &launch, &grade(1.0), &[]).await);
    tool.clock.advance(1);
    delivered(&send_for(&tool.twin(), &launch, &grade(2.0), &[]).await);
    let tokens = ear.tokens();
    assert_eq!(tokens.len(), 1, "the other instance has it from the table");

    let items = tool.items(SCORES_TABLE).await;
    let sealed = |item: &&Item| item.contains_key("sealed");
    assert_eq!(items.iter().filter(sealed).count(), 1, "the token is in the table");
    for text in items.iter().flat_map(texts) {
        assert!(!text.contains(&tokens[0]), "a token stands in clear in {text}");
    }
}

/// The seal is bound to the name under which the token is kept.
#[tokio::test]
async fn a_sealed_token_that_was_changed_is_not_used() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch(&tool, BEN).await;
    delivered(&send_for(&tool, &launch, &grade(1.0), &[]).await);
    let items = tool.items(SCORES_TABLE).await;
    let mut token = items.into_iter().find(|item| item.contains_key("sealed")).expect("the token is in the table");
    let Some(AttributeValue::B(sealed)) = token.get("sealed").cloned() else { panic!("a seal is bytes") };
    let mut bytes = sealed.into_inner();
    *bytes.last_mut().expect("a seal has bytes") ^= 1;
    token.insert("sealed".to_owned(), AttributeValue::B(bytes.into()));
    tool.put_item(SCORES_TABLE, token).await;

    tool.clock.advance(1);
    delivered(&send_for(&tool.twin(), &launch, &grade(2.0), &[]).await);
    let requests = school.platform.requests();
    assert_eq!(requests.iter().filter(|request| request.path == "/token").count(), 2, "another token was asked for");
}
