//! Parts of JSON Schemas that several requests of the App have: what a schema can say of the rules of their readers.
//!
//! `null` counts as absent in nearly all members, so most schemas allow it.

use serde_json::{Map, Value, json};

use crate::ids::MAX_ID_BYTES;

/// A full URL, as it names roles and extensions.
pub(crate) const FULL_URL: &str =
    r"^https?://[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]{1,4})?(/[!-~]*)?$";

/// An absolute http or https URL without a user name, spaces and backslashes; in ASCII, as it is sent.
pub(crate) const WEB_URL: &str =
    r"^[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?#][!-\[\]-~]*)?$";

/// The beginning of a moment that services take: from 1970 on.
pub const SINCE_1970: &str = "^(19[7-9][0-9]|[2-9][0-9]{3})-";

/// A text without control characters other than line breaks and tabs.
const PLAIN: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";

/// The same, or `null`.
pub(crate) fn nullable(mut schema: Value) -> Value {
    if let Some(kind) = schema.get("type").cloned() {
        schema["type"] = json!([kind, "null"]);
    }
    schema
}

/// With a description.
pub(crate) fn described(mut schema: Value, description: impl Into<String>) -> Value {
    schema["description"] = description.into().into();
    schema
}

/// An object with these members and no others, or with extensions where it may have some.
pub(crate) fn closed<const N: usize>(members: [(&str, Value); N], required: &[&str], extensions: bool) -> Value {
    let mut schema = open(members, required);
    schema["additionalProperties"] = false.into();
    if extensions {
        schema["patternProperties"] = json!({ FULL_URL: true });
    }
    schema
}

/// An object with these members; others pass.
pub(crate) fn open<const N: usize>(members: [(&str, Value); N], required: &[&str]) -> Value {
    let properties: Map<String, Value> = members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

pub(crate) fn flag() -> Value {
    json!({ "type": ["boolean", "null"] })
}

/// A plain text of so many characters at most.
pub(crate) fn plain(most_chars: usize) -> Value {
    json!({ "type": ["string", "null"], "maxLength": most_chars, "pattern": PLAIN })
}

/// A moment with a zone, from 1970 on.
pub(crate) fn moment() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time", "pattern": SINCE_1970 })
}

/// The id of a user, or another of the standard.
pub(crate) fn id() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES,
        "description": format!("At most {MAX_ID_BYTES} bytes, no control characters."),
        "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
    })
}

/// Names with texts as values.
pub(crate) fn custom(value: &Value) -> Value {
    json!({ "type": ["object", "null"], "additionalProperties": value })
}
