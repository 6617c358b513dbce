//! The one error type: what happened, in LTI words, with its cause.
//!
//! Its `Display` is for the log and names no user, name, e-mail or token; nor has it a Platform's words, which may quote
//! what it was sent. What a person is told, and which HTTP
//! status goes with it, is one exhaustive match in `doorway-web`.

use doorway_lti::Rejection;
use doorway_lti::authentication::{PlatformErrorCode, ResponseError};
use doorway_lti::fault::Faults;
use doorway_lti::ids::{ClientId, Issuer};
use doorway_lti::login::LoginError;
use doorway_lti::parameters::RepeatedParameter;

use crate::access_tokens::TokenError;
use crate::platform_keys::KeysUnavailable;
use crate::queue::QueueError;
use crate::registration::RegistrationKey;
use crate::secret::SecretError;
use crate::service_url::ForeignOrigin;
use crate::services::{PlatformWords, Unavailable};
use crate::state::StateError;
use crate::store::StoreError;
use crate::use_case::register::RegisterError;

/// What a request of the App is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A score.
    Score,
    /// A line item.
    LineItem,
    /// A deep-linking response.
    DeepLink,
}

impl Subject {
    fn word(self) -> &'static str {
        match self {
            Self::Score => "the score",
            Self::LineItem => "the line item",
            Self::DeepLink => "the deep-linking response",
        }
    }
}

/// A service of the Platform, as granted to a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Returning content.
    DeepLinking,
    /// Publishing scores.
    Scores,
    /// Line items.
    LineItems,
    /// Reading results.
    Results,
    /// The roster.
    Memberships,
}

impl Service {
    fn word(self) -> &'static str {
        match self {
            Self::DeepLinking => "deep linking",
            Self::Scores => "scores",
            Self::LineItems => "line items",
            Self::Results => "results",
            Self::Memberships => "memberships",
        }
    }
}

/// Why a request was not answered with success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A parameter came twice.
    #[error(transparent)]
    RepeatedParameter(#[from] RepeatedParameter),
    /// The login initiation lacks something.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// No Registration for this issuer, or for this client id of it.
    #[error("no registration for issuer `{issuer}` and client {}", shown(.client_id.as_ref()))]
    RegistrationUnknown {
        /// As the login named it.
        issuer: Issuer,
        /// As the login named it, if it did.
        client_id: Option<ClientId>,
    },
    /// The login named no client id and the issuer has several.
    #[error("issuer `{issuer}` has several registrations and the login names no client id")]
    RegistrationAmbiguous {
        /// The issuer.
        issuer: Issuer,
    },
    /// The Registration is switched off or not active yet.
    #[error("registration `{}` of issuer `{}` is not active", .0.client_id, .0.issuer)]
    RegistrationDisabled(Box<RegistrationKey>),
    /// The post to the launch URL lacks a field.
    #[error(transparent)]
    Response(#[from] ResponseError),
    /// The state does not open.
    #[error(transparent)]
    State(#[from] StateError),
    /// The Platform refused the authentication request.
    #[error("the Platform answered `{}`", .0.as_str())]
    AuthenticationRefused(PlatformErrorCode),
    /// The token or the message in it is refused.
    #[error(transparent)]
    Token(#[from] Rejection),
    /// The Deployment is not on the Registration's list.
    #[error("deployment is not listed in the registration")]
    DeploymentUnknown,
    /// The Deployment waits for an operator.
    #[error("deployment is recorded and waits to be activated")]
    DeploymentPending,
    /// The Deployment is switched off.
    #[error("deployment is disabled")]
    DeploymentDisabled,
    /// This browser sent no binding for this login.
    #[error("the browser holds no binding of this login")]
    BindingMissing,
    /// This browser began another login than the one that comes back.
    #[error("the browser's binding is not the one of this login")]
    BindingMismatch,
    /// The launch was used before.
    #[error("this launch was used before")]
    LaunchAlreadyUsed,
    /// No launch waits for this browser to be proven: its one try was wrong, or it never did.
    #[error("no launch waits under this handle for this login")]
    LaunchNotWaiting,
    /// The Platform's keys cannot be had.
    #[error(transparent)]
    PlatformKeysUnavailable(#[from] KeysUnavailable),
    /// The App's key is missing or unknown.
    #[error("the App API key is missing or not valid")]
    Unauthorized,
    /// No such launch, or it was forgotten.
    #[error("there is no such launch")]
    LaunchUnknown,
    /// The launch was redeemed before.
    #[error("the launch was redeemed before")]
    LaunchRedeemed,
    /// The launch was redeemed by this very request, but the table's answer was lost on the way.
    #[error("the launch was redeemed, but the table's answer was lost")]
    RedeemAnswerLost,
    /// The time to redeem, or to keep, has passed.
    #[error("the launch has expired")]
    LaunchExpired,
    /// A query parameter of the App API is not usable.
    #[error("query parameter `{name}` must be {expected}")]
    QueryInvalid {
        /// The parameter.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A request of the App is not as it must be.
    #[error("{} is not as it must be: {faults}", .subject.word())]
    RequestInvalid {
        /// What the request is about.
        subject: Subject,
        /// Every fault.
        faults: Faults,
    },
    /// This launch may not use the service.
    #[error("this launch may not use {}", .0.word())]
    NotGranted(Service),
    /// This launch was answered with a deep-linking response before.
    #[error("the deep-linking request was answered before")]
    DeepLinkAnswered,
    /// The Platform's return URL is no https URL.
    #[error("the platform's deep_link_return_url is no https URL")]
    ReturnUrlUnsafe,
    /// Another call is creating the same line item.
    #[error("another call is creating the same line item")]
    LineItemBusy,
    /// A service's URL is not on an origin of the Registration.
    #[error(transparent)]
    ServiceOriginForeign(#[from] ForeignOrigin),
    /// No access token could be had.
    #[error(transparent)]
    AccessToken(Box<TokenError>),
    /// A Platform's token endpoint refused.
    #[error("the platform gave no token: status {}", .0.status)]
    TokenRefused(PlatformWords),
    /// The same score is being sent by another request.
    #[error("the same score is being sent by another request")]
    ScoreUnderWay,
    /// A Platform's service refused.
    #[error("the platform answered {}", .0.status)]
    PlatformRefused(PlatformWords),
    /// A Platform's service cannot serve now.
    #[error(transparent)]
    PlatformUnavailable(Unavailable),
    /// The Platform has a newer result than this score.
    #[error("the platform has a newer result than this score: status {}", .0.status)]
    ScoreStale(PlatformWords),
    /// A score could be neither sent nor queued.
    #[error("the score could be neither sent nor queued: {0}")]
    ScoreNotAccepted(#[source] QueueError),
    /// The score's lane is so busy that no place in it could be had.
    #[error("too many scores for one learner and line item at once")]
    LaneCrowded,
    /// An `Idempotency-Key` came with another request before.
    #[error("the idempotency key came with another score before")]
    IdempotencyKeyReused,
    /// No such submission of a score.
    #[error("there is no such score")]
    ScoreUnknown,
    /// No such line item.
    #[error("there is no such line item")]
    LineItemUnknown,
    /// The Tool has no published keys yet.
    #[error("the Tool has no published keys yet")]
    ToolKeysMissing,
    /// A registration by an invite went no further.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A table failed us.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret failed us.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

fn shown(client_id: Option<&ClientId>) -> String {
    client_id.map_or_else(|| "(none named)".to_owned(), |id| format!("`{id}`"))
}

impl Error {
    /// The stable code for logs, metrics, error pages and problem documents. Never renamed, only added.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RepeatedParameter(_) => "parameter_repeated",
            Self::Login(LoginError::ParameterMissing(_)) => "login_parameter_missing",
            Self::Login(LoginError::ParameterInvalid(..)) => "login_parameter_invalid",
            Self::RegistrationUnknown { .. } => "registration_unknown",
            Self::RegistrationAmbiguous { .. } => "registration_ambiguous",
            Self::RegistrationDisabled(_) => "registration_disabled",
            Self::Response(ResponseError::StateMissing) => "state_missing",
            Self::Response(ResponseError::IdTokenMissing) => "id_token_missing",
            Self::State(StateError::NotOurs | StateError::UnknownKey) => "state_invalid",
            Self::State(StateError::Expired { .. }) => "state_expired",
            Self::AuthenticationRefused(_) => "authentication_refused",
            Self::Token(rejection) => rejection.code(),
            Self::DeploymentUnknown => "deployment_unknown",
            Self::DeploymentPending => "deployment_pending",
            Self::DeploymentDisabled => "deployment_disabled",
            Self::BindingMissing => "binding_missing",
            Self::BindingMismatch => "binding_mismatch",
            Self::LaunchNotWaiting => "launch_not_waiting",
            Self::LaunchAlreadyUsed => "launch_already_used",
            Self::PlatformKeysUnavailable(_) => "platform_keys_unavailable",
            Self::Unauthorized => "unauthorized",
            Self::LaunchUnknown => "launch_unknown",
            Self::LaunchRedeemed => "launch_redeemed",
            Self::RedeemAnswerLost => "redeem_answer_lost",
            Self::LaunchExpired => "launch_expired",
            Self::QueryInvalid { .. } => "query_invalid",
            Self::RequestInvalid { subject: Subject::Score, .. } => "score_invalid",
            Self::RequestInvalid { subject: Subject::LineItem, .. } => "line_item_invalid",
            Self::RequestInvalid { subject: Subject::DeepLink, .. } => "deep_link_invalid",
            Self::NotGranted(Service::DeepLinking) => "deep_linking_not_granted",
            Self::NotGranted(Service::Scores) => "scores_not_granted",
            Self::NotGranted(Service::LineItems) => "line_items_not_granted",
            Self::NotGranted(Service::Results) => "results_not_granted",
            Self::NotGranted(Service::Memberships) => "memberships_not_granted",
            Self::DeepLinkAnswered => "deep_link_answered",
            Self::ReturnUrlUnsafe => "return_url_unsafe",
            Self::LineItemBusy => "line_item_busy",
            Self::ServiceOriginForeign(_) => "service_origin_foreign",
            Self::AccessToken(error) => match **error {
                TokenError::Refused { .. } | TokenError::ScopeNotGranted(_) => "token_refused",
                TokenError::Unavailable(_) | TokenError::Later { .. } | TokenError::NotAToken(_) => {
                    "platform_unavailable"
                }
            },
            Self::TokenRefused(_) => "token_refused",
            Self::PlatformRefused(_) => "platform_refused",
            Self::PlatformUnavailable(_) => "platform_unavailable",
            Self::ScoreStale(_) => "score_stale",
            Self::ScoreNotAccepted(_) | Self::LaneCrowded | Self::ScoreUnderWay => "score_not_accepted",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::ScoreUnknown => "score_unknown",
            Self::LineItemUnknown => "line_item_unknown",
            Self::ToolKeysMissing => "tool_keys_missing",
            Self::Register(error) => error.code(),
            Self::Store(StoreError::Unavailable { .. }) => "storage_unavailable",
            Self::Store(StoreError::Broken { .. }) => "record_broken",
            Self::Secret(_) => "secret_unavailable",
        }
    }
}
