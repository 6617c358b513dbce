//! The Tool as the Platform knows it: its published keys, and the tokens that it signs with them.

mod keys;
mod token;

pub(crate) use keys::ToolKeys;
pub(crate) use token::{Claims, TokenError, verify};
