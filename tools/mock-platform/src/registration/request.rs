//! What a Tool asks to be registered, read as strictly as the strictest product reads each member.

use serde_json::{Map, Value};
use url::Url;

use super::LTI;
use super::configuration::supported;
use crate::platform::Platform;
use crate::profile::Profile;

/// What is needed of a good request.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) initiate_login_uri: String,
    pub(super) redirect_uris: Vec<String>,
    pub(super) jwks_uri: String,
    pub(super) target_link_uri: String,
    /// The whole request, to be echoed.
    pub(super) echo: Map<String, Value>,
}

/// Reads a request, or says the first thing that is wrong with it.
pub(super) fn read(platform: &Platform, body: &[u8]) -> Result<Asked, &'static str> {
    let request: Map<String, Value> = serde_json::from_slice(body).map_err(|_| "the body is no JSON object")?;
    let tool = request.get(LTI).and_then(Value::as_object).ok_or("there is no tool configuration")?;
    constants(&request)?;
    let target_link_uri = url(tool, "target_link_uri").ok_or("target_link_uri must be a URL")?;
    domain(tool, &target_link_uri)?;
    messages(platform.profile(), tool)?;
    scopes(platform, &request)?;
    let custom =
        tool.get("custom_parameters").and_then(Value::as_object).ok_or("custom_parameters must be an object")?;
    if !custom.values().all(Value::is_string) {
        return Err("custom_parameters must be texts");
    }
    let redirect_uris =
        texts(&request, "redirect_uris").filter(|uris| !uris.is_empty()).ok_or("redirect_uris is required")?;
    Ok(Asked {
        name: text(&request, "client_name").ok_or("client_name is required")?,
        initiate_login_uri: url(&request, "initiate_login_uri").ok_or("initiate_login_uri must be a URL")?.into(),
        jwks_uri: url(&request, "jwks_uri").ok_or("jwks_uri must be a URL")?.into(),
        redirect_uris,
        target_link_uri: target_link_uri.into(),
        echo: request,
    })
}

fn constants(request: &Map<String, Value>) -> Result<(), &'static str> {
    if text(request, "application_type").as_deref() != Some("web") {
        return Err("application_type must be web");
    }
    if text(request, "token_endpoint_auth_method").as_deref() != Some("private_key_jwt") {
        return Err("token_endpoint_auth_method must be private_key_jwt");
    }
    if texts(request, "response_types").is_none_or(|types| types != ["id_token"]) {
        return Err("response_types must be id_token");
    }
    let grants = texts(request, "grant_types").unwrap_or_default();
    if !["implicit", "client_credentials"].iter().all(|grant| grants.iter().any(|asked| asked == grant)) {
        return Err("grant_types must be implicit and client_credentials");
    }
    Ok(())
}

/// Moodle's rule: a host without a scheme, and the one of the target link.
fn domain(tool: &Map<String, Value>, target: &Url) -> Result<(), &'static str> {
    let bare = |host: &str| host.trim_start_matches("www.").to_owned();
    let domain = text(tool, "domain").filter(|domain| !domain.contains('/')).ok_or("domain must be a host")?;
    let host = target.host_str().unwrap_or_default();
    let host = target.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    if bare(&domain) == bare(&host) { Ok(()) } else { Err("domain_targetlinkuri_mismatch") }
}

/// Only what is advertised, exactly as it is spelt, and one deep-linking message: Moodle keeps the last of several, Sakai
/// the first.
fn messages(profile: Profile, tool: &Map<String, Value>) -> Result<(), &'static str> {
    let supported = supported(profile);
    let messages = tool.get("messages").and_then(Value::as_array).ok_or("messages must be a list")?;
    let mut deep_linking = 0;
    for message in messages {
        let message = message.as_object().ok_or("a message must be an object")?;
        let name = text(message, "type").ok_or("a message must have a type")?;
        let (_, known) = supported.iter().find(|(known, _)| *known == name).ok_or("a message is not supported here")?;
        let placements = texts(message, "placements").unwrap_or_default();
        if !placements.iter().all(|placement| known.contains(&placement.as_str())) {
            return Err("a placement is not supported here");
        }
        deep_linking += usize::from(name == "LtiDeepLinkingRequest");
    }
    if deep_linking > 1 { Err("there must be one deep-linking message") } else { Ok(()) }
}

fn scopes(platform: &Platform, request: &Map<String, Value>) -> Result<(), &'static str> {
    let offered = platform.offered_scopes();
    let asked = text(request, "scope").unwrap_or_default();
    let known = asked.split_whitespace().all(|scope| offered.iter().any(|offered| offered == scope));
    if known { Ok(()) } else { Err("a scope is not supported here") }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

fn texts(object: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    object.get(name)?.as_array()?.iter().map(|value| value.as_str().map(ToOwned::to_owned)).collect()
}

fn url(object: &Map<String, Value>, name: &str) -> Option<Url> {
    Url::parse(&text(object, name)?).ok().filter(Url::has_host)
}
