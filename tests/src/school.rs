//! A school: the mock Platform with its services on a loopback port, registered with a test Tool, by the Tool's clock.

use std::sync::Arc;

use doorway_core::clock::Clock as _;
use doorway_core::registration::Registration;
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, Profile, ServicesConfig, find_user};
use http::StatusCode;
use serde_json::{Value, json};

use crate::tool::{Answer, TestTool, begun};

/// What the school calls the Tool.
pub const CLIENT_ID: &str = "doorway-at-school";
/// The school's one Deployment.
pub const DEPLOYMENT_ID: &str = "1";

/// A running school.
pub struct School {
    /// The mock Platform, to look into and to spoil.
    pub platform: Arc<Platform>,
    /// Its issuer, which is its base URL.
    pub issuer: String,
    registration: Registration,
}

impl School {
    /// A school of this kind, registered with the Tool and knowing its keys.
    pub async fn start(tool: &TestTool, profile: Profile) -> Self {
        Self::start_with(tool, ServicesConfig { profile, ..ServicesConfig::default() }, |_| {}).await
    }

    /// A school of this kind whose clock is so many seconds ahead of the Tool's, or behind it.
    pub async fn with_clock_ahead(tool: &TestTool, profile: Profile, seconds: i64) -> Self {
        Self::start_by(tool, seconds, ServicesConfig { profile, ..ServicesConfig::default() }, |_| {}).await
    }

    /// A school whose services, or whose Registration, are otherwise.
    pub async fn start_with(tool: &TestTool, services: ServicesConfig, change: impl FnOnce(&mut Registration)) -> Self {
        Self::start_by(tool, 0, services, change).await
    }

    async fn start_by(
        tool: &TestTool,
        seconds_ahead: i64,
        services: ServicesConfig,
        change: impl FnOnce(&mut Registration),
    ) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let issuer = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let clock = tool.clock.clone();
        let config = PlatformConfig {
            issuer: issuer.clone(),
            product: None,
            client_id: CLIENT_ID.to_owned(),
            deployment_id: DEPLOYMENT_ID.to_owned(),
            initiate_login_uri: "https://tool.example/lti/login".to_owned(),
            redirect_uri: "https://tool.example/lti/launch".to_owned(),
            target_link_uri: "https://app.example/lesson/7".to_owned(),
            tool_jwks_uri: "http://127.0.0.1:9/unused".to_owned(),
            tool_name: "Lumen".to_owned(),
            sso_base: None,
            services,
            clock: Arc::new(move || clock.now().0.saturating_add_signed(seconds_ahead)),
        };
        let platform = Arc::new(Platform::new(config, PlatformKey::generate()));
        platform.set_tool_jwks(tool.public_keys());
        let router = doorway_mock_platform::router(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut registration: Registration = serde_json::from_value(json!({
            "issuer": issuer, "clientId": CLIENT_ID, "deployments": [DEPLOYMENT_ID],
            "authorizationEndpoint": platform.authorization_endpoint(), "tokenEndpoint": platform.token_endpoint(),
            "jwksUri": platform.jwks_uri(), "tokenAudience": platform.token_audience(),
        }))
        .expect("the registration is complete");
        change(&mut registration);
        tool.parts.registrations().put(&registration).await.expect("the table takes a registration");
        Self { platform, issuer, registration }
    }

    /// Its Registration.
    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// A redeemed launch of this link by this user, with claims that a test changes; its id.
    pub async fn launch_with(
        &self,
        tool: &TestTool,
        link: &str,
        user_id: &str,
        change: impl FnOnce(&mut Value),
    ) -> String {
        let begun = begun(&self.login(tool).await);
        let user = find_user(user_id).expect("the mock Platform knows the user");
        let claims = self.platform.claims_of(link, &user, &begun.nonce());
        let mut claims = claims.expect("the course has the link");
        change(&mut claims);
        let id = tool.post_token(&begun, &self.platform.key().id_token(&claims)).await.launch_id();
        assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
        id
    }

    /// A redeemed launch of the video lesson by this user; its id.
    pub async fn launch(&self, tool: &TestTool, user_id: &str) -> String {
        self.launch_with(tool, "video", user_id, |_| {}).await
    }

    /// A redeemed deep-linking launch of the teacher; its id.
    pub async fn deep_linking(&self, tool: &TestTool) -> String {
        self.launch_with(tool, "choose-content", "41", |_| {}).await
    }

    /// What the Tool answers to the Platform's login initiation.
    pub async fn login(&self, tool: &TestTool) -> Answer {
        let fields = [
            ("iss", self.issuer.as_str()),
            ("login_hint", "hint-1"),
            ("target_link_uri", "https://app.example/lesson/7"),
            ("client_id", CLIENT_ID),
            ("lti_deployment_id", DEPLOYMENT_ID),
        ];
        tool.post("/lti/login", &fields, &[]).await
    }
}
