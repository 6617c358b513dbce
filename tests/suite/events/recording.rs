//! What the events are recorded with, and how.
//!
//! The keys are no secrets: they seal and open nothing but these events. Of the key that signed the tokens only the
//! public half is kept, so that nobody can sign more.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_core::app_keys::secret_text;
use doorway_core::clock::{Clock as _, ManualClock};
use doorway_core::http::Detour;
use doorway_core::invite::{Activation, INVITE_PARAMETER, InviteCode, NewInvite};
use doorway_core::random::Random;
use doorway_core::registration::{PlatformTransport, Registration};
use doorway_local::demo;
use doorway_local::events::{Administrator, CASES, EventMaker};
use doorway_local::tool::Reach;
use doorway_mock_platform::{Platform, PlatformKey};
use doorway_tests::{BEGIN, FakePlatform, Setup, TestTool};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::{Position, Url};

use super::files::{event, events_directory, fixture, fixtures_directory};
use super::replay::invoke;

/// The App API key in the events.
pub const APP_KEY: &str = "not-a-secret-app-key";
/// The mock Platform's registration token in the events.
const REGISTRATION_TOKEN: &str = "not-a-secret-registration-token";
/// The signing keys' secret in the events.
pub const SIGNING_KEYS: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:SigningKeys-a1b2c3";
/// The text of the state key.
const STATE_KEY: &str = "not-a-secret-it-seals-nothing-but-the-recorded-events";

/// The local stack as it was when the events were recorded: its addresses, keys and Registration.
pub struct Recording {
    registration: Registration,
    platform: Arc<Platform>,
    listening: Listening,
}

/// Where the mock Platform really listens: the port of the recorded addresses may be taken.
#[derive(Clone)]
struct Listening {
    recorded: Url,
    really: Url,
}

impl Detour for Listening {
    fn instead_of(&self, url: &Url) -> Url {
        if url.origin() != self.recorded.origin() {
            return url.clone();
        }
        self.really.join(&url[Position::BeforePath..]).expect("a path is a reference")
    }
}

/// The code of the recorded invite, for whoever draws one.
struct RecordedCode;

impl Random for RecordedCode {
    fn fill(&self, bytes: &mut [u8]) {
        let opened = event("register.open");
        let code = opened["queryStringParameters"][INVITE_PARAMETER].as_str().expect("the link has an invite");
        bytes.copy_from_slice(&URL_SAFE_NO_PAD.decode(code).expect("a code is base64url"));
    }
}

impl Recording {
    /// With the key that signed the recorded tokens.
    pub async fn start() -> Self {
        Self::signed_with(fixture("platform-jwks.json")["keys"][0].clone()).await
    }

    /// With the mock Platform's public key; it is served on loopback.
    pub async fn signed_with(jwk: Value) -> Self {
        let served = FakePlatform::start("https://keys.example", "keys").await;
        served.publish_jwks(vec![jwk]);
        let (public_url, app_url) = urls();
        let addresses =
            demo::Addresses { tool: public_url.clone(), platform: public_url.clone(), sso: None, app: app_url.clone() };
        let platform = demo::platform(&addresses, PlatformKey::generate(), Arc::new(ManualClock::at(BEGIN)));
        // The services are nowhere: an event that needs them is refused in a known way.
        let keys = served.registration().jwks_uri;
        let nowhere = keys.join("/nowhere").expect("a path is a reference");
        let registration =
            Registration { jwks_uri: keys, token_endpoint: nowhere, ..demo::registration(&public_url, &platform) };
        let platform = Arc::new(platform);
        let listening = Listening { recorded: public_url, really: serve(platform.clone()).await };
        Self { registration, platform, listening }
    }

    /// What makes events for this Tool, whose mock Platform signs with this key.
    pub fn maker(&self, tool: &TestTool, key: PlatformKey) -> EventMaker {
        self.platform.expect_registration(REGISTRATION_TOKEN);
        let configuration = self.platform.configuration_url();
        let administrator = Administrator::WithToken { configuration, token: REGISTRATION_TOKEN.to_owned() };
        EventMaker::new(&tool.parts, key, APP_KEY.to_owned(), administrator, SIGNING_KEYS.to_owned())
    }

    /// An administrator has the recorded invite, and the Platform expects the recorded token.
    pub async fn invite(&self, tool: &TestTool) {
        self.platform.expect_registration(REGISTRATION_TOKEN);
        let new = NewInvite { activation: Activation::AtOnce, ..NewInvite::default() };
        let code = tool.parts.invites().create(&new, &RecordedCode, tool.clock.now()).await;
        let _known: InviteCode = code.expect("the table takes an invite");
    }

    /// A Tool that nobody has launched yet.
    pub async fn tool(&self) -> TestTool {
        let (public_url, app_url) = urls();
        let reach = Reach::Detour(PlatformTransport::HttpAllowed, Arc::new(self.listening.clone()));
        let setup = Setup { public_url, app_url, reach, ..Setup::default() };
        let mut tool = TestTool::start_with(setup, std::slice::from_ref(&self.registration)).await;
        tool.parts.state_key = fixtures_directory().join("state-key.json");
        tool.parts.app_keys = fixtures_directory().join("app-keys.json");
        tool.restart();
        tool.parts.tool_keys().publish(&json!({ "keys": [] })).await.expect("the table takes items");
        tool
    }
}

/// Serves the mock Platform; where.
async fn serve(platform: Arc<Platform>) -> Url {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    let address = listener.local_addr().expect("a bound listener has an address");
    let router = Router::new().nest("/platform", doorway_mock_platform::router(platform));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&format!("http://{address}")).expect("an address makes a URL")
}

/// Where a stack that is started without options has the Tool and the sample App.
fn urls() -> (Url, Url) {
    let url = |text| Url::parse(text).expect("a constant URL parses");
    (url("http://127.0.0.1:8400"), url("http://127.0.0.1:8400/app"))
}

/// Writes the fixtures and all events anew.
pub async fn record() {
    let key = PlatformKey::generate();
    let jwk = key.public_jwk();
    write_fixtures(&jwk);
    let recording = Recording::signed_with(jwk).await;
    let tool = recording.tool().await;
    let maker = recording.maker(&tool, key);
    let mut ids = BTreeMap::new();
    for launching in [RESOURCE_LINK, DEEP_LINKING] {
        let launch = maker.make(launching).await.expect("every case can be made");
        ids.insert(launching, launch_id(&tool, &launch).await);
        write(&events_directory().join(format!("{launching}.json")), &launch);
    }
    let registration = maker.make_registration().await.expect("the mock Platform opens a registration");
    for (case, event) in REGISTRATION.iter().zip(&registration) {
        write(&events_directory().join(format!("{case}.json")), event);
    }
    for case in CASES.iter().filter(|case| !ids.contains_key(**case) && !REGISTRATION.contains(case)) {
        let event = match launching_of(case) {
            Some(launching) => maker.make_about(case, &ids[launching]),
            None => maker.make(case).await,
        };
        write(&events_directory().join(format!("{case}.json")), &event.expect("every case can be made"));
    }
}

const RESOURCE_LINK: &str = "launch.resource-link";
const DEEP_LINKING: &str = "launch.deep-linking";
const REGISTRATION: [&str; 2] = ["register.open", "register.confirm"];

/// The launch that an event of this case is about.
pub fn launching_of(case: &str) -> Option<&'static str> {
    match case.split('.').next()? {
        "deep-link" => Some(DEEP_LINKING),
        "launches" if case == "launches.forget-user" => None,
        "launches" | "scores" | "memberships" => Some(RESOURCE_LINK),
        _ => None,
    }
}

fn write_fixtures(jwk: &Value) {
    let app_keys: Value = serde_json::from_str(&secret_text(&[("events", APP_KEY)])).expect("the secret is JSON");
    for (name, fixture) in [
        ("platform-jwks.json", &json!({ "keys": [jwk] })),
        ("state-key.json", &json!({ "id": "events", "secret": STATE_KEY })),
        ("app-keys.json", &app_keys),
    ] {
        write(&fixtures_directory().join(name), fixture);
    }
}

async fn launch_id(tool: &TestTool, launch: &Value) -> String {
    let reply = invoke(tool, "launch", launch).await;
    let (_, id) = reply.header("location").split_once("?launch=").expect("the launch was accepted");
    id.to_owned()
}

fn write(path: &std::path::Path, value: &Value) {
    let text = format!("{value:#}\n");
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
