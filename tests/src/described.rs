//! Whether an answer of the App API is one that its description has.

use std::sync::OnceLock;

use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::tool::Answer;

/// Says what is wrong when the description has no such answer to such a call: no such status, media type, header or code.
///
/// # Errors
/// What the description lacks, in words.
pub fn answer_is_described(method: &Method, path: &str, answer: &Answer) -> Result<(), String> {
    let described = described(method, path)?;
    let status = answer.status.as_u16();
    let response = match &described {
        Described::Call(call) => &call["responses"][status.to_string()],
        Described::NoSuch(expected, response) if *expected == status => response,
        Described::NoSuch(expected, _) => return Err(format!("status {status}, where only {expected} is described")),
    };
    let response = resolved(response);
    if response.is_null() {
        return Err(format!("status {status} is not described"));
    }
    for name in response["headers"].as_object().into_iter().flat_map(serde_json::Map::keys) {
        if answer.header(name.as_str()).is_empty() {
            return Err(format!("header {name} of status {status} is missing"));
        }
    }
    // HEAD has the headers of a body that it does not have.
    let is_empty = answer.body.is_empty() && method != Method::HEAD;
    let media_type = answer.header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let Some(content) = response["content"].as_object() else {
        return if is_empty { Ok(()) } else { Err(format!("status {status} is described without a body")) };
    };
    let content =
        content.get(media_type).ok_or_else(|| format!("status {status} is not described as `{media_type}`"))?;
    let Some(codes) = content["schema"]["properties"]["code"]["enum"].as_array() else { return Ok(()) };
    let code = if method == Method::HEAD { return Ok(()) } else { answer.code() };
    if codes.iter().any(|known| known == &code) {
        Ok(())
    } else {
        Err(format!("code `{code}` of status {status} is not described"))
    }
}

/// What the description says of a request.
enum Described {
    Call(&'static Value),
    /// No such path or method: the one answer to it, by status.
    NoSuch(u16, &'static Value),
}

fn described(method: &Method, path: &str) -> Result<Described, String> {
    let paths = document()["paths"].as_object().ok_or("the description has no paths")?;
    let responses = &document()["components"]["responses"];
    let Some((_, path)) = paths.iter().find(|(pattern, _)| matches(pattern, path)) else {
        return Ok(Described::NoSuch(404, &responses["NotFound"]));
    };
    // A router answers HEAD as GET.
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    Ok(match path.get(&method) {
        Some(call) => Described::Call(call),
        None => Described::NoSuch(405, &responses["MethodNotAllowed"]),
    })
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut there) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), there.next()) {
            (None, None) => return true,
            (Some(wanted), Some(there)) if wanted == there || (wanted.starts_with('{') && !there.is_empty()) => {}
            _ => return false,
        }
    }
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => value,
    }
}

/// The description as the code makes it; another test holds the file to it.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(doorway_local::openapi::document)
}
