//! Every error of the App API, as the code makes it.

use doorway_core::Error;
use doorway_core::error::{Service, Subject};
use doorway_core::reference::Reference;
use doorway_core::registration::RegistrationKey;
use doorway_core::secret::SecretError;
use doorway_core::service_url::ForeignOrigin;
use doorway_core::services::{PlatformWords, Unavailable};
use doorway_core::store::StoreError;
use doorway_lti::fault::Fault;
use doorway_lti::ids::{ClientId, Issuer};
use doorway_lti::json::JsonError;
use doorway_lti::parameters::RepeatedParameter;
use doorway_web::Failure;
use doorway_web::app_api::MAX_JSON_BYTES;
use doorway_web::problem::{MEDIA_TYPE, Problem};
use doorway_web::words;
use serde_json::{Map, Value, json};

/// What in a call an error comes from. A call has several of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The key, and the Tool's own tables and secrets.
    Call,
    /// The launch in the path, which must be kept, and what it came by, which must be active.
    Launch,
    /// Query parameters.
    Query,
    /// A body of JSON.
    Body,
    /// A service of the Platform.
    Platform,
    /// An answer of such a service that the call cannot do without.
    PlatformAnswer,
    /// Redeeming.
    Redeem,
    /// The deep-linking response.
    DeepLink,
    /// A score that is published.
    Score,
    /// A score that was published.
    StoredScore,
    /// Line items.
    LineItems,
    /// The line item in the path.
    LineItem,
    /// A line item that is written.
    WrittenLineItem,
    /// A line item that is created.
    NewLineItem,
    /// Results.
    Results,
    /// The roster.
    Memberships,
    /// No call at all: paths and methods that do not exist.
    Elsewhere,
}

/// An error with where it comes from.
pub(super) struct Known {
    pub(super) code: &'static str,
    pub(super) status: u16,
    part: Part,
    failure: Failure,
}

/// All errors of the App API, one for each code and part.
pub(super) fn all() -> Vec<Known> {
    samples()
        .into_iter()
        .filter_map(|failure| {
            let status = words::of(&failure).status.as_u16();
            Some(Known { code: failure.code(), status, part: part_of(&failure)?, failure })
        })
        .collect()
}

/// The codes with this status that come from this part.
pub(super) fn codes_of(part: Part, status: u16) -> Vec<&'static str> {
    all().iter().filter(|known| known.part == part && known.status == status).map(|known| known.code).collect()
}

/// The answers that calls with these parts may have, by status.
pub(super) fn responses(parts: &[Part]) -> Map<String, Value> {
    let known: Vec<Known> = all().into_iter().filter(|known| parts.contains(&known.part)).collect();
    let mut statuses: Vec<u16> = known.iter().map(|known| known.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let codes =
        |status| known.iter().filter(|known| known.status == status).map(|known| known.code).collect::<Vec<_>>();
    statuses.into_iter().map(|status| (status.to_string(), response(status, &codes(status)))).collect()
}

/// The answer with this status and one of these codes.
pub(super) fn response(status: u16, codes: &[&'static str]) -> Value {
    let mut headers = json!({ "Cache-Control": header("CacheControl") });
    match status {
        401 => headers["WWW-Authenticate"] = header("WwwAuthenticate"),
        405 => headers["Allow"] = header("Allow"),
        503 => headers["Retry-After"] = header("RetryAfter"),
        _ => {}
    }
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| ((*code).to_owned(), json!({ "$ref": format!("#/components/examples/{code}") })))
        .collect();
    let listed: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    json!({
        "description": listed.join(", "),
        "headers": headers,
        "content": { MEDIA_TYPE: {
            "schema": {
                "allOf": [{ "$ref": "#/components/schemas/Problem" }],
                "properties": { "code": { "enum": codes }, "status": { "const": status } },
            },
            "examples": examples,
        } },
    })
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

impl Known {
    /// The document as the code makes it.
    pub(super) fn example(&self) -> Value {
        let reference = Reference::read("V56G5-R2BBG").expect("this is a reference");
        let problem = Problem::of(&self.failure, &reference);
        json!({ "summary": words::of(&self.failure).title, "value": problem })
    }
}

/// Where an error comes from; `None` for what only pages show.
///
/// Exhaustive on purpose: a new error does not compile until somebody has decided whether the App API answers with it. If so, it needs a
/// sample below; a test asks for one.
fn part_of(failure: &Failure) -> Option<Part> {
    let error = match failure {
        Failure::Tool(error) => error,
        Failure::BodyTooLarge(_) | Failure::BodyUnreadable | Failure::JsonExpected(_) => return Some(Part::Body),
        Failure::MethodNotAllowed | Failure::NotFound => return Some(Part::Elsewhere),
        Failure::DeadlinePassed(_) => return Some(Part::Call),
        Failure::FormExpected => return None,
    };
    Some(match error {
        Error::Unauthorized | Error::Store(_) | Error::Secret(_) => Part::Call,
        Error::LaunchUnknown
        | Error::LaunchExpired
        | Error::RegistrationDisabled(_)
        | Error::DeploymentUnknown
        | Error::DeploymentPending
        | Error::DeploymentDisabled => Part::Launch,
        Error::RepeatedParameter(_) | Error::QueryInvalid { .. } => Part::Query,
        Error::LaunchRedeemed | Error::RedeemAnswerLost => Part::Redeem,
        Error::RequestInvalid { subject: Subject::Score, .. }
        | Error::NotGranted(Service::Scores)
        | Error::IdempotencyKeyReused
        | Error::ScoreStale(_)
        | Error::ScoreUnderWay
        | Error::ScoreNotAccepted(_)
        | Error::LaneCrowded => Part::Score,
        Error::ScoreUnknown => Part::StoredScore,
        Error::RequestInvalid { subject: Subject::LineItem, .. } => Part::WrittenLineItem,
        Error::NotGranted(Service::LineItems) => Part::LineItems,
        Error::LineItemBusy => Part::NewLineItem,
        Error::LineItemUnknown => Part::LineItem,
        Error::NotGranted(Service::Results) => Part::Results,
        Error::NotGranted(Service::Memberships) => Part::Memberships,
        Error::RequestInvalid { subject: Subject::DeepLink, .. }
        | Error::NotGranted(Service::DeepLinking)
        | Error::DeepLinkAnswered
        | Error::ReturnUrlUnsafe => Part::DeepLink,
        Error::ServiceOriginForeign(_) | Error::TokenRefused(_) | Error::PlatformRefused(_) => Part::Platform,
        // The errors of tokens have the codes of the two above and of the one below.
        Error::AccessToken(_) | Error::PlatformUnavailable(_) => Part::PlatformAnswer,
        Error::Login(_)
        | Error::RegistrationUnknown { .. }
        | Error::RegistrationAmbiguous { .. }
        | Error::Response(_)
        | Error::State(_)
        | Error::AuthenticationRefused(_)
        | Error::Token(_)
        | Error::BindingMissing
        | Error::BindingMismatch
        | Error::LaunchAlreadyUsed
        | Error::LaunchNotWaiting
        | Error::PlatformKeysUnavailable(_)
        | Error::ToolKeysMissing
        | Error::Register(_) => return None,
    })
}

/// One error of each code, as it may come about.
fn samples() -> Vec<Failure> {
    let said = |status, words: &str| PlatformWords { status, words: words.to_owned() };
    let invalid = |subject, field: &str, expected: &str| Error::RequestInvalid {
        subject,
        faults: Fault::new(field, expected).into(),
    };
    let registration = RegistrationKey {
        issuer: Issuer::try_from("https://lms.example.edu").expect("this is an issuer"),
        client_id: ClientId::try_from("abc123").expect("this is a client id"),
    };
    let unavailable = StoreError::Unavailable {
        table: "launches".to_owned(),
        operation: "read",
        reason: "it did not answer".to_owned(),
    };
    let broken = StoreError::Broken {
        table: "launches".to_owned(),
        key: "launch".to_owned(),
        fault: "it has no claims".to_owned(),
    };
    let secret = SecretError::Unreadable { name: "app-keys".to_owned(), reason: "it did not answer".to_owned() };
    let tool = [
        Error::Unauthorized,
        Error::Store(unavailable),
        Error::Store(broken),
        Error::Secret(secret),
        Error::LaunchUnknown,
        Error::LaunchExpired,
        Error::LaunchRedeemed,
        Error::RedeemAnswerLost,
        Error::RegistrationDisabled(Box::new(registration)),
        Error::DeploymentUnknown,
        Error::DeploymentPending,
        Error::DeploymentDisabled,
        Error::QueryInvalid { name: "limit", expected: "a whole number from 1 on" },
        Error::RepeatedParameter(RepeatedParameter { name: "limit".to_owned() }),
        Error::NotGranted(Service::DeepLinking),
        Error::NotGranted(Service::Scores),
        Error::NotGranted(Service::LineItems),
        Error::NotGranted(Service::Results),
        Error::NotGranted(Service::Memberships),
        invalid(Subject::Score, "scoreMaximum", "a number above 0"),
        invalid(Subject::LineItem, "label", "a text of 1 to 1024 characters that is not blank"),
        invalid(
            Subject::DeepLink,
            "contentItems[0].url",
            "a URL of this App, at one of its known origins: a launch leads there",
        ),
        Error::DeepLinkAnswered,
        Error::ReturnUrlUnsafe,
        Error::LineItemBusy,
        Error::LineItemUnknown,
        Error::ScoreUnknown,
        Error::ScoreStale(said(409, "a newer score is there")),
        Error::LaneCrowded,
        Error::IdempotencyKeyReused,
        Error::ServiceOriginForeign(ForeignOrigin { origin: "https://grades.example.edu".to_owned() }),
        Error::TokenRefused(said(400, "the client is unknown")),
        Error::PlatformRefused(said(422, "the user is not in this course")),
        Error::PlatformUnavailable(Unavailable::Answered(said(503, "down for maintenance"))),
    ];
    let http = [
        Failure::BodyTooLarge(MAX_JSON_BYTES),
        Failure::BodyUnreadable,
        Failure::JsonExpected(JsonError::NotAnObject),
        Failure::MethodNotAllowed,
        Failure::NotFound,
        Failure::DeadlinePassed(27),
    ];
    tool.into_iter().map(Failure::from).chain(http).collect()
}
