//! A roster service that answers what a test writes down, right or wrong.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use doorway_mock_platform::ServicesConfig;
use doorway_tests::{Answer, School, TestTool};
use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LINK};
use serde_json::{Value, json};
use url::Url;

use super::{NRPS, TEACHER};

/// The media type of a page.
pub(crate) const CONTAINER: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) target: String,
    /// `Accept`.
    pub(crate) accept: String,
    /// Whether a bearer token came.
    pub(crate) has_token: bool,
}

/// A running service.
pub(crate) struct RosterService {
    /// Its base, without a slash at the end.
    pub(crate) base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// The answer to a path with its query; the second is the base of the service.
type Play = dyn Fn(&str, &str) -> Response + Send + Sync;

#[derive(Clone)]
struct Stage {
    play: Arc<Play>,
    base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl RosterService {
    /// A service that plays this.
    pub(crate) async fn start(play: impl Fn(&str, &str) -> Response + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let base = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let asked = Arc::default();
        let stage = Stage { play: Arc::new(play), base: base.clone(), asked: Arc::clone(&asked) };
        let router = Router::new().fallback(perform).with_state(stage);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, asked }
    }

    /// What came, in its order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no test panics with it").clone()
    }

    /// Path and query of all that came.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.target).collect()
    }
}

async fn perform(State(stage): State<Stage>, request: Request) -> Response {
    let target = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    stage.asked.lock().expect("no test panics with it").push(Asked {
        target: target.clone(),
        accept: header(ACCEPT).to_owned(),
        has_token: header(AUTHORIZATION).starts_with("Bearer "),
    });
    (stage.play)(&target, &stage.base)
}

/// A page with these members, which leads to these URLs.
pub(crate) fn page(members: &Value, links: &[(&str, String)]) -> Response {
    let body = json!({ "id": "x", "context": { "id": "course-7" }, "members": members });
    let mut response = (StatusCode::OK, [(CONTENT_TYPE, CONTAINER)], body.to_string()).into_response();
    for (relation, url) in links {
        let link = format!("<{url}>; rel=\"{relation}\"").parse().expect("a link is a header value");
        response.headers_mut().append(LINK, link);
    }
    response
}

/// Members with these ids, learners all.
pub(crate) fn learners(ids: impl IntoIterator<Item = u32>) -> Value {
    ids.into_iter().map(|id| json!({ "user_id": id.to_string(), "roles": ["Learner"] })).collect()
}

/// A Tool, and a redeemed launch whose roster is at that service, on an origin that the operator agreed to.
pub(crate) async fn launch_to(service: &RosterService) -> (TestTool, String) {
    let tool = TestTool::start(&[]).await;
    let origin = Url::parse(&service.base).expect("a base is a URL");
    let add = move |registration: &mut doorway_core::registration::Registration| {
        registration.service_origins.push(origin);
    };
    let school = School::start_with(&tool, ServicesConfig::default(), add).await;
    let url = format!("{}/members", service.base);
    let at_service = |claims: &mut Value| claims[NRPS]["context_memberships_url"] = url.into();
    let launch = school.launch_with(&tool, "video", TEACHER, at_service).await;
    (tool, launch)
}

/// Reads the roster of a launch at a service that plays this.
pub(crate) async fn read_from(
    query: &str,
    play: impl Fn(&str, &str) -> Response + Send + Sync + 'static,
) -> (RosterService, Answer) {
    let service = RosterService::start(play).await;
    let (tool, launch) = launch_to(&service).await;
    let answer = tool.api("GET", &format!("/v1/launches/{launch}/memberships{query}")).await;
    (service, answer)
}
