//! An operator who makes invites, an administrator who uses them, and Platforms by script.

use doorway_core::clock::Clock as _;
use doorway_core::invite::{Activation, InviteCode, NewInvite};
use doorway_core::random::SystemRandom;
use doorway_core::registration::Registration;
use doorway_tests::{Answer, TestTool};
use serde_json::{Value, json};

use crate::listener::{Heard, Listener, Reply, answer};

/// A registration token that cannot be overlooked.
pub const TOKEN: &str = "registration-token-that-must-not-be-seen";

/// An invite of a trusted customer.
pub fn trusted() -> NewInvite {
    NewInvite { tenant: Some("maple".to_owned()), activation: Activation::AtOnce, ..NewInvite::default() }
}

pub async fn invite(tool: &TestTool, invite: &NewInvite) -> InviteCode {
    tool.parts.invites().create(invite, &SystemRandom, tool.clock.now()).await.expect("the table takes an invite")
}

/// The link that an operator gives out.
pub fn link(code: &InviteCode) -> String {
    format!("/lti/register?invite={}", code.text())
}

/// The link as a Platform opens it.
pub fn opened(code: &InviteCode, configuration: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(link(code));
    query.append_pair("openid_configuration", configuration).append_pair("registration_token", TOKEN).finish()
}

/// The sealed form of a page, with the cookie that came with it.
pub fn form_of(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie has a value").to_owned();
    let fields = answer.hidden_fields();
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["registration"]);
    (fields[0].1.clone(), cookie)
}

/// Posts a form from the browser that has the cookie.
pub async fn post(tool: &TestTool, form: &str, cookie: &str) -> Answer {
    tool.post("/lti/register", &[("registration", form)], &[cookie]).await
}

/// A Platform by script: its configuration with changes, and what it answers to registrations.
pub struct Scripted {
    pub lms: Listener,
}

impl Scripted {
    /// In order.
    pub async fn start() -> Self {
        Self::with(|_| {}, |_| answer(200, &[], r#"{"client_id":"client-7"}"#)).await
    }

    pub async fn with(
        change: impl Fn(&mut Value) + Send + Sync + 'static,
        registered: impl Fn(&Heard) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let script = move |base: &str| {
            let mut document = document(base);
            change(&mut document);
            let document = document.to_string();
            move |heard: &Heard| match heard.target().split('?').next() {
                Some("/lms/configuration") => answer(200, &[], &document),
                Some("/lms/register") => registered(heard),
                _ => answer(404, &[], ""),
            }
        };
        Self { lms: Listener::start(script).await }
    }

    /// Where its configuration is. The query stays, as Canvas needs it.
    pub fn configuration(&self) -> String {
        format!("{}/lms/configuration?key=7", self.lms.base)
    }

    pub fn issuer(&self) -> String {
        format!("{}/lms", self.lms.base)
    }

    /// The requests at the registration endpoint.
    pub fn registrations(&self) -> usize {
        self.lms.heard_at("/lms/register").len()
    }

    /// The page that asks to confirm.
    pub async fn ask(&self, tool: &TestTool, code: &InviteCode) -> Answer {
        tool.get(&opened(code, &self.configuration())).await
    }

    /// The whole way.
    pub async fn register(&self, tool: &TestTool, code: &InviteCode) -> Answer {
        let (form, cookie) = form_of(&self.ask(tool, code).await);
        post(tool, &form, &cookie).await
    }

    /// What is stored of it.
    pub async fn stored(&self, tool: &TestTool) -> Vec<Registration> {
        stored(tool, &self.issuer()).await
    }
}

pub async fn stored(tool: &TestTool, issuer: &str) -> Vec<Registration> {
    let issuer = issuer.try_into().expect("the issuer is one");
    tool.parts.registrations().of_issuer(&issuer).await.expect("the table can be read")
}

/// A configuration in order.
pub fn document(base: &str) -> Value {
    json!({
        "issuer": format!("{base}/lms"),
        "authorization_endpoint": format!("{base}/lms/auth"),
        "token_endpoint": format!("{base}/lms/token"),
        "jwks_uri": format!("{base}/lms/jwks"),
        "registration_endpoint": format!("{base}/lms/register"),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "scripted", "version": "1",
            "messages_supported": [{ "type": "LtiResourceLinkRequest" }, { "type": "LtiDeepLinkingRequest" }],
        },
    })
}
