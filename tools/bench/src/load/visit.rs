//! One person's visit over HTTP: login, launch, redeem, score, each as its browser, Platform or App sends it.

use std::fmt;
use std::time::{Duration, Instant};

use doorway_core::clock::{Clock as _, SystemClock};
use doorway_mock_platform::PlatformKey;
use doorway_mock_platform::claims::LaunchClaims;
use reqwest::header::{COOKIE, HeaderMap, LOCATION};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::browser::{Cookies, parameter};
use crate::load::stack::{CLIENT_ID, DEPLOYMENT_ID};
use crate::payload::{APP_URL, Payload};
use crate::platform::Platform;
use crate::stage::APP_KEY;

/// What is asked of the stack in one visit, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// `POST /lti/login`.
    Login,
    /// `POST /lti/launch`.
    Launch,
    /// `POST /v1/launches/{id}/redeem`.
    Redeem,
    /// `POST /v1/launches/{id}/scores`, delivered to the Platform before the answer.
    Score,
}

/// A request that was not answered as it should have been.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Miss {
    /// Which request.
    pub step: Step,
    /// What came instead.
    pub what: String,
}

/// Everybody's way to the stack: connections are kept.
pub struct Way<'a> {
    /// The client.
    pub client: &'a Client,
    /// Where the stack listens.
    pub stack: &'a Url,
    /// Whose people they are.
    pub platform: &'a Platform,
    /// The key that it signs with.
    pub key: &'a PlatformKey,
}

/// A browser: what it keeps between visits is cookies.
#[derive(Default)]
pub struct Browser {
    cookies: Cookies,
}

impl Step {
    /// All steps of a visit.
    pub const ALL: [Self; 4] = [Self::Login, Self::Launch, Self::Redeem, Self::Score];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Redeem => "redeem",
            Self::Score => "score",
        })
    }
}

impl Browser {
    /// The visit with this number, from login to score; how long each request took.
    pub async fn visit(&mut self, way: &Way<'_>, number: usize) -> Result<[Duration; 4], Miss> {
        let (login, request) = self.login(way, number).await?;
        let (launch, id) = self.launch(way, number, &request).await?;
        let redeem = redeem(way, &id).await?;
        let score = score(way, &id, number).await?;
        Ok([login, launch, redeem, score])
    }

    /// Begins a login; the authentication request that the Platform would get.
    async fn login(&mut self, way: &Way<'_>, number: usize) -> Result<(Duration, Url), Miss> {
        let issuer = issuer(way.platform);
        let user = Payload::Moodle.user(number);
        let fields = [
            ("iss", issuer.as_str()),
            ("login_hint", &user.id),
            ("target_link_uri", APP_URL),
            ("client_id", CLIENT_ID),
            ("lti_deployment_id", DEPLOYMENT_ID),
        ];
        let request = way.client.post(at(way, "/lti/login")).form(&fields).header(COOKIE, self.cookies.header());
        let answer = ask(Step::Login, request, StatusCode::FOUND).await?;
        self.cookies.keep(&answer.headers);
        let to = location(&answer.headers).ok_or_else(|| Miss::of(Step::Login, "a redirect to nowhere"))?;
        Ok((answer.time, to))
    }

    /// Posts what the Platform answers; the id that the App hears of.
    async fn launch(&mut self, way: &Way<'_>, number: usize, request: &Url) -> Result<(Duration, String), Miss> {
        let missing = || Miss::of(Step::Login, "an authentication request without nonce or state");
        let (nonce, state) = parameter(request, "nonce").zip(parameter(request, "state")).ok_or_else(missing)?;
        let (issuer, user) = (issuer(way.platform), Payload::Moodle.user(number));
        let claims = LaunchClaims {
            issuer: &issuer,
            client_id: CLIENT_ID,
            deployment_id: DEPLOYMENT_ID,
            nonce: &nonce,
            issued_at: SystemClock.now().0,
            target_link_uri: APP_URL,
            user: &user,
        };
        let fields = [("id_token", way.key.id_token(&claims.moodle_sized())), ("state", state)];
        let request = way.client.post(at(way, "/lti/launch")).form(&fields).header(COOKIE, self.cookies.header());
        let answer = ask(Step::Launch, request, StatusCode::SEE_OTHER).await?;
        self.cookies.keep(&answer.headers);
        let id = location(&answer.headers).and_then(|landing| parameter(&landing, "launch"));
        Ok((answer.time, id.ok_or_else(|| Miss::of(Step::Launch, "a redirect without launch"))?))
    }
}

async fn redeem(way: &Way<'_>, id: &str) -> Result<Duration, Miss> {
    let request = way.client.post(at(way, &format!("/v1/launches/{id}/redeem"))).bearer_auth(APP_KEY);
    Ok(ask(Step::Redeem, request, StatusCode::OK).await?.time)
}

async fn score(way: &Way<'_>, id: &str, number: usize) -> Result<Duration, Miss> {
    let score = json!({
        "scoreGiven": number % 11, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded", "userId": format!("learner-{number}"),
    });
    let request = way.client.post(at(way, &format!("/v1/launches/{id}/scores"))).bearer_auth(APP_KEY).json(&score);
    let answer = ask(Step::Score, request, StatusCode::OK).await?;
    let told: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    match told["state"].as_str() {
        Some("delivered") => Ok(answer.time),
        state => Err(Miss::of(Step::Score, &format!("a score that is {}", state.unwrap_or("in no state")))),
    }
}

struct Answered {
    time: Duration,
    headers: HeaderMap,
    body: String,
}

/// Sends a request and reads the whole answer, which must have this status.
async fn ask(step: Step, request: RequestBuilder, expected: StatusCode) -> Result<Answered, Miss> {
    let began = Instant::now();
    let answer = request.send().await.map_err(|error| Miss::of(step, &without_url(error)))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.text().await.map_err(|error| Miss::of(step, &without_url(error)))?;
    let time = began.elapsed();
    if status == expected {
        return Ok(Answered { time, headers, body });
    }
    let problem: Value = serde_json::from_str(&body).unwrap_or_default();
    let code = problem["code"].as_str().or_else(|| body.split_once("&middot; ")?.1.split('<').next());
    Err(Miss::of(step, &format!("{} {}", status.as_u16(), code.unwrap_or_default().trim())))
}

/// The causes, which are the same for all that failed alike; the URL is not.
fn without_url(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl Miss {
    fn of(step: Step, what: &str) -> Self {
        Self { step, what: what.to_owned() }
    }
}

fn issuer(platform: &Platform) -> String {
    format!("http://{}", platform.address)
}

fn at(way: &Way<'_>, path: &str) -> Url {
    let mut url = way.stack.clone();
    url.set_path(path);
    url
}

fn location(headers: &HeaderMap) -> Option<Url> {
    headers.get(LOCATION).and_then(|location| Url::parse(location.to_str().ok()?).ok())
}
