//! The token endpoint: client credentials, proved by a client assertion.
//!
//! Spec: Security Framework 1.0, on client credentials; RFC 6749, sections 4.4 and 5.

use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::access::Grant;
use super::assertion::{AssertionError, accept};
use super::received::Received;
use crate::http::{Parameters, Repeated};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::random;

/// How long an access token is good, in seconds.
pub(crate) const LIFETIME_SECONDS: u64 = 3600;

const FORM: &str = "application/x-www-form-urlencoded";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An error response. Spec: RFC 6749, section 5.2.
struct Refusal {
    code: &'static str,
    description: String,
}

impl Refusal {
    fn new(code: &'static str, description: &str) -> Self {
        Self { code, description: description.to_owned() }
    }
}

impl From<Repeated> for Refusal {
    fn from(_: Repeated) -> Self {
        Self::new("invalid_request", "a parameter came more than once")
    }
}

impl From<AssertionError> for Refusal {
    fn from(error: AssertionError) -> Self {
        Self::new("invalid_client", &error.to_string())
    }
}

/// Answers a token request.
pub(crate) async fn issue(platform: &Platform, received: &Received) -> Response {
    match granted(platform, received).await {
        Ok(body) => answer(platform.profile(), StatusCode::OK, &body),
        Err(Refusal { code, description }) => {
            let body = json!({"error": code, "error_description": description});
            answer(platform.profile(), StatusCode::BAD_REQUEST, &body)
        }
    }
}

async fn granted(platform: &Platform, received: &Received) -> Result<Value, Refusal> {
    let parameters = form(received)?;
    if parameters.once("grant_type")? != Some("client_credentials") {
        return Err(Refusal::new("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    if parameters.once("client_assertion_type")? != Some(ASSERTION_TYPE) {
        return Err(Refusal::new("invalid_request", "client_assertion_type must be the one of JWT bearers"));
    }
    let assertion = required(&parameters, "client_assertion", "client_assertion is required")?;
    let scope = required(&parameters, "scope", "scope is required")?;
    if parameters.once("client_id")?.is_some_and(|client_id| platform.client_of(client_id).is_none()) {
        return Err(Refusal::new("invalid_client", "client_id is not the assertion's client"));
    }
    let client_id = accept(platform, assertion).await?;
    let scopes = grantable(platform, scope)?;
    let token = random::id();
    let scope = scopes.join(" ");
    platform.access_tokens.put(token.clone(), Grant { client_id, scopes }, platform.now());
    Ok(json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS, "scope": scope}))
}

/// Only a form is read, and only an assertion proves the client. Moodle tolerates parameters after the media type.
fn form(received: &Received) -> Result<Parameters, Refusal> {
    let media_type = received.content_type().unwrap_or_default();
    if media_type.split(';').next().map(str::trim) != Some(FORM) {
        return Err(Refusal::new("invalid_request", "the request must be a form"));
    }
    if received.headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::new("invalid_request", "the client is proved by its assertion alone"));
    }
    Ok(Parameters::parse(&received.body))
}

fn required<'a>(parameters: &'a Parameters, name: &str, description: &str) -> Result<&'a str, Refusal> {
    parameters.once(name)?.ok_or_else(|| Refusal::new("invalid_request", description))
}

/// What is asked for and offered. Sakai grants all that is asked for, or nothing.
fn grantable(platform: &Platform, scope: &str) -> Result<Vec<String>, Refusal> {
    let offered = platform.offered_scopes();
    let asked = || scope.split(' ').filter(|scope| !scope.is_empty());
    let is_offered = |scope: &&str| offered.iter().any(|offered| offered == scope);
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked().filter(is_offered) {
        if !scopes.iter().any(|granted| granted == scope) {
            scopes.push(scope.to_owned());
        }
    }
    let all_or_nothing = platform.profile() == Profile::Sakai;
    if scopes.is_empty() || (all_or_nothing && !asked().all(|scope| is_offered(&scope))) {
        return Err(Refusal::new("invalid_scope", "the tool may not have what it asks for"));
    }
    Ok(scopes)
}

/// Spec: RFC 6749, section 5.1: nobody may keep the answer. Moodle calls its JSON HTML.
fn answer(profile: Profile, status: StatusCode, body: &Value) -> Response {
    let media_type = match profile {
        Profile::Moodle => "text/html; charset=utf-8",
        _ => "application/json",
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, body.to_string()).into_response()
}
