//! The App's API keys: only their hashes are known here.

mod ring;

pub use ring::{AppKeyError, AppKeyRing, ListedAppKey, MOST_APP_KEYS, NewAppKey};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use subtle::{Choice, ConstantTimeEq as _};

use crate::binding::sha256;
use crate::random::{self, Random};
use crate::secret::SecretFormat;

/// Hashes of the keys that are valid now; two while one replaces the other.
pub struct AppKeySet {
    hashes: Vec<[u8; 32]>,
}

#[derive(Deserialize)]
struct Text {
    keys: Vec<KeyText>,
}

#[derive(Deserialize)]
struct KeyText {
    sha256: String,
}

impl AppKeySet {
    /// How many keys are valid.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether no key is valid.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether `key` is one of the keys. Keys are random, so a plain hash keeps them; the comparison takes the
    /// same time whichever matches.
    pub fn accepts(&self, key: &str) -> bool {
        let hash = sha256(key.as_bytes());
        let accepted = self.hashes.iter().fold(Choice::from(0), |found, known| found | known.ct_eq(&hash));
        accepted.into()
    }
}

/// What every new key begins with: so that people, and scanners for leaked keys, know one when they see it.
pub const APP_KEY_PREFIX: &str = "dwk_";

/// A new key: 256 random bits.
pub fn new_app_key(random: &dyn Random) -> String {
    format!("{APP_KEY_PREFIX}{}", URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)))
}

/// The secret's text for these keys, for whoever writes it.
pub fn secret_text(keys: &[(&str, &str)]) -> String {
    let keys: Vec<serde_json::Value> =
        keys.iter().map(|(id, key)| serde_json::json!({ "id": id, "sha256": hex(&sha256(key.as_bytes())) })).collect();
    serde_json::json!({ "keys": keys }).to_string()
}

impl SecretFormat for AppKeySet {
    const EXPECTED: &'static str =
        r#"it must be {"keys": [{"id": "...", "sha256": "64 hexadecimal digits of the key's SHA-256"}]}"#;

    fn parse(text: &str) -> Option<Self> {
        let text: Text = serde_json::from_str(text).ok()?;
        let hashes = text.keys.iter().map(|key| unhex(&key.sha256)).collect::<Option<Vec<_>>>()?;
        Some(Self { hashes })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_key_is_accepted_and_no_other() {
        let keys = AppKeySet::parse(&secret_text(&[("old", "key-1"), ("new", "key-2")])).unwrap();
        assert!(keys.accepts("key-1") && keys.accepts("key-2"));
        assert!(!keys.accepts("key-3") && !keys.accepts("") && !keys.accepts("key-1 "));
    }

    #[test]
    fn no_key_at_all_is_a_valid_secret_that_accepts_nothing() {
        let none = AppKeySet::parse(r#"{"keys":[]}"#).unwrap();
        assert!(!none.accepts("") && none.is_empty());
        assert!(!AppKeySet::parse(&secret_text(&[("new", "key-1")])).unwrap().is_empty());
    }

    #[test]
    fn a_malformed_secret_is_refused_as_a_whole() {
        let hashed = |hash: &str| format!(r#"{{"keys":[{{"sha256":"{hash}"}}]}}"#);
        assert!(AppKeySet::parse(&hashed(&"0f".repeat(32))).is_some());
        // The last is one that Rust would read as numbers: two characters that are a sign and a digit.
        for text in
            ["", "{}", &hashed("abc"), &hashed(&"0f".repeat(33)), &hashed(&"zz".repeat(32)), &hashed(&"+f".repeat(32))]
        {
            assert!(AppKeySet::parse(text).is_none(), "{text}");
        }
    }
}
