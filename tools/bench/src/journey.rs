//! Launches through the three functions that a launch needs, one after the other: what `login` answers is what
//! `launch` gets, and what `launch` answers is what the App redeems.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::clock::{Clock as _, SystemClock};
use doorway_local::events::Event;
use serde_json::Value;
use url::Url;

use crate::error::BenchError;
use crate::function::Function;
use crate::payload::Payload;
use crate::process::Cpu;
use crate::requests::Counts;
use crate::stage::{APP_KEY, PUBLIC_URL, Stage};

/// What a number of requests to one function cost.
pub struct Cost {
    /// What was done.
    pub step: &'static str,
    /// How often, after the warm-up.
    pub requests: usize,
    /// CPU time of the function's process.
    pub cpu: Cpu,
    /// Wall time of each request, shortest first.
    pub wall: Vec<Duration>,
    /// The most memory that the process had, in KiB.
    pub peak_rss_kib: u64,
    /// What was logged, in bytes.
    pub log_bytes: usize,
    /// DynamoDB requests of the first request of the new process.
    pub first: Counts,
    /// DynamoDB requests after the warm-up.
    pub warm: Counts,
}

/// What launches of one Platform cost.
pub struct Journey {
    /// Login, launch, redeem.
    pub costs: [Cost; 3],
    /// Sizes of the stored launches, in bytes, smallest first.
    pub launch_sizes: Vec<usize>,
    /// Sizes of the same launches after redeeming.
    pub redeemed_sizes: Vec<usize>,
}

/// Sends `warm_up` and then `launches` people through all three functions.
pub async fn run(stage: &Stage, payload: Payload, warm_up: usize, launches: usize) -> Result<Journey, BenchError> {
    let logins: Vec<Value> =
        (0..warm_up + launches).map(|n| event(Event::form("/lti/login", &payload.login_fields(n)))).collect();
    let (login, answers) = step(stage, "login", "login", &logins, warm_up).await?;
    let posts: Result<Vec<Value>, BenchError> =
        answers.iter().enumerate().map(|(n, answer)| launch_event(stage, payload, n, answer)).collect();
    let (launch, answers) = step(stage, "launch", "launch", &posts?, warm_up).await?;
    let launch_sizes = stage.launch_sizes().await?;
    let redeems: Result<Vec<Value>, BenchError> = answers.iter().map(redeem_event).collect();
    let (redeem, _) = step(stage, "redeem", "launches", &redeems?, warm_up).await?;
    let redeemed_sizes = stage.launch_sizes().await?;
    Ok(Journey { costs: [login, launch, redeem], launch_sizes, redeemed_sizes })
}

/// Has one new process of a function handle all events. The first `warm_up` are not counted.
async fn step(
    stage: &Stage,
    step: &'static str,
    function: &'static str,
    events: &[Value],
    warm_up: usize,
) -> Result<(Cost, Vec<Value>), BenchError> {
    let mut process = stage.functions.start(function).await?;
    let (mut answers, mut wall) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    let (mut first, mut cpu_before, mut log_before) = (Counts::new(), Cpu::default(), 0);
    stage.requests.take();
    for (n, event) in events.iter().enumerate() {
        if n == warm_up {
            (cpu_before, log_before) = (process.cpu()?, process.log_bytes());
            stage.requests.take();
        }
        let invoked = process.invoke(event).await?;
        require_success(function, &invoked.answer)?;
        if n == 0 {
            first = stage.requests.take();
        }
        if n >= warm_up {
            wall.push(invoked.wall);
        }
        answers.push(invoked.answer);
    }
    wall.sort_unstable();
    let cost = Cost {
        step,
        requests: wall.len(),
        cpu: process.cpu()? - cpu_before,
        wall,
        peak_rss_kib: process.peak_rss_kib()?,
        log_bytes: process.log_bytes() - log_before,
        first,
        warm: stage.requests.take(),
    };
    Function::end(process).await?;
    Ok((cost, answers))
}

fn require_success(function: &'static str, answer: &Value) -> Result<(), BenchError> {
    match answer["statusCode"].as_u64() {
        Some(200..400) => Ok(()),
        _ => Err(BenchError::Refused { function, answer: answer.clone() }),
    }
}

fn event(event: Event) -> Value {
    let public_url = Url::parse(PUBLIC_URL).expect("a constant URL parses");
    let mut payload = event.payload(&public_url, SystemClock.now());
    // An HTTP API hands a form over in base64: its media type is no text.
    if let Some(body) = payload["body"].as_str().map(|body| STANDARD.encode(body)) {
        payload["body"] = body.into();
        payload["isBase64Encoded"] = true.into();
    }
    payload
}

/// The Platform's answer to the authentication request, from the browser that began the login.
fn launch_event(stage: &Stage, payload: Payload, launch: usize, answer: &Value) -> Result<Value, BenchError> {
    let request = location("login", answer)?;
    let parameter =
        |wanted: &str| request.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let cookie = answer["cookies"][0].as_str().and_then(|cookie| cookie.split(';').next());
    let (Some(nonce), Some(state), Some(cookie)) = (parameter("nonce"), parameter("state"), cookie) else {
        return Err(BenchError::Refused { function: "login", answer: answer.clone() });
    };
    let claims = payload.claims(launch, &nonce, SystemClock.now().0);
    let fields = [("id_token", stage.platform_key.id_token(&claims)), ("state", state)];
    Ok(event(Event::form("/lti/launch", &fields).cookie(cookie)))
}

fn redeem_event(answer: &Value) -> Result<Value, BenchError> {
    let landing = location("launch", answer)?;
    let id = landing.query_pairs().find(|(name, _)| name == "launch").map(|(_, id)| id.into_owned());
    let id = id.ok_or_else(|| BenchError::Refused { function: "launch", answer: answer.clone() })?;
    let call = Event::new("POST", &format!("/v1/launches/{id}/redeem"));
    Ok(event(call.header("authorization", &format!("Bearer {APP_KEY}"))))
}

fn location(function: &'static str, answer: &Value) -> Result<Url, BenchError> {
    let location = answer["headers"]["location"].as_str().and_then(|location| Url::parse(location).ok());
    location.ok_or_else(|| BenchError::Refused { function, answer: answer.clone() })
}
