//! How pages look.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Chromium;

/// Longer pages are cut off, in CSS pixels.
const MAX_HEIGHT: u64 = 4_000;

impl Chromium {
    /// Writes the whole page of the current window, frames included, to `target/screenshots/<name>.png`.
    pub async fn screenshot(&self, name: &str) {
        let metrics = self.devtools("Page.getLayoutMetrics", json!({})).await;
        let extent = |side: &str| {
            let [page, window] = ["cssContentSize", "cssLayoutViewport"].map(|area| &metrics[area]);
            let window = window[if side == "width" { "clientWidth" } else { "clientHeight" }].as_u64();
            page[side].as_f64().map_or(0, |length| length as u64).max(window.unwrap_or(0))
        };
        let clip = json!({
            "x": 0, "y": 0, "width": extent("width"), "height": extent("height").min(MAX_HEIGHT), "scale": 1,
        });
        let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", parameters).await;
        let png = STANDARD.decode(picture["data"].as_str().unwrap_or_default()).expect("a picture is base64");
        let folder = folder();
        std::fs::create_dir_all(&folder).expect("the target folder can be written to");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the target folder can be written to");
    }

    /// The current window's pages become so large, in CSS pixels: any size, also that of a telephone.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Whether pages, and frames in them, are told that the person likes them dark.
    pub async fn prefer_dark(&self, is_dark: bool) {
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Whether scripts of pages that are opened from now on run in the current window. Those of tests do.
    pub async fn allow_scripts(&self, are_allowed: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !are_allowed })).await;
    }

    /// As large as at the start.
    pub async fn resize_back(&self) {
        self.resize(self.size.0, self.size.1).await;
    }
}

/// `target/screenshots` of the workspace.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
