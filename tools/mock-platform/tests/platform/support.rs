//! A browser that follows forms, a Platform to visit, and a verifier that is not the Tool's.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, ServicesConfig, router};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// The time in all tests, unix seconds.
pub const NOW: u64 = 1_800_000_000;
pub const ISSUER: &str = "http://127.0.0.1:8400/platform";
pub const REDIRECT_URI: &str = "https://tool.example/lti/launch";

/// Making a key takes long, so that the tests share two.
pub static KEY: LazyLock<PlatformKey> = LazyLock::new(PlatformKey::generate);
pub static STRANGER: LazyLock<PlatformKey> = LazyLock::new(PlatformKey::generate);

pub fn config() -> PlatformConfig {
    PlatformConfig {
        issuer: ISSUER.into(),
        product: None,
        sso_base: None,
        client_id: "maple-tool".into(),
        deployment_id: "7".into(),
        initiate_login_uri: "https://tool.example/lti/login?from=maple".into(),
        redirect_uri: REDIRECT_URI.into(),
        target_link_uri: "https://tool.example/app".into(),
        tool_jwks_uri: "https://tool.example/jwks.json".into(),
        tool_name: "Lumen".into(),
        services: ServicesConfig::default(),
        clock: Arc::new(|| NOW),
    }
}

/// A browser at a Platform that is mounted below `/platform`.
pub struct Browser {
    app: Router,
    pub cookie: Option<String>,
}

/// A Platform that signs with the shared key.
pub fn platform(config: PlatformConfig) -> Arc<Platform> {
    let key = PlatformKey::from_pkcs8(&KEY.to_pkcs8()).unwrap();
    Arc::new(Platform::new(config, key))
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

pub type Fields = Vec<(String, String)>;

impl Browser {
    pub fn new() -> Self {
        Self::at(config())
    }

    pub fn at(config: PlatformConfig) -> Self {
        Self::visiting(platform(config))
    }

    /// A browser at this Platform, which the test keeps hold of.
    pub fn visiting(platform: Arc<Platform>) -> Self {
        Self { app: Router::new().nest("/platform", router(platform)), cookie: None }
    }

    /// A browser in which this person is signed in.
    pub async fn of(user_id: &str) -> Self {
        let mut browser = Self::new();
        browser.sign_in(user_id).await;
        browser
    }

    pub async fn sign_in(&mut self, user_id: &str) {
        let page = self.post("/platform/login", &[("user".into(), user_id.into())]).await;
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        self.cookie = cookie.split(';').next().map(ToOwned::to_owned);
    }

    pub async fn get(&self, uri: &str) -> Page {
        self.send(Request::get(uri), Body::empty()).await
    }

    pub async fn post(&self, uri: &str, fields: &[(String, String)]) -> Page {
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(encoded(fields))).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Page { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Clicks a link; the login initiation's fields.
    pub async fn click(&self, link: &str) -> Fields {
        self.get(&format!("/platform/launch/{link}")).await.form().1
    }

    /// Clicks a link and asks for a login as a right Tool does; the fields that come back.
    pub async fn launch(&self, link: &str) -> Fields {
        let initiation = self.click(link).await;
        self.authorize(&authentication_request(&initiation)).await.form().1
    }

    pub async fn authorize(&self, request: &[(String, String)]) -> Page {
        self.get(&format!("/platform/auth?{}", encoded(request))).await
    }
}

impl Page {
    /// The action and the hidden fields of the page's form.
    pub fn form(&self) -> (String, Fields) {
        let action = between(&self.body, "method=\"post\" action=\"", "\"");
        let inputs = self.body.split("<input type=\"hidden\" name=\"").skip(1);
        let fields = inputs.map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (unescaped(name), unescaped(rest.split_once('"').unwrap().0))
        });
        (unescaped(action), fields.collect())
    }
}

/// What a right Tool asks for after this login initiation.
pub fn authentication_request(initiation: &[(String, String)]) -> Fields {
    let request = [
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", "maple-tool"),
        ("redirect_uri", REDIRECT_URI),
        ("login_hint", field(initiation, "login_hint")),
        ("lti_message_hint", field(initiation, "lti_message_hint")),
        ("state", "st-4Te_of-the-login"),
        ("nonce", "n0nce"),
    ];
    request.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// A field's value, or an empty text.
pub fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

pub fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A part of a compact token, decoded.
pub fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub fn header_of(token: &str) -> Value {
    part(token, 0)
}

pub fn claims_of(token: &str) -> Value {
    part(token, 1)
}

/// Whether the token's signature is this key's, RS256, read from the published JWK.
pub fn is_signed_by(token: &str, jwk: &Value) -> bool {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let member = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    RsaPublicKeyComponents { n: member("n"), e: member("e") }
        .verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature)
        .is_ok()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
