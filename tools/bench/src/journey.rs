//! Launches through the three functions that a launch needs, one after the other: what `login` answers is what
//! `launch` gets, and what `launch` answers is what the App redeems. Where the Platform offers storage, the same again for
//! browsers that keep no cookie.

use std::time::Duration;

use doorway_core::clock::{Clock as _, SystemClock};
use doorway_local::events::Event;
use serde_json::{Value, json};
use url::Url;

use crate::browser::parameter;
use crate::error::BenchError;
use crate::first_launch;
use crate::function::{Function, Invoked};
use crate::payload::Payload;
use crate::requests::Counts;
use crate::stage::{APP_KEY, PUBLIC_URL, Stage};

/// CPU time is looked at after so many requests: the median of such averages is not moved by a disturbance.
pub const BATCH: usize = 100;

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
    /// Login, launch, redeem; and, where the Platform offers storage, a launch that waits and its completion.
    pub costs: Vec<Cost>,
    /// Sizes of the stored launches, in bytes, smallest first.
    pub launch_sizes: Vec<usize>,
    /// Sizes of the same launches after redeeming.
    pub redeemed_sizes: Vec<usize>,
}

/// The first requests of new processes.
pub struct FirstRequests {
    /// What was done.
    pub step: &'static str,
    /// From exec to the answer, shortest first.
    pub wall: Vec<Duration>,
    /// CPU time until then, the average.
    pub cpu: Duration,
    /// The most memory until then, in KiB.
    pub peak_rss_kib: u64,
    /// DynamoDB requests of one of them.
    pub counts: Counts,
}

/// Sends so many people through all three functions, of which each has a new process for each of them; and as many again
/// through launches for which the Platform's keys are fetched.
pub async fn first_requests(
    stage: &mut Stage,
    payload: Payload,
    people: usize,
) -> Result<[FirstRequests; 4], BenchError> {
    let logins = login_events(payload, people);
    let (login, answers) = firsts(stage, "login", "login", &logins, None).await?;
    let posts = bound_posts(stage, payload, &answers)?;
    let (launch, answers) = firsts(stage, "launch", "launch", &posts, None).await?;
    let redeems: Result<Vec<Value>, BenchError> = answers.iter().map(redeem_event).collect();
    let (redeem, _) = firsts(stage, "redeem", "launches", &redeems?, None).await?;
    let (_, answers) = firsts(stage, "login", "login", &logins, None).await?;
    let posts = bound_posts(stage, payload, &answers)?;
    let platform = first_launch::serve_keys(&stage.platform_key).await?;
    stage.functions.environment.push((first_launch::PLATFORM_VARIABLE, platform.to_string()));
    let fetching = Some(payload.jwks_uri());
    let (with_keys, _) = firsts(stage, "launch, keys fetched", "launch", &posts, fetching.as_deref()).await?;
    Ok([login, launch, redeem, with_keys])
}

/// Has a new process for each event. Where `jwks_uri` is given, the keys there are in no table before, and the benchmark
/// plays the function.
async fn firsts(
    stage: &Stage,
    step: &'static str,
    name: &'static str,
    events: &[Value],
    jwks_uri: Option<&str>,
) -> Result<(FirstRequests, Vec<Value>), BenchError> {
    let (mut wall, mut answers) = (Vec::new(), Vec::new());
    let (mut cpu, mut peak_rss_kib, mut counts) = (Duration::ZERO, 0, Counts::default());
    for event in events {
        let mut function = match jwks_uri {
            None => stage.functions.start(name).await?,
            Some(jwks_uri) => {
                stage.forget_keys(jwks_uri).await?;
                stage.functions.start_own(name, "launch-function").await?
            }
        };
        stage.requests.take();
        let invoked = invoke(&mut function, event).await?;
        wall.push(function.start + invoked.wall);
        cpu += function.cpu()?;
        peak_rss_kib = peak_rss_kib.max(function.peak_rss_kib()?);
        counts = stage.requests.take();
        answers.push(invoked.answer);
        function.end().await?;
    }
    wall.sort_unstable();
    Ok((FirstRequests { step, wall, cpu: cpu / count(events.len()), peak_rss_kib, counts }, answers))
}

/// Sends `warm_up` and then `launches` people through all three functions.
pub async fn run(stage: &Stage, payload: Payload, warm_up: usize, launches: usize) -> Result<Journey, BenchError> {
    let logins = login_events(payload, warm_up + launches);
    let (login, answers) = step(stage, "login", "login", &logins, warm_up).await?;
    let posts = bound_posts(stage, payload, &answers)?;
    let (launch, answers) = step(stage, "launch", "launch", &posts, warm_up).await?;
    let launch_sizes = stage.launch_sizes().await?;
    let redeems: Result<Vec<Value>, BenchError> = answers.iter().map(redeem_event).collect();
    let (redeem, _) = step(stage, "redeem", "launches", &redeems?, warm_up).await?;
    let redeemed_sizes = stage.launch_sizes().await?;
    let mut costs = vec![login, launch, redeem];
    if payload.offers_storage() {
        costs.extend(by_storage(stage, payload, warm_up, launches).await?);
    }
    Ok(Journey { costs, launch_sizes, redeemed_sizes })
}

/// The same people in browsers that keep no cookie: each launch waits until its page brings the secret.
async fn by_storage(stage: &Stage, payload: Payload, warm_up: usize, launches: usize) -> Result<[Cost; 2], BenchError> {
    let logins = login_events(payload, warm_up + launches);
    let (_, answers) = step(stage, "login", "login", &logins, warm_up).await?;
    let posts: Result<Vec<Value>, BenchError> =
        answers.iter().enumerate().map(|(n, answer)| unbound_post(stage, payload, n, answer)).collect();
    let (waiting, pages) = step(stage, "launch that waits", "launch", &posts?, warm_up).await?;
    let completions: Result<Vec<Value>, BenchError> =
        answers.iter().zip(&pages).map(|(login, launch)| completion(login, launch)).collect();
    let (completing, _) = step(stage, "its completion", "launch", &completions?, warm_up).await?;
    Ok([waiting, completing])
}

fn login_events(payload: Payload, people: usize) -> Vec<Value> {
    (0..people).map(|n| login_event(payload, n)).collect()
}

/// The login initiation of the person with this number.
pub fn login_event(payload: Payload, n: usize) -> Value {
    event(Event::form("/lti/login", &payload.login_fields(n)))
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
    let (warming, measured) = events.split_at(warm_up);
    let (mut answers, mut wall) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    stage.requests.take();
    let mut first = None;
    for event in warming {
        answers.push(invoke(&mut function, event).await?.answer);
        first.get_or_insert_with(|| stage.requests.take());
    }
    stage.requests.take();
    warmed();
    let (kernel_before, log_before) = (function.kernel_cpu()?, function.log_bytes());
    let mut cpu = Vec::new();
    for batch in measured.chunks(BATCH) {
        let cpu_before = function.cpu()?;
        for event in batch {
            let invoked = invoke(&mut function, event).await?;
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
pub fn count(length: usize) -> u32 {
    u32::try_from(length.max(1)).unwrap_or(u32::MAX)
}

/// Has an event handled that must succeed.
pub async fn invoke(function: &mut Function, event: &Value) -> Result<Invoked, BenchError> {
    let invoked = function.invoke(event).await?;
    require_success(function.name, &invoked.answer)?;
    Ok(invoked)
}

fn require_success(function: &'static str, answer: &Value) -> Result<(), BenchError> {
    match answer["statusCode"].as_u64() {
        Some(200..400) => Ok(()),
        _ => Err(refused(function, answer)),
    }
}

/// The event as API Gateway sends it now.
pub fn event(event: Event) -> Value {
    let public_url = Url::parse(PUBLIC_URL).expect("a constant URL parses");
    event.payload(&public_url, SystemClock.now())
}

/// What the browsers post whose logins were answered so: each has kept its cookie.
fn bound_posts(stage: &Stage, payload: Payload, answers: &[Value]) -> Result<Vec<Value>, BenchError> {
    let post = |(n, answer)| bound_post(stage, answer, |nonce, now| payload.claims(n, nonce, now));
    answers.iter().enumerate().map(post).collect()
}

/// What the browser posts whose login was answered so: it has kept its cookie. The claims are made for a nonce, at a time.
pub fn bound_post(stage: &Stage, answer: &Value, claims: impl FnOnce(&str, u64) -> Value) -> Result<Value, BenchError> {
    Ok(event(launch_post(stage, answer, claims)?.cookie(cookie(answer)?)))
}

/// What a browser posts that keeps no cookie.
fn unbound_post(stage: &Stage, payload: Payload, launch: usize, answer: &Value) -> Result<Value, BenchError> {
    Ok(event(launch_post(stage, answer, |nonce, now| payload.claims(launch, nonce, now))?))
}

/// The Platform's answer to the authentication request.
fn launch_post(stage: &Stage, answer: &Value, claims: impl FnOnce(&str, u64) -> Value) -> Result<Event, BenchError> {
    answered_with(answer, |nonce| stage.platform_key.id_token(&claims(nonce, SystemClock.now().0)))
}

/// An answer to the authentication request with the token that is made for its nonce.
fn answered_with(answer: &Value, token: impl FnOnce(&str) -> String) -> Result<Event, BenchError> {
    let request = match page_data(answer) {
        Some(data) => {
            data["next"].as_str().and_then(|next| Url::parse(next).ok()).ok_or_else(|| refused("login", answer))?
        }
        None => location("login", answer)?,
    };
    let (Some(nonce), Some(state)) = (parameter(&request, "nonce"), parameter(&request, "state")) else {
        return Err(refused("login", answer));
    };
    Ok(Event::form("/lti/launch", &[("id_token", token(&nonce)), ("state", state)]))
}

/// Posts a token whose key nobody has, for the login that was answered so; it must be refused.
pub async fn invoke_unknown_key(launch: &mut Function, answer: &Value, number: usize) -> Result<(), BenchError> {
    use base64::Engine as _;
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": format!("{number}-{}", "k".repeat(200)) });
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header.to_string());
    // The key is looked for before anything else of the token is read.
    let post = answered_with(answer, |_| format!("{header}.e30.AA"))?.cookie(cookie(answer)?);
    let told = launch.invoke(&event(post)).await?.answer;
    match told["body"].as_str() {
        Some(page) if page.contains("key_id_unknown") => Ok(()),
        _ => Err(refused(launch.name, &told)),
    }
}

/// What the login's answer has the browser keep.
fn cookie(answer: &Value) -> Result<&str, BenchError> {
    let cookie = answer["cookies"][0].as_str().and_then(|cookie| cookie.split(';').next());
    cookie.ok_or_else(|| refused("login", answer))
}

/// What the launch's page posts, with what the login's page put into storage.
fn completion(login: &Value, launch: &Value) -> Result<Value, BenchError> {
    let body = launch["body"].as_str().unwrap_or_default();
    let field = |name: &str| {
        let (_, rest) = body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let secret = page_data(login).and_then(|data| data["value"].as_str().map(str::to_owned));
    match (field("state"), field("handle"), secret) {
        (Some(state), Some(handle), Some(binding)) => {
            let fields = [("state", state), ("handle", handle), ("binding", binding)];
            Ok(event(Event::form("/lti/launch/complete", &fields)))
        }
        _ => Err(refused("launch", launch)),
    }
}

/// What a page gives its script, when the answer is one.
fn page_data(answer: &Value) -> Option<Value> {
    let (_, data) = answer["body"].as_str()?.split_once("type=\"application/json\">")?;
    serde_json::from_str(data.split("</script>").next()?).ok()
}

/// A function answered, but not as it must.
pub fn refused(function: &'static str, answer: &Value) -> BenchError {
    BenchError::Refused { function, answer: answer.clone() }
}

/// The App's redeeming of the launch that was answered so.
pub fn redeem_event(answer: &Value) -> Result<Value, BenchError> {
    let landing = location("launch", answer)?;
    let id = parameter(&landing, "launch");
    let id = id.ok_or_else(|| refused("launch", answer))?;
    let call = Event::new("POST", &format!("/v1/launches/{id}/redeem"));
    Ok(event(call.header("authorization", &format!("Bearer {APP_KEY}"))))
}

fn location(function: &'static str, answer: &Value) -> Result<Url, BenchError> {
    let location = answer["headers"]["location"].as_str().and_then(|location| Url::parse(location).ok());
    location.ok_or_else(|| refused(function, answer))
}
