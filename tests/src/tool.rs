//! A Tool made of the production routers over the embedded DynamoDB, with a clock that a test moves.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use doorway_core::clock::{Clock, ManualClock, UnixSeconds};
use doorway_core::event_bus::EventBus;
use doorway_core::random::{self, SystemRandom};
use doorway_core::registration::Registration;
use doorway_deliver_scores::Worker;
use doorway_local::key_files::KeyFiles;
use doorway_local::queues::{Poller, Queues};
use doorway_local::sqs::SqsEndpoint;
use doorway_local::stack::lambda_environment;
use doorway_local::tool::{Reach, SecretsFrom, Tool, ToolParts};
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::aws_front::AwsFront;
use crate::browser::Page;
use crate::described::answer_is_described;
use crate::logs;
use crate::platform::{FakePlatform, teacher};
use crate::tables::Tables;

/// The App API key of every test Tool.
pub const APP_KEY: &str = "test-app-key";
/// When the clocks of the tests begin: 2026-11-23T08:00:00Z.
pub const BEGIN: UnixSeconds = UnixSeconds(1_795_420_800);

/// What a test may want otherwise.
pub struct Setup {
    /// The Tool's own address.
    pub public_url: Url,
    /// Where launches lead by default.
    pub app_url: Url,
    /// Where else.
    pub app_origins: Vec<Url>,
    /// In seconds.
    pub leeway_seconds: u32,
    /// How Platforms are reached.
    pub reach: Reach,
}

impl Default for Setup {
    fn default() -> Self {
        let url = |text| Url::parse(text).expect("a constant URL parses");
        Self {
            public_url: url("https://tool.example"),
            app_url: url("https://app.example/start"),
            app_origins: Vec::new(),
            leeway_seconds: 60,
            reach: Reach::Local,
        }
    }
}

/// A Tool under test.
pub struct TestTool {
    /// What it is made of: its stores, for setting up and looking into.
    pub parts: ToolParts,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    tool: Tool,
    router: Router,
    directory: Arc<Directory>,
}

/// Where a Tool's keys are; gone with the last Tool over it.
struct Directory {
    path: PathBuf,
    /// The address of the database.
    database: String,
}

impl Directory {
    fn keys(&self) -> KeyFiles {
        KeyFiles::in_directory(&self.path).expect("the directory is there")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ignored = std::fs::remove_dir_all(&self.path);
    }
}

/// A login that the Tool answered: with a redirect, or with the page that leads on.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The authentication request.
    pub request: Url,
    /// `name=value` of the binding cookie.
    pub cookie: String,
    /// What the page puts where, when the Platform offers storage.
    pub storage: Option<Stored>,
}

/// What a page of the Tool puts into Platform storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The origin it is for.
    pub origin: String,
    /// The frame it is sent to.
    pub frame: String,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Begun {
    /// A parameter of the authentication request.
    pub fn parameter(&self, name: &str) -> String {
        let pair = self.request.query_pairs().find(|(known, _)| known == name);
        pair.unwrap_or_else(|| panic!("the authentication request has no `{name}`")).1.into_owned()
    }

    /// The sealed state.
    pub fn state(&self) -> String {
        self.parameter("state")
    }

    /// The nonce.
    pub fn nonce(&self) -> String {
        self.parameter("nonce")
    }
}

/// An answer of the Tool.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// A header, or "".
    pub fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// What the page gives its script.
    pub fn page_data(&self) -> Value {
        let (_, data) = self.body.split_once("type=\"application/json\">").expect("the page has data for its script");
        let (data, _) = data.split_once("</script>").expect("a script ends");
        serde_json::from_str(data).unwrap_or_else(|error| panic!("{error} in {data}"))
    }

    /// The hidden fields of the page's forms, by name.
    pub fn hidden_fields(&self) -> Vec<(String, String)> {
        let page = Page { url: Url::parse("https://tool.example/").expect("a constant"), answer: self.clone() };
        page.form().expect("the page has a form").1
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// The error code: of a problem document, or as printed on an error page behind the reference.
    pub fn code(&self) -> String {
        if self.header(CONTENT_TYPE) == "application/problem+json" {
            return self.json()["code"].as_str().expect("a problem has a code").to_owned();
        }
        let (_, rest) = self.body.split_once("&middot; ").unwrap_or_else(|| panic!("no error page: {}", self.body));
        rest.split('<').next().unwrap_or_default().trim().to_owned()
    }

    /// The launch id in the redirect to the App.
    pub fn launch_id(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        let location = Url::parse(self.header(LOCATION)).expect("the location is a URL");
        let pair = location.query_pairs().find(|(name, _)| name == "launch");
        pair.expect("the location has a launch").1.into_owned()
    }
}

impl TestTool {
    /// A Tool with these Registrations.
    pub async fn start(registrations: &[Registration]) -> Self {
        Self::start_with(Setup::default(), registrations).await
    }

    /// A Tool set up otherwise.
    pub async fn start_with(setup: Setup, registrations: &[Registration]) -> Self {
        logs::start();
        let name = u64::from_be_bytes(random::bytes(&SystemRandom));
        let directory = std::env::temp_dir().join(format!("doorway-test-{name:016x}"));
        let keys = KeyFiles::in_directory(&directory).unwrap();
        let (_, app_keys) = keys.app_key(Some(APP_KEY), &SystemRandom).unwrap();
        let Tables { aws, endpoint } = Tables::start().await;
        let clock = Arc::new(ManualClock::at(BEGIN));
        let parts = ToolParts {
            aws,
            public_url: setup.public_url,
            state_key: keys.state_key(&SystemRandom).unwrap(),
            app_keys,
            lti11_secrets: Some(keys.lti11_secrets().unwrap()),
            signing_keys: keys.signing_keys().unwrap(),
            queues: Queues::new(&(clock.clone() as Arc<dyn Clock>)),
            score_retry_days: 7,
            app_url: setup.app_url,
            app_origins: setup.app_origins,
            retention_days: 120,
            leeway_seconds: setup.leeway_seconds,
            tool_name: "Lumen".to_owned(),
            events: EventBus::off(),
            reach: setup.reach,
            secrets: SecretsFrom::Files,
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
        };
        let tool = Self::of_parts(parts, clock, Arc::new(Directory { path: directory, database: endpoint }));
        for registration in registrations {
            tool.parts.registrations().put(registration).await.unwrap();
        }
        tool
    }

    fn of_parts(parts: ToolParts, clock: Arc<ManualClock>, directory: Arc<Directory>) -> Self {
        let tool = Tool::new(&parts);
        Self { router: tool.clone().router(), tool, parts, clock, directory }
    }

    /// The address of the database, whatever stands in front of it meanwhile.
    pub fn database(&self) -> &str {
        &self.directory.database
    }

    /// A folder like that of `cargo run -- --data`: with it the `doorway` command finds this Tool.
    pub async fn local_directory(&self) -> PathBuf {
        let sqs = SqsEndpoint::start(self.parts.queues.clone()).await.expect("loopback can be listened on");
        let variables = lambda_environment(&self.parts, &self.directory.database, &sqs);
        self.directory.keys().write("lambda.env", &variables).expect("the folder can be written to");
        self.directory.path.clone()
    }

    /// The routers of all functions as one.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The router of one function, as API Gateway invokes it.
    pub fn function(&self, name: &str) -> Router {
        self.tool.function(name).expect("the function exists").clone()
    }

    /// New instances of all functions over the same tables: nothing is cached in them.
    pub fn restart(&mut self) {
        self.tool = Tool::new(&self.parts);
        self.router = self.tool.clone().router();
    }

    /// New instances that reach AWS through a front, which is well, and wait for it as long as it takes.
    pub async fn put_behind_front(&mut self) -> Arc<AwsFront> {
        let front = AwsFront::start(self.database()).await;
        self.parts.aws = front.aws().await;
        self.restart();
        front
    }

    /// New instances that tell this bus what happens.
    pub fn tell(&mut self, events: EventBus) {
        self.parts.events = events;
        self.restart();
    }

    /// Another instance over the same tables, secrets and clock, as Lambda starts them under load.
    pub fn twin(&self) -> Self {
        Self::of_parts(self.parts.clone(), self.clock.clone(), self.directory.clone())
    }

    /// The time now.
    pub fn now(&self) -> u64 {
        self.clock.now().0
    }

    /// Sends a request through the production routers.
    ///
    /// # Panics
    /// When the App API answers what its description does not have.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the body is in memory").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("answers are text");
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        if path.starts_with("/v1/") {
            let described = answer_is_described(&method, &path, &answer);
            described.unwrap_or_else(|fault| panic!("docs/openapi.json, {method} {path}: {fault}"));
        }
        answer
    }

    /// `GET` without anything.
    pub async fn get(&self, uri: &str) -> Answer {
        self.send(Request::get(uri).body(Body::empty()).unwrap()).await
    }

    /// A form POST with cookies.
    pub async fn post(&self, uri: &str, fields: &[(&str, &str)], cookies: &[&str]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_raw(uri, body, cookies).await
    }

    /// A form POST with a body as it is.
    pub async fn post_raw(&self, uri: &str, body: impl Into<Body>, cookies: &[&str]) -> Answer {
        let mut request = Request::post(uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A call of the App API with the right key.
    pub async fn api(&self, method: &str, uri: &str) -> Answer {
        let request = Request::builder().method(method).uri(uri).header(AUTHORIZATION, format!("Bearer {APP_KEY}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A call of the App API with a JSON body and further headers.
    pub async fn api_json(&self, method: &str, uri: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header(AUTHORIZATION, format!("Bearer {APP_KEY}"))
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The function that consumes the queue.
    pub fn worker(&self) -> &Worker {
        self.tool.worker()
    }

    /// The worker with its queues, as Lambda's event source drives it.
    pub fn poller(&self) -> Poller {
        Poller::new(self.parts.queues.clone(), self.tool.worker().clone())
    }

    /// The public keys that Platforms know the Tool by.
    pub fn public_keys(&self) -> Value {
        self.directory.keys().tool_key_set().unwrap()
    }

    /// Redeems a launch.
    pub async fn redeem(&self, id: &str) -> Answer {
        self.api("POST", &format!("/v1/launches/{id}/redeem")).await
    }

    /// Begins a login for this Platform.
    pub async fn begin(&self, platform: &FakePlatform) -> Begun {
        self.begin_with(platform, &[]).await
    }

    /// Begins a login for this Platform with further parameters.
    pub async fn begin_with(&self, platform: &FakePlatform, more: &[(&str, &str)]) -> Begun {
        let usual = [
            ("iss", platform.issuer.as_str()),
            ("login_hint", "hint-1"),
            ("target_link_uri", "https://app.example/lesson/7"),
            ("client_id", platform.client_id.as_str()),
            ("lti_deployment_id", platform.deployment_id.as_str()),
        ];
        let fields = [&usual, more].concat();
        begun(&self.post("/lti/login", &fields, &[]).await)
    }

    /// The claims of a good launch of the teacher for this login.
    pub fn good_claims(&self, platform: &FakePlatform, begun: &Begun) -> Value {
        platform.claims(&begun.nonce(), self.now(), &teacher()).resource_link()
    }

    /// A good launch from a browser that kept no cookie, of a Platform that offers storage in this frame, or none.
    pub async fn launch_without_cookie(&self, platform: &FakePlatform, storage_target: &str) -> Answer {
        let begun = self.begin_with(platform, &[("lti_storage_target", storage_target)]).await;
        self.post_token_without_cookie(&begun, &platform.key.id_token(&self.good_claims(platform, &begun))).await
    }

    /// Posts a token for this login, from a browser that kept no cookie.
    pub async fn post_token_without_cookie(&self, begun: &Begun, id_token: &str) -> Answer {
        self.post("/lti/launch", &[("id_token", id_token), ("state", &begun.state())], &[]).await
    }

    /// Posts a token for this login, from the browser that began it.
    pub async fn post_token(&self, begun: &Begun, id_token: &str) -> Answer {
        let fields = [("id_token", id_token), ("state", &begun.state())];
        self.post("/lti/launch", &fields, &[&begun.cookie]).await
    }

    /// A whole launch whose claims a test changes.
    pub async fn launch_with(&self, platform: &FakePlatform, change: impl FnOnce(&mut Value)) -> Answer {
        let begun = self.begin(platform).await;
        let mut claims = self.good_claims(platform, &begun);
        change(&mut claims);
        self.post_token(&begun, &platform.key.id_token(&claims)).await
    }

    /// A good launch; its id.
    pub async fn launch(&self, platform: &FakePlatform) -> String {
        self.launch_with(platform, |_| {}).await.launch_id()
    }
}

/// Reads a login's redirect, or the page that leads on.
pub fn begun(answer: &Answer) -> Begun {
    let cookie = answer.header(SET_COOKIE).split(';').next().expect("the cookie has a value").to_owned();
    if answer.status == StatusCode::FOUND {
        let request = Url::parse(answer.header(LOCATION)).expect("the location is a URL");
        return Begun { request, cookie, storage: None };
    }
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let data = answer.page_data();
    let text = |value: &Value| value.as_str().expect("the page's data are texts").to_owned();
    let place = data.get("storage").filter(|place| !place.is_null());
    let storage = place.map(|place| Stored {
        origin: text(&place["origin"]),
        frame: text(&place["frame"]),
        key: text(&place["key"]),
        value: text(&data["value"]),
    });
    Begun { request: Url::parse(&text(&data["next"])).expect("the next page is a URL"), cookie, storage }
}
