//! A browser that somebody launches a Tool with: it keeps cookies, follows redirects, posts forms that post themselves, and takes
//! the time. Behind a proxy that ends TLS, so that Tools see an https request for the App's own host.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_core::clock::{Clock as _, SystemClock};
use reqwest::header::{AUTHORIZATION, COOKIE, HOST, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::browser::{Cookies, parameter};
use crate::error::BenchError;
use crate::payload::APP_URL;

use super::contender::{School, with_gradebook};

/// Far longer than any answer takes.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How many redirects and forms a launch may lead through.
const MAX_STEPS: usize = 4;
/// The most of an answer that an error shows, in characters.
const SHOWN: usize = 300;

/// A client for one Tool.
pub fn client() -> Client {
    let builder = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).no_proxy();
    builder.build().expect("the settings are constant and TLS is built in")
}

/// What went wrong with one of the others.
pub fn failed(name: &'static str, what: &str) -> BenchError {
    BenchError::Peer { name, what: what.chars().take(SHOWN).collect() }
}

/// A browser.
pub struct Visitor {
    name: &'static str,
    client: Client,
    address: SocketAddr,
    cookies: Cookies,
    wall: Duration,
}

/// What the Tool asked the Platform for.
pub struct Login {
    nonce: String,
    state: String,
    redirect_uri: Url,
}

/// What the App was told, and how it publishes scores.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrived {
    user: String,
    publish: String,
    bearer: Option<String>,
}

/// An answer.
struct Answer {
    status: StatusCode,
    location: Option<Url>,
    body: String,
}

impl Visitor {
    /// A browser that has no cookies but this one.
    pub fn new(name: &'static str, client: Client, address: SocketAddr, cookie: Option<(&str, &str)>) -> Self {
        Self { name, client, address, cookies: Cookies::with(cookie), wall: Duration::ZERO }
    }

    /// How long its requests have taken so far.
    pub fn wall(&self) -> Duration {
        self.wall
    }

    /// The login initiation of the person with this number.
    pub async fn log_in(&mut self, school: &School<'_>, n: usize) -> Result<Login, BenchError> {
        let answer = self.post("/login", &school.payload.login_fields(n)).await?;
        let asked = answer.location.as_ref().and_then(|location| {
            Some(Login {
                nonce: parameter(location, "nonce")?,
                state: parameter(location, "state")?,
                redirect_uri: Url::parse(&parameter(location, "redirect_uri")?).ok()?,
            })
        });
        asked.ok_or_else(|| self.refused(&answer))
    }

    /// The Platform's answer, and where it leads, until the App has been told who came: the right person.
    pub async fn launch(&mut self, school: &School<'_>, n: usize, login: &Login) -> Result<Arrived, BenchError> {
        let claims = school.payload.claims(n, &login.nonce, SystemClock.now().0);
        let id_token = school.key.id_token(&with_gradebook(claims, school.platform));
        let fields = [("id_token", id_token), ("state", login.state.clone())];
        let mut answer = self.post(&path(&login.redirect_uri), &fields).await?;
        for _ in 0..MAX_STEPS {
            answer = match (&answer.location, form(&answer.body)) {
                (Some(location), _) => self.get(&path(location)).await?,
                (None, Some((action, fields))) => self.post(&path(&action), &fields).await?,
                (None, None) => break,
            };
        }
        let arrived =
            Some(&answer).filter(|answer| answer.status == StatusCode::OK).and_then(|answer| arrived(&answer.body));
        arrived.filter(|arrived| arrived.user == school.payload.user(n).id).ok_or_else(|| self.refused(&answer))
    }

    /// Has the App publish the scores of so many learners, from the one with this number; how long that took.
    pub async fn publish(&mut self, arrived: &Arrived, n: usize, at_once: usize) -> Result<Duration, BenchError> {
        let before = self.wall;
        let scores: Vec<Value> = (n..n + at_once).map(score).collect();
        let request = self.client.post(self.url(&arrived.publish));
        let mut request = if at_once == 1 { request.json(&score(n)) } else { request.json(&scores) };
        if let Some(token) = &arrived.bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let answer = self.send(request).await?;
        if answer.status != StatusCode::OK {
            return Err(self.refused(&answer));
        }
        Ok(self.wall - before)
    }

    async fn get(&mut self, path: &str) -> Result<Answer, BenchError> {
        self.send(self.client.get(self.url(path))).await
    }

    async fn post(&mut self, path: &str, fields: &[(impl AsRef<str>, String)]) -> Result<Answer, BenchError> {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_str())).collect();
        self.send(self.client.post(self.url(path)).form(&fields)).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Answer, BenchError> {
        let app = Url::parse(APP_URL).expect("a constant URL parses");
        let host = app.host_str().expect("it has a host");
        let mut request = request.header(HOST, host).header("x-forwarded-proto", "https");
        let cookies = self.cookies.header();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        let began = Instant::now();
        let broken = |error: reqwest::Error| failed(self.name, &format!("{error:?}"));
        let response = request.send().await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await.map_err(broken)?;
        self.wall += began.elapsed();
        self.cookies.keep(&headers);
        let location = headers.get(LOCATION).and_then(|location| app.join(location.to_str().ok()?).ok());
        Ok(Answer { status, location: location.filter(|_| status.is_redirection()), body })
    }

    fn refused(&self, answer: &Answer) -> BenchError {
        failed(self.name, &format!("it answered {}: {}", answer.status, answer.body))
    }
}

/// The score of the learner with this number.
fn score(n: usize) -> Value {
    json!({ "userId": format!("learner-{n}"), "scoreGiven": n % 11, "scoreMaximum": 10 })
}

/// Path and query.
fn path(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// A form that posts itself: where to, and its hidden fields.
fn form(page: &str) -> Option<(Url, Vec<(String, String)>)> {
    let (_, form) = page.split_once("<form action=\"")?;
    let (action, rest) = form.split_once('"')?;
    let (inside, _) = rest.split_once("</form>")?;
    let fields = inside.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = fields.filter_map(|input| {
        let (name, rest) = input.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
    });
    Some((Url::parse(action).ok()?, fields.collect()))
}

/// What the App was told: JSON with the id of the launch, its claims and perhaps where scores are published; or the page of
/// atomic-lti, which gets a token.
fn arrived(body: &str) -> Option<Arrived> {
    if let Some((_, settings)) = body.split_once("window.LAUNCH_SETTINGS = ") {
        let settings: Value = serde_json::from_str(settings.split(";</script>").next()?).ok()?;
        let token = settings["jwt"].as_str().filter(|_| settings["stateVerified"] == true)?;
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        let user = claims["sub"].as_str()?.to_owned();
        return Some(Arrived { user, publish: "/scores".to_owned(), bearer: Some(token.to_owned()) });
    }
    let told: Value = serde_json::from_str(body).ok()?;
    let user = told["claims"]["sub"].as_str()?.to_owned();
    let launch = told["launch"].as_str()?;
    let publish = told["scores"].as_str().map_or_else(|| format!("/launches/{launch}/scores"), str::to_owned);
    Some(Arrived { user, publish, bearer: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    use axum::http::HeaderMap;
    use axum::http::header::SET_COOKIE;
    use axum::routing::post;
    use axum::{Form, Json, Router};
    use doorway_mock_platform::{PlatformKey, jwks};
    use std::collections::HashMap;
    use tokio::net::TcpListener;

    use crate::payload::Payload;
    use crate::platform::{Platform, Taken};

    /// A Tool that believes every token, and says that this person came; where it listens.
    async fn tool(user: String) -> SocketAddr {
        let login = || async {
            let redirect_uri = "https%3A%2F%2Fapp.vendor.example%2Flaunch";
            let location = format!("https://lms.example/auth?nonce=n&state=s&redirect_uri={redirect_uri}");
            (StatusCode::FOUND, [(LOCATION, location), (SET_COOKIE, "bound=s; Secure".to_owned())])
        };
        let launch = |headers: HeaderMap, Form(form): Form<HashMap<String, String>>| async move {
            let bound = headers.get(COOKIE).is_some_and(|cookie| cookie == "bound=s");
            assert!(bound && form["state"] == "s" && form.contains_key("id_token"));
            Json(json!({ "launch": "l1", "claims": { "sub": user } }))
        };
        // It says that it has published, and has not.
        let scores = || async { StatusCode::OK };
        let router = Router::new()
            .route("/login", post(login))
            .route("/launch", post(launch))
            .route("/launches/l1/scores", post(scores));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback listens");
        let address = listener.local_addr().expect("it has an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    #[tokio::test]
    async fn a_launch_counts_when_the_right_person_came_and_a_score_when_it_arrived() {
        let key = PlatformKey::generate();
        let platform = Platform::start(&jwks(&[&key])).await.expect("loopback listens");
        let school = School::new(Payload::Moodle, &key, &platform).expect("the temporary directory takes a file");
        let address = tool(Payload::Moodle.user(7).id).await;
        for (n, right) in [(7, true), (8, false)] {
            let mut visitor = Visitor::new("a Tool", client(), address, None);
            let login = visitor.log_in(&school, n).await.expect("the Tool leads to the Platform");
            let arrived = visitor.launch(&school, n, &login).await;
            assert_eq!(arrived.is_ok(), right, "{n}");
            if let Ok(arrived) = arrived {
                visitor.publish(&arrived, 0, 1).await.expect("the Tool says that it has");
            }
        }
        assert_eq!(platform.take(), Taken { tokens: 0, scores: 0, learners: 0 });
    }

    #[tokio::test]
    async fn a_score_needs_a_token_that_was_issued() {
        let platform = Platform::start(&json!({})).await.expect("loopback listens");
        let at = |path: &str| format!("http://{}{path}", platform.address);
        let form = [("grant_type", "client_credentials"), ("scope", "a b")];
        let issued = client().post(at("/token")).form(&form).send().await.expect("the Platform answers");
        let issued: Value = issued.json().await.expect("in JSON");
        assert_eq!(issued["scope"], "a b");
        for (n, token, status) in [(0, "another", 401), (1, issued["access_token"].as_str().expect("a token"), 200)] {
            let request = client().post(at("/line-items/1/scores")).bearer_auth(token).json(&score(n));
            assert_eq!(request.send().await.expect("the Platform answers").status(), status);
        }
        assert_eq!(platform.take(), Taken { tokens: 1, scores: 1, learners: 1 });
    }

    #[test]
    fn a_form_that_posts_itself_is_read() {
        let page = r#"<form action="https://app.vendor.example/lti?a=1" method="POST">
            <input type="hidden" name="id_token" value="a.b.c" />
            <input type="hidden" name="state" value="s" /></form>"#;
        let (action, fields) = form(page).expect("it is a form");
        assert_eq!(path(&action), "/lti?a=1");
        assert_eq!(fields, [("id_token".into(), "a.b.c".into()), ("state".into(), "s".into())]);
        assert_eq!(form("<p>no form</p>"), None);
    }

    #[test]
    fn the_app_was_told_by_json_or_by_the_token_of_a_page() {
        let told = arrived(r#"{"launch":"l1","claims":{"sub":"41"}}"#).expect("it was told");
        assert_eq!((told.user.as_str(), told.publish.as_str(), told.bearer), ("41", "/launches/l1/scores", None));
        let told = arrived(r#"{"launch":"l1","claims":{"sub":"41"},"scores":"/scores?ltik=l1"}"#);
        assert_eq!(told.map(|told| told.publish).as_deref(), Some("/scores?ltik=l1"));
        let token = format!("h.{}.s", URL_SAFE_NO_PAD.encode(r#"{"sub":"41"}"#));
        let page = |verified: bool| {
            let settings = serde_json::json!({ "stateVerified": verified, "jwt": token });
            format!("<script>window.LAUNCH_SETTINGS = {settings};</script>")
        };
        assert_eq!(arrived(&page(true)).map(|told| told.user).as_deref(), Some("41"));
        assert_eq!(arrived(&page(false)), None, "the browser was not the one that began");
        assert_eq!(arrived("Unauthorized"), None);
    }
}
