//! A small bounded cache whose entries expire by a clock that is passed in.
//!
//! `lru` does the bounding; expiry is ours because the well-kept caches that expire read the system's clock
//! themselves, and nothing here may.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use doorway_lti::id_token::UnixSeconds;
use lru::LruCache;

/// Values by key, each until its moment, at most `capacity` of them (the longest unused goes first).
pub struct Cache<K: Hash + Eq, V> {
    entries: Mutex<LruCache<K, (V, UnixSeconds)>>,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// An empty cache.
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self { entries: Mutex::new(LruCache::new(capacity)) }
    }

    /// The value, if it is there and has not expired.
    pub fn get(&self, key: &K, now: UnixSeconds) -> Option<V> {
        let mut entries = self.lock();
        let (value, expires_at) = entries.get(key)?;
        (now < *expires_at).then(|| value.clone())
    }

    /// Keeps the value until `expires_at`.
    pub fn put(&self, key: K, value: V, expires_at: UnixSeconds) {
        self.lock().put(key, (value, expires_at));
    }

    /// Forgets the value.
    pub fn remove(&self, key: &K) {
        self.lock().pop(key);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<K, (V, UnixSeconds)>> {
        // A panic while the lock was held leaves a cache, not an invariant, behind.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_there_until_its_moment() {
        let cache = Cache::new(NonZeroUsize::MIN);
        cache.put("a", 1, UnixSeconds(10));
        assert_eq!(cache.get(&"a", UnixSeconds(9)), Some(1));
        assert_eq!(cache.get(&"a", UnixSeconds(10)), None);
    }

    #[test]
    fn the_longest_unused_entry_goes_first() {
        let cache = Cache::new(NonZeroUsize::new(2).unwrap());
        cache.put("a", 1, UnixSeconds(10));
        cache.put("b", 2, UnixSeconds(10));
        cache.get(&"a", UnixSeconds(0));
        cache.put("c", 3, UnixSeconds(10));
        assert_eq!(cache.get(&"b", UnixSeconds(0)), None);
        assert_eq!(cache.get(&"a", UnixSeconds(0)), Some(1));
    }
}
