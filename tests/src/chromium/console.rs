//! What the browser says to developers.

use serde_json::json;

use super::Chromium;

/// Browsers ask every site for it, whether pages name it or not.
const ICON: &str = "/favicon.ico ";

impl Chromium {
    /// Takes the error lines of the console since they were taken last: of pages that broke their
    /// Content-Security-Policy, of scripts that threw, of what could not be loaded.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.must("POST", "/se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let severe = entries.into_iter().filter(|entry| entry["level"] == "SEVERE");
        let messages = severe.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned());
        messages.filter(|message| !message.contains(ICON)).collect()
    }

    /// No page has broken its Content-Security-Policy, and no script has thrown.
    pub async fn assert_console_is_clean(&self) {
        let errors = self.console_errors().await;
        assert!(errors.is_empty(), "the console says: {errors:#?}\n{}", self.describe().await);
    }
}
