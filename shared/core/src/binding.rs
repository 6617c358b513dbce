//! The browser binding: a secret that only the browser that began the login holds.
//!
//! `state` travels through the Platform and stands in its pages; it proves nothing about the browser. The
//! binding is a separate 256-bit secret in a cookie of its own for every launch, so that five tools in one
//! page do not overwrite each other (security rows F5 to F7). Where the Platform offers storage, the same secret
//! is put there too, for browsers that keep no cookie in a frame. The sealed state holds only its hash.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::random::{self, Random};
use crate::state::Nonce;

/// Cookies of all launches begin with this. `__Host-` makes the browser refuse them from any other host.
pub const COOKIE_PREFIX: &str = "__Host-lti_";

/// Keys in Platform storage begin with this.
const STORAGE_PREFIX: &str = "lti_";

/// The secret in the browser. Prints as `[redacted]`.
pub struct BindingSecret([u8; 32]);

/// What the sealed state knows of the secret.
#[derive(Debug, Clone, Copy)]
pub struct BindingHash([u8; 32]);

impl BindingSecret {
    /// A new secret.
    pub fn new(random: &dyn Random) -> Self {
        Self(random::bytes(random))
    }

    /// As the cookie carries it: 43 characters of base64url.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The secret that a browser sent, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Its hash.
    pub fn hash(&self) -> BindingHash {
        BindingHash(sha256(&self.0))
    }
}

impl std::fmt::Debug for BindingSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BindingSecret([redacted])")
    }
}

impl BindingHash {
    /// The hash as sealed.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash, to be sealed.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

/// Constant time, so that a secret cannot be guessed byte by byte (security row V18).
impl PartialEq for BindingHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for BindingHash {}

/// The name of a login's cookie: 16 characters of a hash of its nonce.
pub fn cookie_name(nonce: &Nonce) -> String {
    format!("{COOKIE_PREFIX}{}", login_name(nonce))
}

/// The key under which Platform storage keeps a login's secret: of the same characters.
pub fn storage_key(nonce: &Nonce) -> String {
    format!("{STORAGE_PREFIX}{}", login_name(nonce))
}

fn login_name(nonce: &Nonce) -> String {
    let hash = sha256(nonce.bytes());
    URL_SAFE_NO_PAD.encode(&hash[..12])
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let hash = digest::digest(&digest::SHA256, bytes);
    *hash.as_ref().first_chunk().expect("a SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn a_secret_survives_its_cookie() {
        let secret = BindingSecret::new(&SystemRandom);
        assert_eq!(secret.text().len(), 43);
        assert_eq!(BindingSecret::parse(&secret.text()).map(|parsed| parsed.hash()), Some(secret.hash()));
        assert!(BindingSecret::new(&SystemRandom).hash() != secret.hash());
    }

    #[test]
    fn what_is_no_secret_is_not_parsed() {
        for text in ["", "a", "!", &"A".repeat(42), &"A".repeat(44)] {
            assert!(BindingSecret::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_login_has_a_cookie_name_of_its_own() {
        let names = [0; 2].map(|_: i32| cookie_name(&Nonce::new(&SystemRandom)));
        assert_ne!(names[0], names[1]);
        assert!(names[0].starts_with("__Host-lti_") && names[0].len() == COOKIE_PREFIX.len() + 16);
        let nonce = Nonce::new(&SystemRandom);
        assert_eq!(storage_key(&nonce), cookie_name(&nonce).replace("__Host-", ""));
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", BindingSecret::new(&SystemRandom)), "BindingSecret([redacted])");
    }
}
