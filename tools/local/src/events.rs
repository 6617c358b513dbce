//! Events for `cargo lambda invoke`: complete payloads of API Gateway (v2), of the queue and of Secrets Manager, made by
//! going through a launch, or a registration, as a Platform would.
//!
//! `cargo run -- event <function>.<case>` makes one against the data of a running stack. `events/*.json` are the
//! same events, recorded with keys and a clock that the replaying test knows.

mod administrator;
mod payload;
mod platform;

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use doorway_core::clock::{Clock, SystemClock};
use doorway_core::event_bus::EventBus;
use doorway_core::invite::{Activation, INVITE_PARAMETER, NewInvite};
use doorway_core::key_ring::Step;
use doorway_core::launch_id::LaunchId;
use doorway_core::random::SystemRandom;
use doorway_core::scores::SubmissionId;
use doorway_core::settings::{CANVAS_JSON_PATH, REGISTER_PATH};
use doorway_core::store::StoreError;
use doorway_core::store::invites::Invites;
use doorway_mock_platform::PlatformKey;
use http::StatusCode;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use crate::database::local_aws;
use crate::demo;
use crate::queues::Queues;
use crate::stack::StackError;
use crate::tool::{Reach, SecretsFrom, Tool, ToolParts};
pub use administrator::Administrator;
pub use payload::Event;
use platform::Launching;

/// Every case, by name.
pub const CASES: [&str; 27] = [
    "login.get",
    "login.post",
    "login.canvas",
    "login.unknown-platform",
    "launch.resource-link",
    "launch.deep-linking",
    "launch.submission-review",
    "launch.data-privacy",
    "launch.platform-error",
    "jwks.get",
    "register.open",
    "register.confirm",
    "register.canvas-json",
    "launches.redeem",
    "launches.read",
    "launches.forget",
    "launches.forget-user",
    "deep-link.respond",
    "scores.publish",
    "scores.read",
    "scores.line-items",
    "memberships.read",
    "deliver-scores.batch",
    "rotate-keys.create-secret",
    "rotate-keys.set-secret",
    "rotate-keys.test-secret",
    "rotate-keys.finish-secret",
];

/// What the App calls the score that events publish.
const IDEMPOTENCY_KEY: &str = "event-1";
/// The version that events of a rotation are about: all four are one rotation.
const VERSION_TO_COME: &str = "11111111-2222-4333-8444-555555555555";

/// Why an event could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Not one of [`CASES`].
    #[error("there is no event `{0}`; `cargo run -- event` lists them")]
    Unknown(String),
    /// The data directory is not that of a stack.
    #[error("there is no stack in `{0}`: start one with `cargo run -- --data {0}`")]
    NoStack(String),
    /// A key file cannot be used.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The launch that the event needs did not succeed.
    #[error("a launch for the event ended with {status}: is the stack running?")]
    Launch {
        /// The function's answer.
        status: StatusCode,
    },
    /// The registration that the event needs did not begin.
    #[error("the mock Platform opens no registration: is the stack running, with its demo?")]
    NoRegistration,
    /// The table takes no invite.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Prints one event, or the list of cases.
///
/// # Errors
/// [`EventError`] says what to do.
pub async fn print(case: Option<&str>, data: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let text = match case {
        None => CASES.join("\n"),
        Some(case) => serde_json::to_string_pretty(&EventMaker::for_stack(data).await?.make(case).await?)?,
    };
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// Makes events for one Tool.
pub struct EventMaker {
    tool: Tool,
    public_url: Url,
    app_url: Url,
    platform_key: PlatformKey,
    app_key: String,
    administrator: Administrator,
    signing_keys: String,
    invites: Invites,
    clock: Arc<dyn Clock>,
}

impl EventMaker {
    /// For the Tool of these parts, with the mock Platform's key. `signing_keys` is the id of that secret, as
    /// `rotate-keys` knows it.
    pub fn new(
        parts: &ToolParts,
        platform_key: PlatformKey,
        app_key: String,
        administrator: Administrator,
        signing_keys: String,
    ) -> Self {
        Self {
            tool: Tool::new(parts),
            public_url: parts.public_url.clone(),
            app_url: parts.app_url.clone(),
            platform_key,
            app_key,
            administrator,
            signing_keys,
            invites: parts.invites(),
            clock: parts.clock.clone(),
        }
    }

    /// For the stack that runs with this data directory.
    async fn for_stack(data: &Path) -> Result<Self, EventError> {
        let no_stack = || EventError::NoStack(data.display().to_string());
        let environment = std::fs::read_to_string(data.join("lambda.env")).map_err(|_| no_stack())?;
        let variable = |name: &str| {
            environment.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).ok_or_else(no_stack)
        };
        let url = |name: &str| Url::parse(variable(name)?).map_err(|_| no_stack());
        let file = |name: &str| Ok::<_, EventError>(variable(name)?.trim_start_matches("file:").into());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let parts = ToolParts {
            aws: local_aws(variable("AWS_ENDPOINT_URL_DYNAMODB")?).await,
            public_url: url("DOORWAY_PUBLIC_URL")?,
            state_key: file("DOORWAY_STATE_KEY")?,
            app_keys: file("DOORWAY_APP_KEYS")?,
            lti11_secrets: file("DOORWAY_LTI11_SECRETS").ok(),
            signing_keys: file("DOORWAY_SIGNING_KEYS")?,
            queues: Queues::new(&clock),
            score_retry_days: doorway_core::config::DEFAULT_SCORE_RETRY_DAYS,
            app_url: url("DOORWAY_APP_URL")?,
            app_origins: Vec::new(),
            retention_days: doorway_core::config::DEFAULT_RETENTION_DAYS,
            leeway_seconds: doorway_core::config::DEFAULT_LEEWAY_SECONDS,
            tool_name: demo::TOOL_NAME.to_owned(),
            events: EventBus::off(),
            reach: Reach::Local,
            secrets: SecretsFrom::Files,
            clock,
            random: Arc::new(SystemRandom),
        };
        let app_key = std::fs::read_to_string(data.join("app-key")).map_err(|_| no_stack())?;
        let platform_key = crate::key_files::KeyFiles::in_directory(data)?.platform_key()?;
        let administrator = Administrator::AtPlatform { issuer: demo::issuer(&parts.public_url) };
        let signing_keys = variable("DOORWAY_SIGNING_KEYS")?.to_owned();
        Ok(Self::new(&parts, platform_key, app_key, administrator, signing_keys))
    }

    /// The event of this case, as AWS would send it.
    ///
    /// # Errors
    /// [`EventError`] for an unknown case, or when the launch that a case needs is refused.
    pub async fn make(&self, case: &str) -> Result<Value, EventError> {
        let event = match case {
            "login.get" => Event::get("/lti/login").query(&self.login_parameters()),
            "login.post" => Event::form("/lti/login", &self.login_parameters()),
            "login.canvas" => Event::form("/lti/login", &self.canvas_login_parameters()),
            "login.unknown-platform" => Event::form("/lti/login", &self.unknown_login_parameters()),
            "launch.resource-link" => self.launch(Launching::ResourceLink).await?,
            "launch.deep-linking" => self.launch(Launching::DeepLinking).await?,
            "launch.submission-review" => self.launch(Launching::SubmissionReview).await?,
            "launch.data-privacy" => self.launch(Launching::DataPrivacy).await?,
            "launch.platform-error" => self.launch(Launching::LoginRequired).await?,
            "jwks.get" => Event::get("/.well-known/jwks.json"),
            "register.open" => self.open_registration().await?,
            "register.confirm" => {
                let [_, confirm] = self.make_registration().await?;
                return Ok(confirm);
            }
            "register.canvas-json" => Event::get(CANVAS_JSON_PATH),
            "launches.forget-user" => {
                self.app_call("DELETE", "/v1/users").query(&[("issuer", self.issuer()), ("sub", platform::user().id)])
            }
            "deliver-scores.batch" => return Ok(payload::queue_batch(NO_SUBMISSION, self.clock.now())),
            rotation if rotation.starts_with("rotate-keys.") => return self.rotation(rotation),
            about_a_launch => {
                let launch = self.launched(Launching::of_case(about_a_launch)).await?;
                if about_a_launch == "scores.read" {
                    self.ask("scores", self.publish(&launch)).await?;
                }
                return self.make_about(about_a_launch, &launch);
            }
        };
        Ok(event.payload(&self.public_url, self.clock.now()))
    }

    /// The event of a case that is about a launch, for this launch.
    ///
    /// # Errors
    /// [`EventError::Unknown`].
    pub fn make_about(&self, case: &str, launch: &str) -> Result<Value, EventError> {
        let path = |action: &str| format!("/v1/launches/{launch}{action}");
        let event = match case {
            "launches.redeem" => self.app_call("POST", &path("/redeem")),
            "launches.read" => self.app_call("GET", &path("")),
            "launches.forget" => self.app_call("DELETE", &path("")),
            "deep-link.respond" => self.app_call("POST", &path("/deep-link")).json(&json!({ "contentItems": [
                { "type": "ltiResourceLink", "title": "How light bends", "custom": { "lesson": "how-light-bends" } },
            ] })),
            "scores.publish" => self.publish(launch),
            "scores.read" => self.app_call("GET", &format!("/v1/scores/{}", submission(launch))),
            "scores.line-items" => self.app_call("GET", &path("/line-items")),
            "memberships.read" => self
                .app_call("GET", &path("/memberships"))
                .query(&[("role", "Learner".to_owned()), ("limit", "2".to_owned())]),
            unknown => return Err(EventError::Unknown(unknown.to_owned())),
        };
        Ok(event.payload(&self.public_url, self.clock.now()))
    }

    /// The events `register.open` and `register.confirm` of one invite.
    ///
    /// # Errors
    /// [`EventError`] when the Platform, or the Tool, opens no registration.
    pub async fn make_registration(&self) -> Result<[Value; 2], EventError> {
        let open = self.open_registration().await?;
        let confirm = self.confirm(&open).await?;
        Ok([open, confirm].map(|event| event.payload(&self.public_url, self.clock.now())))
    }

    /// A score that goes to the queue at once.
    fn publish(&self, launch: &str) -> Event {
        let score = json!({
            "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "userId": "52",
        });
        self.app_call("POST", &format!("/v1/launches/{launch}/scores"))
            .header("idempotency-key", IDEMPOTENCY_KEY)
            .header("prefer", "respond-async")
            .json(&score)
    }

    fn app_call(&self, method: &'static str, path: &str) -> Event {
        Event::new(method, path).header("authorization", &format!("Bearer {}", self.app_key))
    }

    fn issuer(&self) -> String {
        demo::issuer(&self.public_url)
    }

    fn login_parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("iss", self.issuer()),
            ("login_hint", platform::user().id),
            ("target_link_uri", self.app_url.to_string()),
            ("lti_message_hint", r#"{"cmid":7,"launchid":"ltilaunch1"}"#.to_owned()),
            ("client_id", demo::CLIENT_ID.to_owned()),
            ("lti_deployment_id", demo::DEPLOYMENT_ID.to_owned()),
        ]
    }

    /// Canvas calls the Deployment `deployment_id`, and adds parameters of its own.
    fn canvas_login_parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = self.login_parameters();
        parameters.pop();
        parameters.extend([
            ("deployment_id", demo::DEPLOYMENT_ID.to_owned()),
            ("canvas_region", "us-east-1".to_owned()),
            ("canvas_environment", "prod".to_owned()),
            ("lti_storage_target", "post_message_forwarding".to_owned()),
        ]);
        parameters
    }

    fn unknown_login_parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = self.login_parameters();
        parameters[0].1 = "https://lms.unknown.example".to_owned();
        parameters
    }

    /// The link of a new invite, as an administrator's Platform opens it.
    async fn open_registration(&self) -> Result<Event, EventError> {
        let new = NewInvite { activation: Activation::AtOnce, ..NewInvite::default() };
        let code = self.invites.create(&new, &SystemRandom, self.clock.now()).await?;
        let mut link = self.public_url.clone();
        link.set_path(REGISTER_PATH);
        link.query_pairs_mut().append_pair(INVITE_PARAMETER, &code.text());
        let opened = self.administrator.open(&link).await.ok_or(EventError::NoRegistration)?;
        Ok(Event::get(opened.path()).raw_query(opened.query().unwrap_or_default()))
    }

    /// The form of the page that is shown to whom this opens, posted.
    ///
    /// # Errors
    /// [`EventError::NoRegistration`] when no such page is shown.
    async fn confirm(&self, opening: &Event) -> Result<Event, EventError> {
        let shown = self.ask("register", opening.clone()).await?;
        let cookie = header(&shown, &SET_COOKIE).and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let page = shown.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let page = String::from_utf8_lossy(&page);
        let field = page.split_once("name=\"registration\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let (Some(cookie), Some(field)) = (cookie, field) else { return Err(EventError::NoRegistration) };
        Ok(Event::form(REGISTER_PATH, &[("registration", field.to_owned())]).cookie(&cookie))
    }

    /// One of the four calls of a rotation.
    fn rotation(&self, case: &str) -> Result<Value, EventError> {
        let step = match case {
            "rotate-keys.create-secret" => Step::Create,
            "rotate-keys.set-secret" => Step::Set,
            "rotate-keys.test-secret" => Step::Test,
            "rotate-keys.finish-secret" => Step::Finish,
            unknown => return Err(EventError::Unknown(unknown.to_owned())),
        };
        Ok(payload::rotation(step.name(), &self.signing_keys, VERSION_TO_COME))
    }

    /// Begins a login at the Tool and answers it as the Platform would.
    async fn launch(&self, launching: Launching) -> Result<Event, EventError> {
        let login = Event::form("/lti/login", &self.login_parameters());
        let answer = self.ask("login", login).await?;
        let location = header(&answer, &LOCATION).and_then(|location| Url::parse(location).ok());
        let cookie = header(&answer, &SET_COOKIE).and_then(|cookie| cookie.split(';').next());
        let (Some(request), Some(cookie)) = (location, cookie) else {
            return Err(EventError::Launch { status: answer.status() });
        };
        let form =
            launching.answer(&self.platform_key, &request, &self.issuer(), self.app_url.as_str(), self.clock.now());
        Ok(Event::form("/lti/launch", &form).cookie(cookie))
    }

    /// The id of a launch that just succeeded.
    async fn launched(&self, launching: Launching) -> Result<String, EventError> {
        let event = self.launch(launching).await?;
        let answer = self.ask("launch", event).await?;
        let location = header(&answer, &LOCATION).and_then(|location| Url::parse(location).ok());
        let id = location
            .and_then(|url| url.query_pairs().find(|(name, _)| name == "launch").map(|(_, id)| id.into_owned()));
        id.ok_or(EventError::Launch { status: answer.status() })
    }

    async fn ask(&self, function: &str, event: Event) -> Result<axum::response::Response, EventError> {
        let router = self.tool.function(function).ok_or_else(|| EventError::Unknown(function.to_owned()))?;
        let mut request = Request::builder().method(event.method()).uri(event.uri());
        for (name, value) in event.headers() {
            request = request.header(*name, value);
        }
        if let Some(cookie) = event.first_cookie() {
            request = request.header(COOKIE, cookie);
        }
        let request = request.body(Body::from(event.body().to_owned())).expect("the request's parts are constants");
        let answer = router.clone().oneshot(request).await;
        Ok(answer.unwrap_or_else(|never| match never {}))
    }
}

/// The id of the score that `scores.publish` publishes for this launch.
fn submission(launch: &str) -> String {
    let launch = LaunchId::try_from(launch).expect("the Tool made the id");
    SubmissionId::of_request(&launch, IDEMPOTENCY_KEY).to_string()
}

/// No score has this id, though one could.
const NO_SUBMISSION: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn header<'a>(answer: &'a axum::response::Response, name: &http::HeaderName) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}
