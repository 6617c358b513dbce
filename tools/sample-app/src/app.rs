//! The App: its settings, its client of Doorway, its visits.

use std::sync::Arc;

use crate::app_api::AppApi;
use crate::visits::Visits;

/// What the App has to know.
#[derive(Clone)]
pub struct SampleAppConfig {
    /// Base URL of Doorway's App API, such as `http://127.0.0.1:8400`.
    pub app_api_url: String,
    /// The App's key for it. A secret: it stays in the back end.
    pub app_key: String,
    /// The path at which the router is mounted, such as `/app`; empty at the root.
    pub base_path: String,
    /// The same place as browsers reach it, such as `https://lumen.example/app`: links that teachers add to courses
    /// begin with it.
    pub public_url: String,
    /// The time, unix seconds.
    pub clock: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// The running App.
pub struct SampleApp {
    pub(crate) api: AppApi,
    pub(crate) visits: Visits,
    base_path: String,
    public_url: String,
    clock: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl SampleApp {
    /// An App with these settings, and no visits yet.
    ///
    /// # Panics
    /// When the HTTP client cannot start, as [`AppApi::new`].
    #[must_use]
    pub fn new(config: SampleAppConfig) -> Self {
        Self {
            api: AppApi::new(&config.app_api_url, config.app_key),
            visits: Visits::default(),
            base_path: config.base_path.trim_end_matches('/').to_owned(),
            public_url: config.public_url.trim_end_matches('/').to_owned(),
            clock: config.clock,
        }
    }

    pub(crate) fn now(&self) -> u64 {
        (self.clock)()
    }

    /// A path of the App as browsers see it.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }

    /// A path of the App as an absolute URL.
    pub(crate) fn public_url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}
