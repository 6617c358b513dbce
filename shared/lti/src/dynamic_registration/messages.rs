//! Which messages a Platform sends, in the shapes that Platforms write it.

use serde_json::Value;

use super::configuration::SupportedMessage;
use super::lenient::{member, text, texts};
use crate::json::Object;

/// The messages, each type once with all its placements.
///
/// Moodle lists the types as texts, with the placements of all of them beside the list. A list of placements may be one
/// text.
pub(super) fn supported_messages(lti: &Object) -> Vec<SupportedMessage> {
    let beside = texts(lti, "placements").unwrap_or_default();
    let listed = match member(lti, "messages_supported") {
        Some(Value::Array(messages)) => messages.as_slice(),
        _ => &[],
    };
    let mut messages: Vec<SupportedMessage> = Vec::new();
    for listed in listed {
        let Some(message) = supported(listed, &beside) else { continue };
        match messages.iter_mut().find(|known| known.name == message.name) {
            None => messages.push(message),
            Some(known) => known.placements.extend(message.placements),
        }
    }
    messages
}

fn supported(message: &Value, beside: &[String]) -> Option<SupportedMessage> {
    match message {
        Value::String(name) => Some(SupportedMessage { name: name.clone(), placements: beside.to_vec() }),
        Value::Object(message) => {
            let placements = texts(message, "placements").unwrap_or_default();
            Some(SupportedMessage { name: text(message, "type")?.to_owned(), placements })
        }
        _ => None,
    }
}
