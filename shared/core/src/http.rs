//! The one HTTP client that talks to Platforms.

pub mod address;
mod detour;
mod request;
pub mod resolve;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use doorway_lti::id_token::UnixSeconds;
use hyper::ext::ReasonPhrase;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::OnceCell;
use url::{Position, Url};

use crate::registration::PlatformTransport;
use address::names_inner_address;
pub use detour::Detour;
pub use request::Request;
use resolve::{NameService, NoPublicAddress, PublicOnly, SystemNames};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A shorter secret is a word, in bytes, and protects nothing.
const SHORTEST_SECRET: usize = 8;
const USER_AGENT: &str = concat!("Doorway/", env!("CARGO_PKG_VERSION"), " (LTI 1.3 Tool)");
/// How long a connection is kept for the next request: less than Platforms' own five seconds and more, so that a score
/// does not go out on a connection that the other side is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Talks to Platforms: https and public addresses unless the stack is local, no redirects (they lead to internal hosts,
/// and would take a token along), bounded in time and size, not compressed, through no proxy of the environment, with a
/// User-Agent (Canvas and some Moodle sites refuse requests without one).
///
/// Made on first use: reading the certificate roots is the largest part of a cold start.
pub struct PlatformClient {
    transport: PlatformTransport,
    names: Arc<dyn NameService>,
    detour: Option<Arc<dyn Detour>>,
    client: OnceCell<Client>,
}

/// A document that a Platform published.
pub struct Document {
    /// Its bytes.
    pub body: Vec<u8>,
    /// `max-age` of its `Cache-Control`, in seconds; 0 when it must not be kept.
    pub max_age_seconds: Option<u64>,
}

/// What a Platform answered, whatever the status.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The words beside the status, where they are not the usual ones: Moodle says there, and only there, what is wrong.
    pub reason: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// The client could not be made, or the request failed on the way. It may have arrived all the same.
    #[error("request failed: {0}")]
    Transport(String),
    /// There was no connection: nothing was sent.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The URL leads into a network, or is not of a kind that the Tool asks.
    #[error("the URL leads to no public address")]
    NotPublic,
    /// The Platform answered with another status than 200.
    #[error("the Platform answered {0}")]
    Status(StatusCode),
    /// The answer is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
}

impl FetchError {
    /// Whether the request never left: what it asks for was not done. After any other error it may have been.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::NoConnection(_) | Self::NotPublic => true,
            Self::Transport(_) | Self::Status(_) | Self::TooLarge(_) => false,
        }
    }
}

impl PlatformClient {
    /// A client for this transport.
    pub fn new(transport: PlatformTransport) -> Self {
        Self::with_names(transport, Arc::new(SystemNames))
    }

    /// A client that looks names up elsewhere than the system does.
    pub fn with_names(transport: PlatformTransport, names: Arc<dyn NameService>) -> Self {
        Self { transport, names, detour: None, client: OnceCell::new() }
    }

    /// A client of a test, whose Platforms cannot be reached: it checks and writes requests as any other, and this says
    /// where they go.
    pub fn with_detour(transport: PlatformTransport, detour: Arc<dyn Detour>) -> Self {
        Self { transport, names: Arc::new(SystemNames), detour: Some(detour), client: OnceCell::new() }
    }

    /// Fetches a public document of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FetchError`] when the Platform cannot be reached in time, answers anything but 200, or too much.
    pub async fn get(&self, url: &Url, limit: usize) -> Result<Document, FetchError> {
        let answer = self.send(Request::get(url).accept("application/json").limit(limit)).await?;
        if answer.status != StatusCode::OK {
            return Err(FetchError::Status(answer.status));
        }
        let cache_control = answer.headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
        Ok(Document { max_age_seconds: cache_control.and_then(max_age), body: answer.body })
    }

    /// Sends a request and reads the answer, whatever its status.
    ///
    /// # Errors
    /// [`FetchError`] when there is no whole answer in time.
    pub async fn send(&self, request: Request) -> Result<Answer, FetchError> {
        self.check(&request.url)?;
        let client = self.client().await?;
        let sending = match &self.detour {
            None => client.request(request.method, request.url),
            Some(detour) => client
                .request(request.method, detour.instead_of(&request.url))
                .header(HOST, &request.url[Position::BeforeHost..Position::AfterPort]),
        };
        let mut sending = sending.timeout(request.timeout).body(request.body);
        for (name, value) in [(ACCEPT, request.accept), (CONTENT_TYPE, request.content_type)] {
            if let Some(value) = value {
                sending = sending.header(name, HeaderValue::from_static(value));
            }
        }
        if let Some(authorization) = request.authorization {
            sending = sending.header(AUTHORIZATION, authorization);
        }
        let response = sending.send().await.map_err(transport)?;
        read(response, request.limit).await
    }

    /// What the resolver does not see: the scheme, and hosts that are addresses.
    fn check(&self, url: &Url) -> Result<(), FetchError> {
        let allowed = match self.transport {
            PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
            PlatformTransport::HttpsOnly => url.scheme() == "https" && !names_inner_address(url),
        };
        let plain = url.username().is_empty() && url.password().is_none();
        if allowed && plain { Ok(()) } else { Err(FetchError::NotPublic) }
    }

    async fn client(&self) -> Result<&Client, FetchError> {
        self.client
            .get_or_try_init(|| async {
                let builder = Client::builder()
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(CONNECT_TIMEOUT)
                    .pool_idle_timeout(IDLE_TIMEOUT)
                    .user_agent(USER_AGENT)
                    .no_proxy();
                match (self.transport, &self.detour) {
                    (PlatformTransport::HttpsOnly, None) => {
                        builder.https_only(true).dns_resolver(Arc::new(PublicOnly(self.names.clone())))
                    }
                    (PlatformTransport::HttpsOnly, Some(_)) | (PlatformTransport::HttpAllowed, _) => builder,
                }
                .build()
            })
            .await
            .map_err(transport)
    }
}

impl Answer {
    /// `Retry-After` in seconds, when it is a number. A date is as good as none: clocks differ.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.header(RETRY_AFTER.as_str())?.trim().parse().ok()
    }

    /// The same without a secret that went with the request, should it be quoted: words of it are shown to a person.
    pub fn without(&self, secret: Option<&str>) -> Self {
        let redacted = |text: &str| match secret {
            Some(secret) if secret.len() >= SHORTEST_SECRET => text.replace(secret, "[redacted]"),
            _ => text.to_owned(),
        };
        Self {
            status: self.status,
            reason: self.reason.as_deref().map(redacted),
            headers: self.headers.clone(),
            body: redacted(&String::from_utf8_lossy(&self.body)).into_bytes(),
        }
    }

    /// The Platform's own time: its `Date`.
    pub fn date(&self) -> Option<UnixSeconds> {
        let date = DateTime::from_str(self.header(DATE.as_str())?, DateTimeFormat::HttpDate).ok()?;
        u64::try_from(date.secs()).ok().map(UnixSeconds)
    }

    /// A header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header; what is not UTF-8 is replaced (Moodle's `Link` has curly quotes).
    pub fn header_texts(&self, name: &str) -> Vec<String> {
        self.headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).collect()
    }
}

async fn read(mut response: Response, limit: usize) -> Result<Answer, FetchError> {
    let status = response.status();
    let reason = response.extensions().get::<ReasonPhrase>();
    let reason = reason.map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
    let headers = response.headers().clone();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, reason, headers, body })
}

/// The chain of causes, without the URL: it may carry what an operator put into it.
fn transport(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let is_connect = error.is_connect();
    let mut text = error.to_string();
    let mut source = StdError::source(&error);
    while let Some(cause) = source {
        if cause.is::<NoPublicAddress>() {
            return FetchError::NotPublic;
        }
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    if is_connect { FetchError::NoConnection(text) } else { FetchError::Transport(text) }
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
