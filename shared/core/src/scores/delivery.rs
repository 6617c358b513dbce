//! One attempt to publish a score.

use std::sync::Arc;
use std::time::Duration;

use doorway_lti::ags::line_item::FoundLineItem;
use doorway_lti::ags::outcome::Outcome;
use doorway_lti::ags::result::LineItemResult;
use doorway_lti::ags::{
    LINE_ITEM_CONTAINER_MEDIA_TYPE, LINE_ITEM_MEDIA_TYPE, RESULT_CONTAINER_MEDIA_TYPE, SCORE_MEDIA_TYPE, address,
};
use doorway_lti::json::Object;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::scope;
use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::{Attempt, AttemptOutcome, Target};
use crate::access_tokens::{Holder, TokenError};
use crate::clock::{Timestamp, UnixSeconds};
use crate::error::Error;
use crate::http::Answer;
use crate::registration::{PlatformTransport, Registration};
use crate::service_url::ServiceUrl;
use crate::services::{PlatformServices, ServiceCall, Unavailable, outcome_of, words_of};
use crate::welcome::{CameBy, Welcome};

/// The longest answer that is read, in bytes: results and line items of one link.
const ANSWER_BYTES: usize = 1024 * 1024;

/// Makes attempts.
pub struct Delivery {
    /// The Platforms' services.
    pub services: Arc<PlatformServices>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// Whether Platforms may be on http.
    pub transport: PlatformTransport,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How long an attempt with all its requests may take.
    pub attempt_timeout: Duration,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub outcome: AttemptOutcome,
    /// The Platform's status, if it answered.
    pub status: Option<u16>,
    /// The Platform's words, or ours.
    pub words: Option<String>,
    /// How long the Platform asks to be left alone, in seconds.
    pub retry_after_seconds: Option<u64>,
    /// Whether the score may have arrived all the same.
    pub may_have_arrived: bool,
    /// Whether this says something about the service: its answer, or its silence.
    pub is_of_service: bool,
}

/// What a look at the Platform's results found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// This very score.
    It,
    /// Another, or none.
    SomethingElse,
    /// The Platform does not answer now.
    NoAnswer,
    /// Nobody may look, or there is nothing to be seen: progress has no result.
    Nobody,
}

/// What is sent, where, in whose name.
struct Sending<'a> {
    registration: &'a Registration,
    target: &'a Target,
    payload: &'a Object,
    now: UnixSeconds,
}

impl Delivery {
    /// Sends the score once. `is_unclear` says that an earlier attempt may have arrived.
    pub async fn attempt(&self, target: &Target, payload: &Object, is_unclear: bool, now: UnixSeconds) -> Ended {
        let attempt = self.attempt_unbounded(target, payload, is_unclear, now);
        match tokio::time::timeout(self.attempt_timeout, attempt).await {
            Ok(ended) => ended,
            Err(_) => Ended {
                may_have_arrived: true,
                is_of_service: true,
                ..Ended::ours(AttemptOutcome::Unavailable, "the platform did not answer in time")
            },
        }
    }

    async fn attempt_unbounded(&self, target: &Target, payload: &Object, is_unclear: bool, now: UnixSeconds) -> Ended {
        let came_by =
            CameBy { registration: target.registration(), deployment_id: target.deployment_id.clone(), tenant: None };
        let registration = match self.welcome.check(&came_by, now).await {
            Ok(registration) => registration,
            Err(error) => return Ended::of_error(&error),
        };
        let sending = Sending { registration: &registration, target, payload, now };
        self.publish(&sending, is_unclear).await.unwrap_or_else(|error| Ended::of_error(&error))
    }

    async fn publish(&self, sending: &Sending<'_>, is_unclear: bool) -> Result<Ended, Error> {
        let line_item = self.owned(sending, &sending.target.line_item)?;
        // Canvas takes the same score twice, and makes another attempt and another comment of it.
        let repeats = is_unclear && sending.target.family() == PlatformFamily::Canvas;
        if repeats && self.look(sending, &line_item).await == Found::It {
            return Ok(Ended::already_applied());
        }
        let answer = self.post(sending, &line_item).await?;
        match outcome_of(&answer, sending.target.family()) {
            Outcome::NotFound => {
                let Some(moved) = self.look_elsewhere(sending, &line_item).await? else {
                    return Ok(Ended::answered(AttemptOutcome::NotFound, &answer));
                };
                let answer = self.post(sending, &moved).await?;
                Ok(Ended::answered(self.meaning(sending, &answer, &moved, is_unclear).await, &answer))
            }
            _ => Ok(Ended::answered(self.meaning(sending, &answer, &line_item, is_unclear).await, &answer)),
        }
    }

    /// What an answer means for this score. What is stale may be this very score: an earlier attempt that arrived.
    async fn meaning(
        &self,
        sending: &Sending<'_>,
        answer: &Answer,
        line_item: &ServiceUrl,
        is_unclear: bool,
    ) -> AttemptOutcome {
        match outcome_of(answer, sending.target.family()) {
            Outcome::Done => AttemptOutcome::Delivered,
            Outcome::TokenRefused => AttemptOutcome::TokenRefused,
            Outcome::Throttled => AttemptOutcome::Throttled,
            Outcome::Transient => AttemptOutcome::Unavailable,
            Outcome::NotFound => AttemptOutcome::NotFound,
            // Some have no words of their own for what they have already (Sakai: 400 to everything).
            Outcome::Refused if is_unclear && self.look(sending, line_item).await == Found::It => {
                AttemptOutcome::AlreadyApplied
            }
            Outcome::Refused | Outcome::Redirected => AttemptOutcome::Refused,
            Outcome::Stale => match self.look(sending, line_item).await {
                Found::It => AttemptOutcome::AlreadyApplied,
                Found::SomethingElse => AttemptOutcome::Stale,
                Found::NoAnswer => AttemptOutcome::Unavailable,
                Found::Nobody if is_unclear => AttemptOutcome::PerhapsApplied,
                Found::Nobody => AttemptOutcome::Stale,
            },
        }
    }

    async fn post(&self, sending: &Sending<'_>, line_item: &ServiceUrl) -> Result<Answer, Error> {
        let scores = line_item.same_origin(address::scores(line_item.url()))?;
        let body = serde_json::to_vec(sending.payload).expect("an object of JSON values serialises");
        let call = ServiceCall {
            method: Method::POST,
            url: &scores,
            scopes: &[scope::SCORE],
            accept: None,
            body: Some((SCORE_MEDIA_TYPE, body)),
            limit: ANSWER_BYTES,
            timeout: self.request_timeout,
        };
        self.services.call(sending.holder(), sending.target.family(), &call, sending.now).await
    }

    /// Whether the Platform's result is this score's.
    async fn look(&self, sending: &Sending<'_>, line_item: &ServiceUrl) -> Found {
        let user_id = sending.payload.get("userId").and_then(Value::as_str);
        let (Some((given, maximum)), Some(user_id), true) =
            (given_and_maximum(sending.payload), user_id, sending.target.may_read_results)
        else {
            return Found::Nobody;
        };
        let results = address::with_query(&address::results(line_item.url()), &[("user_id", user_id)]);
        let Ok(url) = line_item.same_origin(results) else { return Found::Nobody };
        let Some(body) = self.get(sending, &url, scope::RESULT_READ_ONLY, RESULT_CONTAINER_MEDIA_TYPE).await else {
            return Found::NoAnswer;
        };
        let Ok(results) = LineItemResult::parse_all(&body) else { return Found::NoAnswer };
        let result = results.iter().find(|result| result.user_id().as_str() == user_id);
        if result.is_some_and(|result| result.equals(given, maximum)) { Found::It } else { Found::SomethingElse }
    }

    /// The line item of the same link under another URL: Platforms may move them. One that is still there has not moved:
    /// then something else was not found, as the user.
    async fn look_elsewhere(&self, sending: &Sending<'_>, line_item: &ServiceUrl) -> Result<Option<ServiceUrl>, Error> {
        let Some((container, resource_link_id)) = &sending.target.elsewhere else { return Ok(None) };
        if !self.is_gone(sending, line_item).await? {
            return Ok(None);
        }
        let container = self.owned(sending, container)?;
        let filtered = address::with_query(container.url(), &[("resource_link_id", resource_link_id)]);
        let url = container.same_origin(filtered)?;
        let Some(body) = self.get(sending, &url, scope::LINE_ITEM, LINE_ITEM_CONTAINER_MEDIA_TYPE).await else {
            return Ok(None);
        };
        let found = FoundLineItem::parse_all(&body, url.url()).unwrap_or_default();
        let mut same_link = found.into_iter().filter(|item| {
            item.id != sending.target.line_item
                && item.members.get("resourceLinkId").and_then(Value::as_str) == Some(resource_link_id)
        });
        match (same_link.next(), same_link.next()) {
            // One that is elsewhere altogether is not followed: the token is not for there.
            (Some(only), None) => Ok(container.same_origin(only.id).ok()),
            _ => Ok(None),
        }
    }

    async fn is_gone(&self, sending: &Sending<'_>, line_item: &ServiceUrl) -> Result<bool, Error> {
        let answer = self.ask(sending, line_item, scope::LINE_ITEM, LINE_ITEM_MEDIA_TYPE).await?;
        Ok(matches!(answer.status.as_u16(), 404 | 410))
    }

    async fn get(&self, sending: &Sending<'_>, url: &ServiceUrl, scope: &str, accept: &'static str) -> Option<Vec<u8>> {
        let answer = self.ask(sending, url, scope, accept).await.ok()?;
        answer.status.is_success().then_some(answer.body)
    }

    async fn ask(
        &self,
        sending: &Sending<'_>,
        url: &ServiceUrl,
        scope: &str,
        accept: &'static str,
    ) -> Result<Answer, Error> {
        let call = ServiceCall {
            method: Method::GET,
            url,
            scopes: &[scope],
            accept: Some(accept),
            body: None,
            limit: ANSWER_BYTES,
            timeout: self.request_timeout,
        };
        self.services.call(sending.holder(), sending.target.family(), &call, sending.now).await
    }

    fn owned(&self, sending: &Sending<'_>, url: &Url) -> Result<ServiceUrl, Error> {
        Ok(sending.registration.service_url(url.as_str(), self.transport)?)
    }
}

impl<'a> Sending<'a> {
    fn holder(&self) -> Holder<'a> {
        Holder { registration: self.registration, deployment_id: &self.target.deployment_id }
    }
}

impl Ended {
    /// The attempt, for the record.
    pub fn attempt(&self, at: Timestamp) -> Attempt {
        let Self { outcome, status, words, may_have_arrived, .. } = self.clone();
        Attempt { at, outcome, status, words, may_have_arrived }
    }

    fn answered(outcome: AttemptOutcome, answer: &Answer) -> Self {
        let words = words_of(answer);
        let is_fine = outcome.is_fine();
        Self {
            outcome,
            status: Some(words.status),
            words: (!is_fine && !words.words.is_empty()).then_some(words.words),
            retry_after_seconds: answer.retry_after_seconds(),
            // Behind a gateway that gave up, the Platform may have finished its work.
            may_have_arrived: answer.status.is_server_error(),
            is_of_service: true,
        }
    }

    fn already_applied() -> Self {
        Self { words: None, ..Self::ours(AttemptOutcome::AlreadyApplied, "") }
    }

    fn ours(outcome: AttemptOutcome, words: &str) -> Self {
        Self {
            outcome,
            status: None,
            words: Some(words.to_owned()),
            retry_after_seconds: None,
            may_have_arrived: false,
            is_of_service: false,
        }
    }

    /// An attempt that got no answer about the score.
    fn of_error(error: &Error) -> Self {
        match error {
            Error::AccessToken(token) => Self::of_token_error(token),
            Error::PlatformUnavailable(Unavailable::Fetch(fetch)) => Self {
                may_have_arrived: !fetch.is_unsent(),
                is_of_service: true,
                ..Self::ours(AttemptOutcome::Unavailable, &fetch.to_string())
            },
            Error::RegistrationDisabled(_)
            | Error::DeploymentUnknown
            | Error::DeploymentPending
            | Error::DeploymentDisabled
            | Error::ServiceOriginForeign(_) => Self::ours(AttemptOutcome::NotAllowed, &error.to_string()),
            // Ours: a table, a secret. The record, which the App reads, has the code; the log says which and why.
            other => {
                tracing::error!(error = %other, "a score was not sent for a fault of our own");
                Self::ours(AttemptOutcome::Unavailable, other.code())
            }
        }
    }

    fn of_token_error(error: &TokenError) -> Self {
        let words = error.words();
        match error {
            TokenError::Refused { status, .. } => {
                Self { status: Some(status.as_u16()), ..Self::ours(AttemptOutcome::NoToken, &words) }
            }
            TokenError::ScopeNotGranted(_) => Self::ours(AttemptOutcome::NoToken, &words),
            TokenError::Later { status, retry_after_seconds } => Self {
                status: Some(status.as_u16()),
                retry_after_seconds: *retry_after_seconds,
                ..Self::ours(AttemptOutcome::Throttled, &words)
            },
            TokenError::Unavailable(_) | TokenError::NotAToken(_) => Self::ours(AttemptOutcome::Unavailable, &words),
        }
    }
}

fn given_and_maximum(payload: &Object) -> Option<(f64, f64)> {
    payload.get("scoreGiven").and_then(Value::as_f64).zip(payload.get("scoreMaximum").and_then(Value::as_f64))
}
