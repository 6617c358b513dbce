//! Frames, and frames in them.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::Chromium;
use super::session::{Element, WebDriverError};

/// The rest of the script runs in a page with so many pages around it, and in no other.
const DEPTH: &str = "
    let depth = 0;
    for (let page = window; page !== page.parent; page = page.parent) depth += 1;
    if (depth !== arguments[0]) return {};
";

/// One step from a page into a frame of it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// The first frame that the CSS selector finds.
    Css(String),
    /// The frame of this number.
    Number(usize),
}

impl Chromium {
    /// The frame that the CSS selector finds first, once it is there, becomes the current one.
    pub async fn enter(&self, css: &str) {
        let frame = self.element(css).await;
        self.must("POST", "/frame", json!({ "id": frame.json() })).await;
        self.path().push(Step::Css(css.to_owned()));
    }

    /// From the top of the page, the frame at each number in turn: `[0, 1]` is the second one in the first.
    pub async fn enter_path(&self, path: &[usize]) {
        self.top().await;
        for number in path {
            let there = self.until("return window.frames.length > arguments[0]", json!([number])).await;
            if let Err(last) = there {
                panic!("there is no frame {number} of {path:?}; last {last}\n{}", self.describe().await);
            }
            self.must("POST", "/frame", json!({ "id": number })).await;
            self.path().push(Step::Number(*number));
        }
    }

    /// The top of the page becomes the current frame.
    pub async fn top(&self) {
        self.leave_frames();
        self.must("POST", "/frame", json!({ "id": Value::Null })).await;
    }

    /// The top is the current frame already, since the page is another one.
    pub(super) fn leave_frames(&self) {
        self.path().clear();
    }

    /// Enters the current frame again. A frame that goes to another site becomes another process, and the driver may be
    /// left with the page around it.
    pub(super) async fn enter_again(&self) -> Result<(), WebDriverError> {
        let path = self.path().clone();
        if path.is_empty() {
            return Ok(());
        }
        self.session.call("POST", "/frame", &json!({ "id": Value::Null })).await?;
        for step in path {
            let frame = match step {
                Step::Number(number) => json!(number),
                Step::Css(css) => {
                    let find = json!({ "script": "return document.querySelector(arguments[0])", "args": [css] });
                    let found = self.session.call("POST", "/execute/sync", &find).await?;
                    Element::of(&found).ok_or_else(|| WebDriverError::no_frame(&css))?.json()
                }
            };
            self.session.call("POST", "/frame", &json!({ "id": frame })).await?;
        }
        Ok(())
    }

    /// Runs the body of a function in the current frame; nothing where the driver is in another page than it says.
    pub(super) async fn run_in_frame(&self, script: &str, arguments: &Value) -> Result<Option<Value>, WebDriverError> {
        let script = format!("{DEPTH} return {{ found: (function () {{ {script} }}).apply(null, arguments[1]) }};");
        let command = json!({ "script": script, "args": [self.path().len(), arguments] });
        Ok(self.session.call("POST", "/execute/sync", &command).await?.get_mut("found").map(Value::take))
    }

    /// Has the browser tell the driver of all frames anew. Of many frames that go to another site and back at once, the driver
    /// loses one now and then for good: it says that it has entered it, and scripts run in the page around it.
    pub(super) async fn find_frames_again(&self) -> Result<(), WebDriverError> {
        for is_on in [false, true] {
            let parameters = json!({ "autoAttach": is_on, "waitForDebuggerOnStart": false, "flatten": true });
            self.session.devtools("Target.setAutoAttach", &parameters).await?;
        }
        Ok(())
    }

    fn path(&self) -> std::sync::MutexGuard<'_, Vec<Step>> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
