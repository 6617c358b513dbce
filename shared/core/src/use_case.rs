//! What the Tool does: one module per use case, each over the few stores and keys that it needs.

pub mod forget;
pub mod launch;
pub mod login;
pub mod read;
pub mod redeem;
