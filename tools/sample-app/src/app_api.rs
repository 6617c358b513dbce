//! The App's client of Doorway's App API. One call so far: redeem a launch.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde::Deserialize;
use thiserror::Error;

use crate::launch::Launch;

/// A person waits for the answer, so do not wait long.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that takes longer than this will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The longest code that is worth asking about, in characters.
const CODE_MAX: usize = 256;

/// A client of the App API.
pub struct AppApi {
    client: Client,
    base_url: String,
    app_key: String,
}

/// What the App API says when it refuses (RFC 9457). `code` is stable, the texts are for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for programs: `launch_redeemed` and its like.
    pub code: String,
    /// What went wrong, in short.
    pub title: String,
    /// What went wrong, in this case.
    pub detail: String,
    /// What the operator finds the case by.
    pub reference: String,
}

/// Why a launch could not be redeemed.
#[derive(Debug, Error)]
pub enum RedeemError {
    /// The code has characters that no launch id has, so Doorway was not asked.
    #[error("the code is no launch id")]
    NoLaunchId,
    /// Doorway refused.
    #[error("the App API refused with `{}`, reference `{}`", .0.code, .0.reference)]
    Refused(Problem),
    /// Doorway did not answer, or not with a launch.
    #[error("the App API did not answer as agreed")]
    NoAnswer(#[source] reqwest::Error),
    /// The App's own settings have no usable URL of the App API.
    #[error("the App API's base URL is no URL that has paths")]
    NoBaseUrl,
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

    /// Exchanges the one-time code for the launch.
    ///
    /// # Errors
    /// [`RedeemError::Refused`] with Doorway's code; [`RedeemError::NoAnswer`] when Doorway cannot be reached or its
    /// answer cannot be read; [`RedeemError::NoLaunchId`] and [`RedeemError::NoBaseUrl`] before Doorway is asked.
    pub async fn redeem(&self, launch_id: &str) -> Result<Launch, RedeemError> {
        let response =
            self.client.post(self.redeem_url(launch_id)?).bearer_auth(&self.app_key).send().await.map_err(no_answer)?;
        if response.status().is_success() {
            return response.json().await.map_err(no_answer);
        }
        Err(RedeemError::Refused(problem(response).await))
    }

    /// The code came in a URL that anybody can write, so it must not lead to another path.
    fn redeem_url(&self, launch_id: &str) -> Result<Url, RedeemError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(1..=CODE_MAX).contains(&launch_id.len()) || !launch_id.bytes().all(allowed) {
            return Err(RedeemError::NoLaunchId);
        }
        let mut url = Url::parse(&self.base_url).map_err(|_| RedeemError::NoBaseUrl)?;
        url.path_segments_mut()
            .map_err(|()| RedeemError::NoBaseUrl)?
            .pop_if_empty()
            .extend(["v1", "launches", launch_id, "redeem"]);
        Ok(url)
    }
}

/// The problem document, or what can be said without one.
async fn problem(response: Response) -> Problem {
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.unwrap_or_default();
    Problem { status, ..problem }
}

/// The URL has the code in it, which is no business of the log.
fn no_answer(error: reqwest::Error) -> RedeemError {
    RedeemError::NoAnswer(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::{AppApi, RedeemError};

    fn api(base_url: &str) -> AppApi {
        AppApi::new(base_url, "key".into())
    }

    #[test]
    fn a_launch_id_stands_in_the_path_below_the_base() {
        for base in ["https://doorway.example/lti", "https://doorway.example/lti/"] {
            let url = api(base).redeem_url("Ab-1_").unwrap();
            assert_eq!(url.as_str(), "https://doorway.example/lti/v1/launches/Ab-1_/redeem");
        }
    }

    #[test]
    fn a_code_that_would_change_the_path_is_refused() {
        for code in ["", "..", "a/b", "a%2Fb", "a?b", "a#b", "a b", "ä", &"a".repeat(257)] {
            let url = api("https://doorway.example").redeem_url(code);
            assert!(matches!(url, Err(RedeemError::NoLaunchId)), "{code}");
        }
    }

    #[test]
    fn a_base_without_paths_is_refused() {
        for base in ["", "doorway", "mailto:a@b.example"] {
            assert!(matches!(api(base).redeem_url("a"), Err(RedeemError::NoBaseUrl)), "{base}");
        }
    }
}
