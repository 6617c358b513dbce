//! Bodies of a Platform's answers: objects, and arrays whose elements stand or fall alone.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::json::{JsonError, Object, parse_object, without_byte_order_mark};

/// Why the body of an answer is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not an acceptable JSON object.
    #[error("the answer {0}")]
    NotAnObject(#[from] JsonError),
    /// Not a whole JSON array: cut off, or HTML.
    #[error("the answer is not a JSON array")]
    NotAnArray,
    /// A line item without the URL that it is.
    #[error("the line item has no `id` that is an http or https URL")]
    IdMissing,
}

/// The body as one object.
pub(super) fn object(body: &[u8]) -> Result<Object, BodyError> {
    Ok(parse_object(without_byte_order_mark(body))?)
}

/// What `read` makes of the objects in an array. An element that is no acceptable object, or of which `read`
/// makes nothing, is left out: one odd row must not hide a class.
///
/// The elements are parsed one by one, so the limits of [`parse_object`] hold for each and a large class has
/// room.
///
/// # Errors
/// [`BodyError::NotAnArray`].
pub(super) fn array<T>(body: &[u8], read: impl Fn(Object) -> Option<T>) -> Result<Vec<T>, BodyError> {
    let body = without_byte_order_mark(body).trim_ascii();
    let mut rest = body.strip_prefix(b"[").ok_or(BodyError::NotAnArray)?.trim_ascii_start();
    let mut items = Vec::new();
    if rest == b"]" {
        return Ok(items);
    }
    // Ends: each turn takes at least one byte.
    loop {
        let length = first_value(rest).ok_or(BodyError::NotAnArray)?;
        let (element, behind) = rest.split_at(length);
        items.extend(parse_object(element).ok().and_then(&read));
        match behind.trim_ascii_start() {
            b"]" => return Ok(items),
            behind => rest = behind.strip_prefix(b",").ok_or(BodyError::NotAnArray)?,
        }
    }
}

/// How many bytes the first JSON value takes.
fn first_value(bytes: &[u8]) -> Option<usize> {
    let mut values = Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}
