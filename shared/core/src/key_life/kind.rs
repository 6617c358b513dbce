//! The two kinds of keys that rotate, and what is different about them.

use std::fmt;

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::json::Object;
use doorway_lti::jws::UnverifiedJws;
use doorway_lti::key_set::{Algorithm, KeySet};
use serde_json::{Map, Value, json};

use super::{KeyLife, LivingKey, signing, state};
use crate::random::Random;
use crate::secret::SecretFormat as _;
use crate::signing_keys::SigningKeySet;
use crate::state::StateKeySet;

/// Which keys a secret holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// The keys that sign for the Tool; their public halves are published.
    Signing,
    /// The keys that seal states; nobody else knows of them.
    State,
}

/// What a secret's text holds.
#[derive(Debug)]
pub enum Found {
    /// Keys.
    Keys(Box<KeyLife>),
    /// Nothing yet: no text, or the empty object that a template begins a secret with.
    Nothing,
    /// Something else. It may be keys that somebody damaged, so it is never overwritten.
    Broken,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signing => "signing-keys",
            Self::State => "state-key",
        })
    }
}

impl KeyKind {
    /// What the secret's text must be, for the operator.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Signing => SigningKeySet::EXPECTED,
            Self::State => StateKeySet::EXPECTED,
        }
    }

    /// Reads a secret's text.
    pub fn read(self, text: &str) -> Found {
        let is_nothing = text.trim().is_empty()
            || serde_json::from_str(text).is_ok_and(|object: Map<String, Value>| object.is_empty());
        if is_nothing {
            return Found::Nothing;
        }
        let life = match self {
            Self::Signing => signing::parse(text),
            // What cannot be used is no key, although it has the form of one.
            Self::State => StateKeySet::parse(text).and_then(|_| state::parse(text)),
        };
        life.map_or(Found::Broken, |life| Found::Keys(Box::new(life)))
    }

    /// The secret's text for these keys.
    pub fn text(self, life: &KeyLife) -> String {
        match self {
            Self::Signing => signing::text(life),
            Self::State => state::text(life),
        }
    }

    /// A new key.
    pub fn make(self, random: &dyn Random, now: UnixSeconds) -> LivingKey {
        match self {
            Self::Signing => signing::make(now),
            Self::State => state::make(random, now),
        }
    }

    /// The public JWK Set of these keys; `None` for keys that are not published.
    pub fn public_set(self, life: &KeyLife) -> Option<Value> {
        match self {
            Self::Signing => {
                Some(json!({ "keys": life.all().filter_map(|key| key.public.clone()).collect::<Vec<_>>() }))
            }
            Self::State => None,
        }
    }

    /// Whether every key of the text does what it is for: signs what its public half verifies, seals what it opens.
    pub fn works(self, text: &str, random: &dyn Random) -> bool {
        match self {
            Self::Signing => SigningKeySet::parse(text).is_some_and(|keys| verifies(&keys)),
            Self::State => StateKeySet::parse(text).is_some_and(|keys| keys.works(random)),
        }
    }
}

/// Judged with the verifier that judges Platforms: it knows nothing but the public set.
fn verifies(keys: &SigningKeySet) -> bool {
    let Ok(public) = KeySet::parse(keys.public_set().to_string().as_bytes()) else { return false };
    keys.all().all(|key| {
        let token = key.sign(&Object::new());
        let unverified = UnverifiedJws::parse(&token, &[Algorithm::RS256]);
        unverified.and_then(|token| token.verify(&public)).is_ok_and(|payload| payload == b"{}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    const NOW: UnixSeconds = UnixSeconds(1_795_420_800);
    const KINDS: [KeyKind; 2] = [KeyKind::Signing, KeyKind::State];

    fn keys(kind: KeyKind, text: &str) -> KeyLife {
        match kind.read(text) {
            Found::Keys(life) => *life,
            other => panic!("no keys: {other:?}"),
        }
    }

    #[test]
    fn keys_are_read_as_they_were_written() {
        for kind in KINDS {
            let first = KeyLife::first(|| kind.make(&SystemRandom, NOW));
            let life = KeyLife { previous: Some(kind.make(&SystemRandom, NOW)), ..first };
            let text = kind.text(&life);
            let read = keys(kind, &text);
            assert_eq!(read, life);
            assert_eq!(read.next.as_ref().unwrap().made_at.as_deref(), Some("2026-11-23T08:00:00Z"));
            assert_eq!(kind.text(&read), text);
            assert!(kind.works(&text, &SystemRandom), "{kind}");
        }
    }

    #[test]
    fn the_functions_read_what_a_rotation_writes_and_a_rotation_what_operators_wrote() {
        let life = KeyLife::first(|| KeyKind::Signing.make(&SystemRandom, NOW));
        let text = KeyKind::Signing.text(&life);
        let set = SigningKeySet::parse(&text).unwrap();
        let ids: Vec<&str> = life.all().map(|key| key.id.as_str()).collect();
        assert_eq!(set.all().map(|key| key.id()).collect::<Vec<_>>(), ids);
        assert_eq!(KeyKind::Signing.public_set(&life), Some(set.public_set()));

        let text: Value = serde_json::from_str(&text).unwrap();
        let by_hand = serde_json::json!({ "current": text["current"] }).to_string();
        let read = keys(KeyKind::Signing, &by_hand);
        assert_eq!((read.current, read.next, read.previous), (life.current, None, None));
        let generated = format!(r#"{{"id":"1","secret":"{}"}}"#, "x".repeat(64));
        assert_eq!(keys(KeyKind::State, &generated).current.id, "1");
    }

    #[test]
    fn nothing_is_told_from_what_is_broken() {
        for kind in KINDS {
            for nothing in ["", " ", "{}", "{ }\n"] {
                assert!(matches!(kind.read(nothing), Found::Nothing), "{kind} {nothing:?}");
            }
            for broken in ["[]", "x", r#"{"current":"x"}"#, r#"{"id":"1","secret":"short"}"#, r#"{"previous":null}"#] {
                assert!(matches!(kind.read(broken), Found::Broken), "{kind} {broken:?}");
                assert!(!kind.works(broken, &SystemRandom));
            }
        }
    }
}
