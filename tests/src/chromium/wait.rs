//! Waiting until something is so.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::Chromium;

/// How long anything on a page may take.
const DEADLINE: Duration = Duration::from_secs(20);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(30);

/// What can be waited for, in the current frame.
#[derive(Debug, Clone, Copy)]
pub enum Condition<'a> {
    /// The text is to be read.
    Text(&'a str),
    /// The address begins so.
    UrlPrefix(&'a str),
    /// The CSS selector finds something.
    Element(&'a str),
    /// The CSS selector finds nothing.
    NoElement(&'a str),
    /// This body of a function returns something true.
    Holds(&'a str),
}

impl Condition<'_> {
    /// The condition as a script with one argument.
    fn script(&self) -> (&str, &str) {
        match self {
            Self::Text(text) => ("return document.body.innerText.includes(arguments[0])", text),
            Self::UrlPrefix(prefix) => ("return location.href.startsWith(arguments[0])", prefix),
            Self::Element(css) => ("return document.querySelector(arguments[0]) !== null", css),
            Self::NoElement(css) => ("return document.querySelector(arguments[0]) === null", css),
            Self::Holds(script) => (script, ""),
        }
    }
}

impl Chromium {
    /// Waits until it is so, for twenty seconds at most: a busy machine takes its time.
    ///
    /// # Panics
    /// When it is not so by then: with the address, the title and the text of the page.
    pub async fn wait_for(&self, condition: Condition<'_>) {
        self.wait_at_most(DEADLINE, condition).await;
    }

    /// Waits until it is so, for another time at most.
    pub async fn wait_at_most(&self, limit: Duration, condition: Condition<'_>) {
        let (script, argument) = condition.script();
        let found = self.until_at_most(limit, script, json!([argument])).await;
        if let Err(last) = found {
            panic!("{condition:?} did not come about; last {last}\n{}", self.describe().await);
        }
    }

    /// Waits until the text is to be read in the current frame.
    pub async fn sees(&self, text: &str) {
        self.wait_for(Condition::Text(text)).await;
    }

    /// Runs a script until it returns something true: that, or what it returned last.
    pub(super) async fn until(&self, script: &str, arguments: Value) -> Result<Value, String> {
        self.until_at_most(DEADLINE, script, arguments).await
    }

    /// While a page is on its way, it may have no document and its frames may be gone, so that errors are answers too.
    async fn until_at_most(&self, limit: Duration, script: &str, arguments: Value) -> Result<Value, String> {
        let deadline = Instant::now() + limit;
        let mut entered = Ok(());
        loop {
            let last = match entered {
                // The page around the frame is not what was asked about.
                Err(error) => format!("the frame cannot be entered: {error}"),
                Ok(()) => match self.run_in_frame(script, &arguments).await {
                    Ok(Some(Value::Null)) => "null".to_owned(),
                    Ok(Some(Value::Bool(false))) => "false".to_owned(),
                    Ok(Some(value)) => return Ok(value),
                    Ok(None) => match self.find_frames_again().await {
                        Ok(()) => "the driver has lost the frame".to_owned(),
                        Err(error) => format!("the driver has lost the frame: {error}"),
                    },
                    Err(error) => error.to_string(),
                },
            };
            if Instant::now() > deadline {
                return Err(last);
            }
            sleep(PAUSE).await;
            entered = self.enter_again().await;
        }
    }
}
