//! Hosts that a test cannot reach: each is a router in this process, for a browser, and on a loopback port, for the Tool.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use doorway_core::http::Detour;
use http::StatusCode;
use http::header::HOST;
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use url::{Position, Url};

/// Hosts by their names. All is https there as far as anybody can see; what carries it is not.
#[derive(Clone)]
pub struct Internet {
    hosts: Arc<Mutex<BTreeMap<String, Router>>>,
    listening: Url,
}

impl Internet {
    /// Without any host.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let listening = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let listening = Url::parse(&listening).expect("an address makes a URL");
        let internet = Self { hosts: Arc::default(), listening };
        let router = internet.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        internet
    }

    /// Lets a host answer.
    pub fn put(&self, host: &str, router: Router) {
        self.hosts.lock().expect("no test panics with it").insert(host.to_owned(), router);
    }

    /// What answers for all hosts.
    pub fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }
}

/// A host that is not there is as good as one that does not answer for itself.
async fn answer(State(internet): State<Internet>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let router = internet.hosts.lock().expect("no test panics with it").get(host).cloned();
    match router {
        Some(router) => router.oneshot(request).await.unwrap_or_else(|never| match never {}),
        None => StatusCode::MISDIRECTED_REQUEST.into_response(),
    }
}

impl Detour for Internet {
    fn instead_of(&self, url: &Url) -> Url {
        self.listening.join(&url[Position::BeforePath..]).expect("a path is a reference")
    }
}
