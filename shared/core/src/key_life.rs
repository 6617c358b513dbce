//! The life of a key: `next`, then `current`, then `previous`, then gone. Signing keys and state keys live alike.
//!
//! * `next` is known everywhere before it is used: Platforms find it in the published key set, functions in the secret.
//! * `current` signs, or seals.
//! * `previous` is kept for what it signed or sealed before.
//!
//! Pure: the time, and how new keys are made, are arguments. Where the keys are kept, and in which order a rotation
//! writes, is [`crate::key_ring`]'s matter.

mod kind;
mod signing;
mod state;

use std::fmt;

use doorway_lti::access_token::ASSERTION_SECONDS;
use doorway_lti::deep_linking::RESPONSE_SECONDS;
use doorway_lti::id_token::UnixSeconds;
use serde_json::Value;

use crate::date::rfc3339;
use crate::secret::{SECRET_MAX_STALE_SECONDS, SECRET_REREAD_SECONDS};
use crate::state::LOGIN_LIFETIME_SECONDS;

pub use kind::{Found, KeyKind};

/// How long a key is `next` at least, and then how long its forerunner is `previous` at least, in seconds: a day.
///
/// * The key set may be cached for an hour, and a Platform that does not heed `Cache-Control` for longer: a Platform that
///   caches for a day still has the key before it signs. (Doorway itself never trusts a set for longer than a day.)
/// * A function works with a secret that it read an hour ago while Secrets Manager fails
///   ([`SECRET_MAX_STALE_SECONDS`]): so long a key may sign after it became `previous`, and what it signed last is good for
///   five minutes more; a login that it sealed last is good for ten.
///
/// A rotation that comes sooner changes nothing ([`NotYet`]).
pub const LEAST_PERIOD_SECONDS: u64 = 24 * 3600;

/// How long after a rotation an instance may still work with the keys from before, in seconds.
const STALE_SECONDS: u64 = SECRET_MAX_STALE_SECONDS + SECRET_REREAD_SECONDS;
const _: () = assert!(LEAST_PERIOD_SECONDS > STALE_SECONDS + ASSERTION_SECONDS);
const _: () = assert!(LEAST_PERIOD_SECONDS > STALE_SECONDS + RESPONSE_SECONDS);
const _: () = assert!(LEAST_PERIOD_SECONDS > STALE_SECONDS + LOGIN_LIFETIME_SECONDS);

/// One key as its secret keeps it. Prints its id alone.
#[derive(Clone)]
pub struct LivingKey {
    /// Its name: in the key set, in logs, and for whoever revokes it.
    pub id: String,
    /// The key itself, as the secret's text has it.
    material: String,
    /// Its public half as a JWK, if it has one.
    public: Option<Value>,
    /// When it was made (RFC 3339), for people. Keys of before do not tell.
    pub made_at: Option<String>,
}

/// The keys of one secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLife {
    /// The key that signs, or seals.
    pub current: LivingKey,
    /// The key that did so before.
    pub previous: Option<LivingKey>,
    /// The key that will.
    pub next: Option<LivingKey>,
}

/// A rotation came too soon: it would use a key that is not known everywhere yet, or drop one that is still in use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "key `{next}` is not known everywhere yet, and the key before `current` may still be in use: nothing was changed; \
     rotate again at {} or later",
    rfc3339(*.due_at)
)]
pub struct NotYet {
    /// The id of the next key.
    pub next: String,
    /// When it may be used.
    pub due_at: UnixSeconds,
}

/// No key of the secret has this id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no key has the id `{id}`: the ids are {known}")]
pub struct KeyUnknown {
    /// What was asked for.
    pub id: String,
    /// The ids that there are.
    pub known: String,
}

impl LivingKey {
    /// A key that is made now.
    pub(crate) fn new(id: String, material: String, now: UnixSeconds) -> Self {
        Self { id, material, public: None, made_at: Some(rfc3339(now)) }
    }
}

/// A key is its id.
impl PartialEq for LivingKey {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for LivingKey {}

impl fmt::Debug for LivingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LivingKey({})", self.id)
    }
}

impl KeyLife {
    /// The first keys: one that is used at once, since nobody knows another, and the next.
    pub fn first(mut make: impl FnMut() -> LivingKey) -> Self {
        Self { current: make(), previous: None, next: Some(make()) }
    }

    /// The keys after a rotation: `next` becomes `current`, `current` becomes `previous`, and there is a new `next`. Keys of
    /// before that have no `next` get one; then nothing else changes.
    ///
    /// `in_use_since` is when the secret with this `next` came into use, as far as that is known.
    ///
    /// # Errors
    /// [`NotYet`] within [`LEAST_PERIOD_SECONDS`].
    pub fn rotate(
        &self,
        in_use_since: Option<UnixSeconds>,
        now: UnixSeconds,
        make: impl FnOnce() -> LivingKey,
    ) -> Result<Self, NotYet> {
        let Some(next) = &self.next else {
            return Ok(Self { next: Some(make()), ..self.clone() });
        };
        let due_at = UnixSeconds(in_use_since.unwrap_or(now).0 + LEAST_PERIOD_SECONDS);
        if now < due_at {
            return Err(NotYet { next: next.id.clone(), due_at });
        }
        Ok(Self { current: next.clone(), previous: Some(self.current.clone()), next: Some(make()) })
    }

    /// The keys without the one of this id. In place of `current` steps `next`; there is always a `next` afterwards.
    ///
    /// # Errors
    /// [`KeyUnknown`].
    pub fn revoke(&self, id: &str, mut make: impl FnMut() -> LivingKey) -> Result<Self, KeyUnknown> {
        let is_revoked = |key: &&LivingKey| key.id == id;
        if self.all().all(|key| key.id != id) {
            let known: Vec<String> = self.all().map(|key| format!("`{}`", key.id)).collect();
            return Err(KeyUnknown { id: id.to_owned(), known: known.join(", ") });
        }
        let mut next = self.next.clone().filter(|key| !is_revoked(&key));
        let current =
            if is_revoked(&&self.current) { next.take().unwrap_or_else(&mut make) } else { self.current.clone() };
        let previous = self.previous.clone().filter(|key| !is_revoked(&key));
        Ok(Self { current, previous, next: Some(next.unwrap_or_else(make)) })
    }

    /// Whether these keys were made of those by a rotation, or by one that came too soon.
    pub fn follows(&self, before: &Self) -> bool {
        let kept = self.current == before.current
            && self.previous == before.previous
            && (before.next.is_none() || self.next == before.next);
        let rotated = before.next.as_ref() == Some(&self.current) && self.previous.as_ref() == Some(&before.current);
        kept || rotated
    }

    /// All keys: `current`, `next`, `previous`.
    pub fn all(&self) -> impl Iterator<Item = &LivingKey> {
        std::iter::once(&self.current).chain(&self.next).chain(&self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_000_000);
    const LONG_AGO: Option<UnixSeconds> = Some(UnixSeconds(NOW.0 - LEAST_PERIOD_SECONDS));

    /// Makes the keys "1", "2", ...
    fn maker() -> impl FnMut() -> LivingKey {
        let mut made = 0;
        move || {
            made += 1;
            LivingKey::new(made.to_string(), format!("material {made}"), NOW)
        }
    }

    fn ids(life: &KeyLife) -> (&str, Option<&str>, Option<&str>) {
        let id = |key: &'_ Option<LivingKey>| key.as_ref().map(|key| key.id.clone());
        let leak = |id: Option<String>| id.map(|id| &*id.leak());
        (&*life.current.id.clone().leak(), leak(id(&life.previous)), leak(id(&life.next)))
    }

    #[test]
    fn a_key_is_next_then_current_then_previous_then_gone() {
        let mut make = maker();
        let mut life = KeyLife::first(&mut make);
        assert_eq!(ids(&life), ("1", None, Some("2")));
        life = life.rotate(LONG_AGO, NOW, &mut make).unwrap();
        assert_eq!(ids(&life), ("2", Some("1"), Some("3")));
        life = life.rotate(LONG_AGO, NOW, &mut make).unwrap();
        assert_eq!(ids(&life), ("3", Some("2"), Some("4")));
    }

    #[test]
    fn a_rotation_that_comes_too_soon_is_refused_in_words() {
        let mut make = maker();
        let life = KeyLife::first(&mut make);
        for in_use_since in [None, Some(NOW), Some(UnixSeconds(NOW.0 - LEAST_PERIOD_SECONDS + 1))] {
            let refused = life.rotate(in_use_since, NOW, &mut make).unwrap_err().to_string();
            assert!(
                refused.contains("key `2` is not known everywhere yet") && refused.contains("rotate again at 1970")
            );
        }
        assert!(life.rotate(LONG_AGO, NOW, make).is_ok());
    }

    #[test]
    fn keys_of_before_get_a_next_key_and_change_nothing_else() {
        let mut make = maker();
        let before = KeyLife { next: None, ..KeyLife::first(&mut make) };
        let after = before.rotate(None, NOW, &mut make).unwrap();
        assert_eq!(ids(&after), ("1", None, Some("3")));
        assert!(after.follows(&before));
    }

    #[test]
    fn a_revoked_key_is_gone_and_another_signs() {
        let mut make = maker();
        let life = KeyLife::first(&mut make).rotate(LONG_AGO, NOW, &mut make).unwrap();
        assert_eq!(ids(&life), ("2", Some("1"), Some("3")));
        assert_eq!(ids(&life.revoke("2", &mut make).unwrap()), ("3", Some("1"), Some("4")));
        assert_eq!(ids(&life.revoke("1", &mut make).unwrap()), ("2", None, Some("3")));
        assert_eq!(ids(&life.revoke("3", &mut make).unwrap()), ("2", Some("1"), Some("5")));
        let unknown = life.revoke("9", &mut make).unwrap_err().to_string();
        assert_eq!(unknown, "no key has the id `9`: the ids are `2`, `3`, `1`");
        let single = KeyLife { previous: None, next: None, ..life };
        assert_eq!(ids(&single.revoke("2", make).unwrap()), ("6", None, Some("7")));
    }

    #[test]
    fn only_what_was_made_of_these_keys_follows_them() {
        let mut make = maker();
        let life = KeyLife::first(&mut make);
        let rotated = life.rotate(LONG_AGO, NOW, &mut make).unwrap();
        assert!(rotated.follows(&life) && life.follows(&life) && !life.follows(&rotated));
        assert!(!rotated.follows(&life.revoke("1", &mut make).unwrap()), "made before a key was revoked");
        assert!(!rotated.follows(&rotated.revoke("1", &mut make).unwrap()));
        assert!(!KeyLife::first(make).follows(&life));
    }

    #[test]
    fn a_key_prints_its_id_alone() {
        let printed = format!("{:?}", KeyLife::first(maker()));
        assert!(printed.contains("LivingKey(1)") && !printed.contains("material"), "{printed}");
    }
}
