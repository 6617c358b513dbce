//! Token verification, through login and launch with the browser's cookie (security digest §1, V1 to V19). The
//! verifier's own exhaustive tests stand in `shared/lti/tests`.
//!
//! Every refused token is followed by the right one for the same login: nothing was burned.

mod claims;
mod form;
mod headers;
mod keys;

use doorway_mock_platform::PlatformKey;
use doorway_tests::{Answer, Begun, FakePlatform, TestTool, refused};
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) struct Attack {
    platform: FakePlatform,
    tool: TestTool,
    attacker: PlatformKey,
}

/// A token for a login: the claims are the right ones.
type Forgery<'a> = &'a dyn Fn(&Attack, Value) -> String;

impl Attack {
    /// A Tool that knows the Platform's keys already.
    async fn prepare() -> Self {
        let platform = FakePlatform::start("https://lms.example", "client-1").await;
        let tool = TestTool::start(&[platform.registration()]).await;
        tool.launch(&platform).await;
        assert_eq!(platform.fetches(), 1);
        Self { platform, tool, attacker: PlatformKey::generate() }
    }

    fn key(&self) -> &PlatformKey {
        &self.platform.key
    }

    /// A right header with one member changed.
    fn header_with(&self, name: &str, value: impl Into<Value>) -> Value {
        let mut header = self.key().header();
        header[name] = value.into();
        header
    }

    /// The token of this forgery is refused, and the right one for the same login is accepted afterwards.
    async fn refuses(&self, case: &str, status: u16, code: &str, forgery: Forgery<'_>) -> Value {
        let begun = self.tool.begin(&self.platform).await;
        let forged = forgery(self, self.tool.good_claims(&self.platform, &begun));
        let line = refused(case, &self.tool.post_token(&begun, &forged).await, status, code);
        assert_eq!(line["lti.client_id"], "client-1", "{case}");
        let good = self.good(&begun).await;
        assert_eq!(good.status, StatusCode::SEE_OTHER, "after {case}: {}", good.body);
        line
    }

    /// The same for a changed claim under the Platform's own signature.
    async fn refuses_claims(&self, case: &str, status: u16, code: &str, change: impl Fn(&mut Value)) -> Value {
        let forgery = |attack: &Self, mut claims: Value| {
            change(&mut claims);
            attack.key().id_token(&claims)
        };
        self.refuses(case, status, code, &forgery).await
    }

    /// The same for a header that the Platform signed.
    async fn refuses_header(&self, case: &str, status: u16, code: &str, header: &str) -> Value {
        self.refuses(case, status, code, &|attack, claims| attack.key().token(header, &claims.to_string())).await
    }

    async fn accepts(&self, case: &str, forgery: Forgery<'_>) {
        let begun = self.tool.begin(&self.platform).await;
        let token = forgery(self, self.tool.good_claims(&self.platform, &begun));
        let answer = self.tool.post_token(&begun, &token).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{case}: {}", answer.body);
    }

    async fn good(&self, begun: &Begun) -> Answer {
        let claims = self.tool.good_claims(&self.platform, begun);
        self.tool.post_token(begun, &self.key().id_token(&claims)).await
    }

    /// The Platform's keys were fetched once, before the attack, and nothing was fetched for it.
    fn fetched_nothing_more(&self) {
        assert_eq!(self.platform.fetches(), 1);
    }
}
