//! Calls to a Platform's services: the token, the one retry with another token, the words of a refusal.

use std::sync::Arc;
use std::time::Duration;

use doorway_lti::ags::outcome::{self, Outcome};
use doorway_lti::platform_family::PlatformFamily;
use reqwest::Method;

use crate::access_tokens::{AccessTokens, Granted, Holder, TokenError};
use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::http::{Answer, FetchError, PlatformClient, Request};
use crate::service_url::ServiceUrl;

/// A call to a service.
pub struct ServiceCall<'a> {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: &'a ServiceUrl,
    /// The scopes to ask for: each opens the service, and some Platforms look for a certain one.
    pub scopes: &'a [&'a str],
    /// The one media type that is understood.
    pub accept: Option<&'static str>,
    /// The body with its media type.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// The longest answer that is read, in bytes.
    pub limit: usize,
    /// How long it may take.
    pub timeout: Duration,
}

/// What a Platform said when it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformWords {
    /// Its status.
    pub status: u16,
    /// Its words, made presentable.
    pub words: String,
}

/// Why a Platform cannot serve now.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unavailable {
    /// There is no answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It answered that it cannot, or asked for patience.
    #[error("the platform answered {}", .0.status)]
    Answered(PlatformWords),
    /// Its answer cannot be read.
    #[error("the platform's answer cannot be read: {0}")]
    Unreadable(&'static str),
}

/// The services of all Platforms.
pub struct PlatformServices {
    client: Arc<PlatformClient>,
    tokens: AccessTokens,
}

impl PlatformServices {
    /// Over this client, with these tokens.
    pub fn new(client: Arc<PlatformClient>, tokens: AccessTokens) -> Self {
        Self { client, tokens }
    }

    /// Makes a call, with another token once if the first is refused. The answer may be any.
    ///
    /// # Errors
    /// [`Error::AccessToken`] when there is no token; [`Error::PlatformUnavailable`] when there is no answer;
    /// [`Error::Secret`] when there is no key to sign with.
    pub async fn call(
        &self,
        holder: Holder<'_>,
        family: PlatformFamily,
        call: &ServiceCall<'_>,
        now: UnixSeconds,
    ) -> Result<Answer, Error> {
        let granted = self.tokens.get(holder, call.scopes, now).await?;
        let answer = self.send(call, &granted).await?;
        if outcome_of(&answer, family) != Outcome::TokenRefused {
            return Ok(answer);
        }
        let granted = self.tokens.replace(&granted, holder, call.scopes, now).await?;
        self.send(call, &granted).await
    }

    /// Makes a call that must succeed.
    ///
    /// # Errors
    /// As for [`PlatformServices::call`]; [`Error::PlatformRefused`], [`Error::PlatformUnavailable`] by the answer.
    pub async fn ask(
        &self,
        holder: Holder<'_>,
        family: PlatformFamily,
        call: &ServiceCall<'_>,
        now: UnixSeconds,
    ) -> Result<Answer, Error> {
        let answer = self.call(holder, family, call, now).await?;
        match outcome_of(&answer, family) {
            Outcome::Done => Ok(answer),
            Outcome::TokenRefused | Outcome::Stale | Outcome::NotFound | Outcome::Refused | Outcome::Redirected => {
                Err(Error::PlatformRefused(words_of(&answer)))
            }
            Outcome::Throttled | Outcome::Transient => {
                Err(Error::PlatformUnavailable(Unavailable::Answered(words_of(&answer))))
            }
        }
    }

    async fn send(&self, call: &ServiceCall<'_>, granted: &Granted) -> Result<Answer, Error> {
        let mut request =
            Request::to_service(call.method.clone(), call.url, &granted.token).limit(call.limit).timeout(call.timeout);
        if let Some(media_type) = call.accept {
            request = request.accept(media_type);
        }
        if let Some((media_type, body)) = &call.body {
            request = request.body(media_type, body.clone());
        }
        self.client.send(request).await.map_err(|error| Error::PlatformUnavailable(error.into()))
    }
}

/// What an answer means (AGS digest §6).
pub fn outcome_of(answer: &Answer, family: PlatformFamily) -> Outcome {
    outcome::classify(&parts(answer), family)
}

/// What the Platform says, for a person.
pub fn words_of(answer: &Answer) -> PlatformWords {
    PlatformWords { status: answer.status.as_u16(), words: outcome::words(&parts(answer)) }
}

fn parts(answer: &Answer) -> outcome::Answer<'_> {
    outcome::Answer {
        status: answer.status.as_u16(),
        reason: answer.reason.as_deref(),
        body: &answer.body,
        rate_limit_remaining: answer.header("x-rate-limit-remaining").and_then(|text| text.trim().parse().ok()),
        www_authenticate: answer.header("www-authenticate"),
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::AccessToken(Box::new(error))
    }
}
