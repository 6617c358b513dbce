//! The API's name and its TLS, in front of the emulator, as API Gateway has them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::tls::Tls;

/// The most that a request or an answer may have, in bytes: API Gateway's own limit.
const LIMIT: usize = 10 * 1024 * 1024;

/// Headers that speak of one connection.
const OF_CONNECTION: [&str; 3] = ["connection", "transfer-encoding", "content-length"];

/// Where requests go on to.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) client: reqwest::Client,
    /// The emulator.
    pub(crate) endpoint: Arc<str>,
}

impl Upstream {
    pub(crate) fn new(endpoint: &str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        Self { client: client.expect("a client can be made"), endpoint: endpoint.into() }
    }

    /// Sends a request on as it is, but for these headers; its body was read.
    pub(crate) async fn forward(&self, request: &http::request::Parts, headers: HeaderMap, body: Vec<u8>) -> Response {
        let path = request.uri.path_and_query().map_or("/", |path| path.as_str());
        let sending = self.client.request(request.method.clone(), format!("{}{path}", self.endpoint));
        let answer = sending.headers(headers).body(body).send().await.expect("the emulator answers");
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if !OF_CONNECTION.contains(&name.as_str()) {
                response = response.header(name, value);
            }
        }
        let body = answer.bytes().await.expect("the emulator ends its answers");
        response.body(Body::from(body)).expect("the emulator's answer is one")
    }
}

/// The headers of a request that are not its connection's.
pub(crate) fn headers(request: &http::request::Parts) -> HeaderMap {
    let own = |(name, _): &(&HeaderName, &HeaderValue)| !OF_CONNECTION.contains(&name.as_str());
    request.headers.iter().filter(own).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The body of a request.
pub(crate) async fn body(body: Body) -> Vec<u8> {
    axum::body::to_bytes(body, LIMIT).await.expect("requests end, and are not too long").to_vec()
}

/// Lets the API with this id answer under its own name.
pub(crate) fn start(listener: Tls, upstream: Upstream, api: &str) {
    let port = upstream.endpoint.rsplit(':').next().expect("an endpoint has a port");
    let host = HeaderValue::try_from(format!("{api}.execute-api.localhost:{port}")).expect("an id is ASCII");
    let router = Router::new().fallback(answer).with_state((upstream, host));
    tokio::spawn(async move { axum::serve(listener, router).await });
}

async fn answer(State((upstream, host)): State<(Upstream, HeaderValue)>, request: Request) -> Response {
    let (parts, content) = request.into_parts();
    let mut headers = headers(&parts);
    headers.insert(HOST, host);
    upstream.forward(&parts, headers, body(content).await).await
}
