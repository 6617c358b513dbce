//! A Launch as the App API shows it: a fixed contract (`docs/app-api.md`).

use std::collections::BTreeMap;

use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::Object;
use doorway_lti::message::{
    AgsEndpoint, Context, DeepLinkingSettings, ForUser, Launch, LaunchPresentation, Message, NrpsService, ResourceLink,
    UserNames,
};
use doorway_lti::role::RolesAndMeaning;
use serde::Serialize;

use crate::clock::UnixSeconds;
use crate::date::rfc3339;
use crate::launch_id::LaunchId;
use crate::migration::Migration;

/// The version of LTI.
const VERSION: &str = "1.3.0";

/// A Launch for the App.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Launch"))]
#[serde(rename_all = "camelCase")]
pub struct LaunchView {
    /// The launch's id.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = crate::launch_id::PATTERN)))]
    id: String,
    /// The message type.
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = doorway_lti::message::MessageType::names())))]
    message_type: &'static str,
    /// The version of LTI.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = VERSION)))]
    version: &'static str,
    /// The Platform, and the installation in it.
    platform: PlatformView,
    /// The vendor's name for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    /// Who launched.
    user: UserView,
    /// The course or group.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
    /// The link that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_link: Option<ResourceLink>,
    /// Whose submission or data this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    for_user: Option<ForUser>,
    /// Where the user wanted to go, as signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    target_link_uri: Option<String>,
    /// Custom parameters. By redeem; afterwards there are none.
    custom: BTreeMap<String, Option<String>>,
    /// How the Tool is shown. By redeem alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_presentation: Option<LaunchPresentation>,
    /// What this launch may do afterwards.
    services: ServicesView,
    /// What LTI 1.1 called the user. By redeem alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::migration::MigrationView<'static>>"))]
    migration: Option<Migration>,
    /// All verified claims, as sent; after redeem, those that are kept.
    claims: Object,
    /// When the record ends, in UTC.
    #[cfg_attr(feature = "openapi", schemars(extend("format" = "date-time")))]
    expires_at: String,
}

/// The Platform of a Launch.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Platform"))]
#[serde(rename_all = "camelCase")]
pub struct PlatformView {
    /// The issuer.
    pub issuer: Issuer,
    /// What the Platform calls the Tool.
    pub client_id: ClientId,
    /// The Deployment.
    pub deployment_id: DeploymentId,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// For example `canvas`, `moodle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_family_code: Option<String>,
    /// The product's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// Tells instances of a shared Platform apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    guid: Option<String>,
}

/// The user of a Launch.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "User"))]
#[serde(rename_all = "camelCase")]
struct UserView {
    /// Stable, and unique within the issuer. Absent in an anonymous launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(flatten)]
    names: UserNames,
    #[serde(flatten)]
    roles: RolesAndMeaning,
    /// Whom a mentor may look after. By redeem alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentored_user_ids: Vec<String>,
}

/// What this launch may do afterwards. A missing member is a service that is not granted.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Services"))]
#[serde(rename_all = "camelCase")]
struct ServicesView {
    /// The settings of a deep linking request.
    #[serde(skip_serializing_if = "Option::is_none")]
    deep_linking: Option<DeepLinkingSettings>,
    /// Grades.
    #[serde(skip_serializing_if = "Option::is_none")]
    ags: Option<AgsEndpoint>,
    /// The roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    nrps: Option<NrpsService>,
}

impl LaunchView {
    /// The Platform.
    pub fn platform(&self) -> &PlatformView {
        &self.platform
    }

    /// The message type's name on the wire.
    pub fn message_type(&self) -> &'static str {
        self.message_type
    }

    /// Shows `launch` with the claims that it was read from, and what became of what they say of LTI 1.1.
    pub fn new(
        id: &LaunchId,
        tenant: Option<String>,
        launch: Launch,
        claims: Object,
        migration: Option<Migration>,
        expires_at: UnixSeconds,
    ) -> Self {
        let platform = launch.platform.clone().unwrap_or_default();
        Self {
            id: id.as_str().to_owned(),
            message_type: launch.message_type().name(),
            version: VERSION,
            tenant,
            user: UserView::new(&launch),
            resource_link: launch.resource_link().cloned(),
            for_user: launch.for_user().cloned(),
            platform: PlatformView {
                issuer: launch.issuer,
                client_id: launch.client_id,
                deployment_id: launch.deployment_id,
                name: platform.name,
                product_family_code: platform.product_family_code,
                version: platform.version,
                guid: platform.guid,
            },
            context: launch.context,
            target_link_uri: launch.target_link_uri,
            custom: launch.custom,
            launch_presentation: launch.presentation,
            services: ServicesView { deep_linking: settings(launch.message), ags: launch.ags, nrps: launch.nrps },
            migration,
            claims,
            expires_at: rfc3339(expires_at),
        }
    }
}

impl UserView {
    fn new(launch: &Launch) -> Self {
        Self {
            id: launch.user_id.as_ref().map(|id| id.as_str().to_owned()),
            names: launch.names.clone(),
            roles: RolesAndMeaning::from(&launch.roles),
            mentored_user_ids: launch.role_scope_mentor.clone(),
        }
    }
}

fn settings(message: Message) -> Option<DeepLinkingSettings> {
    match message {
        Message::DeepLinking { settings } => Some(settings),
        Message::ResourceLink { .. } | Message::SubmissionReview { .. } | Message::DataPrivacy { .. } => None,
    }
}
