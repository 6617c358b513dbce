//! The request for a token: what the Tool asserts, to whom, and the form it comes in.

use form_urlencoded::Serializer;
use serde_json::json;
use url::Url;

use crate::claim;
use crate::id_token::UnixSeconds;
use crate::ids::{ClientId, DeploymentId};
use crate::json::Object;

/// The type of a client assertion (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good, in seconds. Platforms refuse what lasts longer than five minutes; what lasts
/// only one fails where their clock is off.
pub const ASSERTION_SECONDS: u64 = 300;

/// The claims of a client assertion. `jti` must be fresh for every request: Platforms refuse replays.
///
/// `iat` is never dated ahead: Moodle 5.1 refuses an assertion of half a minute hence.
///
/// Spec: [Security Framework 1.0 §4.1](https://www.imsglobal.org/spec/security/v1p0/#using-json-web-tokens-with-oauth-2-0-client-credentials-grant);
/// the deployment id by [LTI Core 1.3 §6.2.1](https://www.imsglobal.org/spec/lti/v1p3/#token-endpoint-claim-and-services).
pub fn assertion_claims(
    client_id: &ClientId,
    audience: &str,
    deployment_id: Option<&DeploymentId>,
    jti: &str,
    issued_at: UnixSeconds,
) -> Object {
    let mut claims = Object::new();
    // The specification's example shows a URL of the Tool as issuer; its text, and every Platform, the client id.
    claims.insert("iss".to_owned(), json!(client_id));
    claims.insert("sub".to_owned(), json!(client_id));
    // One text: Brightspace answers 500 to an array of two.
    claims.insert("aud".to_owned(), json!(audience));
    claims.insert("iat".to_owned(), json!(issued_at));
    claims.insert("exp".to_owned(), json!(issued_at.0.saturating_add(ASSERTION_SECONDS)));
    claims.insert("jti".to_owned(), json!(jti));
    if let Some(deployment_id) = deployment_id {
        claims.insert(claim::DEPLOYMENT_ID.to_owned(), json!(deployment_id));
    }
    claims
}

/// Whom the assertion is for: what is configured (Brightspace needs that), else the token endpoint.
pub fn audience<'a>(configured: Option<&'a str>, token_endpoint: &'a Url) -> &'a str {
    configured.filter(|audience| !audience.trim().is_empty()).unwrap_or(token_endpoint.as_str())
}

/// The form of a token request, `application/x-www-form-urlencoded`, for these scopes in this order.
pub fn request_body<S: AsRef<str>>(client_assertion: &str, scopes: impl IntoIterator<Item = S>) -> String {
    let mut scope = String::new();
    for one in scopes {
        if !scope.is_empty() {
            scope.push(' ');
        }
        scope.push_str(one.as_ref());
    }
    Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_assertion_type", ASSERTION_TYPE)
        .append_pair("client_assertion", client_assertion)
        .append_pair("scope", &scope)
        .finish()
}
