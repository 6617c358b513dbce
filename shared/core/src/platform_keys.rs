//! Platforms' public keys: in memory, then in the registrations table, then fetched.
//!
//! * A known key costs nothing while its set is fresh (`Cache-Control: max-age`, within 1 minute and 24 hours).
//! * An unknown key id may be a rotation: the set is fetched anew, within a small budget per JWKS URL. A flood of
//!   random key ids spends the budget on fetches of the very set in which a real rotation would appear, so it
//!   neither makes a storm nor locks the rotation out: a new key is known after 20 seconds at most.
//! * One fetch at a time per URL; who waited for it uses its result.
//! * When the Platform does not answer, the old set serves for up to 24 hours: so long a withdrawn key may live.

mod budget;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::KeyId;
use doorway_lti::key_set::{KeySet, KeySetError};
use lru::LruCache;
use url::Url;

use crate::http::{FetchError, PlatformClient};
use crate::store::{Item, StoreError, Table, number, read_number, read_text, schema, text};
use budget::Budget;

/// The largest key set that is read, in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;
/// How long a set is fresh when the Platform does not say, in seconds.
pub const DEFAULT_FRESH_SECONDS: u64 = 3600;
/// The longest that a set is used without a successful fetch, in seconds.
pub const MAX_STALE_SECONDS: u64 = 24 * 3600;
/// How young a set of another instance is believed without looking further, in seconds: so many instances together
/// fetch hardly more often than one.
pub const YOUNG_SECONDS: u64 = 20;
/// How far ahead another instance's clock may be, in seconds, before what it stored is passed over.
const CLOCK_SECONDS: u64 = 60;
/// How long a stale set serves before the next attempt when the Platform does not answer, in seconds.
pub const RETRY_SECONDS: u64 = 30;

const FRESH_SECONDS: std::ops::RangeInclusive<u64> = 60..=MAX_STALE_SECONDS;
const CACHED_SETS: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

/// The Platform's keys cannot be had: not from it, not from a cache.
#[derive(Debug, thiserror::Error)]
#[error("the keys at `{address}` cannot be had: {reason}")]
pub struct KeysUnavailable {
    /// Where they should be, without the query.
    pub address: String,
    /// Why not.
    pub reason: KeysFault,
}

/// Why keys could not be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeysFault {
    /// The Platform did not answer well.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What it answered is no key set.
    #[error(transparent)]
    NotAKeySet(#[from] KeySetError),
    /// A key set in which no key can verify anything: maintenance, or a mistake. What is cached is better.
    #[error("no key in it can verify a launch")]
    NoUsableKeys,
    /// The budget of fetches is spent, and nothing is cached.
    #[error("it was tried too often within a minute")]
    BudgetSpent,
}

/// A key set with its age.
#[derive(Clone)]
struct Cached {
    set: Arc<KeySet>,
    fetched_at: UnixSeconds,
    fresh_until: UnixSeconds,
    /// Whether another instance fetched it.
    adopted: bool,
}

impl Cached {
    fn is_fresh(&self, now: UnixSeconds) -> bool {
        now < self.fresh_until
    }

    fn is_usable(&self, now: UnixSeconds) -> bool {
        self.fetched_at.0 <= now.0 + CLOCK_SECONDS && now.0 < self.fetched_at.0 + MAX_STALE_SECONDS
    }

    fn is_young(&self, now: UnixSeconds) -> bool {
        now.0 < self.fetched_at.0 + YOUNG_SECONDS
    }
}

/// What is known of one JWKS URL. `refreshing` is held while one task looks further than memory.
#[derive(Default)]
struct Slot {
    cached: RwLock<Option<Cached>>,
    refreshing: tokio::sync::Mutex<Budget>,
}

impl Slot {
    fn cached(&self) -> Option<Cached> {
        self.cached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn store(&self, cached: Cached) -> Cached {
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(cached.clone());
        cached
    }
}

/// The keys of all Platforms.
pub struct PlatformKeys {
    table: Table,
    client: Arc<PlatformClient>,
    slots: Mutex<LruCache<Url, Arc<Slot>>>,
}

impl PlatformKeys {
    /// Cached in the registrations table, fetched with `client`.
    pub fn new(table: Table, client: Arc<PlatformClient>) -> Self {
        Self { table, client, slots: Mutex::new(LruCache::new(CACHED_SETS)) }
    }

    /// The key set in which `key_id` should be found: fresh, or fetched anew for the sake of an
    /// unknown key id as far as the budget goes. Whether the key may verify a token is for the token to say.
    ///
    /// # Errors
    /// [`KeysUnavailable`] when there is no set at all.
    pub async fn set_for(
        &self,
        jwks_uri: &Url,
        key_id: &KeyId,
        now: UnixSeconds,
    ) -> Result<Arc<KeySet>, KeysUnavailable> {
        let slot = self.slot(jwks_uri);
        let seen = slot.cached();
        if let Some(cached) = seen.as_ref().filter(|cached| answers(cached, key_id, now)) {
            return Ok(cached.set.clone());
        }
        let mut budget = slot.refreshing.lock().await;
        // Whoever held the lock before us may have refreshed: then that is the answer, also for a key id that is
        // still unknown.
        if let Some(cached) = slot.cached() {
            let refreshed = seen.is_none_or(|seen| seen.fetched_at < cached.fetched_at) && cached.is_fresh(now);
            if refreshed || answers(&cached, key_id, now) {
                return Ok(cached.set);
            }
        }
        self.refresh(jwks_uri, &slot, &mut budget, key_id, now).await
    }

    async fn refresh(
        &self,
        jwks_uri: &Url,
        slot: &Slot,
        budget: &mut Budget,
        key_id: &KeyId,
        now: UnixSeconds,
    ) -> Result<Arc<KeySet>, KeysUnavailable> {
        let mut known = slot.cached().filter(|cached| cached.is_usable(now));
        if let Some(young) = known.as_ref().filter(|cached| cached.adopted && cached.is_young(now)) {
            return Ok(young.set.clone());
        }
        if !budget.take(now) {
            return known.map(|cached| cached.set).ok_or_else(|| unavailable(jwks_uri, KeysFault::BudgetSpent));
        }
        // Another instance may have fetched it meanwhile.
        if let Some(stored) = self.read(jwks_uri).await
            && known.as_ref().is_none_or(|known| known.fetched_at < stored.fetched_at)
            && stored.is_usable(now)
        {
            let stored = slot.store(stored);
            if answers(&stored, key_id, now) || stored.is_young(now) {
                return Ok(stored.set);
            }
            known = Some(stored);
        }
        match (self.fetch(jwks_uri, now).await, known) {
            (Ok(fetched), _) => {
                self.write(jwks_uri, &fetched).await;
                Ok(slot.store(fetched).set)
            }
            (Err(fault), Some(known)) => {
                tracing::warn!(lti.jwks_uri = address(jwks_uri), reason = %fault, "a Platform's cached keys are used although it did not answer");
                let usable_until = UnixSeconds(known.fetched_at.0 + MAX_STALE_SECONDS);
                let fresh_until = known.fresh_until.max(UnixSeconds(now.0 + RETRY_SECONDS)).min(usable_until);
                Ok(slot.store(Cached { fresh_until, ..known }).set)
            }
            (Err(fault), None) => Err(unavailable(jwks_uri, fault)),
        }
    }

    async fn fetch(&self, jwks_uri: &Url, now: UnixSeconds) -> Result<Cached, KeysFault> {
        let document = self.client.get(jwks_uri, MAX_KEY_SET_BYTES).await?;
        let set = KeySet::parse(&document.body)?;
        if set.usable_keys() == 0 {
            return Err(KeysFault::NoUsableKeys);
        }
        let fresh_seconds = document
            .max_age_seconds
            .unwrap_or(DEFAULT_FRESH_SECONDS)
            .clamp(*FRESH_SECONDS.start(), *FRESH_SECONDS.end());
        tracing::info!(
            lti.jwks_uri = address(jwks_uri),
            keys = set.usable_keys(),
            fresh_seconds,
            "a Platform's keys were fetched"
        );
        Ok(Cached {
            set: Arc::new(set),
            fetched_at: now,
            fresh_until: UnixSeconds(now.0 + fresh_seconds),
            adopted: false,
        })
    }

    fn slot(&self, jwks_uri: &Url) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.get_or_insert(jwks_uri.clone(), Arc::default).clone()
    }

    /// The set in the table. A table that fails is no reason to fail a launch: the Platform has the keys.
    async fn read(&self, jwks_uri: &Url) -> Option<Cached> {
        let item =
            self.table.get(key(jwks_uri), false).await.inspect_err(|error| log_table(jwks_uri, error)).ok()??;
        let set = KeySet::parse(read_text(&item, "keys")?.as_bytes()).ok()?;
        let fetched_at = UnixSeconds(read_number(&item, "fetched_at")?);
        let fresh_until = UnixSeconds(read_number(&item, "fresh_until")?);
        Some(Cached { set: Arc::new(set), fetched_at, fresh_until, adopted: true })
    }

    async fn write(&self, jwks_uri: &Url, fetched: &Cached) {
        let mut item = key(jwks_uri);
        item.insert("keys".to_owned(), text(fetched.set.to_json().to_string()));
        item.insert("fetched_at".to_owned(), number(fetched.fetched_at.0));
        item.insert("fresh_until".to_owned(), number(fetched.fresh_until.0));
        let request = self.table.put(item).await;
        if let Err(error) = request.send().await {
            log_table(jwks_uri, &self.table.failed("put a Platform's keys", &error));
        }
    }
}

/// Whether the cached set is fresh and knows the key id, be it that the key must be refused.
fn answers(cached: &Cached, key_id: &KeyId, now: UnixSeconds) -> bool {
    cached.is_fresh(now) && cached.set.knows(key_id)
}

fn log_table(jwks_uri: &Url, error: &StoreError) {
    tracing::warn!(lti.jwks_uri = address(jwks_uri), error = %error, "the table of Platforms' keys was passed over");
}

fn unavailable(jwks_uri: &Url, reason: KeysFault) -> KeysUnavailable {
    KeysUnavailable { address: address(jwks_uri), reason }
}

fn key(jwks_uri: &Url) -> Item {
    schema::key(format!("platform-keys#{jwks_uri}"), "keys".to_owned())
}

/// Origin and path: a query may carry what an operator or a Platform put into it.
fn address(jwks_uri: &Url) -> String {
    format!("{}{}", jwks_uri.origin().ascii_serialization(), jwks_uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_fresh_young_and_usable_until_its_seconds_are_over() {
        let (fetched_at, fresh_until) = (1_000_000, 1_003_600);
        let cached = Cached {
            set: Arc::new(KeySet::parse(br#"{"keys":[]}"#).unwrap()),
            fetched_at: UnixSeconds(fetched_at),
            fresh_until: UnixSeconds(fresh_until),
            adopted: true,
        };
        assert!(cached.is_fresh(UnixSeconds(fresh_until - 1)) && !cached.is_fresh(UnixSeconds(fresh_until)));
        let young_until = fetched_at + YOUNG_SECONDS;
        assert!(cached.is_young(UnixSeconds(young_until - 1)) && !cached.is_young(UnixSeconds(young_until)));
        let stale_from = fetched_at + MAX_STALE_SECONDS;
        assert!(cached.is_usable(UnixSeconds(stale_from - 1)) && !cached.is_usable(UnixSeconds(stale_from)));
        let ahead = fetched_at - CLOCK_SECONDS;
        assert!(cached.is_usable(UnixSeconds(ahead)) && !cached.is_usable(UnixSeconds(ahead - 1)));
    }
}
