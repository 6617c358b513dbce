//! Why a request has no success: ours, or HTTP's own.

use doorway_core::Error;
use doorway_core::services::{PlatformWords, Unavailable};
use doorway_lti::authentication::ResponseError;
use doorway_lti::json::{JsonError, Object};
use doorway_lti::login::LoginError;
use doorway_lti::parameters::RepeatedParameter;
use serde_json::{Value, json};

/// An error of the Tool, or of HTTP before the Tool was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The Tool's.
    #[error(transparent)]
    Tool(#[from] Error),
    /// The body is longer than allowed.
    #[error("the body is longer than {0} bytes")]
    BodyTooLarge(usize),
    /// The body ended early.
    #[error("the body could not be read")]
    BodyUnreadable,
    /// A form was expected.
    #[error("the body is not `application/x-www-form-urlencoded`")]
    FormExpected,
    /// A JSON object was expected.
    #[error("the body {0}")]
    JsonExpected(JsonError),
    /// The path exists, for other methods.
    #[error("the method is not allowed here")]
    MethodNotAllowed,
    /// What the answer waits for took longer than the function has.
    #[error("no answer within {0} s")]
    DeadlinePassed(u64),
    /// There is no such path.
    #[error("there is no such path")]
    NotFound,
}

impl Failure {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Tool(error) => error.code(),
            Self::BodyTooLarge(_) => "body_too_large",
            Self::BodyUnreadable => "body_unreadable",
            Self::FormExpected => "form_expected",
            Self::JsonExpected(_) => "json_expected",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::DeadlinePassed(_) => "deadline_passed",
            Self::NotFound => "not_found",
        }
    }
}

impl Failure {
    /// What a problem document says besides: which member is wrong, what the Platform said.
    pub fn details(&self) -> Object {
        let details = match self {
            Self::Tool(Error::RequestInvalid { faults, .. }) => {
                let first = faults.iter().next();
                json!({
                    "field": first.map(|fault| &fault.field),
                    "expected": first.map(|fault| &fault.expected),
                    "faults": faults.iter().collect::<Vec<_>>(),
                })
            }
            Self::Tool(Error::PlatformRefused(words) | Error::ScoreStale(words) | Error::TokenRefused(words)) => {
                platform(words)
            }
            Self::Tool(Error::PlatformUnavailable(Unavailable::Answered(words))) => platform(words),
            Self::Tool(Error::AccessToken(error)) => json!({ "platform": { "words": error.words() } }),
            Self::Tool(Error::ServiceOriginForeign(foreign)) => json!({ "origin": foreign.origin }),
            Self::Tool(Error::QueryInvalid { name, expected }) => json!({ "parameter": name, "expected": expected }),
            Self::JsonExpected(error) => json!({ "expected": "one JSON object", "body": error.to_string() }),
            _ => return Object::new(),
        };
        match details {
            Value::Object(details) => details,
            _ => Object::new(),
        }
    }
}

/// What the Platform said; no status where it gave none.
fn platform(words: &PlatformWords) -> Value {
    let status = Some(words.status).filter(|status| *status > 0);
    let mut said = json!({ "words": words.words });
    if let Some(status) = status {
        said["status"] = status.into();
    }
    json!({ "platform": said })
}

impl From<RepeatedParameter> for Failure {
    fn from(error: RepeatedParameter) -> Self {
        Self::Tool(error.into())
    }
}

impl From<LoginError> for Failure {
    fn from(error: LoginError) -> Self {
        Self::Tool(error.into())
    }
}

impl From<ResponseError> for Failure {
    fn from(error: ResponseError) -> Self {
        Self::Tool(error.into())
    }
}
