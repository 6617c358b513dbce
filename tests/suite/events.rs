//! `events/*.json`: API Gateway's, the queue's and Secrets Manager's events of every function, replayed as the Lambda runtime does it: the event becomes
//! a request by `lambda_http`, and the function's answer becomes a response of payload format 2.0.
//!
//! `DOORWAY_RECORD_EVENTS=1` records them anew; `events/README.md` says how.

mod files;
mod recording;
mod replay;

use std::collections::BTreeSet;

use doorway_core::clock::Clock as _;
use doorway_core::key_life::{KeyKind, LEAST_PERIOD_SECONDS};
use doorway_local::events::{CASES, EventError};
use doorway_mock_platform::PlatformKey;
use doorway_tests::TestTool;
use serde_json::{Value, json};

use files::{event, event_names};
use recording::{Recording, launching_of, record};
use replay::{Reply, invoke, unencoded};

/// What answers an event: a status, and an error code or the beginning of a location where there is one.
struct Outcome {
    case: &'static str,
    status: u64,
    shows: Shows,
}

/// What there is to see in an answer.
enum Shows {
    /// A redirect to an address that begins so.
    Location(&'static str),
    /// The page between login and Platform, on its way to an address that begins so.
    Opening(&'static str),
    /// An error page with this code.
    ErrorPage(&'static str),
    /// The Tool's key set.
    KeySet,
    /// A launch, with the user's name or without.
    Launch { named: bool },
    /// A JSON object with this member.
    Member(&'static str),
    /// A problem document with this code.
    Problem(&'static str),
    /// A page with these words.
    Page(&'static str),
    /// What a step of a rotation did.
    Done(&'static str),
    /// The answer to a batch of which nothing comes again.
    Batch,
    /// Nothing.
    Nothing,
}

const AUTHORIZE: &str = "http://127.0.0.1:8400/platform/auth?scope=openid&";
const AUTHORIZATION: Shows = Shows::Location(AUTHORIZE);
const LANDING: Shows = Shows::Location("http://127.0.0.1:8400/app?launch=");

const OUTCOMES: [Outcome; CASES.len()] = [
    Outcome { case: "login.get", status: 302, shows: AUTHORIZATION },
    Outcome { case: "login.post", status: 302, shows: AUTHORIZATION },
    Outcome { case: "login.canvas", status: 200, shows: Shows::Opening(AUTHORIZE) },
    Outcome { case: "login.unknown-platform", status: 400, shows: Shows::ErrorPage("registration_unknown") },
    Outcome { case: "launch.resource-link", status: 303, shows: LANDING },
    Outcome { case: "launch.deep-linking", status: 303, shows: LANDING },
    Outcome { case: "launch.submission-review", status: 303, shows: LANDING },
    Outcome { case: "launch.data-privacy", status: 303, shows: LANDING },
    Outcome { case: "launch.platform-error", status: 400, shows: Shows::ErrorPage("authentication_refused") },
    Outcome { case: "jwks.get", status: 200, shows: Shows::KeySet },
    Outcome { case: "register.open", status: 200, shows: Shows::Page("This learning platform asks for it.") },
    Outcome { case: "register.confirm", status: 200, shows: Shows::Page("The tool was added") },
    Outcome { case: "register.canvas-json", status: 200, shows: Shows::Member("oidc_initiation_url") },
    Outcome { case: "launches.redeem", status: 200, shows: Shows::Launch { named: true } },
    Outcome { case: "launches.read", status: 200, shows: Shows::Launch { named: false } },
    Outcome { case: "launches.forget", status: 204, shows: Shows::Nothing },
    Outcome { case: "launches.forget-user", status: 204, shows: Shows::Nothing },
    Outcome { case: "deep-link.respond", status: 200, shows: Shows::Member("jwt") },
    Outcome { case: "scores.publish", status: 202, shows: Shows::Member("timestamp") },
    Outcome { case: "scores.read", status: 200, shows: Shows::Member("attempts") },
    Outcome { case: "scores.line-items", status: 502, shows: Shows::Problem("token_refused") },
    Outcome { case: "memberships.read", status: 502, shows: Shows::Problem("token_refused") },
    Outcome { case: "deliver-scores.batch", status: 200, shows: Shows::Batch },
    Outcome { case: "rotate-keys.create-secret", status: 200, shows: Shows::Done("made a new key") },
    Outcome { case: "rotate-keys.set-secret", status: 200, shows: Shows::Done("published") },
    Outcome { case: "rotate-keys.test-secret", status: 200, shows: Shows::Done("tested") },
    Outcome { case: "rotate-keys.finish-secret", status: 200, shows: Shows::Done("in use") },
];

impl Outcome {
    fn assert(&self, reply: &Reply) {
        let case = self.case;
        assert_eq!(reply.status, self.status, "{case}: {}", reply.body);
        match &self.shows {
            Shows::Location(beginning) => {
                assert!(reply.header("location").starts_with(beginning), "{case}: {}", reply.header("location"));
                let [cookie] = &reply.cookies[..] else { panic!("{case}: {:?}", reply.cookies) };
                assert!(cookie.starts_with("__Host-lti_"), "{case}: {cookie}");
                assert_eq!(cookie.contains("Max-Age=0"), self.status == 303, "{case}: a launch takes its cookie away");
            }
            Shows::Opening(beginning) => {
                let (_, next) = reply.body.split_once("\"next\":\"").expect("the page knows where to go");
                assert!(next.replace("\\u0026", "&").starts_with(beginning), "{case}: {next}");
                assert!(reply.cookies.iter().all(|cookie| cookie.starts_with("__Host-lti_")), "{case}");
            }
            Shows::ErrorPage(code) => {
                assert!(reply.header("content-type").starts_with("text/html"), "{case}");
                assert!(reply.body.contains(&format!("&middot; {code}<")), "{case}: {}", reply.body);
            }
            Shows::KeySet => assert_eq!(reply.json(), json!({ "keys": [] }), "{case}"),
            Shows::Launch { named } => {
                let launch = reply.json();
                assert_eq!(launch["messageType"], "LtiResourceLinkRequest", "{case}");
                assert_eq!(launch["user"]["name"].is_string(), *named, "{case}");
            }
            Shows::Member(member) => assert!(!reply.json()[*member].is_null(), "{case}: {}", reply.body),
            Shows::Problem(code) => assert_eq!(reply.json()["code"], *code, "{case}: {}", reply.body),
            Shows::Page(words) => assert!(reply.body.contains(words), "{case}: {}", reply.body),
            Shows::Done(words) => assert_eq!(reply.body, *words, "{case}"),
            Shows::Batch => assert_eq!(reply.json(), json!({ "batchItemFailures": [] }), "{case}"),
            Shows::Nothing => assert_eq!(reply.body, "", "{case}"),
        }
    }
}

/// Replays an event at the time when it was recorded, after the launch that it is about.
async fn replay(recording: &Recording, case: &str, change: fn(Value) -> Value) -> Reply {
    let tool = recording.tool().await;
    if let Some(launching) = launching_of(case) {
        invoke(&tool, "launch", &event(launching)).await;
    }
    if case == "scores.read" {
        invoke(&tool, "scores", &event("scores.publish")).await;
    }
    if case.starts_with("register.") {
        recording.invite(&tool).await;
    }
    if case.starts_with("rotate-keys.") {
        rotation_may_begin(&tool).await;
        for before in ROTATION.iter().take_while(|before| **before != case) {
            invoke(&tool, "rotate-keys", &event(before)).await;
        }
    }
    let function = case.split('.').next().unwrap_or_default();
    invoke(&tool, function, &change(event(case))).await
}

/// The calls of a rotation, in their order.
const ROTATION: [&str; 4] =
    ["rotate-keys.create-secret", "rotate-keys.set-secret", "rotate-keys.test-secret", "rotate-keys.finish-secret"];

/// The next signing key has been published for as long as it must be.
async fn rotation_may_begin(tool: &TestTool) {
    let ring = tool.parts.key_ring(KeyKind::Signing);
    let next = ring.keys().await.expect("the keys can be read").next.expect("there is a next key");
    let noted = tool.parts.tool_keys().note_next(KeyKind::Signing, &next.id, tool.clock.now()).await;
    noted.expect("the table takes items");
    tool.clock.advance(LEAST_PERIOD_SECONDS);
}

#[tokio::test]
async fn every_recorded_event_is_answered_as_it_should_be() {
    if std::env::var_os("DOORWAY_RECORD_EVENTS").is_some() {
        record().await;
    }
    let recording = Recording::start().await;
    for outcome in &OUTCOMES {
        outcome.assert(&replay(&recording, outcome.case, |event| event).await);
    }
}

#[tokio::test]
async fn a_body_that_is_not_encoded_is_read_as_well() {
    let recording = Recording::start().await;
    for outcome in OUTCOMES.iter().filter(|outcome| event(outcome.case)["isBase64Encoded"] == true) {
        outcome.assert(&replay(&recording, outcome.case, unencoded).await);
    }
}

#[tokio::test]
async fn a_launch_event_is_good_once() {
    let tool = Recording::start().await.tool().await;
    let launch = event("launch.resource-link");
    assert_eq!(invoke(&tool, "launch", &launch).await.status, 303);
    let again = invoke(&tool, "launch", &launch).await;
    assert_eq!(again.status, 409);
    assert!(again.body.contains("launch_already_used"), "{}", again.body);
}

#[tokio::test]
async fn the_events_of_the_app_api_are_about_the_launch_of_launch_resource_link() {
    let tool = Recording::start().await.tool().await;
    let launched = invoke(&tool, "launch", &event("launch.resource-link")).await;
    let (_, id) = launched.header("location").split_once("?launch=").expect("a launch is a redirect with its id");
    for (case, path) in [
        ("launches.redeem", format!("/v1/launches/{id}/redeem")),
        ("launches.read", format!("/v1/launches/{id}")),
        ("launches.forget", format!("/v1/launches/{id}")),
    ] {
        let event = event(case);
        assert_eq!(event["rawPath"], path, "{case}");
        assert_eq!(event["pathParameters"]["id"], id, "{case}");
    }
}

#[tokio::test]
async fn an_event_that_is_made_now_is_answered_as_a_recorded_one() {
    let key = PlatformKey::generate();
    let recording = Recording::signed_with(key.public_jwk()).await;
    let tool = recording.tool().await;
    let maker = recording.maker(&tool, key);
    for outcome in &OUTCOMES {
        if outcome.case == ROTATION[0] {
            rotation_may_begin(&tool).await;
        }
        let made = maker.make(outcome.case).await.expect("every case can be made");
        let function = outcome.case.split('.').next().unwrap_or_default();
        outcome.assert(&invoke(&tool, function, &made).await);
    }
    let unknown = maker.make("login.by-pigeon").await;
    assert!(matches!(unknown, Err(EventError::Unknown(case)) if case == "login.by-pigeon"));
}

#[test]
fn every_case_has_a_file_and_every_file_is_a_case() {
    let cases: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    assert_eq!(event_names(), cases);
    assert_eq!(OUTCOMES.iter().map(|outcome| outcome.case.to_owned()).collect::<BTreeSet<_>>(), cases);
}
