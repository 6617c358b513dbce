//! The mock Platform and the sample App, on the Tool's own listener.

use std::sync::Arc;

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Redirect;
use axum::routing::get;
use doorway_core::clock::Clock;
use doorway_core::migration::{AcceptedFrom, ConsumerRing, ConsumerRingError, NewConsumer};
use doorway_core::registration::Registration;
use doorway_core::settings::{LAUNCH_PATH, LOGIN_PATH};
use doorway_lti::ids::Issuer;
use doorway_mock_platform::{
    OLD_CONSUMER_KEY, OLD_CONSUMER_SECRET, Platform, PlatformConfig, PlatformKey, ServicesConfig,
};
use doorway_sample_app::{SampleApp, SampleAppConfig};
use serde_json::json;
use url::Url;

/// The issuer of the mock Platform at this address.
pub fn issuer(platform_url: &Url) -> String {
    at(platform_url, "/platform")
}

/// What the mock Platform calls the Tool.
pub const CLIENT_ID: &str = "doorway-demo";
/// The mock Platform's one Deployment.
pub const DEPLOYMENT_ID: &str = "1";

/// What the sample App is called.
pub const TOOL_NAME: &str = "Lumen";

/// Where browsers find what is in a demo. All of it may be on one origin; a Platform in a school is another site than its
/// Tools.
pub struct Addresses {
    /// The Tool.
    pub tool: Url,
    /// The mock Platform.
    pub platform: Url,
    /// Where the mock Platform signs people on, if on a host of its own, as Canvas and Blackboard do.
    pub sso: Option<Url>,
    /// Where launches lead.
    pub app: Url,
}

/// The mock Platform.
pub fn platform(addresses: &Addresses, key: PlatformKey, clock: Arc<dyn Clock>) -> Platform {
    let tool = |path: &str| at(&addresses.tool, path);
    let config = PlatformConfig {
        issuer: issuer(&addresses.platform),
        product: None,
        sso_base: addresses.sso.as_ref().map(issuer),
        client_id: CLIENT_ID.to_owned(),
        deployment_id: DEPLOYMENT_ID.to_owned(),
        initiate_login_uri: tool(LOGIN_PATH),
        redirect_uri: tool(LAUNCH_PATH),
        target_link_uri: addresses.app.to_string(),
        tool_jwks_uri: tool("/.well-known/jwks.json"),
        // Whatever profile is chosen later: the Registration knows no other audience.
        services: ServicesConfig {
            token_audience: Some(at(&addresses.platform, "/platform/token")),
            ..ServicesConfig::default()
        },
        tool_name: TOOL_NAME.to_owned(),
        clock: Arc::new(move || clock.now().0),
    };
    Platform::new(config, key)
}

/// The Registration of the mock Platform at this address.
pub fn registration(platform_url: &Url, platform: &Platform) -> Registration {
    let registration = json!({
        "issuer": issuer(platform_url),
        "clientId": CLIENT_ID,
        "authorizationEndpoint": platform.authorization_endpoint(),
        "tokenEndpoint": platform.token_endpoint(),
        "jwksUri": platform.jwks_uri(),
        "registrationClientUri": platform.registration_client_uri(CLIENT_ID),
        "deployments": [DEPLOYMENT_ID],
        "tenant": "Maple Learning",
    });
    serde_json::from_value(registration).expect("the mock Platform's addresses are URLs")
}

/// Believes the mock Platform at this address, and no other Platform, that it was its old consumer: everybody knows the
/// secret.
///
/// # Errors
/// Those of the store, and of a file that somebody wrote into by hand.
pub async fn accept_old_consumer(ring: &ConsumerRing, platform_url: &Url) -> Result<(), ConsumerRingError> {
    let issuer = Issuer::try_from(issuer(platform_url)).expect("a URL is an issuer");
    let accepted_from = AcceptedFrom::Platform { issuer, client_id: None, deployment_id: None };
    // A stack that keeps its data may have listened at another address before.
    for known in ring.list().await? {
        if known.key == OLD_CONSUMER_KEY && known.accepted_from != accepted_from {
            ring.remove(&known.id).await?;
        }
    }
    let (key, secret) = (OLD_CONSUMER_KEY.to_owned(), OLD_CONSUMER_SECRET.to_owned());
    match ring.add(NewConsumer { key, secret, accepted_from }).await {
        Ok(_) | Err(ConsumerRingError::Exists { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The sample App beside a Tool at this address. `self_url` is where the Tool listens on this machine.
pub fn app(public_url: &Url, self_url: &str, app_key: String, clock: Arc<dyn Clock>) -> SampleApp {
    SampleApp::new(SampleAppConfig {
        app_api_url: self_url.to_owned(),
        app_key,
        public_url: at(public_url, "/app"),
        base_path: "/app".to_owned(),
        clock: Arc::new(move || clock.now().0),
    })
}

/// Adds both to the Tool's router; the root leads to the mock Platform. Who keeps the [`Arc`] of the Platform can
/// change its settings while it runs.
pub fn mount(tool: Router, platform: impl Into<Arc<Platform>>, app: SampleApp) -> Router {
    tool.route("/", get(|| async { Redirect::to("/platform") }))
        .route("/platform/", get(|| async { Redirect::to("/platform") }))
        .route("/app/", get(without_slash))
        .nest("/platform", doorway_mock_platform::router(platform.into()))
        .nest("/app", doorway_sample_app::router(Arc::new(app)))
}

/// `/app/` is typed and configured as often as `/app`; the launch in the query must not get lost.
async fn without_slash(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&query.map_or_else(|| "/app".to_owned(), |query| format!("/app?{query}")))
}

fn at(public_url: &Url, path: &str) -> String {
    let mut url = public_url.clone();
    url.set_path(path);
    url.to_string()
}
