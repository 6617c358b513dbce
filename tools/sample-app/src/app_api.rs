//! The App's client of Doorway's App API: a file per noun, and here what all calls share.

mod deep_link;
mod error;
mod launches;
mod line_items;
mod memberships;
mod paging;
mod scores;

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, Url};

pub use deep_link::{ContentItem, HandOver, NewLineItem};
pub use error::{ApiError, Fault, PlatformAnswer, Problem};
pub use line_items::{LineItem, LineItemResult};
pub use memberships::Member;
pub use paging::Collected;
pub use scores::{DeliveryAttempt, Score, ScoreReceipt, ScoreRecord, ScoreState, Submission};

/// A person waits for the answer, so do not wait long.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that takes longer than this will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A client of the App API.
pub struct AppApi {
    client: Client,
    base_url: String,
    app_key: String,
}

impl AppApi {
    /// A client for the App API at this base URL, with this key.
    ///
    /// Redirects are not followed: the key must not travel elsewhere.
    ///
    /// # Panics
    /// When TLS cannot be initialised, as `reqwest::Client::new` does.
    #[must_use]
    pub fn new(base_url: &str, app_key: String) -> Self {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Lumen/1.0")
            .build()
            .expect("the settings are constant and TLS is built in");
        Self { client, base_url: base_url.to_owned(), app_key }
    }

    /// A call of the path `/v1/...` with these segments, each of which stays one segment.
    fn call(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder, ApiError> {
        self.call_with_query(method, segments, &[])
    }

    fn call_with_query(
        &self,
        method: Method,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<RequestBuilder, ApiError> {
        let mut url = self.url(segments)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(self.client.request(method, url).bearer_auth(&self.app_key))
    }

    fn url(&self, segments: &[&str]) -> Result<Url, ApiError> {
        let mut url = Url::parse(&self.base_url).map_err(|_| ApiError::NoBaseUrl)?;
        url.path_segments_mut().map_err(|()| ApiError::NoBaseUrl)?.pop_if_empty().push("v1").extend(segments);
        Ok(url)
    }
}

/// Sends a call. Every answer but a success is an error.
async fn send(call: RequestBuilder) -> Result<Response, ApiError> {
    let response = call.send().await.map_err(ApiError::no_answer)?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.unwrap_or_default();
    Err(ApiError::Refused(Box::new(Problem { status, ..problem })))
}

/// Sends a call whose success is JSON of this form.
async fn send_for_json<T: serde::de::DeserializeOwned>(call: RequestBuilder) -> Result<T, ApiError> {
    send(call).await?.json().await.map_err(ApiError::no_answer)
}

#[cfg(test)]
mod tests {
    use super::{ApiError, AppApi};

    fn api(base_url: &str) -> AppApi {
        AppApi::new(base_url, "key".into())
    }

    #[test]
    fn paths_stand_below_the_base() {
        for base in ["https://doorway.example/lti", "https://doorway.example/lti/"] {
            let url = api(base).url(&["launches", "Ab-1_", "redeem"]).unwrap();
            assert_eq!(url.as_str(), "https://doorway.example/lti/v1/launches/Ab-1_/redeem");
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let url = api("https://doorway.example").url(&["launches", "a", "line-items", "b/c?d#e", "results"]).unwrap();
        assert_eq!(url.path(), "/v1/launches/a/line-items/b%2Fc%3Fd%23e/results");
        assert_eq!((url.query(), url.fragment()), (None, None));
    }

    #[test]
    fn a_base_without_paths_is_refused() {
        for base in ["", "doorway", "mailto:a@b.example"] {
            assert!(matches!(api(base).url(&["launches"]), Err(ApiError::NoBaseUrl)), "{base}");
        }
    }
}
