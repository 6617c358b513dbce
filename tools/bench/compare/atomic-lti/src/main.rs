//! A Tool by atomic-lti: the handlers of `atomic-lti-tool`, with stores in memory. It tells who came, by the token that its page
//! gets, and publishes scores. What it is told of the Platform is in environment variables
//! (tools/bench/src/compare/contender.rs).

use std::collections::HashMap;
use std::env::var;
use std::sync::Mutex;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use async_trait::async_trait;
use atomic_lti::assignment_grade_services::score::{ActivityProgress, GradingProgress, Score, send_score};
use atomic_lti::client_credentials::request_service_token_cached;
use atomic_lti::errors::{OIDCError, PlatformError, SecureError};
use atomic_lti::id_token::IdToken;
use atomic_lti::jwt::{decode, encode};
use atomic_lti::secure::generate_secure_string;
use atomic_lti::stores::jwt_store::JwtStore;
use atomic_lti::stores::oidc_state_store::{OIDCStateData, OIDCStateStore};
use atomic_lti::stores::platform_store::{PlatformData, PlatformStore};
use atomic_lti_tool::handlers::init::{InitParams, init};
use atomic_lti_tool::handlers::launch::{LaunchParams, launch};
use atomic_lti_tool::handlers::redirect::{RedirectParams, redirect};
use atomic_lti_tool::tool_jwt::{LtiContextClaim, LtiResourceLinkClaim, ToolJwt};
use chrono::{NaiveDateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use openssl::pkey::Private;
use openssl::rsa::Rsa;
use serde::{Deserialize, Serialize};

const KEY_ID: &str = "tool-key-1";
const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
const SECRET: &[u8] = b"a-secret-of-the-comparison-of-32";
/// How long a page's token lasts, in seconds.
const SESSION_SECONDS: i64 = 3600;

/// What the Tool is told, and what it remembers.
struct Tool {
    platform: Platform,
    client_id: String,
    key: Rsa<Private>,
    /// Whether the page's token is signed by RSA, as the library's own `encode_using_store` does, or by HMAC.
    rsa: bool,
    logins: Mutex<HashMap<String, Login>>,
}

/// The Platform's addresses.
#[derive(Clone)]
struct Platform {
    issuer: String,
    base: String,
}

/// A login that has begun.
#[derive(Clone)]
struct Login {
    state: String,
    nonce: String,
    created_at: NaiveDateTime,
}

/// The login of one request, in the tool's memory.
struct Logins<'a> {
    tool: &'a Tool,
    login: Login,
}

/// What the page's token says: what the library puts there, and where scores go.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Session {
    #[serde(flatten)]
    tool: ToolJwt,
    line_item: Option<String>,
}

#[async_trait]
impl PlatformStore for Platform {
    async fn get_jwk_server_url(&self) -> Result<String, PlatformError> {
        Ok(format!("{}/jwks", self.base))
    }

    async fn get_oidc_url(&self) -> Result<String, PlatformError> {
        Ok(format!("{}/auth", self.base))
    }

    async fn get_token_url(&self) -> Result<String, PlatformError> {
        Ok(format!("{}/token", self.base))
    }

    async fn create(&self, _platform: PlatformData) -> Result<PlatformData, PlatformError> {
        Err(fixed())
    }

    async fn find_by_iss(&self, _issuer: &str) -> Result<Option<PlatformData>, PlatformError> {
        Err(fixed())
    }

    async fn update(&self, _issuer: &str, _platform: PlatformData) -> Result<PlatformData, PlatformError> {
        Err(fixed())
    }

    async fn delete(&self, _issuer: &str) -> Result<(), PlatformError> {
        Err(fixed())
    }

    async fn list(&self) -> Result<Vec<PlatformData>, PlatformError> {
        Err(fixed())
    }
}

/// There is one Platform, and it stays as it is.
fn fixed() -> PlatformError {
    PlatformError::UnsupportedOperation("the one Platform is fixed".to_owned())
}

#[async_trait]
impl OIDCStateStore for Logins<'_> {
    async fn get_state(&self) -> String {
        self.login.state.clone()
    }

    async fn get_nonce(&self) -> String {
        self.login.nonce.clone()
    }

    async fn get_created_at(&self) -> NaiveDateTime {
        self.login.created_at
    }

    async fn destroy(&self) -> Result<usize, OIDCError> {
        let removed = self.tool.logins.lock().expect("no thread panics with it").remove(&self.login.state);
        // Who comes second has lost: the state is good once.
        removed.map(|_| 1).ok_or_else(|| OIDCError::StateInvalid("it was used".to_owned()))
    }

    async fn create_with_issuer(&self, _state: &str, _nonce: &str, _issuer: &str) -> Result<(), OIDCError> {
        Err(OIDCError::StateInvalid("registrations are not compared".to_owned()))
    }

    async fn find_by_state(&self, _state: &str) -> Result<OIDCStateData, OIDCError> {
        Err(OIDCError::StateInvalid("registrations are not compared".to_owned()))
    }
}

#[async_trait]
impl JwtStore for Tool {
    async fn build_jwt(&self, id_token: &IdToken) -> Result<String, SecureError> {
        let now = Utc::now().timestamp();
        let tool = ToolJwt {
            client_id: id_token.aud.clone(),
            iss: "https://app.vendor.example".to_owned(),
            sub: id_token.sub.clone(),
            exp: now + SESSION_SECONDS,
            iat: now,
            names_and_roles_endpoint_url: id_token
                .names_and_roles
                .as_ref()
                .map(|service| service.context_memberships_url.clone()),
            platform_iss: id_token.iss.clone(),
            deep_link_claim_data: None,
            email: id_token.email.clone(),
            name: id_token.name.clone(),
            deployment_id: id_token.deployment_id.clone(),
            message_type: id_token.message_type.clone(),
            roles: id_token.roles.clone(),
            context: id_token.context.as_ref().map(|context| LtiContextClaim { id: context.id.clone() }),
            resource_link: id_token.resource_link.as_ref().map(|link| LtiResourceLinkClaim { id: link.id.clone() }),
        };
        let session = Session { tool, line_item: id_token.ags.as_ref().and_then(|service| service.lineitem.clone()) };
        if self.rsa {
            encode(&session, KEY_ID, self.key.clone())
        } else {
            jsonwebtoken::encode(&Header::default(), &session, &EncodingKey::from_secret(SECRET))
                .map_err(|error| SecureError::CannotEncodeJwtToken(error.to_string()))
        }
    }
}

impl Tool {
    fn from_environment() -> Self {
        let told = |name: &str| var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let pem = std::fs::read(told("COMPARE_KEY")).expect("the key's file can be read");
        Self {
            platform: Platform { issuer: told("COMPARE_ISSUER"), base: told("COMPARE_PLATFORM") },
            client_id: told("COMPARE_CLIENT_ID"),
            key: Rsa::private_key_from_pem(&pem).expect("the key's file holds an RSA key"),
            rsa: told("COMPARE_VARIANT") == "rsa",
            logins: Mutex::default(),
        }
    }

    fn begin(&self) -> Logins<'_> {
        let login = Login {
            state: generate_secure_string(32),
            nonce: generate_secure_string(32),
            created_at: Utc::now().naive_utc(),
        };
        self.logins.lock().expect("no thread panics with it").insert(login.state.clone(), login.clone());
        Logins { tool: self, login }
    }

    fn find(&self, state: &str) -> Option<Logins<'_>> {
        let login = self.logins.lock().expect("no thread panics with it").get(state).cloned()?;
        Some(Logins { tool: self, login })
    }

    fn session(&self, token: &str) -> Option<Session> {
        if self.rsa {
            return decode(token, self.key.clone()).ok().map(|data| data.claims);
        }
        let key = DecodingKey::from_secret(SECRET);
        jsonwebtoken::decode(token, &key, &Validation::new(Algorithm::HS256)).ok().map(|data| data.claims)
    }
}

async fn log_in(request: HttpRequest, tool: web::Data<Tool>, form: web::Form<InitParams>) -> HttpResponse {
    if form.iss != tool.platform.issuer || form.client_id != tool.client_id {
        return HttpResponse::BadRequest().body("unknown Platform");
    }
    answer(init(request, &form, &tool.platform, &tool.begin(), "init.js").await)
}

async fn redirected(tool: web::Data<Tool>, form: web::Form<RedirectParams>) -> HttpResponse {
    match tool.find(&form.state) {
        Some(logins) => answer(redirect(&form, &tool.platform, &logins).await),
        None => HttpResponse::Unauthorized().body("unknown state"),
    }
}

async fn launched(request: HttpRequest, tool: web::Data<Tool>, form: web::Form<RedirectParams>) -> HttpResponse {
    let Some(logins) = tool.find(&form.state) else {
        return HttpResponse::Unauthorized().body("unknown state");
    };
    // The library's own form requires `lti_storage_target`, which a Platform without storage never sends.
    let RedirectParams { lti_storage_target, id_token, state } = form.into_inner();
    let params = LaunchParams { state, id_token, lti_storage_target: lti_storage_target.unwrap_or_default() };
    answer(launch(request, &params, &tool.platform, &logins, "app.js", tool.get_ref()).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    user_id: String,
    score_given: f32,
    score_maximum: f32,
}

async fn score(request: HttpRequest, tool: web::Data<Tool>, form: web::Json<Published>) -> HttpResponse {
    let bearer =
        request.headers().get("authorization").and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    let Some(line_item) = bearer.and_then(|token| tool.session(token)?.line_item) else {
        return HttpResponse::Unauthorized().finish();
    };
    match publish(&tool, &line_item, form.into_inner()).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => HttpResponse::BadGateway().body(error),
    }
}

async fn publish(tool: &Tool, line_item: &str, score: Published) -> Result<(), String> {
    let token_url = format!("{}/token", tool.platform.base);
    let token = request_service_token_cached(&tool.client_id, &token_url, SCORE, KEY_ID, tool.key.clone()).await;
    let token = token.map_err(|error| error.to_string())?.access_token;
    let (done, graded) = (ActivityProgress::Completed, GradingProgress::FullyGraded);
    let score = Score::new(score.user_id, score.score_given, score.score_maximum, None, done, graded);
    send_score(&token, line_item, &score).await.map(drop).map_err(|error| error.to_string())
}

fn answer(result: Result<HttpResponse, impl std::fmt::Display>) -> HttpResponse {
    result.unwrap_or_else(|error| HttpResponse::Unauthorized().body(error.to_string()))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = var("COMPARE_PORT").ok().and_then(|port| port.parse().ok()).expect("COMPARE_PORT is a port");
    let tool = web::Data::new(Tool::from_environment());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(tool.clone())
            .app_data(web::FormConfig::default().limit(256 * 1024))
            .route("/login", web::post().to(log_in))
            .route("/lti/redirect", web::post().to(redirected))
            .route("/lti", web::post().to(launched))
            .route("/scores", web::post().to(score))
    });
    server.workers(1).bind(("127.0.0.1", port))?.run().await
}
