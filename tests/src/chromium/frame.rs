//! Frames, and frames in them.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::Chromium;
use super::session::{Element, WebDriverError};

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
                    Element::of(&found).map_or(Value::Null, |element| element.json())
                }
            };
            self.session.call("POST", "/frame", &json!({ "id": frame })).await?;
        }
        Ok(())
    }

    fn path(&self) -> std::sync::MutexGuard<'_, Vec<Step>> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
