//! What a Platform is started with.

use std::sync::Arc;

use crate::product::Product;
use crate::profile::Profile;

/// What the Platform has to know of itself and of the Tool.
#[derive(Clone)]
pub struct PlatformConfig {
    /// The Platform's issuer: its base URL without a slash at the end. The router's paths are below it, unless it is at a
    /// product's addresses.
    pub issuer: String,
    /// At whose addresses it is, where it is not below its issuer: see [`router_of`](crate::router_of).
    pub product: Option<&'static Product>,
    /// The base URL of the sign-on host without a slash at the end, where it is not the issuer: another host that leads to
    /// the same router. The authorization endpoint is there, and so are the frames that stand beside the Tool's.
    pub sso_base: Option<String>,
    /// The Tool's client id.
    pub client_id: String,
    /// The Tool's one deployment.
    pub deployment_id: String,
    /// Where the Tool's login starts.
    pub initiate_login_uri: String,
    /// The Tool's one redirect URI, compared byte for byte.
    pub redirect_uri: String,
    /// What all links lead to.
    pub target_link_uri: String,
    /// Where the Tool publishes its keys; asked when the Tool signs something, not before.
    pub tool_jwks_uri: String,
    /// What pages call the Tool.
    pub tool_name: String,
    /// How the services are offered; the default is the specifications, strictly.
    pub services: ServicesConfig,
    /// The time, unix seconds.
    pub clock: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// How the Platform offers its services.
#[derive(Debug, Clone, Default)]
pub struct ServicesConfig {
    /// Whose habits they have at the start.
    pub profile: Profile,
    /// The audience that client assertions must have; unless set, the profile's own or the token endpoint.
    pub token_audience: Option<String>,
    /// The base URL of line items and memberships without a slash at the end, where it is not the issuer: another host
    /// that leads to the same router.
    pub service_base: Option<String>,
}

impl PlatformConfig {
    /// The base URL of the Platform's pages, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        self.product.map_or(&self.issuer, |product| product.institution)
    }
}
