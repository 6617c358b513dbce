//! Members whose names are misspelt by blanks.

use serde_json::Value;

use crate::json::Object;

/// The member of this name; or else one whose name has blanks too many: the specification's own example has
/// `token_ endpoint_auth_methods_supported`, and documents copied from it have trailing ones.
pub(super) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let is_meant = |written: &str| written.split_whitespace().collect::<String>() == name;
    object.get(name).or_else(|| object.iter().find(|(written, _)| is_meant(written)).map(|(_, value)| value))
}

/// A text that says something.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    member(object, name)?.as_str().filter(|text| !text.is_empty())
}

/// An id: a text that says something, or a whole number.
pub(super) fn id(object: &Object, name: &str) -> Option<String> {
    match member(object, name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A list of texts; `None` where there is none. A single text is a list of one.
pub(super) fn texts(object: &Object, name: &str) -> Option<Vec<String>> {
    match member(object, name)? {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => Some(values.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}
