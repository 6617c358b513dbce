//! The keys that seal states and derive launch ids.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce as AeadNonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use serde::Deserialize;

use crate::secret::SecretFormat;

/// Binds a ciphertext to its purpose: nothing else that is sealed with this key opens as a state.
const PURPOSE: &[u8] = b"doorway state v1";

/// The least length of the secret text: 32 letters and digits are more than 160 bits.
const MIN_SECRET_BYTES: usize = 32;

/// The state keys that are valid now: one seals, both open.
pub struct StateKeySet {
    current: StateKey,
    previous: Option<StateKey>,
}

/// One state key, derived from a secret text.
pub struct StateKey {
    tag: [u8; 4],
    seal: LessSafeKey,
    launch_id: hmac::Key,
}

impl StateKeySet {
    /// The key that seals.
    pub fn current(&self) -> &StateKey {
        &self.current
    }

    pub(super) fn with_tag(&self, tag: &[u8; 4]) -> Option<&StateKey> {
        std::iter::once(&self.current).chain(&self.previous).find(|key| key.tag == *tag)
    }
}

/// The secret's JSON: Secrets Manager's own generator can write the first one.
#[derive(Deserialize)]
struct Text {
    secret: String,
    previous: Option<PreviousText>,
}

#[derive(Deserialize)]
struct PreviousText {
    secret: String,
}

impl SecretFormat for StateKeySet {
    const EXPECTED: &'static str =
        r#"it must be {"id": "...", "secret": "at least 32 random characters", "previous": {"id", "secret"}?}"#;

    fn parse(text: &str) -> Option<Self> {
        let text: Text = serde_json::from_str(text).ok()?;
        let previous = match text.previous {
            Some(previous) => Some(StateKey::derive(&previous.secret)?),
            None => None,
        };
        Some(Self { current: StateKey::derive(&text.secret)?, previous })
    }
}

impl StateKey {
    fn derive(secret: &str) -> Option<Self> {
        if secret.len() < MIN_SECRET_BYTES {
            return None;
        }
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"doorway state key").extract(secret.as_bytes());
        let seal: [u8; 32] = expand(&extracted, b"seal");
        let launch_id: [u8; 32] = expand(&extracted, b"launch id");
        let tag = digest::digest(&digest::SHA256, &expand::<32>(&extracted, b"tag"));
        Some(Self {
            tag: *tag.as_ref().first_chunk()?,
            seal: LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &seal).ok()?),
            launch_id: hmac::Key::new(hmac::HMAC_SHA256, &launch_id),
        })
    }

    pub(super) fn tag(&self) -> [u8; 4] {
        self.tag
    }

    /// AEAD nonce, then ciphertext and tag.
    pub(super) fn seal(&self, nonce: [u8; NONCE_LEN], mut plain: Vec<u8>) -> Vec<u8> {
        let aead_nonce = AeadNonce::assume_unique_for_key(nonce);
        self.seal
            .seal_in_place_append_tag(aead_nonce, Aad::from(PURPOSE), &mut plain)
            .expect("a state is far below the AEAD's limit");
        [nonce.as_slice(), &plain].concat()
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut plain = ciphertext.to_vec();
        let nonce = AeadNonce::assume_unique_for_key(*nonce);
        let length = self.seal.open_in_place(nonce, Aad::from(PURPOSE), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
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

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(extracted: &hkdf::Prk, purpose: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    extracted
        .expand(&[purpose], Length(N))
        .and_then(|output| output.fill(&mut bytes))
        .expect("HKDF-SHA256 gives up to 8160 bytes");
    bytes
}
