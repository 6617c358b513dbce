//! The school: the mock Platform under its public name, which can be out.

use std::sync::Arc;

use doorway_core::clock::{Clock as _, SystemClock};
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, ServicesConfig};
use tokio::runtime::Runtime;

use crate::stack::Stack;
use crate::tls::Tls;
use crate::world::{SOON, address_of, folder};

/// Its name in this network.
const HOST: &str = "lms.example.edu";
/// Its issuer.
pub(crate) const ISSUER: &str = "https://lms.example.edu";
/// What it calls the Tool.
pub(crate) const CLIENT_ID: &str = "doorway-at-school";
/// Its one Deployment.
pub(crate) const DEPLOYMENT_ID: &str = "1";
/// The teacher.
pub(crate) const ADA: &str = "41";
/// A student.
pub(crate) const BEN: &str = "52";

/// Another student.
pub(crate) const CHLOE: &str = "53";

/// A school, which is out until it is opened.
pub(crate) struct School {
    /// The mock Platform, to look into.
    pub(crate) platform: Arc<Platform>,
    /// Everything that serves it: when it goes, so does every connection.
    serving: Option<Runtime>,
}

impl School {
    /// A school that knows the Tool of this stack, and believes the keys that it publishes.
    pub(crate) fn of(stack: &Stack) -> Self {
        let config = PlatformConfig {
            issuer: ISSUER.to_owned(),
            product: None,
            sso_base: None,
            client_id: CLIENT_ID.to_owned(),
            deployment_id: DEPLOYMENT_ID.to_owned(),
            initiate_login_uri: stack.output("LoginUrl").to_owned(),
            redirect_uri: stack.output("LaunchUrl").to_owned(),
            target_link_uri: format!("{}/lesson/7", crate::stack::APP_URL),
            tool_jwks_uri: stack.output("JwksUrl").to_owned(),
            tool_name: "Lumen".to_owned(),
            services: ServicesConfig::default(),
            clock: Arc::new(|| SystemClock.now().0),
        };
        Self { platform: Arc::new(Platform::new(config, PlatformKey::generate())), serving: None }
    }

    /// It answers.
    pub(crate) async fn open(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime can be made");
        let router = doorway_mock_platform::router(self.platform.clone());
        let listening = runtime.spawn(async { Tls::listen(address_of(HOST), &folder()).await });
        let listener = listening.await.expect("nobody stops it");
        runtime.spawn(async move { axum::serve(listener, router).await });
        self.serving = Some(runtime);
    }

    /// Nobody answers any more, and every connection is cut.
    pub(crate) async fn close(&mut self) {
        let serving = self.serving.take().expect("it is open");
        let ended = tokio::task::spawn_blocking(move || serving.shutdown_timeout(SOON));
        ended.await.expect("a runtime can be ended");
    }
}

impl Drop for School {
    fn drop(&mut self) {
        if let Some(runtime) = self.serving.take() {
            runtime.shutdown_background();
        }
    }
}
