//! Sealing: what only the Tool itself can read and write, kept where others could look.
//!
//! AES-256-GCM-SIV forgives a nonce that is drawn twice. Keys are derived from a secret with HKDF, one per purpose, and
//! the purpose is authenticated too: nothing sealed for one purpose opens for another.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf;

use crate::random::{self, Random};

/// Derives keys from one secret text.
pub struct Derivation(hkdf::Prk);

/// A key that seals and opens.
pub struct SealingKey(LessSafeKey);

impl Derivation {
    /// From this secret; `salt` names the kind of secret.
    pub fn new(salt: &str, secret: &[u8]) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, salt.as_bytes()).extract(secret))
    }

    /// `N` bytes for this purpose.
    pub fn bytes<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .expand(&[purpose.as_bytes()], Length(N))
            .and_then(|output| output.fill(&mut bytes))
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        bytes
    }

    /// A sealing key for this purpose.
    pub fn sealing_key(&self, purpose: &str) -> SealingKey {
        let key = UnboundKey::new(&AES_256_GCM_SIV, &self.bytes::<32>(purpose));
        SealingKey(LessSafeKey::new(key.expect("an AES-256 key has 32 bytes")))
    }
}

impl SealingKey {
    /// AEAD nonce, then ciphertext and tag. What is `bound` must be given again to open it.
    pub fn seal(&self, bound: &[u8], mut plain: Vec<u8>, random: &dyn Random) -> Vec<u8> {
        let nonce = random::bytes::<NONCE_LEN>(random);
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut plain)
            .expect("what is sealed is far below the AEAD's limit");
        [nonce.as_slice(), &plain].concat()
    }

    /// What was sealed with this key and bound to the same; `None` for anything else.
    pub fn open(&self, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut plain = ciphertext.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(bound), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey([redacted])")
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_alone() {
        let derivation = Derivation::new("test", b"secret");
        let sealed = derivation.sealing_key("a").seal(b"bound", b"plain".to_vec(), &SystemRandom);
        assert_eq!(derivation.sealing_key("a").open(b"bound", &sealed).as_deref(), Some(b"plain".as_slice()));
        assert_eq!(derivation.sealing_key("b").open(b"bound", &sealed), None);
        assert_eq!(derivation.sealing_key("a").open(b"other", &sealed), None);
        assert_eq!(Derivation::new("test", b"other").sealing_key("a").open(b"bound", &sealed), None);
    }

    #[test]
    fn no_flipped_bit_and_no_cut_opens() {
        let key = Derivation::new("test", b"secret").sealing_key("a");
        let sealed = key.seal(b"", b"plain".to_vec(), &SystemRandom);
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(key.open(b"", &changed), None, "{position}");
            assert_eq!(key.open(b"", &sealed[..position]), None, "{position}");
        }
    }
}
