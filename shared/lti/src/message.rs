//! The launch message in a verified token: what is launched, by whom, from where.
//!
//! Optional claims are read leniently (launch digest §5.2): a missing or odd one never fails a launch. What a
//! message type requires is checked here once, so that nobody who holds a [`Launch`] need check again.
//!
//! Spec: [LTI Core 1.3 §5](https://www.imsglobal.org/spec/lti/v1p3/#messages-and-claims), Deep Linking 2.0 §4.4.

mod parts;
mod services;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::claim;
use crate::id_token::VerifiedIdToken;
use crate::ids::{ClientId, DeploymentId, Issuer, UserId};
use crate::json::Object;
use crate::rejection::Rejection;
use crate::role::Roles;
use crate::tolerant;

pub use parts::{Context, ForUser, LaunchPresentation, ResourceLink, ToolPlatform, UserNames};
pub use services::{AgsEndpoint, DeepLinkingSettings, NrpsService};

/// The messages that this Tool accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageType {
    /// A user opens a resource link.
    ResourceLink,
    /// A teacher chooses content.
    DeepLinking,
    /// Somebody opens one user's submission from the gradebook.
    SubmissionReview,
    /// A user opens the Tool's privacy page.
    DataPrivacy,
}

impl MessageType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::ResourceLink, Self::DeepLinking, Self::SubmissionReview, Self::DataPrivacy];

    /// Every name.
    #[cfg(feature = "openapi")]
    pub fn names() -> [&'static str; 4] {
        Self::ALL.map(Self::name)
    }

    /// The type with exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|message_type| message_type.name() == name)
    }

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResourceLink => "LtiResourceLinkRequest",
            Self::DeepLinking => "LtiDeepLinkingRequest",
            Self::SubmissionReview => "LtiSubmissionReviewRequest",
            Self::DataPrivacy => "LtiDataPrivacyLaunchRequest",
        }
    }

    /// The claims that this type requires beyond those of every message.
    pub(crate) fn required_claims(self) -> &'static [&'static str] {
        match self {
            Self::ResourceLink => &[claim::TARGET_LINK_URI, claim::RESOURCE_LINK, claim::ROLES],
            Self::DeepLinking => &[claim::DEEP_LINKING_SETTINGS],
            Self::SubmissionReview => &[claim::AGS_ENDPOINT, claim::FOR_USER],
            Self::DataPrivacy => &[],
        }
    }
}

/// What is launched, each type with what it requires.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A resource link and the place it stands in.
    ResourceLink {
        /// The link that was opened.
        resource_link: ResourceLink,
    },
    /// Choosing content, under the Platform's settings.
    DeepLinking {
        /// What may be returned, and where to.
        settings: DeepLinkingSettings,
    },
    /// Reviewing a submission.
    SubmissionReview {
        /// Whose submission; the viewer is [`Launch::user_id`].
        for_user: ForUser,
        /// The column it belongs to.
        line_item: String,
        /// The link it was made in, when there is one.
        resource_link: Option<ResourceLink>,
    },
    /// The privacy page.
    DataPrivacy {
        /// Whose data, when an administrator asks for another.
        for_user: Option<ForUser>,
    },
}

/// A launch message in the words of the standard. Only made from verified claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// The Platform.
    pub issuer: Issuer,
    /// What the Platform calls the Tool.
    pub client_id: ClientId,
    /// The Deployment.
    pub deployment_id: DeploymentId,
    /// The user; `None` is an anonymous launch.
    pub user_id: Option<UserId>,
    /// What the Platform tells of the user's name, any of it possibly absent.
    pub names: UserNames,
    /// The user's roles, possibly none.
    pub roles: Roles,
    /// Users whom this user mentors, by id; empty unless the user is a Mentor.
    pub role_scope_mentor: Vec<String>,
    /// The course or group; absent in launches without a context.
    pub context: Option<Context>,
    /// The Platform's description of itself.
    pub platform: Option<ToolPlatform>,
    /// Where the user wants to go, signed; not yet known to be safe to redirect to.
    pub target_link_uri: Option<String>,
    /// Custom parameters; `None` is a parameter without a value.
    pub custom: BTreeMap<String, Option<String>>,
    /// How the Tool is shown.
    pub presentation: Option<LaunchPresentation>,
    /// Grades, when granted.
    pub ags: Option<AgsEndpoint>,
    /// The roster, when granted.
    pub nrps: Option<NrpsService>,
    /// What is launched.
    pub message: Message,
    /// Optional claims that have the wrong JSON type and were passed over: worth a warning, never a refusal.
    pub ignored_claims: Vec<&'static str>,
}

/// Optional claims that are objects. `null` and `[]` (an empty PHP map) are ways to say that there is nothing.
const OPTIONAL_OBJECTS: [&str; 9] = [
    claim::CONTEXT,
    claim::TOOL_PLATFORM,
    claim::LAUNCH_PRESENTATION,
    claim::LIS,
    claim::CUSTOM,
    claim::AGS_ENDPOINT,
    claim::NRPS_SERVICE,
    claim::GROUPS_SERVICE,
    claim::NOTIFICATION_SERVICE,
];

impl Launch {
    /// Reads the message of a verified token.
    ///
    /// # Errors
    /// [`Rejection::ClaimsMissing`] when the message lacks an id that its type requires.
    pub fn from_token(token: &VerifiedIdToken) -> Result<Self, Rejection> {
        let ids = (token.issuer().clone(), token.client_id().clone(), token.deployment_id().clone());
        Self::read(ids, token.user_id().cloned(), token.message_type(), token.claims())
    }

    /// Reads a launch back from claims that were verified when they were stored. `claims` must come from our
    /// own table, never from a request.
    ///
    /// # Errors
    /// [`Rejection`] when a claim that every stored launch has is absent: the record is broken.
    pub fn from_stored_claims(
        issuer: Issuer,
        client_id: ClientId,
        deployment_id: DeploymentId,
        claims: &Object,
    ) -> Result<Self, Rejection> {
        let name = claims.get(claim::MESSAGE_TYPE).and_then(Value::as_str).unwrap_or_default();
        let message_type =
            MessageType::from_name(name).ok_or_else(|| Rejection::ClaimsMissing(vec![claim::MESSAGE_TYPE]))?;
        let user_id = claims.get("sub").and_then(Value::as_str).and_then(|sub| UserId::try_from(sub).ok());
        Self::read((issuer, client_id, deployment_id), user_id, message_type, claims)
    }

    fn read(
        (issuer, client_id, deployment_id): (Issuer, ClientId, DeploymentId),
        user_id: Option<UserId>,
        message_type: MessageType,
        claims: &Object,
    ) -> Result<Self, Rejection> {
        let ags = AgsEndpoint::read(claims);
        let message = Message::read(message_type, claims, ags.as_ref())?;
        let roles = Roles::read(claims.get(claim::ROLES));
        let role_scope_mentor =
            if roles.is_mentor() { tolerant::texts(claims, claim::ROLE_SCOPE_MENTOR) } else { Vec::new() };
        Ok(Self {
            issuer,
            client_id,
            deployment_id,
            user_id,
            names: UserNames::read(claims),
            roles,
            role_scope_mentor,
            context: Context::read(claims),
            platform: ToolPlatform::read(claims),
            target_link_uri: tolerant::text(claims, claim::TARGET_LINK_URI),
            custom: custom(claims),
            presentation: LaunchPresentation::read(claims),
            ags,
            nrps: NrpsService::read(claims),
            message,
            ignored_claims: ignored_claims(claims),
        })
    }

    /// Which type of message this is.
    pub fn message_type(&self) -> MessageType {
        match self.message {
            Message::ResourceLink { .. } => MessageType::ResourceLink,
            Message::DeepLinking { .. } => MessageType::DeepLinking,
            Message::SubmissionReview { .. } => MessageType::SubmissionReview,
            Message::DataPrivacy { .. } => MessageType::DataPrivacy,
        }
    }

    /// The resource link, when the message has one.
    pub fn resource_link(&self) -> Option<&ResourceLink> {
        match &self.message {
            Message::ResourceLink { resource_link } => Some(resource_link),
            Message::SubmissionReview { resource_link, .. } => resource_link.as_ref(),
            Message::DeepLinking { .. } | Message::DataPrivacy { .. } => None,
        }
    }

    /// Whose submission or data this is about, when that is named.
    pub fn for_user(&self) -> Option<&ForUser> {
        match &self.message {
            Message::SubmissionReview { for_user, .. } => Some(for_user),
            Message::DataPrivacy { for_user } => for_user.as_ref(),
            Message::ResourceLink { .. } | Message::DeepLinking { .. } => None,
        }
    }
}

impl Message {
    fn read(message_type: MessageType, claims: &Object, ags: Option<&AgsEndpoint>) -> Result<Self, Rejection> {
        let missing = |name| Rejection::ClaimsMissing(vec![name]);
        match message_type {
            MessageType::ResourceLink => {
                let resource_link = ResourceLink::read(claims).ok_or_else(|| missing("resource_link.id"))?;
                Ok(Self::ResourceLink { resource_link })
            }
            MessageType::DeepLinking => Ok(Self::DeepLinking { settings: DeepLinkingSettings::read(claims)? }),
            MessageType::SubmissionReview => {
                let for_user = ForUser::read(claims).ok_or_else(|| missing("for_user.user_id"))?;
                let line_item =
                    ags.and_then(|ags| ags.line_item.clone()).ok_or_else(|| missing("endpoint.lineitem"))?;
                Ok(Self::SubmissionReview { for_user, line_item, resource_link: ResourceLink::read(claims) })
            }
            MessageType::DataPrivacy => Ok(Self::DataPrivacy { for_user: ForUser::read(claims) }),
        }
    }
}

fn ignored_claims(claims: &Object) -> Vec<&'static str> {
    let is_odd = |name: &str| match claims.get(name) {
        None | Some(Value::Null | Value::Object(_)) => false,
        Some(Value::Array(values)) => !values.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) => true,
    };
    OPTIONAL_OBJECTS.into_iter().filter(|name| is_odd(name)).collect()
}

/// Custom parameters: the standard says strings, Platforms also send numbers, booleans and null.
fn custom(claims: &Object) -> BTreeMap<String, Option<String>> {
    let Some(custom) = tolerant::object(claims, claim::CUSTOM) else { return BTreeMap::new() };
    custom
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            (name.clone(), value)
        })
        .collect()
}
