//! Updating a registration: what a Platform has of the Tool, and what it would have if it were registered now.
//!
//! The Platform answers with the registration as it stands. What is the Tool's own in it, its addresses and how it is
//! called, is put in anew; all else goes back as it came. Which messages, placements, scopes and claims there are only the
//! Platform can offer, and an administrator may have taken some away: they are asked for in a new registration, not here.
//!
//! Spec: LTI Dynamic Registration 1.0, on updating; RFC 7592, section 2.2; the digest, section 6.

use serde_json::{Map, Value, json};
use url::Url;

use super::lenient::id;
use super::request::{MESSAGES, constants};
use super::tool::ToolConfiguration;
use super::{CANVAS, TOOL_CONFIGURATION};
use crate::ids::ClientId;
use crate::json::{JsonError, Object, parse_object, without_byte_order_mark};

/// Members of an answer that say how a registration is managed, and do not belong into a request (RFC 7592, section 2.2).
const NOT_SENT: [&str; 5] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret",
    "client_secret_expires_at",
    "client_id_issued_at",
];

/// The registration as the Platform has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredTool {
    document: Object,
}

/// Why an answer is not the registration that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisteredToolError {
    /// Not an acceptable JSON object.
    #[error("the registration {0}")]
    NotJson(#[from] JsonError),
    /// It has no configuration of an LTI Tool.
    #[error("the answer has no `{TOOL_CONFIGURATION}`")]
    NoToolConfiguration,
    /// It is of another client, or of none.
    #[error("the registration is not that of client `{0}`")]
    ClientForeign(ClientId),
}

/// What is sent to have a registration changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationUpdate {
    /// The whole registration, as it shall be.
    pub body: Value,
    /// In what that differs from what is there.
    pub changes: Vec<Change>,
}

/// A member that shall change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name; of a member of the Tool's configuration only the last part, of one of a message behind the message's type.
    pub member: String,
    /// What it is.
    pub before: Option<Value>,
    /// What it shall be.
    pub after: Option<Value>,
}

impl RegisteredTool {
    /// Reads what a Platform answered about this client.
    ///
    /// # Errors
    /// [`RegisteredToolError`].
    pub fn parse(body: &[u8], client_id: &ClientId) -> Result<Self, RegisteredToolError> {
        let document = parse_object(without_byte_order_mark(body))?;
        if !document.get(TOOL_CONFIGURATION).is_some_and(Value::is_object) {
            return Err(RegisteredToolError::NoToolConfiguration);
        }
        // Whoever has several registrations must not have one overwritten with another's. Where the id is missing, the
        // address alone says whose it is.
        if id(&document, "client_id").is_some_and(|id| id != client_id.as_str()) {
            return Err(RegisteredToolError::ClientForeign(client_id.clone()));
        }
        Ok(Self { document })
    }

    /// What makes this registration that of the Tool as it is now.
    pub fn update(&self, tool: &ToolConfiguration, client_id: &ClientId) -> RegistrationUpdate {
        let mut changes = Vec::new();
        let mut body = self.document.clone();
        body.retain(|name, _| !NOT_SENT.contains(&name.as_str()));
        for (name, value) in constants() {
            body.entry(name).or_insert(value);
        }
        body.insert("client_id".to_owned(), json!(client_id));
        for (name, value) in of_tool(tool) {
            set(&mut body, "", name, value, &mut changes);
        }
        if let Some(Value::Object(configuration)) = body.get_mut(TOOL_CONFIGURATION) {
            update_configuration(configuration, tool, &mut changes);
        }
        RegistrationUpdate { body: Value::Object(body), changes }
    }
}

/// What the Tool says of itself.
fn of_tool(tool: &ToolConfiguration) -> [(&'static str, Option<Value>); 5] {
    [
        ("client_name", Some(json!(tool.name))),
        ("initiate_login_uri", Some(json!(tool.initiate_login_uri))),
        ("jwks_uri", Some(json!(tool.jwks_uri))),
        ("logo_uri", tool.logo.as_ref().map(Url::as_str).map(Value::from)),
        ("redirect_uris", Some(json!([tool.redirect_uri]))),
    ]
}

fn update_configuration(configuration: &mut Object, tool: &ToolConfiguration, changes: &mut Vec<Change>) {
    let others = tool.secondary_domains();
    let (tool_id, vendor) = (format!("{CANVAS}tool_id"), format!("{CANVAS}vendor"));
    let mut own = vec![
        ("description", tool.description.clone().map(Value::from)),
        ("domain", Some(json!(tool.domain()))),
        ("secondary_domains", (!others.is_empty()).then(|| json!(others))),
        ("target_link_uri", Some(json!(tool.target_link_uri))),
    ];
    // Canvas's own, where Canvas has them.
    own.extend(configuration.contains_key(&tool_id).then(|| (tool_id.as_str(), Some(json!(tool.domain())))));
    own.extend(configuration.contains_key(&vendor).then(|| (vendor.as_str(), Some(json!(tool.name)))));
    for (name, value) in own {
        set(configuration, "", name, value, changes);
    }
    // PHP writes an empty object as a list, and Canvas refuses that.
    if configuration.get("custom_parameters").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        configuration.insert("custom_parameters".to_owned(), Value::Object(Map::new()));
    }
    for message in configuration.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        let Value::Object(message) = message else { continue };
        let Some(name) = message.get("type").and_then(Value::as_str).map(str::to_owned) else { continue };
        if MESSAGES.iter().any(|(known, _)| known.name() == name) {
            let before = format!("{name} ");
            set(message, &before, "icon_uri", tool.logo.as_ref().map(Url::as_str).map(Value::from), changes);
            set(message, &before, "label", Some(json!(tool.name)), changes);
            set(message, &before, "target_link_uri", Some(json!(tool.target_link_uri)), changes);
        }
    }
}

/// Sets a member, or takes it away, and notes it if it was another. `null`, an empty text and an empty list say nothing.
fn set(object: &mut Object, place: &str, name: &str, value: Option<Value>, changes: &mut Vec<Change>) {
    let says_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    let before = object.remove(name).filter(|before| !says_nothing(before));
    if let Some(value) = &value {
        object.insert(name.to_owned(), value.clone());
    }
    if before != value {
        changes.push(Change { member: format!("{place}{name}"), before, after: value });
    }
}
