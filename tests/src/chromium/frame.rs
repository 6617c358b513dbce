//! Frames, and frames in them.

use serde_json::{Value, json};

use super::Chromium;

impl Chromium {
    /// The frame that the CSS selector finds first, once it is there, becomes the current one.
    pub async fn enter(&self, css: &str) {
        let frame = self.element(css).await;
        self.must("POST", "/frame", json!({ "id": frame.json() })).await;
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
        }
    }

    /// The top of the page becomes the current frame.
    pub async fn top(&self) {
        self.must("POST", "/frame", json!({ "id": Value::Null })).await;
    }
}
