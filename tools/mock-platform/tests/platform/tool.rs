//! A Tool that a test plays: it signs assertions, gets tokens, and calls the services in process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, Profile, jwks, router};
use http_body_util::BodyExt;
use hyper::ext::ReasonPhrase;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Fields, ISSUER, NOW, config, encoded, platform};

pub const LINE_ITEM: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
pub const LINE_ITEM_READ_ONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
pub const RESULT: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
pub const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
pub const MEMBERSHIP: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";

pub const LINE_ITEM_TYPE: &str = "application/vnd.ims.lis.v2.lineitem+json";
pub const CONTAINER_TYPE: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
pub const RESULTS_TYPE: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
pub const SCORE_TYPE: &str = "application/vnd.ims.lis.v1.score+json";
pub const MEMBERS_TYPE: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// The Tool's key, whose public half the Platform is told.
pub static TOOL_KEY: LazyLock<PlatformKey> = LazyLock::new(PlatformKey::generate);

/// A Tool at a Platform, with a clock that the test moves.
pub struct Tool {
    pub platform: Arc<Platform>,
    pub clock: Arc<AtomicU64>,
    app: Router,
    drawn: AtomicU64,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub reason: Option<String>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The URL of this relation in the `Link` header, in ordinary quotes.
    pub fn link(&self, relation: &str) -> Option<String> {
        let header = self.headers.get("link")?.to_str().unwrap();
        let link = header.split(", ").find(|link| link.ends_with(&format!("; rel=\"{relation}\"")))?;
        Some(link.split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned())
    }
}

impl Tool {
    pub fn new() -> Self {
        Self::at(Profile::Plain)
    }

    pub fn at(profile: Profile) -> Self {
        let mut config = config();
        config.services.profile = profile;
        Self::of(config)
    }

    pub fn of(config: PlatformConfig) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let time = Arc::clone(&clock);
        let platform = platform(PlatformConfig { clock: Arc::new(move || time.load(Ordering::SeqCst)), ..config });
        platform.set_tool_jwks(jwks(&[&TOOL_KEY]));
        let app = Router::new().nest("/platform", router(Arc::clone(&platform)));
        Self { platform, clock, app, drawn: AtomicU64::new(0) }
    }

    /// The claims of a right assertion, with a `jti` of its own.
    pub fn assertion_claims(&self) -> Value {
        let jti = self.drawn.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.load(Ordering::SeqCst);
        json!({
            "iss": "maple-tool", "sub": "maple-tool", "aud": self.platform.token_audience(),
            "iat": now, "exp": now + 300, "jti": format!("assertion-{jti}"),
        })
    }

    /// A right token request by this assertion.
    pub fn token_form(assertion: String, scope: &str) -> Fields {
        [
            ("grant_type", "client_credentials".to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", assertion),
            ("scope", scope.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    pub async fn ask_token(&self, form: &[(String, String)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("user-agent", "lumen/1.0")];
        self.send("POST", &format!("{ISSUER}/token"), &headers, &encoded(form)).await
    }

    /// The answer to a token request by these claims.
    pub async fn ask_with(&self, claims: &Value, scope: &str) -> Answer {
        self.ask_token(&Self::token_form(TOOL_KEY.id_token(claims), scope)).await
    }

    pub async fn token(&self, scope: &str) -> String {
        let answer = self.ask_with(&self.assertion_claims(), scope).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Any request; the URL may be absolute, or a path below `/platform`.
    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let response = self.app.clone().oneshot(request(method, url, headers, body)).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let reason = parts.extensions.get::<ReasonPhrase>();
        let reason = reason.map(|reason| String::from_utf8(reason.as_bytes().to_vec()).unwrap());
        Answer { status: parts.status, headers: parts.headers, reason, text }
    }

    /// The response as it is, for bodies that have no end.
    pub async fn raw(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> axum::response::Response {
        self.app.clone().oneshot(request(method, url, headers, body)).await.unwrap()
    }

    /// A GET with a fresh token of this scope.
    pub async fn get(&self, scope: &str, url: &str, accept: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token(scope).await);
        let headers = [("authorization", bearer.as_str()), ("accept", accept), ("user-agent", "lumen/1.0")];
        self.send("GET", url, &headers, "").await
    }

    /// A request with a body and a fresh token of this scope.
    pub async fn write(&self, method: &str, scope: &str, url: &str, media_type: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token(scope).await);
        let headers = [("authorization", bearer.as_str()), ("content-type", media_type), ("user-agent", "lumen/1.0")];
        self.send(method, url, &headers, &body.to_string()).await
    }

    /// Publishes a score to the video lesson's column.
    pub async fn score(&self, score: &Value) -> Answer {
        let query = if self.platform.profile() == Profile::Moodle { "?type_id=2" } else { "" };
        let url = format!("{ISSUER}/line-items/course-7/link-1201/scores{query}");
        self.write("POST", SCORE, &url, SCORE_TYPE, score).await
    }

    /// What Ben has in the video lesson's column.
    pub fn grade(&self) -> Option<doorway_mock_platform::Grade> {
        self.platform.gradebook().grade("link-1201", "52")
    }
}

/// A complete score of Ben's: 17 out of 20, at this instant.
pub fn score_at(timestamp: &str) -> Value {
    json!({
        "userId": "52", "timestamp": timestamp, "scoreGiven": 17, "scoreMaximum": 20, "comment": "Well seen.",
        "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    })
}

/// The value with one member changed, or taken away by null.
pub fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value[name] = member;
    value
}

pub fn without(value: &Value, name: &str) -> Value {
    let mut value = value.clone();
    value.as_object_mut().unwrap().remove(name);
    value
}

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let path = url.strip_prefix("http://127.0.0.1:8400").unwrap_or(url);
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).unwrap()
}
