//! A real browser: Chromium without a screen, driven through chromedriver.
//!
//! [`Chromium::start`] opens one with a profile of its own, which is gone when it is dropped. What a person does stands in
//! `click`, `frame` and `window`; what a person sees in `wait`, `picture` and `console`; what an examiner of
//! accessibility sees in `axe`. All of it works in the *current frame*: the page's top, until [`Chromium::enter`].
//!
//! A browser has its own clock and its own pace. Nothing here sleeps for a fixed time: what is not there yet is waited
//! for, with a deadline.

mod axe;
mod click;
mod console;
mod cookie_rule;
mod driver;
mod folder;
mod frame;
mod picture;
mod session;
mod wait;
mod window;

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Value, json};
use url::Url;

use driver::Driver;
use session::{Session, WebDriverError};

pub use axe::Violation;
pub use cookie_rule::CookieRule;
pub use wait::Condition;

/// How a browser is started.
#[derive(Debug, Clone)]
pub struct ChromiumOptions {
    /// What may keep cookies.
    pub cookies: CookieRule,
    /// The languages that pages are asked for, best first, such as `de-CH,de`.
    pub languages: String,
    /// Width and height of pages, in CSS pixels.
    pub size: (u32, u32),
}

impl Default for ChromiumOptions {
    fn default() -> Self {
        Self { cookies: CookieRule::Allowed, languages: "en".to_owned(), size: (1024, 768) }
    }
}

/// A running browser with one session.
pub struct Chromium {
    session: Session,
    size: (u32, u32),
    /// From the top of the page to the current frame.
    path: Mutex<Vec<frame::Step>>,
    /// The windows that tests know of already.
    known_windows: Mutex<HashSet<String>>,
    /// Ends the browser when it is dropped.
    _driver: Driver,
}

impl Chromium {
    /// A browser with this rule for cookies.
    pub async fn start(cookies: CookieRule) -> Self {
        Self::start_with(ChromiumOptions { cookies, ..ChromiumOptions::default() }).await
    }

    /// A browser started otherwise.
    ///
    /// # Panics
    /// Where chromedriver is not installed or does not start.
    pub async fn start_with(options: ChromiumOptions) -> Self {
        let mut driver = Driver::start();
        let session = Session::open(driver.port(), &capabilities(&options, &driver)).await;
        driver.owns(session.id());
        let chromium = Self {
            session,
            size: options.size,
            path: Mutex::default(),
            known_windows: Mutex::default(),
            _driver: driver,
        };
        chromium.resize(options.size.0, options.size.1).await;
        chromium.know_windows().await;
        chromium
    }

    /// Opens an address in the current window and waits until it has loaded; its top is the current frame.
    pub async fn goto(&self, url: impl AsRef<str>) {
        self.leave_frames();
        self.must("POST", "/url", json!({ "url": url.as_ref() })).await;
    }

    /// The address of the current frame.
    pub async fn url(&self) -> Url {
        let url = self.run("return location.href", json!([])).await;
        Url::parse(url.as_str().unwrap_or_default()).expect("every page has an address")
    }

    /// The title of the current frame.
    pub async fn title(&self) -> String {
        self.run("return document.title", json!([])).await.as_str().unwrap_or_default().to_owned()
    }

    /// What is to be read in the current frame.
    pub async fn text(&self) -> String {
        self.run("return document.body.innerText", json!([])).await.as_str().unwrap_or_default().to_owned()
    }

    /// Runs the body of a function in the current frame; what it returns.
    ///
    /// # Panics
    /// When the script throws.
    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        self.must("POST", "/execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// The browser's Back button.
    pub async fn back(&self) {
        self.leave_frames();
        self.must("POST", "/back", json!({})).await;
    }

    /// The browser's Reload button.
    pub async fn refresh(&self) {
        self.leave_frames();
        self.must("POST", "/refresh", json!({})).await;
    }

    /// A command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.session.devtools(command, &parameters).await;
        self.or_describe(command, answer).await
    }

    /// A command that works, or the test ends with what the browser shows.
    async fn must(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.session.call(method, path, &body).await;
        self.or_describe(&format!("{method} {path}"), answer).await
    }

    async fn or_describe(&self, what: &str, answer: Result<Value, WebDriverError>) -> Value {
        match answer {
            Ok(value) => value,
            Err(error) => panic!("{what}: {error}\n{}", self.describe().await),
        }
    }

    /// What the current frame shows and where all frames are, for messages of failed tests.
    async fn describe(&self) -> String {
        const SCRIPT: &str = "return [location.href, document.title, document.body?.innerText ?? '']";
        let shown = match self.session.call("POST", "/execute/sync", &json!({ "script": SCRIPT, "args": [] })).await {
            Ok(value) => {
                let [url, title, text] = [0, 1, 2].map(|part| value[part].as_str().unwrap_or_default().to_owned());
                format!("url: {url}\ntitle: {title}\ntext:\n{text}")
            }
            Err(error) => format!("and the page cannot be looked at: {error}"),
        };
        let open = match self.session.devtools("Target.getTargets", &json!({})).await {
            Ok(answer) => answer["targetInfos"].as_array().cloned().unwrap_or_default(),
            Err(_) => vec![],
        };
        let open: String = open.iter().map(|target| format!("\n    {} {}", target["type"], target["url"])).collect();
        format!("{shown}\npages and frames of other sites:{open}")
    }
}

/// What chromedriver is asked for.
fn capabilities(options: &ChromiumOptions, driver: &Driver) -> Value {
    let (width, height) = options.size;
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-color-profile=srgb",
        "--disable-dev-shm-usage",
        // As on telephones: all of the width is the page's, so that 320 pixels are 320 pixels.
        "--hide-scrollbars",
        // By a pipe, which ends the browser when chromedriver ends, whatever ends that.
        "--remote-debugging-pipe",
    ]
    .map(ToOwned::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", driver.profile().display()));
    arguments.push(format!("--window-size={width},{height}"));
    let mut preferences = options.cookies.preferences();
    preferences["intl.accept_languages"] = json!(options.languages);
    json!({ "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments, "prefs": preferences },
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "implicit": 0, "pageLoad": 30_000, "script": 30_000 },
    }})
}
