//! The one HTTP client that talks to Platforms.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::sync::OnceCell;
use url::Url;

use crate::registration::PlatformTransport;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("Doorway/", env!("CARGO_PKG_VERSION"));

/// Talks to Platforms: https unless the stack is local, no redirects (they lead to internal hosts), bounded in
/// time and size, through no proxy of the environment, with a User-Agent (Canvas and some Moodle sites refuse
/// requests without one). Made on first
/// use: reading the certificate roots is the largest part of a cold start.
#[derive(Default)]
pub struct PlatformClient {
    transport: PlatformTransport,
    client: OnceCell<Client>,
}

/// A document that a Platform published.
pub struct Document {
    /// Its bytes.
    pub body: Vec<u8>,
    /// `max-age` of its `Cache-Control`, in seconds; 0 when it must not be kept.
    pub max_age_seconds: Option<u64>,
}

/// Why a document could not be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// The client could not be made, or the request failed on the way.
    #[error("request failed: {0}")]
    Transport(String),
    /// The Platform answered with another status than 200.
    #[error("the Platform answered {0}")]
    Status(StatusCode),
    /// The answer is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
}

impl PlatformClient {
    /// A client for this transport.
    pub fn new(transport: PlatformTransport) -> Self {
        Self { transport, client: OnceCell::new() }
    }

    /// Fetches a public document of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FetchError`] when the Platform cannot be reached in time, answers anything but 200, or too much.
    pub async fn get(&self, url: &Url, limit: usize) -> Result<Document, FetchError> {
        let request = self.client().await?.get(url.clone()).header("Accept", "application/json");
        let mut response = request.send().await.map_err(transport)?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let cache_control = response.headers().get("cache-control").and_then(|value| value.to_str().ok());
        let max_age_seconds = cache_control.and_then(max_age);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if body.len() + chunk.len() > limit {
                return Err(FetchError::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Document { body, max_age_seconds })
    }

    async fn client(&self) -> Result<&Client, FetchError> {
        self.client
            .get_or_try_init(|| async {
                Client::builder()
                    .https_only(self.transport == PlatformTransport::HttpsOnly)
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(CONNECT_TIMEOUT)
                    .timeout(TOTAL_TIMEOUT)
                    .user_agent(USER_AGENT)
                    .no_proxy()
                    .build()
            })
            .await
            .map_err(transport)
    }
}

/// The chain of causes, without the URL: it may carry what an operator put into it.
fn transport(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    FetchError::Transport(text)
}

fn max_age(cache_control: &str) -> Option<u64> {
    let not_to_be_kept = |directive: &str| ["no-store", "no-cache"].iter().any(|no| directive.eq_ignore_ascii_case(no));
    if cache_control.split(',').any(|directive| not_to_be_kept(directive.trim())) {
        return Some(0);
    }
    cache_control.split(',').find_map(|directive| {
        let (name, value) = directive.trim().split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then(|| value.trim_matches('"').parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_is_found_among_directives() {
        assert_eq!(max_age("public, max-age=3600, must-revalidate"), Some(3600));
        assert_eq!(max_age("Max-Age=\"60\""), Some(60));
        assert_eq!((max_age("No-Store"), max_age("max-age=soon"), max_age("s-maxage=5")), (Some(0), None, None));
    }
}
