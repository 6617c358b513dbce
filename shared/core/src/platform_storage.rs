//! Platform storage: where a login's secret is kept for a browser that keeps no cookie in the Platform's frame.
//!
//! Spec: *LTI postMessage Storage* and *LTI OIDC Login with LTI Client Side postMessages*, both 0.1.

use crate::binding::storage_key;
use crate::registration::Registration;
use crate::state::Nonce;

/// A place in Platform storage, for the script that asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoragePlace {
    /// Whom messages are for: no other origin gets or answers one.
    pub origin: String,
    /// The frame that offers storage, `_parent` for the window around ours. A hint: whoever asks for the login wrote it.
    pub frame: String,
    /// Of this login alone.
    pub key: String,
}

impl StoragePlace {
    /// The place of a login whose Platform offers storage in `target`. `None` where it cannot be addressed.
    pub fn new(registration: &Registration, target: &str, nonce: &Nonce) -> Option<Self> {
        Some(Self { origin: registration.message_origin()?, frame: target.to_owned(), key: storage_key(nonce) })
    }
}
