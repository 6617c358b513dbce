//! Why a request has no success: ours, or HTTP's own.

use doorway_core::Error;
use doorway_core::services::{PlatformWords, Unavailable};
use doorway_lti::authentication::ResponseError;
use doorway_lti::json::JsonError;
use doorway_lti::login::LoginError;
use doorway_lti::parameters::RepeatedParameter;

use crate::problem::{Details, PlatformSaid};

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
    pub fn details(&self) -> Details {
        let none = Details::default();
        match self {
            Self::Tool(Error::RequestInvalid { faults, .. }) => {
                let first = faults.iter().next();
                Details {
                    field: first.map(|fault| fault.field.clone()),
                    expected: first.map(|fault| fault.expected.clone()),
                    faults: Some(faults.iter().cloned().collect()),
                    ..none
                }
            }
            Self::Tool(Error::PlatformRefused(words) | Error::ScoreStale(words) | Error::TokenRefused(words)) => {
                Details { platform: Some(said(words)), ..none }
            }
            Self::Tool(Error::PlatformUnavailable(Unavailable::Answered(words))) => {
                Details { platform: Some(said(words)), ..none }
            }
            Self::Tool(Error::AccessToken(error)) => {
                let platform = PlatformSaid { status: None, words: error.words() };
                Details { platform: Some(platform), ..none }
            }
            Self::Tool(Error::ServiceOriginForeign(foreign)) => {
                Details { origin: Some(foreign.origin.clone()), ..none }
            }
            Self::Tool(Error::QueryInvalid { name, expected }) => {
                Details { parameter: Some(name), expected: Some((*expected).to_owned()), ..none }
            }
            Self::JsonExpected(error) => {
                Details { expected: Some("one JSON object".to_owned()), body: Some(error.to_string()), ..none }
            }
            _ => none,
        }
    }
}

/// What the Platform said; no status where it gave none.
fn said(words: &PlatformWords) -> PlatformSaid {
    PlatformSaid { status: Some(words.status).filter(|status| *status > 0), words: words.words.clone() }
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
