//! A Platform's words, made fit for logs and problem documents.

use serde_json::Value;

use crate::json::{Object, parse_object, without_byte_order_mark};

/// The most characters of a Platform's words that are shown.
const MAX_CHARS: usize = 300;

/// A run of this many token characters with a digit among them is taken for a token. Platforms' own words
/// (`InvalidTimestampException`) have no digit; ids of databases are shorter.
const OPAQUE_CHARS: usize = 24;

/// A run of this many token characters is no word of any language.
const ENDLESS_CHARS: usize = 64;

const REDACTED: &str = "[redacted]";

/// Redacts and shortens words of a Platform for logs and problem documents.
///
/// What looks like a JWT, a long opaque token or an e-mail address becomes `[redacted]`; control characters and
/// the invisible ones that turn text around go; blanks become one; at most 300 characters stay.
pub fn presentable(words: &str) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for word in words.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|word| !word.is_empty()) {
        if length >= MAX_CHARS {
            break;
        }
        if length > 0 {
            shown.push(' ');
        }
        let redacted = redact(word);
        length += redacted.chars().count() + 1;
        shown.push_str(&redacted);
    }
    shown.chars().take(MAX_CHARS).collect()
}

/// Control characters, zero-width ones, and those that change the direction of writing.
fn is_invisible(c: char) -> bool {
    let is_mark = |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    c.is_control() || is_mark(c) || matches!(c, '\u{ad}' | '\u{feff}')
}

/// A word without blanks, its secret parts redacted; quotation marks and brackets around them stay.
fn redact(word: &str) -> String {
    let edge = |c: char| "\"'`<>()[]{},;“”‘’".contains(c);
    word.split_inclusive(edge)
        .map(|piece| {
            let inner = piece.trim_end_matches(|c| edge(c) || ".:!?".contains(c));
            if is_secret(inner) { format!("{REDACTED}{}", &piece[inner.len()..]) } else { piece.to_owned() }
        })
        .collect()
}

fn is_secret(word: &str) -> bool {
    word.contains("eyJ") || is_address(word) || word.split(|c: char| !is_token_char(c)).any(is_opaque)
}

/// Whether an address stands anywhere in a word: another `@` in front of it hides nothing. The part before the `@` may end
/// with one of its marks (`ada_@school.example`).
fn is_address(word: &str) -> bool {
    let is_local = |c: char| c.is_alphanumeric() || "!#$&*+-.^_|~".contains(c);
    // Percent-encoded in a URL it is still an address.
    ["@", "%40"].iter().any(|at| {
        word.match_indices(at).any(|(place, _)| {
            word[..place].ends_with(is_local) && word[place + at.len()..].starts_with(char::is_alphanumeric)
        })
    })
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_+=~".contains(c)
}

fn is_opaque(run: &str) -> bool {
    run.len() >= ENDLESS_CHARS || (run.len() >= OPAQUE_CHARS && run.bytes().any(|byte| byte.is_ascii_digit()))
}

/// What the body of an error says, presentable: the message in its JSON, or its text. Empty when nothing.
pub(crate) fn of_body(body: &[u8]) -> String {
    let body = without_byte_order_mark(body);
    match parse_object(body) {
        Ok(object) if object.is_empty() => String::new(),
        Ok(object) => match message(&object) {
            Some(words) => presentable(&words),
            None => presentable(&String::from_utf8_lossy(body)),
        },
        // Moodle's body for 400 and 409.
        Err(_) if body.trim_ascii() == b"[]" => String::new(),
        Err(_) => presentable(&text_of(&String::from_utf8_lossy(body))),
    }
}

/// The message of an error object: OAuth's, RFC 9457's, Canvas's (`errors`), Django's (`detail`), Moodle's.
fn message(object: &Object) -> Option<String> {
    let names = ["error_description", "message", "detail", "error", "reason", "title", "errorMessage", "errors"];
    names.into_iter().filter_map(|name| object.get(name)).find_map(message_of)
}

fn message_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Array(values) => {
            let messages: Vec<String> = values.iter().filter_map(message_of).collect();
            (!messages.is_empty()).then(|| messages.join("; "))
        }
        Value::Object(object) => object.get("message").and_then(message_of),
        _ => None,
    }
}

/// The text of a body that may be HTML: its title when it has one, else what is outside its tags.
fn text_of(body: &str) -> String {
    if !body.trim_start().starts_with('<') {
        return body.to_owned();
    }
    let lower = body.to_ascii_lowercase();
    if let Some((start, end)) = lower.find("<title>").zip(lower.find("</title>"))
        && let Some(title) = body.get(start + "<title>".len()..end).filter(|title| !title.trim().is_empty())
    {
        return title.to_owned();
    }
    body.split('<').filter_map(|tagged| tagged.split_once('>')).map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}
