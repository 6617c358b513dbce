//! How large an item is to DynamoDB, and what writing it costs.
//!
//! Spec: [DynamoDB item sizes and formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html)

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// A write unit pays for so many bytes.
pub const WRITE_UNIT_BYTES: usize = 1024;

/// An item's size in bytes: names and values.
pub fn size_bytes(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

/// Write units for an item of this size. An update pays for the larger of the item before and after.
pub fn write_units(size_bytes: usize) -> usize {
    size_bytes.div_ceil(WRITE_UNIT_BYTES)
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        // A byte for two significant digits, and one more.
        AttributeValue::N(digits) => digits.trim_start_matches('-').len().div_ceil(2) + 1,
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        // No launch holds any other type; an unknown one must not pass for free.
        other => unreachable!("the launches table has no such attribute: {other:?}"),
    }
}
