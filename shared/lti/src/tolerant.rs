//! Readers for optional claims: parse leniently, so that an odd member never fails a launch.
//!
//! The rules are the launch digest's tolerance table (§5.2). The security claims (`iss`, `aud`, `exp`, `iat`,
//! `nonce`, `azp`, `sub`, deployment id, version, message type) are never read with these.

use serde_json::Value;

use crate::json::Object;

/// A display text: a string that says something; a number becomes its digits; anything else is absent.
pub(crate) fn text(object: &Object, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An id inside an object: a non-empty string, or a whole number (database-backed Platforms).
pub(crate) fn id(object: &Object, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// An optional object: `null`, `[]` (an empty PHP map) and any other type are absent.
pub(crate) fn object<'a>(parent: &'a Object, name: &str) -> Option<&'a Object> {
    parent.get(name)?.as_object()
}

/// A list of texts: non-strings and empty strings are dropped, a single string is a list of one.
pub(crate) fn texts(object: &Object, name: &str) -> Vec<String> {
    match object.get(name) {
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        Some(Value::Array(values)) => {
            values.iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// A flag: a boolean, or the words `true` and `false` (the 2019 schema types flags as strings).
pub(crate) fn flag(object: &Object, name: &str) -> Option<bool> {
    match object.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => None,
    }
}

/// A length in pixels: a number or a numeric string.
pub(crate) fn pixels(object: &Object, name: &str) -> Option<u32> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Object {
        json!({
            "s": "a", "empty": "", "null": null, "int": 7, "float": 1.5, "bool": true, "list": [], "obj": {"x": 1},
            "mixed": ["a", "", null, 3, "b"], "t": "true", "f": "false", "px": "800"
        })
        .as_object()
        .unwrap()
        .clone()
    }

    #[test]
    fn texts_take_strings_and_numbers() {
        let o = sample();
        assert_eq!(text(&o, "s").as_deref(), Some("a"));
        assert_eq!(text(&o, "float").as_deref(), Some("1.5"));
        for name in ["empty", "null", "bool", "list", "obj", "absent"] {
            assert_eq!(text(&o, name), None, "{name}");
        }
    }

    #[test]
    fn ids_take_strings_and_whole_numbers_only() {
        let o = sample();
        assert_eq!((id(&o, "s").as_deref(), id(&o, "int").as_deref()), (Some("a"), Some("7")));
        for name in ["empty", "null", "float", "bool", "list", "obj", "absent"] {
            assert_eq!(id(&o, name), None, "{name}");
        }
    }

    #[test]
    fn lists_drop_what_is_no_text() {
        let o = sample();
        assert_eq!(texts(&o, "mixed"), ["a", "b"]);
        assert_eq!(texts(&o, "s"), ["a"]);
        for name in ["empty", "null", "int", "list", "obj", "absent"] {
            assert!(texts(&o, name).is_empty(), "{name}");
        }
    }

    #[test]
    fn objects_flags_and_pixels() {
        let o = sample();
        assert!(object(&o, "obj").is_some() && object(&o, "list").is_none() && object(&o, "null").is_none());
        assert_eq!(
            (flag(&o, "bool"), flag(&o, "t"), flag(&o, "f"), flag(&o, "s")),
            (Some(true), Some(true), Some(false), None)
        );
        assert_eq!(
            (pixels(&o, "int"), pixels(&o, "px"), pixels(&o, "float"), pixels(&o, "s")),
            (Some(7), Some(800), None, None)
        );
    }
}
