//! Windows and tabs, which are the same here.

use std::sync::PoisonError;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::Chromium;

/// How long a new window may take to come.
const DEADLINE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(30);

impl Chromium {
    /// The handles of all windows.
    pub async fn windows(&self) -> Vec<String> {
        let handles = self.must("GET", "/window/handles", Value::Null).await;
        serde_json::from_value(handles).expect("handles are texts")
    }

    /// Waits for a window that was not there when one was last looked for; it becomes the current one. Its handle.
    pub async fn enter_new_window(&self) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let windows = self.windows().await;
            let fresh = windows.into_iter().find(|window| !self.known().contains(window));
            if let Some(window) = fresh {
                self.enter_window(&window).await;
                return window;
            }
            assert!(Instant::now() < deadline, "no new window opened\n{}", self.describe().await);
            sleep(PAUSE).await;
        }
    }

    /// This window becomes the current one, and its top the current frame.
    pub async fn enter_window(&self, window: &str) {
        self.leave_frames();
        self.must("POST", "/window", json!({ "handle": window })).await;
        self.know_windows().await;
        let (width, height) = self.size;
        self.resize(width, height).await;
    }

    /// Closes the current window; the first of the others becomes the current one.
    pub async fn close_window(&self) {
        let left = self.must("DELETE", "/window", Value::Null).await;
        let next = left[0].as_str().expect("a window is left").to_owned();
        self.enter_window(&next).await;
    }

    /// From now on, the windows that are there are not new.
    pub(super) async fn know_windows(&self) {
        let windows = self.windows().await;
        self.known().extend(windows);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, std::collections::HashSet<String>> {
        self.known_windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
