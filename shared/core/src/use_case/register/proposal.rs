//! Who asks to be registered, and what it will be asked: what a person is shown, and what is done when they agree.

use doorway_lti::dynamic_registration::{PlatformConfiguration, RegistrationRequest};
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::key_set::Algorithm;
use doorway_lti::platform_family::PlatformFamily;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::framing;
use crate::invite::Invite;
use crate::registration::{DeploymentPolicy, Registration, Status};
use crate::registration_url::RegistrationUrl;

/// A Platform, as it describes itself, and the request that is fitted to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proposal {
    /// Who it says it is.
    pub issuer: Issuer,
    /// Where its configuration came from; the request goes to the same origin.
    pub configuration: Url,
    /// Its software, as it names it.
    pub product: Option<String>,
    /// The version of that.
    pub version: Option<String>,
    /// The account that registers the Tool (Canvas).
    pub account_name: Option<String>,
    /// Messages that are asked for.
    pub messages: Vec<AskedMessage>,
    /// Scopes that are asked for.
    pub scopes: Vec<String>,
    /// Claims that are asked for.
    pub claims: Vec<String>,
    /// Where browsers are sent to log in.
    pub authorization_endpoint: Url,
    /// Where access tokens are obtained.
    pub token_endpoint: Url,
    /// Where its keys are.
    pub jwks_uri: Url,
    pub(super) registration_endpoint: Url,
    pub(super) token_audience: Option<String>,
    pub(super) account_origin: Option<Url>,
    pub(super) family: String,
    pub(super) request: Value,
}

/// A message that is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AskedMessage {
    /// Its type.
    pub name: String,
    /// Where from.
    pub placements: Vec<String>,
}

impl Proposal {
    pub(super) fn new(
        platform: &PlatformConfiguration,
        request: RegistrationRequest,
        configuration: &RegistrationUrl,
    ) -> Self {
        let body = request.body().clone();
        let message = |message: doorway_lti::dynamic_registration::AskedMessage| AskedMessage {
            name: message.message_type.name().to_owned(),
            placements: message.placements,
        };
        // The query may hold a token: it stays behind.
        let mut source = configuration.url().clone();
        source.set_query(None);
        Self {
            issuer: platform.issuer.clone(),
            configuration: source,
            product: platform.product.clone(),
            version: platform.version.clone(),
            account_name: platform.account_name.clone(),
            messages: request.messages.into_iter().map(message).collect(),
            scopes: request.scopes,
            claims: request.claims,
            authorization_endpoint: platform.authorization_endpoint.clone(),
            token_endpoint: platform.token_endpoint.clone(),
            jwks_uri: platform.jwks_uri.clone(),
            registration_endpoint: platform.registration_endpoint.clone(),
            token_audience: platform.token_audience(),
            account_origin: platform.account_origin(),
            family: platform.family().name().to_owned(),
            request: body,
        }
    }

    /// Which software it is.
    pub fn family(&self) -> PlatformFamily {
        PlatformFamily::from_name(&self.family)
    }

    /// Whose pages may be around ours while it registers: those of the origin that its configuration came from, of the
    /// account's own host, and of the product. Not those that it merely names as its endpoints.
    pub fn framing_origins(&self) -> Vec<String> {
        let own = std::iter::once(&self.configuration).chain(&self.account_origin);
        framing::framing(own, &self.authorization_endpoint)
    }

    /// The Registration that comes of it.
    pub(super) fn registration(
        &self,
        client_id: ClientId,
        deployment_id: Option<DeploymentId>,
        invite: &Invite,
        status: Status,
    ) -> Registration {
        let account: Vec<Url> = self.account_origin.iter().cloned().collect();
        Registration {
            issuer: self.issuer.clone(),
            client_id,
            authorization_endpoint: self.authorization_endpoint.clone(),
            token_endpoint: self.token_endpoint.clone(),
            jwks_uri: self.jwks_uri.clone(),
            token_audience: self.token_audience.clone(),
            algorithms: vec![Algorithm::RS256],
            deployments: invite.deployments.clone().unwrap_or_else(|| self.deployments(deployment_id)),
            tenant: invite.tenant.clone(),
            service_origins: account.clone(),
            frame_origins: account,
            registration_client_uri: None,
            allow_anonymous: false,
            status,
        }
    }

    /// Which Deployments may launch, where the invite does not say.
    fn deployments(&self, named: Option<DeploymentId>) -> DeploymentPolicy {
        match (self.family(), named) {
            // The vendor registers once, and every administrator in the world can deploy.
            (PlatformFamily::Blackboard, _) => DeploymentPolicy::Pending,
            // The client id is the customer's own, who deploys where they like, and often.
            (PlatformFamily::Canvas | PlatformFamily::Brightspace, _) => DeploymentPolicy::Any,
            // One client, one Deployment.
            (_, Some(named)) => DeploymentPolicy::Listed(vec![named]),
            (PlatformFamily::Moodle | PlatformFamily::Sakai, None) => DeploymentPolicy::Any,
            (_, None) => DeploymentPolicy::Pending,
        }
    }
}
