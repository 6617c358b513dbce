//! Launches through the three functions that a launch needs, one after the other: what `login` answers is what
//! `launch` gets, and what `launch` answers is what the App redeems.

use std::time::Duration;

use doorway_core::clock::{Clock as _, SystemClock};
use doorway_local::events::Event;
use serde_json::Value;
use url::Url;

use crate::error::BenchError;
use crate::function::{Function, Invoked};
use crate::payload::Payload;
use crate::requests::Counts;
use crate::stage::{APP_KEY, PUBLIC_URL, Stage};

/// CPU time is looked at after so many requests: the median of such averages is not moved by a disturbance.
const BATCH: usize = 100;

/// What a number of requests to one function cost.
pub struct Cost {
    /// What was done.
    pub step: &'static str,
    /// How often, after the warm-up.
    pub requests: usize,
    /// CPU time of the function's process per request, each the average of [`BATCH`] requests, least first.
    pub cpu: Vec<Duration>,
    /// The kernel's part of it, per request.
    pub kernel_cpu: Duration,
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
    name: &'static str,
    events: &[Value],
    warm_up: usize,
) -> Result<(Cost, Vec<Value>), BenchError> {
    let function = stage.functions.start(name).await?;
    step_of(stage, step, function, events, warm_up, || {}).await
}

/// Has a function that was started just now handle all events. The first `warm_up` are not counted; `warmed` is called
/// behind them.
pub async fn step_of(
    stage: &Stage,
    step: &'static str,
    mut function: Function,
    events: &[Value],
    warm_up: usize,
    warmed: impl FnOnce(),
) -> Result<(Cost, Vec<Value>), BenchError> {
    let name = function.name;
    let (warming, measured) = events.split_at(warm_up);
    let (mut answers, mut wall) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    stage.requests.take();
    let mut first = None;
    for event in warming {
        answers.push(invoke(&mut function, name, event).await?.answer);
        first.get_or_insert_with(|| stage.requests.take());
    }
    stage.requests.take();
    warmed();
    let (kernel_before, log_before) = (function.kernel_cpu()?, function.log_bytes());
    let mut cpu = Vec::new();
    for batch in measured.chunks(BATCH) {
        let cpu_before = function.cpu()?;
        for event in batch {
            let invoked = invoke(&mut function, name, event).await?;
            wall.push(invoked.wall);
            answers.push(invoked.answer);
        }
        cpu.push((function.cpu()? - cpu_before) / count(batch.len()));
    }
    cpu.sort_unstable();
    wall.sort_unstable();
    let cost = Cost {
        step,
        requests: measured.len(),
        cpu,
        kernel_cpu: (function.kernel_cpu()? - kernel_before) / count(measured.len()),
        wall,
        peak_rss_kib: function.peak_rss_kib()?,
        log_bytes: function.log_bytes() - log_before,
        first: first.unwrap_or_default(),
        warm: stage.requests.take(),
    };
    function.end().await?;
    Ok((cost, answers))
}

/// A number to divide by.
fn count(length: usize) -> u32 {
    u32::try_from(length.max(1)).unwrap_or(u32::MAX)
}

async fn invoke(function: &mut Function, name: &'static str, event: &Value) -> Result<Invoked, BenchError> {
    let invoked = function.invoke(event).await?;
    require_success(name, &invoked.answer)?;
    Ok(invoked)
}

fn require_success(function: &'static str, answer: &Value) -> Result<(), BenchError> {
    match answer["statusCode"].as_u64() {
        Some(200..400) => Ok(()),
        _ => Err(BenchError::Refused { function, answer: answer.clone() }),
    }
}

/// The event as API Gateway sends it now.
pub fn event(event: Event) -> Value {
    let public_url = Url::parse(PUBLIC_URL).expect("a constant URL parses");
    event.payload(&public_url, SystemClock.now())
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
