//! The one error type: what happened, in LTI words, with its cause.
//!
//! Its `Display` is for the log and names no user, name, e-mail or token. What a person is told, and which HTTP
//! status goes with it, is one exhaustive match in `doorway-web`.

use doorway_lti::Rejection;
use doorway_lti::authentication::{PlatformErrorCode, ResponseError};
use doorway_lti::ids::{ClientId, Issuer};
use doorway_lti::login::LoginError;
use doorway_lti::parameters::RepeatedParameter;

use crate::platform_keys::KeysUnavailable;
use crate::registration::RegistrationKey;
use crate::secret::SecretError;
use crate::state::StateError;
use crate::store::StoreError;

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
    #[error("the browser sent no binding cookie for this login")]
    BindingMissing,
    /// This browser began another login than the one that comes back.
    #[error("the browser's binding cookie is not the one of this login")]
    BindingMismatch,
    /// The launch was used before.
    #[error("this launch was used before")]
    LaunchAlreadyUsed,
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
    /// The Tool has no published keys yet.
    #[error("the Tool has no published keys yet")]
    ToolKeysMissing,
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
            Self::LaunchAlreadyUsed => "launch_already_used",
            Self::PlatformKeysUnavailable(_) => "platform_keys_unavailable",
            Self::Unauthorized => "unauthorized",
            Self::LaunchUnknown => "launch_unknown",
            Self::LaunchRedeemed => "launch_redeemed",
            Self::RedeemAnswerLost => "redeem_answer_lost",
            Self::LaunchExpired => "launch_expired",
            Self::QueryInvalid { .. } => "query_invalid",
            Self::ToolKeysMissing => "tool_keys_missing",
            Self::Store(StoreError::Unavailable { .. }) => "storage_unavailable",
            Self::Store(StoreError::Broken { .. }) => "record_broken",
            Self::Secret(_) => "secret_unavailable",
        }
    }
}
