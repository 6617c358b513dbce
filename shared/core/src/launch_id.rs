//! The id of a launch: derived from its nonce, and good as a one-time code.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::binding::sha256;
use crate::registration::RegistrationKey;
use crate::state::{Nonce, StateKey};

const BYTES: usize = 24;

/// The form of an id, as a regular expression: 24 bytes in base64url. Ids of submissions have it too.
#[cfg(feature = "openapi")]
pub const PATTERN: &str = "^[A-Za-z0-9_-]{32}$";

/// 192 bits in 32 characters of base64url. A keyed hash of Registration and nonce: the same post has the same
/// id, and nobody who sees a nonce can tell the id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LaunchId(String);

/// The text is no launch id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no launch id")]
pub struct NotALaunchId;

impl LaunchId {
    /// The id of the launch with this nonce, by the key that opened its state.
    pub fn derive(key: &StateKey, registration: &RegistrationKey, nonce: &Nonce) -> Self {
        let parts: [&[u8]; 3] =
            [registration.issuer.as_str().as_bytes(), registration.client_id.as_str().as_bytes(), nonce.bytes()];
        Self(URL_SAFE_NO_PAD.encode(key.launch_id_hash(&parts)))
    }

    /// The id of the record in which a verified launch waits for its browser to be proven. Every token has one of its own,
    /// so that what waits is what this browser posted: nobody who got hold of a state can have another launch completed
    /// in its place. The launch's id cannot be told from it.
    pub fn awaiting(&self, id_token: &str) -> Self {
        let hash = sha256(format!("awaiting {} {id_token}", self.0).as_bytes());
        Self(URL_SAFE_NO_PAD.encode(&hash[..BYTES]))
    }

    /// The id as in URLs and the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 8 characters: enough to find a launch in a log, useless as a code.
    pub fn log_text(&self) -> String {
        format!("{}...", &self.0[..8])
    }
}

impl TryFrom<&str> for LaunchId {
    type Error = NotALaunchId;

    fn try_from(text: &str) -> Result<Self, NotALaunchId> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == BYTES => Ok(Self(text.to_owned())),
            _ => Err(NotALaunchId),
        }
    }
}

/// It is a code until it is redeemed: only its beginning prints.
impl fmt::Debug for LaunchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LaunchId({})", self.log_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_24_bytes_of_base64url() {
        let id = URL_SAFE_NO_PAD.encode([7; BYTES]);
        assert_eq!(LaunchId::try_from(id.as_str()).map(|id| id.as_str().to_owned()), Ok(id));
        for bytes in [0, BYTES - 1, BYTES + 1, 2 * BYTES] {
            assert_eq!(
                LaunchId::try_from(URL_SAFE_NO_PAD.encode(vec![7; bytes]).as_str()),
                Err(NotALaunchId),
                "{bytes}"
            );
        }
        assert_eq!(LaunchId::try_from("+".repeat(32).as_str()), Err(NotALaunchId));
    }
}
