//! A Tool changes its own registration.

use serde_json::{Map, Value, json};

use super::LTI;
use super::endpoint::client_from;
use super::request::read;
use crate::client::Client;
use crate::lock::locked;
use crate::platform::{Platform, PlatformConfig};

/// What a Platform says of a registration, and a Tool does not.
const OF_PLATFORM: [&str; 5] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret",
    "client_secret_expires_at",
    "client_id_issued_at",
];

/// A registration as a Tool would have it.
pub(crate) struct Update {
    client: Client,
    jwks_uri: String,
}

impl Update {
    /// Reads it: a whole registration of this client, by the rules of a new one.
    pub(crate) fn read(platform: &Platform, client_id: &str, body: &[u8]) -> Result<Self, &'static str> {
        let asked = read(platform, body)?;
        if asked.echo.get("client_id").and_then(Value::as_str) != Some(client_id) {
            return Err("client_id must be that of the registration");
        }
        if OF_PLATFORM.iter().any(|name| asked.echo.contains_key(*name)) {
            return Err("what the platform says of a registration must not be sent");
        }
        let known = platform.client_of(client_id).ok_or("there is no such registration")?;
        let mut client = client_from(&asked, known.client_id, known.deployment_id);
        client.registration = asked.echo;
        client
            .registration
            .insert("registration_client_uri".to_owned(), json!(platform.registration_client_uri(client_id)));
        Ok(Self { client, jwks_uri: asked.jwks_uri })
    }
}

impl Platform {
    /// Where a Tool reads and changes its registration.
    #[must_use]
    pub fn registration_client_uri(&self, client_id: &str) -> String {
        format!("{}/{client_id}", self.registration_endpoint())
    }

    /// What waits for an administrator, as the Tool wants it; by client, the newest last.
    #[must_use]
    pub fn pending_updates(&self) -> Vec<Client> {
        locked(&self.updates).iter().map(|update| update.client.clone()).collect()
    }

    /// An administrator accepts all that waits.
    pub fn accept_updates(&self) {
        let updates = std::mem::take(&mut *locked(&self.updates));
        updates.into_iter().for_each(|update| self.apply_update(update));
    }

    pub(crate) fn keep_update(&self, update: Update) {
        let mut updates = locked(&self.updates);
        updates.retain(|known| known.client.client_id != update.client.client_id);
        updates.push(update);
    }

    /// The Tool stays where it is among the others: the newest is the one that the course launches.
    pub(crate) fn apply_update(&self, update: Update) {
        self.tool_keys.move_to(&update.jwks_uri);
        let mut clients = locked(&self.clients);
        if let Some(known) = clients.iter_mut().find(|known| known.client_id == update.client.client_id) {
            *known = update.client;
        }
    }
}

/// The registration of the Tool that the Platform was started with, as if it had registered itself.
pub(crate) fn first_registration(config: &PlatformConfig) -> Map<String, Value> {
    let target = url::Url::parse(&config.target_link_uri).ok();
    let domain = target.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    // What every profile sends, from no particular place: the profile may change.
    let message =
        |name: &str| json!({ "type": name, "label": config.tool_name, "target_link_uri": config.target_link_uri });
    let messages = ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"].map(message);
    let registration = json!({
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "RS256",
        "client_id": config.client_id,
        "client_name": config.tool_name,
        "initiate_login_uri": config.initiate_login_uri,
        "redirect_uris": [config.redirect_uri],
        "jwks_uri": config.tool_jwks_uri,
        "registration_client_uri": format!("{}/registration/{}", config.issuer, config.client_id),
        "scope": crate::services::OFFERED_SCOPES.join(" "),
        LTI: {
            "domain": domain.unwrap_or_default(),
            "target_link_uri": config.target_link_uri,
            "deployment_id": config.deployment_id,
            "custom_parameters": {},
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": messages,
        },
    });
    match registration {
        Value::Object(registration) => registration,
        _ => Map::new(),
    }
}
