//! WebDriver's wire: JSON over HTTP.
//!
//! Spec: <https://www.w3.org/TR/webdriver2/#protocol>

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than any command may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The key under which an element's reference stands.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An open session.
pub(super) struct Session {
    http: reqwest::Client,
    base: String,
    id: String,
}

/// A command that failed.
#[derive(Debug)]
pub(super) struct WebDriverError {
    /// WebDriver's code, such as `no such element`.
    code: String,
    message: String,
}

impl WebDriverError {
    /// Nothing on the page is what the CSS selector of a frame asks for.
    pub(super) fn no_frame(css: &str) -> Self {
        Self { code: "no such element".to_owned(), message: css.to_owned() }
    }
}

impl fmt::Display for WebDriverError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

/// A reference to an element of a page.
pub(super) struct Element(String);

impl Element {
    /// The element in a value that a script returned.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(Self(value.get(ELEMENT)?.as_str()?.to_owned()))
    }

    pub(super) fn id(&self) -> &str {
        &self.0
    }

    /// The element as an argument.
    pub(super) fn json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Session {
    /// Opens a session, and so the browser.
    pub(super) async fn open(port: u16, capabilities: &Value) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build().expect("a client needs no network");
        let base = format!("http://127.0.0.1:{port}/session");
        let opened = send(&http, "POST", &base, &json!({ "capabilities": capabilities })).await;
        let opened = opened.unwrap_or_else(|error| panic!("no browser: {error}"));
        let id = opened["sessionId"].as_str().expect("a session has an id").to_owned();
        Self { http, base: format!("{base}/{id}"), id }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// A command of the DevTools protocol.
    pub(super) async fn devtools(&self, command: &str, parameters: &Value) -> Result<Value, WebDriverError> {
        self.call("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    /// A command of the session.
    pub(super) async fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, WebDriverError> {
        send(&self.http, method, &format!("{}{path}", self.base), body).await
    }
}

async fn send(http: &reqwest::Client, method: &str, url: &str, body: &Value) -> Result<Value, WebDriverError> {
    let request = match method {
        "POST" => http.post(url).json(body),
        "DELETE" => http.delete(url),
        _ => http.get(url),
    };
    let response = async { request.send().await?.json::<Value>().await }.await;
    let mut answer = response
        .map_err(|error| WebDriverError { code: "no answer of chromedriver".to_owned(), message: error.to_string() })?;
    let value = answer["value"].take();
    match value.get("error").and_then(Value::as_str) {
        Some(code) => Err(WebDriverError {
            code: code.to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
        }),
        None => Ok(value),
    }
}
