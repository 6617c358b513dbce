//! Why a Platform refused a token.

use serde_json::Value;

use super::words::{of_body, presentable};
use crate::json::{parse_object, without_byte_order_mark};

/// The longest error code, in bytes. The longest of the standard has 26.
const MAX_CODE_BYTES: usize = 64;

/// Why the Platform refused: its code, and its words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `invalid_client`, `invalid_scope`, ...; `None` when the answer has no code, or words in its place.
    pub code: Option<String>,
    /// What the Platform says about it, [`presentable`]; empty when it says nothing.
    pub words: String,
}

impl Refusal {
    /// Reads the body of an answer that is no grant, whatever it is: JSON, nearly JSON, HTML or text.
    ///
    /// Spec: [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2). Moodle puts its JSON together
    /// as text, so that a quotation mark in the message breaks it.
    pub fn parse(body: &[u8]) -> Self {
        let body = without_byte_order_mark(body);
        let text = String::from_utf8_lossy(body);
        let response = parse_object(body).unwrap_or_default();
        let member = |name: &str| response.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let error = member("error").or_else(|| broken_error(&text).filter(|_| response.is_empty()));
        let code = error.filter(|error| is_code(error)).map(str::to_owned);
        let words = match (member("error_description"), error) {
            (Some(description), _) => presentable(description),
            (None, Some(error)) if code.is_none() => presentable(error),
            (None, Some(_)) => String::new(),
            (None, None) => of_body(body),
        };
        Self { code, words }
    }
}

fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    text.len() <= MAX_CODE_BYTES && text.bytes().all(plain) && presentable(text) == text
}

/// The value of `error` in `{"error": "..."}` that no JSON parser takes: all up to the last quotation mark.
fn broken_error(text: &str) -> Option<&str> {
    let behind_name = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"error\"")?;
    let value = behind_name.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(&value[..value.rfind('"')?])
}
