//! Payloads that are wrong as text.

use serde_json::Value;

/// The claims as text, with one claim twice: `json` first, the right value after it, so that a parser which keeps the
/// last of two sees nothing wrong.
pub(super) fn with_duplicate(claims: &Value, claim: &str, json: &str) -> String {
    let right = claims.to_string();
    format!("{{{}:{json},{}", Value::from(claim), right.trim_start_matches('{'))
}

/// A value of the catalogue. A text that is no JSON becomes a JSON string; a test makes sure that there is none.
pub(super) fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::from(json))
}
