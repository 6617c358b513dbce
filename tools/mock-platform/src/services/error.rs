//! Why a service refuses, and how each Platform says so.

use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::ext::ReasonPhrase;
use serde_json::json;
use thiserror::Error;

use crate::profile::Profile;

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ServiceError {
    #[error("there is nothing at this address")]
    NotFound,
    #[error("this address does not know the method")]
    MethodNotAllowed,
    #[error("a User-Agent header is required")]
    UserAgentMissing,
    #[error("an access token is required")]
    TokenMissing,
    #[error("the access token is unknown or expired")]
    TokenInvalid,
    #[error("the access token does not have the scope")]
    ScopeMissing,
    #[error("the Accept header does not name what is answered here")]
    NotAcceptable,
    #[error("the Content-Type is not the one that the service reads")]
    MediaType,
    #[error("{0}")]
    Malformed(&'static str),
    #[error("the resource link is not one of this tool in this course")]
    LinkUnknown,
    #[error("Tool does not have access to rlid or rlid does not exist")]
    MembershipLinkUnknown,
    #[error("the timestamp is not later than that of the score before")]
    Stale,
    #[error("a score needs a scoreMaximum")]
    ScoreMaximumMissing,
    #[error("the user is not in this course")]
    UserUnknown,
    #[error("the user cannot be graded in this course")]
    UserNotGraded,
}

impl ServiceError {
    pub(crate) fn status(self, profile: Profile) -> StatusCode {
        match (profile, self) {
            (Profile::Sakai, Self::TokenMissing | Self::TokenInvalid) => StatusCode::FORBIDDEN,
            (Profile::Sakai, _) => StatusCode::BAD_REQUEST,
            (Profile::Moodle, Self::ScopeMissing) => StatusCode::UNAUTHORIZED,
            (Profile::Canvas, Self::Stale)
            | (Profile::Moodle, Self::NotAcceptable | Self::MediaType)
            | (Profile::Moodle | Profile::Blackboard, Self::UserUnknown | Self::UserNotGraded) => {
                StatusCode::BAD_REQUEST
            }
            (Profile::Canvas, Self::ScoreMaximumMissing) => StatusCode::UNPROCESSABLE_ENTITY,
            (Profile::Brightspace, Self::UserUnknown) => StatusCode::NOT_FOUND,
            (Profile::Brightspace, Self::UserNotGraded) => StatusCode::FORBIDDEN,
            (_, error) => error.plain_status(),
        }
    }

    const fn plain_status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::LinkUnknown => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TokenMissing | Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing | Self::UserAgentMissing => StatusCode::FORBIDDEN,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed(_) | Self::MembershipLinkUnknown | Self::ScoreMaximumMissing => StatusCode::BAD_REQUEST,
            Self::Stale => StatusCode::CONFLICT,
            Self::UserUnknown | Self::UserNotGraded => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The words of each Platform as far as they are known, completed to a sentence; Tools tell refusals apart by them.
    pub(crate) fn words(self, profile: Profile) -> String {
        let words = match (profile, self) {
            (Profile::Moodle, Self::Stale) => "Refusing score with an earlier timestamp for item 31",
            (Profile::Moodle, Self::UserUnknown | Self::UserNotGraded | Self::ScoreMaximumMissing) => {
                "Incorrect score received"
            }
            (Profile::Moodle, Self::NotAcceptable | Self::MediaType) => "Unsupported media type",
            (Profile::Canvas, Self::Stale) => "Request timestamp is before last updated timestamp",
            (Profile::Canvas, Self::UserUnknown | Self::UserNotGraded) => {
                "User not found in course or is not a student"
            }
            (Profile::Blackboard, Self::UserUnknown | Self::UserNotGraded) => "User could not be found:",
            (Profile::Brightspace, Self::UserUnknown) => "User in requested score does not exist",
            (Profile::Brightspace, Self::UserNotGraded) => "User in requested score is not enrolled in the org unit",
            (_, error) => return error.to_string(),
        };
        words.to_owned()
    }

    /// The answer: JSON of the Platform's own kind; Moodle's reason stands in the status line alone.
    pub(crate) fn response(self, profile: Profile) -> Response {
        let (status, words) = (self.status(profile), self.words(profile));
        let body = match profile {
            Profile::Plain | Profile::Brightspace | Profile::Schoology | Profile::OpenEdx => {
                json!({"status": status.as_u16(), "title": words}).to_string()
            }
            Profile::Moodle => "[]".to_owned(),
            Profile::Canvas => json!({"errors": {"type": kind(status), "message": words}}).to_string(),
            Profile::Blackboard => json!({"status": status.as_u16(), "message": words}).to_string(),
            Profile::Sakai => json!({"error": words}).to_string(),
        };
        let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
        if profile == Profile::Moodle
            && let Ok(reason) = ReasonPhrase::try_from(words.clone())
        {
            response.extensions_mut().insert(reason);
        }
        if profile == Profile::Sakai
            && let Ok(words) = HeaderValue::from_str(&words)
        {
            response.headers_mut().insert("error_detail", words);
        }
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }

    /// Spec: RFC 6750, section 3: no error code when no token came.
    const fn challenge(self) -> Option<&'static str> {
        match self {
            Self::TokenMissing => Some(r#"Bearer realm="maple""#),
            Self::TokenInvalid => Some(r#"Bearer realm="maple", error="invalid_token""#),
            Self::ScopeMissing => Some(r#"Bearer realm="maple", error="insufficient_scope""#),
            _ => None,
        }
    }
}

/// Canvas's name of a status: `unprocessable_entity`.
fn kind(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("error").to_lowercase().replace(' ', "_")
}
