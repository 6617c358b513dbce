//! Scores: one after another through the function, delivered at once, with a token in memory and with a new one each.
//!
//! A deployed function talks to Platforms by https at public addresses alone. So that a Platform on this machine can be the
//! other side, the benchmark's own program plays the function: the same router and the same runtime, with a client for
//! http. What TLS costs is not in these figures.

use std::sync::Arc;

use doorway_core::aws::Aws;
use doorway_core::clock::{Clock as _, SystemClock};
use doorway_core::config::Environment;
use doorway_core::http::PlatformClient;
use doorway_core::launch_id::LaunchId;
use doorway_core::random::{SystemRandom, bytes};
use doorway_core::registration::{PlatformTransport, Registration};
use doorway_core::settings::Settings;
use doorway_core::store::Table;
use doorway_core::store::deployments::Deployments;
use doorway_core::store::launches::{Launches, NewLaunch};
use doorway_core::store::registrations::Registrations;
use doorway_core::welcome::Welcome;
use doorway_local::database::LAUNCHES_TABLE;
use doorway_local::events::Event;
use doorway_mock_platform::jwks;
use doorway_scores::ScoresApi;
use doorway_web::app_api::AppGate;
use serde_json::{Value, json};

use crate::error::BenchError;
use crate::journey::{Cost, event, invoke, step_of};
use crate::memory::{Course, of_function, samples};
use crate::platform::{Platform, Taken};
use crate::stage::{APP_KEY, Stage};

const ISSUER: &str = "https://lms.school.example";
const CLIENT_ID: &str = "10000000000042";
const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";

/// Which token a score finds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// One in memory.
    Cached,
    /// None: a new Deployment each time, so that one must be asked for.
    New,
}

/// What scores cost.
pub struct Scores {
    /// The function's part.
    pub cost: Cost,
    /// Requests for tokens, after the warm-up.
    pub token_requests: usize,
    /// Requests with a score, after the warm-up.
    pub score_requests: usize,
}

/// Sends `warm_up` and then `scores` scores.
pub async fn run(stage: &Stage, token: Token, warm_up: usize, scores: usize) -> Result<Scores, BenchError> {
    let platform = Platform::start(&jwks(&[&stage.platform_key])).await?;
    let count = warm_up + scores;
    stage.register(&registration(&platform, count)?).await?;
    let launches = Launches::new(Table::new(stage.aws().clone(), LAUNCHES_TABLE));
    let mut events = Vec::with_capacity(count);
    for n in 0..count {
        let deployment = if token == Token::New { n } else { 0 };
        let id = launch(&launches, &platform, deployment).await?;
        events.push(publish(&id, n));
    }
    let step = match token {
        Token::Cached => "score, token in memory",
        Token::New => "score, new token",
    };
    let function = stage.functions.start_own("scores", "score-function").await?;
    let (cost, _) = step_of(stage, step, function, &events, warm_up, || {
        platform.take();
    })
    .await?;
    let Taken { tokens, scores: arrived, learners } = platform.take();
    if (arrived, learners) != (scores, scores) {
        let what = format!("{arrived} scores of {learners} learners arrived at the Platform, of {scores}");
        return Err(BenchError::Function(what));
    }
    Ok(Scores { cost, token_requests: tokens, score_requests: arrived })
}

/// The memory of one process in the course of so many scores, each of a learner of its own by a launch of its own.
pub async fn memory(stage: &Stage, scores: usize) -> Result<Course, BenchError> {
    let platform = Platform::start(&jwks(&[&stage.platform_key])).await?;
    stage.register(&registration(&platform, 1)?).await?;
    let launches = Launches::new(Table::new(stage.aws().clone(), LAUNCHES_TABLE));
    let mut function = stage.functions.start_own("scores", "score-function").await?;
    let mut course = of_function("scores");
    let mut sent = 0;
    for numbers in samples(scores) {
        for number in numbers.clone() {
            // One that is not redeemed ends after two minutes.
            let id = launch(&launches, &platform, 0).await?;
            invoke(&mut function, &publish(&id, number)).await?;
        }
        sent = numbers.end;
        course.samples.push((sent, function.rss_kib()?));
    }
    function.end().await?;
    let arrived = platform.take().scores;
    if arrived != sent {
        return Err(BenchError::Function(format!("{arrived} scores arrived at the Platform, of {sent}")));
    }
    Ok(course)
}

/// The `scores` function with a client for http.
pub async fn function() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    doorway_web::log::init(&environment, SystemClock);
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let mut kit = settings.service_kit();
    let table = settings.registrations_table();
    let registrations = Arc::new(Registrations::new(table.clone(), PlatformTransport::HttpAllowed));
    kit.welcome = Arc::new(Welcome { registrations, deployments: Arc::new(Deployments::new(table)) });
    kit.transport = PlatformTransport::HttpAllowed;
    kit.client = Arc::new(PlatformClient::new(PlatformTransport::HttpAllowed));
    let services = kit.services();
    let submit = kit.submit_score(&services, settings.score_queue(), settings.score_retry_days());
    let gate = AppGate::new(settings.secret("DOORWAY_APP_KEYS", "the App API keys"), Arc::new(SystemClock));
    let line_items = kit.line_items(&services);
    let api = ScoresApi::new(submit, kit.read_score(), line_items, gate, Arc::new(SystemRandom));
    lambda_http::run(settings.finish(doorway_scores::router(api))?).await
}

/// A Registration with so many Deployments.
fn registration(platform: &Platform, deployments: usize) -> Result<Registration, BenchError> {
    let at = |path: &str| format!("http://{}{path}", platform.address);
    let deployments: Vec<String> = (0..deployments).map(|n| n.to_string()).collect();
    serde_json::from_value(json!({
        "issuer": ISSUER, "clientId": CLIENT_ID, "deployments": deployments,
        "authorizationEndpoint": at("/auth"), "tokenEndpoint": at("/token"), "jwksUri": at("/jwks"),
    }))
    .map_err(|error| BenchError::Table(error.to_string()))
}

/// Stores a launch as `launch` does; its id.
async fn launch(launches: &Launches, platform: &Platform, deployment: usize) -> Result<LaunchId, BenchError> {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<24>(&SystemRandom));
    let id = LaunchId::try_from(id.as_str()).expect("24 bytes in base64url are a launch id");
    let claim = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
    let line_items = format!("http://{}/line-items", platform.address);
    let kept = json!({
        "issuer": ISSUER, "clientId": CLIENT_ID, "deploymentId": deployment.to_string(),
        "claims": {
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "learner",
            claim("message_type"): "LtiResourceLinkRequest",
            claim("resource_link"): { "id": "link-1" },
            claim("roles"): ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
                "scope": [SCORE], "lineitems": line_items, "lineitem": format!("{line_items}/1"),
            },
        },
    });
    let now = SystemClock.now();
    let new = NewLaunch {
        id: &id,
        issuer: &ISSUER.try_into().expect("a constant issuer is one"),
        user_id: None,
        kept: kept.as_object().expect("an object was written").clone(),
        personal: doorway_lti::json::Object::new(),
        state_expires_at: now,
        attempt: bytes(&SystemRandom),
    };
    launches.store(&new, now).await?;
    Ok(id)
}

/// The App's call: each score of a learner of its own.
fn publish(launch: &LaunchId, n: usize) -> Value {
    let score = json!({
        "scoreGiven": n % 11, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        "userId": format!("learner-{n}"),
    });
    let call = Event::new("POST", &format!("/v1/launches/{}/scores", launch.as_str()));
    event(call.header("authorization", &format!("Bearer {APP_KEY}")).json(&score))
}
