//! JSON from strangers: one object, no member twice, bounded depth and size.
//!
//! `serde_json` keeps the last of two equal members. A signature covers both, so two readers of one token
//! could see two issuers (security row V12). Here a repeated member is an error at every depth.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON object as parsed.
pub type Object = Map<String, Value>;

/// How deep a document may nest. Real tokens nest four deep; a hostile one a hundred thousand.
pub const MAX_DEPTH: usize = 32;

/// How many values a document may hold, so that a small body cannot become a large tree.
pub const MAX_VALUES: usize = 20_000;

/// Why bytes are not an acceptable JSON object. Says where and what kind, never what the bytes were.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or not UTF-8, or data behind the value.
    #[error("is not JSON (line {line}, column {column})")]
    Syntax {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// The same member name twice in one object.
    #[error("has a member twice")]
    DuplicateMember,
    /// Deeper than [`MAX_DEPTH`].
    #[error("nests deeper than {MAX_DEPTH}")]
    TooDeep,
    /// More than [`MAX_VALUES`] values.
    #[error("holds more than {MAX_VALUES} values")]
    TooMany,
    /// JSON, but not an object.
    #[error("is not a JSON object")]
    NotAnObject,
}

const DUPLICATE: &str = "doorway: duplicate member";
const DEEP: &str = "doorway: too deep";
const MANY: &str = "doorway: too many values";

/// Parses `bytes` as one JSON object.
///
/// # Errors
/// [`JsonError`] when the bytes are not JSON, not an object, repeat a member, nest too deep or hold too much.
pub fn parse_object(bytes: &[u8]) -> Result<Object, JsonError> {
    parse_object_within(bytes, MAX_VALUES)
}

/// As [`parse_object`], for documents that are long by nature: at most `most_values` values.
pub(crate) fn parse_object_within(bytes: &[u8], most_values: usize) -> Result<Object, JsonError> {
    // Once for the whole, where the deserializer would do it for each text in it.
    let text = std::str::from_utf8(bytes).map_err(|error| syntax_at(&bytes[..error.valid_up_to()]))?;
    let left = Cell::new(most_values);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let strict = Strict { depth: 0, left: &left };
    let value = strict.deserialize(&mut deserializer).map_err(classify)?;
    deserializer.end().map_err(classify)?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError::NotAnObject),
    }
}

/// The fault is behind these bytes.
fn syntax_at(before: &[u8]) -> JsonError {
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').count();
    JsonError::Syntax { line, column }
}

fn classify(error: serde_json::Error) -> JsonError {
    let text = error.to_string();
    if text.starts_with(DUPLICATE) {
        JsonError::DuplicateMember
    } else if text.starts_with(DEEP) {
        JsonError::TooDeep
    } else if text.starts_with(MANY) {
        JsonError::TooMany
    } else {
        JsonError::Syntax { line: error.line(), column: error.column() }
    }
}

/// Deserializes any value into a tree while counting depth and values.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth + 1 > MAX_DEPTH {
            return Err(E::custom(DEEP));
        }
        Ok(Self { depth: self.depth + 1, left: self.left })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom(MANY)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(deeper)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut object = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(deeper)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(object))
    }
}

/// The body without the byte order mark that some PHP sites put before whatever they answer.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_parsed_with_every_kind_of_value() {
        let text = br#"{"a":null,"b":true,"c":-1,"d":1.5,"e":"x\u00e9","f":[1,{"g":{}}]}"#;
        let object = parse_object(text).unwrap();
        assert_eq!(Value::Object(object), serde_json::from_slice::<Value>(text).unwrap());
    }

    #[test]
    fn a_member_twice_is_refused_at_any_depth_and_however_it_is_escaped() {
        for text in [r#"{"iss":"a","iss":"b"}"#, r#"{"iss":"a","\u0069ss":"b"}"#, r#"{"x":{"y":[{"z":1,"z":1}]}}"#] {
            assert_eq!(parse_object(text.as_bytes()), Err(JsonError::DuplicateMember), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse_object(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
        assert_eq!(parse_object(nested(MAX_DEPTH).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse_object(nested(100_000).as_bytes()), Err(JsonError::TooDeep));
    }

    #[test]
    fn the_number_of_values_is_bounded() {
        let many = |count: usize| format!("{{\"a\":[{}1]}}", "1,".repeat(count - 1));
        assert!(parse_object(many(MAX_VALUES - 2).as_bytes()).is_ok());
        assert_eq!(parse_object(many(MAX_VALUES - 1).as_bytes()), Err(JsonError::TooMany));
    }

    #[test]
    fn only_one_json_object_is_accepted() {
        for text in ["[]", "1", "null", "\"a\""] {
            assert_eq!(parse_object(text.as_bytes()), Err(JsonError::NotAnObject), "{text}");
        }
        for text in ["", "{", "{}{}", "{\"a\":1e400}", "{\"a\":NaN}", "{\"a\":01}", "{'a':1}", "\u{feff}{}"] {
            assert!(matches!(parse_object(text.as_bytes()), Err(JsonError::Syntax { .. })), "{text}");
        }
    }

    #[test]
    fn a_fault_is_found_at_its_line_and_column() {
        let at = |line, column| Err(JsonError::Syntax { line, column });
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}"), at(1, 7));
        assert_eq!(parse_object(b"{\n\n \"a\":\"\xff\"}"), at(3, 7));
        assert_eq!(parse_object(b"{\n\xff"), at(2, 1));
        assert_eq!(parse_object(b"{\n  ]"), at(2, 3));
    }
}
