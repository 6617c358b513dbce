//! The keys that sign for the Tool: client assertions and deep-linking responses.
//!
//! A secret that only functions that sign can read. A key is `next` for a whole period before it signs, so that every
//! Platform knows it by then, `current` while it signs, and `previous` until all that it signed has expired.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom as SigningRandom;
use aws_lc_rs::rsa::{KeyPair, PublicKeyComponents};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use doorway_lti::json::Object;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::random::Random;
use crate::sealing::{Derivation, SealingKey};
use crate::secret::SecretFormat;

/// The least size of a key, in bits (Security Framework §5.1.4 demands RSA; NIST 2048 bits).
const MIN_BITS: usize = 2048;

/// The signing keys that are valid now.
pub struct SigningKeySet {
    current: SigningKey,
    previous: Option<SigningKey>,
    next: Option<SigningKey>,
}

/// One RSA key, kept parsed: parsing costs as much as signing.
pub struct SigningKey {
    id: String,
    pair: KeyPair,
    sealing: SealingKey,
}

/// The secret's JSON: PKCS #8 in base64.
#[derive(Deserialize)]
struct Text {
    current: String,
    previous: Option<String>,
    next: Option<String>,
}

impl SigningKeySet {
    /// Signs claims as a JWT with the current key (RS256, `kid` in the header, as every Platform takes it).
    pub fn sign(&self, claims: &Object) -> String {
        self.current.sign(claims)
    }

    /// The id of the key that signs.
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// The key to sign with, of those that are published: the current one; the next one when the current one was revoked
    /// and this instance has not heard of it yet.
    pub fn published_signer(&self, is_published: impl Fn(&str) -> bool) -> Option<&SigningKey> {
        self.all().find(|key| is_published(&key.id))
    }

    /// The key that signs.
    pub fn current(&self) -> &SigningKey {
        &self.current
    }

    /// All keys as the public JWK Set.
    pub fn public_set(&self) -> Value {
        json!({ "keys": self.all().map(SigningKey::public_jwk).collect::<Vec<_>>() })
    }

    /// Seals what only functions that sign may read: tokens in the table, positions in a roster.
    pub fn seal(&self, bound: &[u8], plain: Vec<u8>, random: &dyn Random) -> Vec<u8> {
        self.current.sealing.seal(bound, plain, random)
    }

    /// Opens what was sealed by any of the keys.
    pub fn open(&self, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.all().find_map(|key| key.sealing.open(bound, sealed))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &SigningKey> {
        std::iter::once(&self.current).chain(&self.next).chain(&self.previous)
    }
}

impl SigningKey {
    /// Reads a key from base64 of PKCS #8.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let der = STANDARD.decode(text).ok()?;
        let pair = KeyPair::from_pkcs8(&der).ok()?;
        if pair.public_modulus_len() * 8 < MIN_BITS {
            return None;
        }
        let sealing = Derivation::new("doorway signing key", &der).sealing_key("seal");
        Some(Self { id: thumbprint(&pair), pair, sealing })
    }

    /// Its id: the thumbprint (RFC 7638).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs claims as a JWT (RS256, `kid` in the header, as every Platform takes it).
    pub fn sign(&self, claims: &Object) -> String {
        let header = format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{}"}}"#, self.id);
        let claims = serde_json::to_vec(claims).expect("an object of JSON values serialises");
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SigningRandom::new(), input.as_bytes(), &mut signature)
            .expect("a key of 2048 bits and more signs any input");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub(crate) fn public_jwk(&self) -> Value {
        let (n, e) = components(&self.pair);
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": n, "e": e })
    }
}

/// The key's id: its thumbprint (RFC 7638), so that no id is ever used for another key.
fn thumbprint(pair: &KeyPair) -> String {
    let (n, e) = components(pair);
    let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}

/// Modulus and exponent in base64url.
fn components(pair: &KeyPair) -> (String, String) {
    let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    (URL_SAFE_NO_PAD.encode(&public.n), URL_SAFE_NO_PAD.encode(&public.e))
}

impl SecretFormat for SigningKeySet {
    const EXPECTED: &'static str =
        r#"it must be {"current": "PKCS #8 of an RSA key of 2048 bits or more, in base64", "previous"?, "next"?}"#;

    fn parse(text: &str) -> Option<Self> {
        let text: Text = serde_json::from_str(text).ok()?;
        let other = |text: Option<String>| match text {
            Some(text) => SigningKey::parse(&text).map(Some),
            None => Some(None),
        };
        Some(Self {
            current: SigningKey::parse(&text.current)?,
            previous: other(text.previous)?,
            next: other(text.next)?,
        })
    }
}

impl fmt::Debug for SigningKeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKeySet({})", self.current.id)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
    use aws_lc_rs::rsa::KeySize;

    use super::*;
    use crate::random::SystemRandom;

    fn pkcs8() -> Vec<u8> {
        let key = KeyPair::generate(KeySize::Rsa2048).expect("there is randomness for a key");
        let der: Pkcs8V1Der<'static> = key.as_der().expect("a fresh key has a PKCS #8 form");
        der.as_ref().to_vec()
    }

    fn set(current: &[u8], previous: Option<&[u8]>, next: Option<&[u8]>) -> SigningKeySet {
        let text = json!({
            "current": STANDARD.encode(current), "previous": previous.map(|key| STANDARD.encode(key)),
            "next": next.map(|key| STANDARD.encode(key)),
        });
        SigningKeySet::parse(&text.to_string()).expect("the secret is well formed")
    }

    #[test]
    fn every_key_is_published_and_the_current_one_signs() {
        let (a, b, c) = (pkcs8(), pkcs8(), pkcs8());
        let keys = set(&a, Some(&b), Some(&c));
        let published = keys.public_set();
        assert_eq!(published["keys"].as_array().unwrap().len(), 3);
        assert_eq!(published["keys"][0]["kid"], keys.current_id());
        assert!(published["keys"].as_array().unwrap().iter().all(|key| key.as_object().unwrap().len() == 6));
        let token = keys.sign(&Object::new());
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let expected = format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{}"}}"#, keys.current_id());
        assert_eq!(String::from_utf8(header).unwrap(), expected);
    }

    #[test]
    fn what_one_key_sealed_opens_while_it_is_previous_and_no_longer() {
        let (old, new) = (pkcs8(), pkcs8());
        let sealed = set(&old, None, None).seal(b"x", b"plain".to_vec(), &SystemRandom);
        assert_eq!(set(&new, Some(&old), None).open(b"x", &sealed).as_deref(), Some(b"plain".as_slice()));
        assert_eq!(set(&new, None, None).open(b"x", &sealed), None);
    }

    #[test]
    fn what_is_no_key_set_is_refused() {
        for text in ["", "{}", r#"{"current":"x"}"#, r#"{"current":""}"#] {
            assert!(SigningKeySet::parse(text).is_none(), "{text}");
        }
        let broken = json!({ "current": STANDARD.encode(pkcs8()), "previous": "broken" });
        assert!(SigningKeySet::parse(&broken.to_string()).is_none(), "a broken previous key is no absent one");
    }
}
