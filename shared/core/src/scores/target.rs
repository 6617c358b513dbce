//! Where a score goes.

use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::platform_family::PlatformFamily;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::registration::RegistrationKey;

/// Where a score goes, and what may be asked there. No personal data: it stays when the score is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    issuer: Issuer,
    client_id: ClientId,
    /// The Deployment.
    pub deployment_id: DeploymentId,
    /// The line item.
    pub line_item: Url,
    /// How the Platform must be treated, by its name.
    family: String,
    /// The container to look for the line item in, should it have moved; with the link that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<(Url, String)>,
    /// Whether results may be read.
    pub may_read_results: bool,
}

impl Target {
    /// A target at a Platform.
    pub fn new(
        registration: RegistrationKey,
        deployment_id: DeploymentId,
        line_item: Url,
        family: PlatformFamily,
    ) -> Self {
        let RegistrationKey { issuer, client_id } = registration;
        let family = family.name().to_owned();
        Self { issuer, client_id, deployment_id, line_item, family, elsewhere: None, may_read_results: false }
    }

    /// The Registration.
    pub fn registration(&self) -> RegistrationKey {
        RegistrationKey { issuer: self.issuer.clone(), client_id: self.client_id.clone() }
    }

    /// How the Platform must be treated.
    pub fn family(&self) -> PlatformFamily {
        PlatformFamily::from_name(&self.family)
    }

    /// The Platform's origin, by which it is spared.
    pub fn origin(&self) -> String {
        self.line_item.origin().ascii_serialization()
    }
}
