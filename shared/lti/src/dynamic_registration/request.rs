//! What the Tool asks a Platform to register: what it would like, as far as the Platform says that it has it.

use serde_json::{Map, Value, json};

use super::configuration::{PlatformConfiguration, SupportedMessage};
use super::tool::ToolConfiguration;
use super::{CANVAS, TOOL_CONFIGURATION};
use crate::message::MessageType;
use crate::platform_family::PlatformFamily;
use crate::scope;

/// A registration request, fitted to one Platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationRequest {
    /// The messages.
    pub messages: Vec<AskedMessage>,
    /// The scopes: those that the Platform has.
    pub scopes: Vec<String>,
    /// The claims about people: those that the Platform has.
    pub claims: Vec<String>,
    body: Value,
}

/// A message that the Platform is asked to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedMessage {
    /// Its type.
    pub message_type: MessageType,
    /// Where from, exactly as the Platform spells it.
    pub placements: Vec<String>,
}

/// Where the Tool would like to be chosen, each place by its names: the standard's first, then Canvas's older one, which
/// is left out where the first is advertised, since both are the same place.
const CHOOSING: [&[&str]; 3] =
    [&["ContentArea", "link_selection"], &["RichTextEditor", "editor_button"], &["assignment_selection"]];

/// Where the Tool would like to be opened as a whole.
const OPENING: [&[&str]; 1] = [&["course_navigation"]];

/// What is asked for, in this order.
pub(super) const MESSAGES: [(MessageType, &[&[&str]]); 4] = [
    (MessageType::ResourceLink, &OPENING),
    (MessageType::DeepLinking, &CHOOSING),
    (MessageType::SubmissionReview, &[]),
    (MessageType::DataPrivacy, &[]),
];

impl RegistrationRequest {
    /// The request of this Tool to this Platform.
    ///
    /// Each message type is there once at most: of several deep-linking messages Moodle keeps the last, and Sakai the
    /// first.
    ///
    /// Spec: Dynamic Registration 1.0, "Tool Configuration"; the digest, sections 3 and 5.
    pub fn new(tool: &ToolConfiguration, platform: &PlatformConfiguration) -> Self {
        let messages = asked_messages(platform);
        let mut scopes = common(&tool.scopes, platform.scopes.as_deref());
        scopes.extend(managing(platform));
        let claims = asked_claims(tool, platform);
        let body = body(tool, platform, &messages, &scopes, &claims);
        Self { messages, scopes, claims, body }
    }

    /// The body of the request.
    pub fn body(&self) -> &Value {
        &self.body
    }
}

/// What the Platform advertises of what is wished. A link can be opened on every Platform, whether it says so or not.
fn asked_messages(platform: &PlatformConfiguration) -> Vec<AskedMessage> {
    let advertised =
        |message_type: MessageType| platform.messages.iter().find(|message| message.name == message_type.name());
    MESSAGES
        .into_iter()
        .filter_map(|(message_type, wished)| match advertised(message_type) {
            Some(message) => Some(AskedMessage { message_type, placements: asked_placements(message, wished) }),
            None if message_type == MessageType::ResourceLink => {
                Some(AskedMessage { message_type, placements: Vec::new() })
            }
            None => None,
        })
        .collect()
}

/// Of each place the first name that the Platform has, as it spells it: Canvas puts its own before a prefix.
fn asked_placements(message: &SupportedMessage, wished: &[&[&str]]) -> Vec<String> {
    let spelt = |name: &&str| {
        let is_it = |advertised: &&String| advertised.strip_prefix(CANVAS).unwrap_or(advertised) == *name;
        message.placements.iter().find(is_it).cloned()
    };
    wished.iter().filter_map(|names| names.iter().find_map(spelt)).collect()
}

/// What is wished and there; all of it where the Platform does not say.
fn common(wished: &[String], there: Option<&[String]>) -> Vec<String> {
    wished.iter().filter(|wish| there.is_none_or(|there| there.contains(wish))).cloned().collect()
}

/// The scopes to update the registration: only where they are named, since few Platforms have them.
fn managing(platform: &PlatformConfiguration) -> impl Iterator<Item = String> + '_ {
    let there = platform.scopes.iter().flatten();
    there.filter(|scope| [scope::REGISTRATION, scope::REGISTRATION_READ_ONLY].contains(&scope.as_str())).cloned()
}

/// `iss` and `sub` are in every token, whether a Platform lists them or not.
fn asked_claims(tool: &ToolConfiguration, platform: &PlatformConfiguration) -> Vec<String> {
    let there = platform.claims.as_deref().filter(|claims| !claims.is_empty());
    let is_there = |claim: &String| there.is_none_or(|there| there.contains(claim));
    tool.claims.iter().filter(|claim| ["iss", "sub"].contains(&claim.as_str()) || is_there(claim)).cloned().collect()
}

/// What every LTI Tool is.
pub(super) fn constants() -> [(&'static str, Value); 5] {
    [
        ("application_type", json!("web")),
        ("response_types", json!(["id_token"])),
        ("grant_types", json!(["implicit", "client_credentials"])),
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("id_token_signed_response_alg", json!("RS256")),
    ]
}

fn body(
    tool: &ToolConfiguration,
    platform: &PlatformConfiguration,
    messages: &[AskedMessage],
    scopes: &[String],
    claims: &[String],
) -> Value {
    let mut body = json!({
        "initiate_login_uri": tool.initiate_login_uri,
        "redirect_uris": [tool.redirect_uri],
        "client_name": tool.name,
        "jwks_uri": tool.jwks_uri,
        "scope": scopes.join(" "),
        TOOL_CONFIGURATION: tool_configuration(tool, platform, messages, claims),
    });
    for (name, value) in constants() {
        body[name] = value;
    }
    if let Some(logo) = &tool.logo {
        body["logo_uri"] = json!(logo);
    }
    body
}

fn tool_configuration(
    tool: &ToolConfiguration,
    platform: &PlatformConfiguration,
    messages: &[AskedMessage],
    claims: &[String],
) -> Value {
    let family = platform.family();
    let mut configuration = json!({
        "domain": tool.domain(),
        "target_link_uri": tool.target_link_uri,
        "claims": claims,
        "custom_parameters": custom_parameters(tool, platform),
        "messages": messages.iter().map(|message| wire_message(tool, message, family)).collect::<Vec<_>>(),
    });
    if let Some(description) = &tool.description {
        configuration["description"] = json!(description);
    }
    let others = tool.secondary_domains();
    if !others.is_empty() {
        configuration["secondary_domains"] = json!(others);
    }
    if family == PlatformFamily::Canvas {
        // Without a level Canvas sends neither names nor addresses.
        configuration[format!("{CANVAS}privacy_level")] = json!(tool.privacy_level());
        configuration[format!("{CANVAS}tool_id")] = json!(tool.domain());
        configuration[format!("{CANVAS}vendor")] = json!(tool.name);
    }
    configuration
}

/// Those whose variables the Platform substitutes: others would come back as they are, `$` and all. An object, also
/// when it is empty: PHP writes an empty one as a list, and Canvas refuses that.
fn custom_parameters(tool: &ToolConfiguration, platform: &PlatformConfiguration) -> Value {
    let is_known = |value: &str| match value.strip_prefix('$') {
        Some(variable) => platform.variables.iter().any(|known| known == variable),
        None => true,
    };
    let known = tool.custom_parameters.iter().filter(|(_, value)| is_known(value));
    Value::Object(known.map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>())
}

fn wire_message(tool: &ToolConfiguration, message: &AskedMessage, family: PlatformFamily) -> Value {
    let mut wire = json!({
        "type": message.message_type.name(),
        "target_link_uri": tool.target_link_uri,
        "label": tool.name,
    });
    if let Some(logo) = &tool.logo {
        wire["icon_uri"] = json!(logo);
    }
    if !message.placements.is_empty() {
        wire["placements"] = json!(message.placements);
    }
    if family == PlatformFamily::Canvas && message.placements.iter().any(|name| name.ends_with("course_navigation")) {
        // A teacher switches it on where it is wanted; else it would stand in every course of the institution.
        wire[format!("{CANVAS}course_navigation/default_enabled")] = json!(false);
    }
    wire
}
