//! The key in the redirect of an arrival.
//!
//! It brings a browser that keeps no cookie from the redirect into the visit. URLs end up in histories and logs, so it
//! opens the visit once, and at once: what is found there later opens nothing.

use std::sync::{Mutex, PoisonError};

use subtle::ConstantTimeEq;

/// Seconds that the key is good: browsers follow a redirect right away.
const KEY_SECONDS: u64 = 30;

/// The key, until it is used. An App of several processes takes it from its database with one conditional delete.
pub(crate) struct ArrivalKey {
    unused: Mutex<Option<Unused>>,
}

struct Unused {
    key: String,
    expires_at: u64,
}

impl ArrivalKey {
    /// A key that nobody has used yet. `now` is in unix seconds.
    pub(crate) fn new(key: String, now: u64) -> Self {
        Self { unused: Mutex::new(Some(Unused { key, expires_at: now.saturating_add(KEY_SECONDS) })) }
    }

    /// Uses the key, and says whether that opens the visit. Whoever shows another key does not use this one up.
    pub(crate) fn take(&self, shown: &str, now: u64) -> bool {
        let mut unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        let is_shown = |unused: &mut Unused| bool::from(unused.key.as_bytes().ct_eq(shown.as_bytes()));
        unused.take_if(is_shown).is_some_and(|taken| now < taken.expires_at)
    }

    /// Ends the key, used or not.
    pub(crate) fn end(&self) {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

#[cfg(test)]
mod tests {
    use super::{ArrivalKey, KEY_SECONDS};

    fn key() -> ArrivalKey {
        ArrivalKey::new("right".into(), 100)
    }

    #[test]
    fn a_key_opens_once() {
        let key = key();
        assert!(key.take("right", 100));
        assert!(!key.take("right", 100));
    }

    #[test]
    fn a_key_that_comes_late_opens_nothing_and_is_used_up() {
        assert!(key().take("right", 99 + KEY_SECONDS));
        let late = key();
        assert!(!late.take("right", 100 + KEY_SECONDS));
        assert!(!late.take("right", 100));
    }

    #[test]
    fn a_guess_opens_nothing_and_does_not_use_the_key_up() {
        let key = key();
        for guess in ["", "wrong", "right "] {
            assert!(!key.take(guess, 100), "{guess}");
        }
        assert!(key.take("right", 100));
    }

    #[test]
    fn a_key_that_was_ended_opens_nothing() {
        let key = key();
        key.end();
        assert!(!key.take("right", 100));
        assert!(!key.take("", 100));
    }
}
