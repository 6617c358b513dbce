//! The keys that seal states and derive launch ids.

use std::fmt;

use aws_lc_rs::{digest, hmac};
use serde::Deserialize;

use crate::random::Random;
use crate::sealing::{Derivation, SealingKey};
use crate::secret::SecretFormat;

/// Binds a ciphertext to its purpose: nothing else that is sealed with this key opens as a state.
const PURPOSE: &[u8] = b"doorway state v1";

/// The least length of the secret text: 32 letters and digits are more than 160 bits.
const MIN_SECRET_BYTES: usize = 32;

/// The state keys that are valid now: one seals, all open. The next one opens before it seals, so that no instance meets
/// a state by a key that it has not read yet.
pub struct StateKeySet {
    current: StateKey,
    previous: Option<StateKey>,
    next: Option<StateKey>,
}

/// One state key, derived from a secret text.
pub struct StateKey {
    tag: [u8; 4],
    seal: SealingKey,
    launch_id: hmac::Key,
    form: SealingKey,
}

impl StateKeySet {
    /// The key that seals.
    pub fn current(&self) -> &StateKey {
        &self.current
    }

    pub(crate) fn with_tag(&self, tag: &[u8; 4]) -> Option<&StateKey> {
        self.all().find(|key| key.tag == *tag)
    }

    /// Whether every key opens what it sealed, and none is taken for another.
    pub(crate) fn works(&self, random: &dyn Random) -> bool {
        let opens = |key: &StateKey| key.open(&key.seal(b"probe".to_vec(), random)).as_deref() == Some(b"probe");
        let is_itself = |key: &StateKey| self.all().filter(|other| other.tag == key.tag).count() == 1;
        self.all().all(|key| opens(key) && is_itself(key))
    }

    fn all(&self) -> impl Iterator<Item = &StateKey> {
        std::iter::once(&self.current).chain(&self.previous).chain(&self.next)
    }
}

/// The secret's JSON: Secrets Manager's own generator can write the first one.
#[derive(Deserialize)]
struct Text {
    secret: String,
    previous: Option<OtherText>,
    next: Option<OtherText>,
}

#[derive(Deserialize)]
struct OtherText {
    secret: String,
}

impl SecretFormat for StateKeySet {
    const EXPECTED: &'static str = r#"it must be {"id": "...", "secret": "at least 32 random characters", "previous"?: {"id", "secret"}, "next"?: {"id", "secret"}}"#;

    fn parse(text: &str) -> Option<Self> {
        let text: Text = serde_json::from_str(text).ok()?;
        let other = |text: Option<OtherText>| match text {
            Some(text) => StateKey::derive(&text.secret).map(Some),
            None => Some(None),
        };
        Some(Self {
            current: StateKey::derive(&text.secret)?,
            previous: other(text.previous)?,
            next: other(text.next)?,
        })
    }
}

impl StateKey {
    fn derive(secret: &str) -> Option<Self> {
        if secret.len() < MIN_SECRET_BYTES {
            return None;
        }
        let derivation = Derivation::new("doorway state key", secret.as_bytes());
        let tag = digest::digest(&digest::SHA256, &derivation.bytes::<32>("tag"));
        Some(Self {
            tag: *tag.as_ref().first_chunk()?,
            seal: derivation.sealing_key("seal"),
            form: derivation.sealing_key("registration form"),
            launch_id: hmac::Key::new(hmac::HMAC_SHA256, &derivation.bytes::<32>("launch id")),
        })
    }

    pub(crate) fn tag(&self) -> [u8; 4] {
        self.tag
    }

    pub(super) fn seal(&self, plain: Vec<u8>, random: &dyn Random) -> Vec<u8> {
        self.seal.seal(PURPOSE, plain, random)
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.seal.open(PURPOSE, sealed)
    }

    /// The key that seals the form by which an administrator confirms a registration.
    pub(crate) fn form(&self) -> &SealingKey {
        &self.form
    }

    /// A keyed hash of `parts`, each with its length, so that no two lists of parts collide.
    pub(crate) fn launch_id_hash(&self, parts: &[&[u8]]) -> [u8; 24] {
        let mut context = hmac::Context::with_key(&self.launch_id);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        *context.sign().as_ref().first_chunk().expect("an HMAC-SHA256 has 32 bytes")
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey([redacted])")
    }
}

impl fmt::Debug for StateKeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKeySet([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    const CURRENT: &str = "0123456789abcdef0123456789abcdef";
    const OTHER: &str = "fedcba9876543210fedcba9876543210";

    fn keys(text: &str) -> Option<StateKeySet> {
        StateKeySet::parse(text)
    }

    #[test]
    fn a_secret_has_32_bytes() {
        assert!(keys(&format!(r#"{{"secret":"{CURRENT}"}}"#)).is_some());
        let short = &CURRENT[1..];
        assert!(keys(&format!(r#"{{"secret":"{short}"}}"#)).is_none());
        for other in ["previous", "next"] {
            let with = |secret: &str| format!(r#"{{"secret":"{CURRENT}","{other}":{{"secret":"{secret}"}}}}"#);
            assert!(keys(&with(OTHER)).is_some(), "{other}");
            assert!(keys(&with(short)).is_none(), "{other}");
        }
    }

    #[test]
    fn keys_work_while_none_is_taken_for_another() {
        let works = |text: &str| keys(text).unwrap().works(&SystemRandom);
        assert!(works(&format!(r#"{{"secret":"{CURRENT}"}}"#)));
        for other in ["previous", "next"] {
            let with = |secret: &str| format!(r#"{{"secret":"{CURRENT}","{other}":{{"secret":"{secret}"}}}}"#);
            assert!(works(&with(OTHER)), "{other}");
            assert!(!works(&with(CURRENT)), "{other}");
        }
    }

    #[test]
    fn no_two_lists_of_parts_have_one_hash() {
        let key = StateKey::derive(CURRENT).unwrap();
        let lists: [&[&[u8]]; 6] = [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abd"], &[b"abc", b""], &[]];
        for (number, one) in lists.iter().enumerate() {
            for other in &lists[number + 1..] {
                assert_ne!(key.launch_id_hash(one), key.launch_id_hash(other), "{one:?} {other:?}");
            }
            let by_another_key = StateKey::derive(OTHER).unwrap().launch_id_hash(one);
            assert_ne!(key.launch_id_hash(one), by_another_key, "{one:?}");
        }
    }
}
