//! Why a registration by an invite went no further.

use doorway_lti::dynamic_registration::ConfigurationError;

use crate::http::FetchError;
use crate::registration::RegistrationKey;
use crate::services::PlatformWords;
use crate::store::StoreError;

/// Why a registration went no further.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// No such invite.
    #[error("there is no such invite")]
    InviteUnknown,
    /// The invite's time is over.
    #[error("the invite has expired")]
    InviteExpired,
    /// The invite has served.
    #[error("the invite was used for client `{}` of issuer `{}`", .0.client_id, .0.issuer)]
    InviteUsed(Box<RegistrationKey>),
    /// A registration by this invite is under way.
    #[error("a registration by this invite is under way")]
    InviteUnderWay,
    /// Nobody knows what came of the invite.
    #[error("nobody knows how the registration by this invite ended")]
    InviteSpent,
    /// The address of a Platform's configuration is missing or none that may be asked.
    #[error("`openid_configuration` is missing or no URL that may be asked")]
    ConfigurationAddress,
    /// A Platform's registration token is none that can be sent.
    #[error("`registration_token` cannot be sent")]
    RegistrationToken,
    /// A Platform's configuration cannot be had.
    #[error("the platform's configuration cannot be had: {0}")]
    ConfigurationUnavailable(#[source] FetchError),
    /// A Platform's configuration is not believed.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The form that confirms a registration was not made here, or was changed.
    #[error("the registration form was not sealed by this Tool, or was changed")]
    FormInvalid,
    /// The form that confirms a registration is too old.
    #[error("the registration form has expired")]
    FormExpired,
    /// The form that confirms a registration was used before, or another one of the same invite.
    #[error("the registration form was used before")]
    FormUsed,
    /// The form that confirms a registration comes from another browser, or from another site.
    #[error("the registration form does not come from the browser and the page that it was made for")]
    FormForeign,
    /// The Platform cannot be reached to register: nothing was sent.
    #[error("the platform cannot be reached to register: {0}")]
    RegistrationUnavailable(#[source] FetchError),
    /// The Platform refused to register the Tool.
    #[error("the platform refused to register the Tool: status {}", .0.status)]
    RegistrationRefused(PlatformWords),
    /// Nobody knows whether the Platform registered the Tool.
    #[error("nobody knows whether the platform registered the Tool: {0}")]
    RegistrationUnclear(String),
    /// The Platform registered the Tool under a key that is somebody else's here.
    #[error("client `{}` of issuer `{}` is registered here already, and the invite is not for it", .0.client_id, .0.issuer)]
    RegistrationExists(Box<RegistrationKey>),
    /// The Platform registered the Tool, and the table did not take it.
    #[error("client `{}` of issuer `{}` was registered at the platform and could not be stored: {error}", .key.client_id, .key.issuer)]
    RegistrationNotStored {
        /// What was registered.
        key: Box<RegistrationKey>,
        /// Why it is not here.
        #[source]
        error: StoreError,
    },
}

impl RegisterError {
    /// The stable code. Never renamed, only added.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InviteUnknown => "invite_unknown",
            Self::InviteExpired => "invite_expired",
            Self::InviteUsed(_) => "invite_used",
            Self::InviteUnderWay => "invite_under_way",
            Self::InviteSpent => "invite_spent",
            Self::ConfigurationAddress => "configuration_address_invalid",
            Self::RegistrationToken => "registration_token_invalid",
            Self::ConfigurationUnavailable(error) => match error {
                FetchError::NotPublic => "configuration_not_public",
                FetchError::TooLarge(_) => "configuration_too_large",
                FetchError::Status(_) => "configuration_refused",
                FetchError::Transport(_) | FetchError::NoConnection(_) => "configuration_unavailable",
            },
            Self::Configuration(error) => match error {
                ConfigurationError::IssuerForeign | ConfigurationError::RegistrationEndpointForeign => {
                    "configuration_foreign"
                }
                ConfigurationError::Unsupported { .. } => "configuration_unsupported",
                ConfigurationError::NotJson(_)
                | ConfigurationError::Missing(_)
                | ConfigurationError::EndpointInvalid(_) => "configuration_invalid",
            },
            Self::FormInvalid => "form_invalid",
            Self::FormExpired => "form_expired",
            Self::FormUsed => "form_used",
            Self::FormForeign => "form_foreign",
            Self::RegistrationUnavailable(_) => "registration_unavailable",
            Self::RegistrationRefused(_) => "registration_refused",
            Self::RegistrationUnclear(_) => "registration_unclear",
            Self::RegistrationExists(_) => "registration_exists",
            Self::RegistrationNotStored { .. } => "registration_not_stored",
        }
    }
}
