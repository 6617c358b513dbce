//! The registration endpoint.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::request::{Asked, read};
use super::{LTI, RegistrationAttempt, RegistrationGrant};
use crate::client::Client;
use crate::lock::locked;
use crate::platform::Platform;
use crate::profile::Profile;
use crate::random;

/// Why nothing is registered.
enum Refusal {
    /// No token, or one that is not good.
    Token,
    /// One that was good once.
    TokenUsed,
    /// The request is not as it must be.
    Request(&'static str),
}

/// Registers a Tool.
pub(crate) fn register(platform: &Platform, headers: &HeaderMap, body: &[u8]) -> Response {
    let profile = platform.profile();
    let had_good_token = bearer(headers).is_some_and(|token| platform.find_registration(token).is_some());
    let answer = match registered(platform, headers, body) {
        Ok(answer) => (StatusCode::OK, axum::Json(answer)).into_response(),
        Err(refusal) => refused(profile, &refusal),
    };
    locked(&platform.registration_attempts).push(RegistrationAttempt {
        had_good_token,
        body: String::from_utf8_lossy(body).into_owned(),
        status: answer.status().as_u16(),
    });
    answer
}

fn registered(platform: &Platform, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    if headers.get(CONTENT_TYPE).is_none_or(|media_type| media_type != "application/json") {
        return Err(Refusal::Request("the request must be application/json"));
    }
    let grant = grant(platform, headers)?;
    let asked = read(platform, body).map_err(Refusal::Request)?;
    let mut client = client(platform.profile(), &asked, grant.client_id);
    platform.tool_keys.move_to(&asked.jwks_uri);
    let answer = answer(platform, asked, &client);
    answer.clone_into(&mut client.registration);
    platform.install(client);
    Ok(Value::Object(answer))
}

/// What the token stands for. Moodle's, Sakai's and ours are good once; Canvas's for an hour.
fn grant(platform: &Platform, headers: &HeaderMap) -> Result<RegistrationGrant, Refusal> {
    if !platform.profile().gives_registration_token() {
        return Ok(RegistrationGrant::default());
    }
    let token = bearer(headers).ok_or(Refusal::Token)?;
    let grant = platform.find_registration(token).ok_or(Refusal::Token)?;
    if platform.profile() != Profile::Canvas && !platform.used_registration_tokens.put_new(token, (), platform.now()) {
        return Err(Refusal::TokenUsed);
    }
    Ok(grant)
}

/// The token of the request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn client(profile: Profile, asked: &Asked, known: Option<String>) -> Client {
    let random: String = random::id().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
    let fresh = || match profile {
        Profile::Canvas => "10000000000123".to_owned(),
        Profile::Moodle => random,
        _ => format!("tool-{random}"),
    };
    let deployment_id = match profile {
        Profile::Plain | Profile::Sakai | Profile::Schoology | Profile::OpenEdx => "1",
        Profile::Moodle => "2",
        Profile::Canvas => "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
        Profile::Blackboard | Profile::Brightspace => "cf0d4f9a-2f52-4d36-9d18-2b3c7a1f0e55",
    };
    client_from(asked, known.unwrap_or_else(fresh), deployment_id.to_owned())
}

/// A client as it was asked for; its registration is for whoever knows what was made of it.
pub(super) fn client_from(asked: &Asked, client_id: String, deployment_id: String) -> Client {
    Client {
        client_id,
        deployment_id,
        registration: Map::new(),
        initiate_login_uri: asked.initiate_login_uri.clone(),
        redirect_uris: asked.redirect_uris.clone(),
        target_link_uri: asked.target_link_uri.clone(),
        deep_linking_uri: None,
        name: asked.name.clone(),
    }
}

/// The request comes back, with what it was given. Where the deployment stands differs; Brightspace and Blackboard make it
/// later.
fn answer(platform: &Platform, asked: Asked, client: &Client) -> Map<String, Value> {
    let profile = platform.profile();
    let mut answer = asked.echo;
    answer.insert("client_id".to_owned(), json!(client.client_id));
    if profile.lets_tools_update() {
        answer.insert("registration_client_uri".to_owned(), json!(platform.registration_client_uri(&client.client_id)));
    }
    match profile {
        Profile::Plain | Profile::Moodle | Profile::Sakai => {
            if let Some(tool) = answer.get_mut(LTI) {
                tool["deployment_id"] = json!(client.deployment_id);
            }
        }
        Profile::Canvas => {
            answer.insert("deployment_id".to_owned(), json!(client.deployment_id));
        }
        _ => {}
    }
    answer
}

/// As each product says no.
fn refused(profile: Profile, refusal: &Refusal) -> Response {
    let (status, words) = match refusal {
        Refusal::Token => (StatusCode::UNAUTHORIZED, "invalid_token"),
        Refusal::TokenUsed => (StatusCode::UNAUTHORIZED, "token_already_used"),
        Refusal::Request(words) => (StatusCode::BAD_REQUEST, *words),
    };
    match (profile, status) {
        (Profile::Sakai, StatusCode::UNAUTHORIZED) => (StatusCode::FORBIDDEN, words).into_response(),
        (Profile::Canvas, StatusCode::UNAUTHORIZED) => {
            (status, axum::Json(json!({ "errorMessage": words }))).into_response()
        }
        (Profile::Canvas, _) => {
            (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "errors": [words] }))).into_response()
        }
        _ => (status, words).into_response(),
    }
}

impl Platform {
    /// Where Tools register.
    #[must_use]
    pub fn registration_endpoint(&self) -> String {
        format!("{}/registration", self.base())
    }

    fn find_registration(&self, token: &str) -> Option<RegistrationGrant> {
        self.registration_tokens.find(token, self.now())
    }

    /// Whether this request may read the configuration: Canvas wants the token for it.
    pub(crate) fn may_read_configuration(&self, headers: &HeaderMap) -> bool {
        self.profile() != Profile::Canvas
            || bearer(headers).is_some_and(|token| self.find_registration(token).is_some())
    }
}
