//! The one map from errors to an HTTP status and to words for a person.
//!
//! Exhaustive on purpose: a new error does not compile until somebody has decided its status and its words.
//! The words say what happened and what to do. They never contain anything from the request. English is here; what a
//! person meets in the Platform's frame is said in other languages beside it.

mod german;
mod register;

use doorway_core::Error;
use doorway_core::access_tokens::TokenError;
use doorway_core::state::StateError;
use doorway_core::store::StoreError;
use doorway_core::store::scores::LANE_LEASE_SECONDS;
use doorway_lti::Rejection;
use doorway_lti::authentication::PlatformErrorCode;
use http::StatusCode;

use crate::failure::Failure;
use crate::language::Language;

/// What a person, or the App's developer, is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The HTTP status.
    pub status: StatusCode,
    /// What happened.
    pub title: &'static str,
    /// What to do next.
    pub advice: &'static str,
    /// How long to wait before the same is tried again, in seconds, where that can help.
    pub retry_after_seconds: Option<u64>,
}

const OPEN_AGAIN: &str = "Go back to your course and open the link again.";
const ASK_ADMIN: &str = "Please tell the administrator of your learning platform: the tool's registration needs mending. \
                         Opening the link again will not help.";
const SET_UP: &str = "This tool is not set up for your learning platform";
const NO_TOKEN: &str = "The Platform gave no access to its service";
const NO_TOKEN_ADVICE: &str =
    "`platform` has its words. Its administrator must allow the service for this tool, or know the tool's keys.";
const UNAVAILABLE: &str = "The Platform's service does not answer";
const SEND_LATER: &str =
    "Send the request again in a while; one that creates a line item with `findOrCreate=true`, since it may be there.";
const NOT_PROVEN: &str = "Your learning platform's message could not be verified";

fn words(status: StatusCode, title: &'static str, advice: &'static str) -> Words {
    let retry_after_seconds = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(5);
    Words { status, title, advice, retry_after_seconds }
}

/// The words for a failure in a person's language: in English where nobody meets it on a page.
pub fn in_language(failure: &Failure, language: Language) -> Words {
    let english = of(failure);
    let translated = match language {
        Language::English => None,
        Language::German => german::of(failure),
    };
    translated.map_or(english, |(title, advice)| Words { title, advice, ..english })
}

/// The words for a failure.
pub fn of(failure: &Failure) -> Words {
    match failure {
        Failure::Tool(error) => of_error(error),
        Failure::BodyTooLarge(_) => {
            words(StatusCode::PAYLOAD_TOO_LARGE, "The message was too large", "Open the link again from your course.")
        }
        Failure::BodyUnreadable => words(StatusCode::BAD_REQUEST, "The message was cut off", OPEN_AGAIN),
        Failure::FormExpected => words(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "This address takes forms",
            "Send the request as application/x-www-form-urlencoded, as learning platforms do.",
        ),
        Failure::JsonExpected(_) => words(
            StatusCode::BAD_REQUEST,
            "The body is no JSON object",
            "Send one JSON object, in UTF-8, with no member twice.",
        ),
        Failure::MethodNotAllowed => words(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address cannot be opened like this",
            "If you came from a course, go back to it and open the link there. Programs: see the App API for its methods.",
        ),
        Failure::DeadlinePassed(_) => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The tool took too long",
            "Wait a minute, then open the link again from your course. An App may repeat its request.",
        ),
        Failure::NotFound => words(
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "If you came from a course, go back to it and open the link again. Programs: see the App API for its addresses.",
        ),
    }
}

fn of_error(error: &Error) -> Words {
    match error {
        Error::RepeatedParameter(_) => words(
            StatusCode::BAD_REQUEST,
            "A parameter was sent twice",
            "Each parameter may be sent once. If you came here from a course, tell its administrator.",
        ),
        Error::Login(_) => words(
            StatusCode::BAD_REQUEST,
            "The way into this tool begins in your course",
            "Your learning platform left out something that the tool needs. Open the link from your course; if you did, tell your administrator.",
        ),
        Error::RegistrationUnknown { .. } => words(StatusCode::BAD_REQUEST, SET_UP, ASK_ADMIN),
        Error::RegistrationAmbiguous { .. } => words(
            StatusCode::BAD_REQUEST,
            "Your learning platform did not say which tool it means",
            "Please tell the administrator of your learning platform: its login request must name the client id.",
        ),
        Error::RegistrationDisabled(_) => words(
            StatusCode::FORBIDDEN,
            "This tool is switched off for your learning platform",
            "Please ask the administrator of your learning platform, or the people who provide this tool.",
        ),
        Error::Response(_) => {
            words(StatusCode::BAD_REQUEST, "Your learning platform's answer was incomplete", OPEN_AGAIN)
        }
        Error::State(StateError::NotOurs | StateError::UnknownKey) => {
            words(StatusCode::BAD_REQUEST, "This launch did not begin here", OPEN_AGAIN)
        }
        Error::State(StateError::Expired { .. }) => words(
            StatusCode::BAD_REQUEST,
            "This launch took too long",
            "It was begun more than ten minutes ago. Go back to your course and open the link again.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::SignInAgain(_)) => words(
            StatusCode::BAD_REQUEST,
            "Your learning platform asks you to sign in again",
            "Sign in to your learning platform, then open the link again. If you are signed in, open the link in a new window.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::OpenAgain(_)) => words(
            StatusCode::BAD_REQUEST,
            "This link was already used",
            "Going back or reloading does not work here. Go to your course and open the link again.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::Other(_)) => {
            words(StatusCode::BAD_REQUEST, "Your learning platform refused to let you in", ASK_ADMIN)
        }
        Error::Token(rejection) => of_rejection(rejection),
        Error::DeploymentUnknown | Error::DeploymentDisabled => words(
            StatusCode::FORBIDDEN,
            "This tool is not active where you opened it",
            "Please ask the administrator of your learning platform, or the people who provide this tool, to activate it here.",
        ),
        Error::DeploymentPending => words(
            StatusCode::FORBIDDEN,
            "This tool is waiting to be activated here",
            "It was noticed just now. Once the people who provide this tool have activated it, open the link again.",
        ),
        Error::BindingMissing => words(
            StatusCode::FORBIDDEN,
            "Your browser did not keep this tool's cookie",
            "Open the link in a new window. If that does not help, allow cookies for this site.",
        ),
        Error::BindingMismatch => words(
            StatusCode::FORBIDDEN,
            "This launch began in another browser",
            "Go back to your course in this browser and open the link again.",
        ),
        Error::LaunchAlreadyUsed => words(
            StatusCode::CONFLICT,
            "This launch was already used",
            "Going back, reloading or clicking twice does not work here. Go to your course and open the link again.",
        ),
        Error::LaunchNotWaiting => words(StatusCode::CONFLICT, "This launch can no longer be completed", OPEN_AGAIN),
        Error::PlatformKeysUnavailable(_) => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "Your learning platform does not answer",
            "The tool could not fetch what it needs to verify you. Wait a minute, then open the link again.",
        ),
        Error::Unauthorized => words(
            StatusCode::UNAUTHORIZED,
            "The App API key is missing or not valid",
            "Send `Authorization: Bearer <App API key>` with a key that is in the app-keys secret.",
        ),
        Error::LaunchUnknown => words(
            StatusCode::NOT_FOUND,
            "There is no such launch",
            "The id is wrong, or the launch was forgotten. Send the user back to the course to open the link again.",
        ),
        Error::LaunchRedeemed => words(
            StatusCode::GONE,
            "The launch was redeemed before",
            "A launch can be redeemed once. If you did not redeem it, somebody else used its code: refuse this visitor.",
        ),
        Error::RedeemAnswerLost => words(
            StatusCode::GONE,
            "The launch was redeemed, but its answer was lost on the way",
            "Nobody else used it. Send the user back to the course to open the link again.",
        ),
        Error::LaunchExpired => words(
            StatusCode::GONE,
            "The launch has expired",
            "A launch must be redeemed within two minutes. Send the user back to the course to open the link again.",
        ),
        Error::QueryInvalid { name, .. } => words(
            StatusCode::BAD_REQUEST,
            "A query parameter is missing or not usable",
            match *name {
                "issuer" => "`issuer` must be the Platform's issuer.",
                "sub" => "`sub` must be the user's id on that Platform.",
                _ => "`parameter` and `expected` say which, and what it must be.",
            },
        ),
        Error::RequestInvalid { .. } => words(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The request is not as it must be",
            "`faults` names every member that is wrong, and what it must be.",
        ),
        Error::NotGranted(_) => words(
            StatusCode::CONFLICT,
            "This launch may not use that service",
            "The Platform did not grant it to this launch: see `services` of the launch. Go on without it.",
        ),
        Error::DeepLinkAnswered => words(
            StatusCode::CONFLICT,
            "Content was chosen already",
            "A deep-linking request has one response. Send the user back to the course to choose again.",
        ),
        Error::ReturnUrlUnsafe => words(
            StatusCode::BAD_GATEWAY,
            "The Platform's return address is not safe",
            "It must be an https URL. Tell the administrator of the Platform.",
        ),
        Error::LineItemBusy => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The same line item is being created",
            "Send the request again in a few seconds.",
        ),
        Error::ServiceOriginForeign(_) => words(
            StatusCode::CONFLICT,
            "The service is on an address that does not belong to the Platform's registration",
            "If `origin` is the Platform's, the people who provide this tool must add it to the registration's service origins.",
        ),
        Error::AccessToken(error) => of_token_error(error),
        Error::TokenRefused(_) => words(StatusCode::BAD_GATEWAY, NO_TOKEN, NO_TOKEN_ADVICE),
        Error::PlatformRefused(_) => words(
            StatusCode::BAD_GATEWAY,
            "The Platform refused",
            "`platform` has its words. Sending the same again will not help.",
        ),
        Error::PlatformUnavailable(_) => words(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, SEND_LATER),
        Error::ScoreStale(_) => words(
            StatusCode::CONFLICT,
            "The Platform has a newer result",
            "Somebody changed it there, for example a teacher in the gradebook. Read the results before sending another score.",
        ),
        Error::ScoreUnderWay => Words {
            retry_after_seconds: Some(LANE_LEASE_SECONDS),
            ..words(
                StatusCode::SERVICE_UNAVAILABLE,
                "The same score is being sent right now",
                "Another request with this `Idempotency-Key` waits for the Platform. Send it again in a while to hear the outcome.",
            )
        },
        Error::ScoreNotAccepted(_) | Error::LaneCrowded => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The score was not accepted",
            "It is not safe yet: send it again, with the same `Idempotency-Key`.",
        ),
        Error::IdempotencyKeyReused => words(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The idempotency key was used for another score",
            "Use a new `Idempotency-Key` for every score, and the same only to repeat a request.",
        ),
        Error::ScoreUnknown => {
            words(StatusCode::NOT_FOUND, "There is no such score", "The id is wrong, or the score's record has ended.")
        }
        Error::LineItemUnknown => words(
            StatusCode::NOT_FOUND,
            "There is no such line item",
            "The id is wrong or of another context, or it was deleted on the Platform.",
        ),
        Error::ToolKeysMissing => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The tool has no keys yet",
            "Nobody has published them. Ask the people who provide this tool.",
        ),
        Error::Register(error) => {
            let said = register::of(error);
            words(said.status, said.english.0, said.english.1)
        }
        Error::Store(StoreError::Unavailable { .. }) | Error::Secret(_) => words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The tool is not available right now",
            "Wait a minute, then open the link again from your course. An App may repeat its request.",
        ),
        Error::Store(StoreError::Broken { .. }) => words(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something is wrong with the tool",
            "It is not your fault, and trying again will not help. Please pass the reference on.",
        ),
    }
}

fn of_token_error(error: &TokenError) -> Words {
    match error {
        TokenError::Refused { .. } | TokenError::ScopeNotGranted(_) => {
            words(StatusCode::BAD_GATEWAY, NO_TOKEN, NO_TOKEN_ADVICE)
        }
        TokenError::Unavailable(_) | TokenError::Later { .. } | TokenError::NotAToken(_) => {
            words(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, SEND_LATER)
        }
    }
}

fn of_rejection(rejection: &Rejection) -> Words {
    match rejection {
        Rejection::Malformed(_) | Rejection::ClaimInvalid { .. } => words(
            StatusCode::BAD_REQUEST,
            NOT_PROVEN,
            "Open the link again from your course. If that does not help, tell your administrator.",
        ),
        Rejection::ClaimsMissing(_) | Rejection::VersionUnsupported => {
            words(StatusCode::BAD_REQUEST, "Your learning platform's message is incomplete", ASK_ADMIN)
        }
        Rejection::MessageTypeUnknown(_) => words(
            StatusCode::BAD_REQUEST,
            "This tool does not offer what was opened",
            "Your learning platform asked for a kind of page that this tool does not have. Please tell the administrator.",
        ),
        Rejection::AlgorithmRefused(_)
        | Rejection::HeaderRefused(_)
        | Rejection::KeyIdMissing
        | Rejection::KeyRefused(_)
        | Rejection::SignatureInvalid
        | Rejection::IssuerMismatch { .. }
        | Rejection::AudienceMismatch { .. }
        | Rejection::NonceMismatch => words(StatusCode::UNAUTHORIZED, NOT_PROVEN, ASK_ADMIN),
        Rejection::KeyIdUnknown => words(
            StatusCode::UNAUTHORIZED,
            NOT_PROVEN,
            "Your learning platform may just have changed its keys. Wait half a minute, then open the link again.",
        ),
        Rejection::Expired { .. } => words(
            StatusCode::UNAUTHORIZED,
            "This launch took too long",
            "Go back to your course and open the link again. If it happens every time, the clock of your learning platform is wrong.",
        ),
        Rejection::NotYetValid { .. } => words(
            StatusCode::UNAUTHORIZED,
            "Your learning platform's clock is ahead",
            "Wait a minute, then open the link again. If it happens every time, tell the administrator that the clock is wrong.",
        ),
        Rejection::UserMissing => words(
            StatusCode::UNAUTHORIZED,
            "Your learning platform did not say who you are",
            "Sign in to your learning platform and open the link again. This tool cannot be used anonymously.",
        ),
    }
}
