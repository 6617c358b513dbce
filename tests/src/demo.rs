//! The stack that `cargo run` starts, with a clock that stands still: the Tool, the mock Platform and the sample
//! App on one loopback port, so that keys are fetched and launches redeemed over HTTP.

use std::sync::Arc;

use axum::Router;
use doorway_local::demo;
use doorway_local::tool::Tool;
use doorway_mock_platform::{Platform, PlatformKey};
use tokio::net::TcpListener;
use url::Url;

use crate::browser::Browser;
use crate::tool::{APP_KEY, Setup, TestTool};

/// A running demo stack.
pub struct DemoStack {
    /// The Tool in it: its clock, its stores.
    pub tool: TestTool,
    /// Where it listens, and what the Tool believes its address to be.
    pub url: Url,
    /// What the mock Platform believes its address to be.
    pub platform_url: Url,
    /// The mock Platform, to change its settings while it runs.
    pub platform: Arc<Platform>,
    router: Router,
}

/// Where the mock Platform is.
struct Hosts {
    platform: &'static str,
    sso: Option<&'static str>,
}

impl DemoStack {
    /// A stack in which nobody is signed in.
    pub async fn start() -> Self {
        Self::with_app_key(APP_KEY).await
    }

    /// A stack whose sample App knows this key for the App API.
    pub async fn with_app_key(app_key: &str) -> Self {
        Self::on(Hosts { platform: "127.0.0.1", sso: None }, app_key).await
    }

    /// A stack whose Tool and App are another site than its mock Platform, as in a school: they are at
    /// `http://127.0.0.1`, the Platform at `http://localhost`, all on one port.
    pub async fn across_sites() -> Self {
        Self::on(Hosts { platform: "localhost", sso: None }, APP_KEY).await
    }

    /// As [`DemoStack::across_sites`], and the Platform signs people on at a host of its own, `http://sso.localhost`: as
    /// Canvas and Blackboard do, whose institutions have hosts of their own.
    pub async fn with_sign_on_host() -> Self {
        Self::on(Hosts { platform: "localhost", sso: Some("sso.localhost") }, APP_KEY).await
    }

    async fn on(hosts: Hosts, app_key: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let self_url = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let url = Url::parse(&self_url).expect("an address makes a URL");
        let on = |host: &str| {
            let mut url = url.clone();
            url.set_host(Some(host)).expect("the host is a name");
            url
        };
        let platform_url = on(hosts.platform);
        let addresses = demo::Addresses {
            tool: url.clone(),
            platform: platform_url.clone(),
            sso: hosts.sso.map(on),
            app: url.join("/app").expect("a path is a reference"),
        };
        let setup = Setup { public_url: url.clone(), app_url: addresses.app.clone(), ..Setup::default() };
        let tool = TestTool::start_with(setup, &[]).await;
        let platform = Arc::new(demo::platform(&addresses, PlatformKey::generate(), tool.clock.clone()));
        let registration = demo::registration(&platform_url, &platform);
        tool.parts.registrations().put(&registration).await.expect("the table takes items");
        let ring = tool.parts.consumer_ring().expect("a Tool under test has the file");
        demo::accept_old_consumer(&ring, &platform_url).await.expect("the file can be written");
        let app = demo::app(&url, &self_url, app_key.to_owned(), tool.clock.clone());
        platform.set_tool_jwks(tool.public_keys());
        let router = demo::mount(Tool::new(&tool.parts).router(), platform.clone(), app);
        let served = router.clone();
        tokio::spawn(async move { axum::serve(listener, served).await });
        Self { tool, url, platform_url, platform, router }
    }

    /// A page of the mock Platform, by its path below `/platform`.
    pub fn platform_page(&self, path: &str) -> Url {
        self.platform_url.join(&format!("/platform{path}")).expect("a path is a reference")
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), self.url.clone())
    }

    /// A browser in which this person is signed in at the mock Platform.
    pub async fn browser_of(&self, user_id: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(user_id).await;
        browser
    }
}
