//! A small memory for things that are found by a random id and soon forgotten: sessions and message hints.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

use crate::lock::locked;

/// Values by id; at most `capacity` of them, each for `lifetime_seconds`. The oldest goes first.
pub(crate) struct Keep<T> {
    capacity: usize,
    lifetime_seconds: u64,
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    values: HashMap<String, (u64, T)>,
    /// Ids in the order in which they came, which is the order in which they expire.
    order: VecDeque<String>,
}

impl<T: Clone> Keep<T> {
    pub(crate) fn new(capacity: usize, lifetime_seconds: u64) -> Self {
        let kept = Kept { values: HashMap::new(), order: VecDeque::new() };
        Self { capacity, lifetime_seconds, kept: Mutex::new(kept) }
    }

    /// Keeps a value under an id that was not used before. `now` is in unix seconds.
    pub(crate) fn put(&self, id: String, value: T, now: u64) {
        self.insert(&mut self.kept(), id, value, now);
    }

    fn insert(&self, kept: &mut Kept<T>, id: String, value: T, now: u64) {
        while kept.order.len() >= self.capacity
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.values.remove(&oldest);
        }
        kept.order.push_back(id.clone());
        kept.values.insert(id, (now.saturating_add(self.lifetime_seconds), value));
    }

    /// Keeps a value unless one is kept under this id and good still; tells whether it did. Of several callers one does.
    pub(crate) fn put_new(&self, id: &str, value: T, now: u64) -> bool {
        let mut kept = self.kept();
        if kept.values.get(id).is_some_and(|(expires_at, _)| now < *expires_at) {
            return false;
        }
        kept.order.retain(|kept_id| kept_id != id);
        self.insert(&mut kept, id.to_owned(), value, now);
        true
    }

    /// The value, which stays.
    pub(crate) fn find(&self, id: &str, now: u64) -> Option<T> {
        let kept = self.kept();
        let (expires_at, value) = kept.values.get(id)?;
        (now < *expires_at).then(|| value.clone())
    }

    /// The value, which goes: of several callers one gets it.
    pub(crate) fn take(&self, id: &str, now: u64) -> Option<T> {
        let mut kept = self.kept();
        let (expires_at, value) = kept.values.remove(id)?;
        kept.order.retain(|kept_id| kept_id != id);
        (now < expires_at).then_some(value)
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        kept.values.clear();
        kept.order.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        locked(&self.kept)
    }
}

#[cfg(test)]
mod tests {
    use super::Keep;

    #[test]
    fn a_value_is_taken_once() {
        let keep = Keep::new(2, 10);
        keep.put("a".into(), 1, 0);
        assert_eq!(keep.take("a", 1), Some(1));
        assert_eq!(keep.take("a", 1), None);
    }

    #[test]
    fn a_value_expires() {
        let keep = Keep::new(2, 10);
        keep.put("a".into(), 1, 100);
        assert_eq!(keep.find("a", 109), Some(1));
        assert_eq!(keep.find("a", 110), None);
        assert_eq!(keep.take("a", 110), None);
    }

    #[test]
    fn an_id_is_new_once_and_again_when_it_has_expired() {
        let keep = Keep::new(2, 10);
        assert!(keep.put_new("a", (), 0));
        assert!(!keep.put_new("a", (), 9));
        assert!(keep.put_new("a", (), 10));
        assert!(keep.put_new("b", (), 10));
        assert!(!keep.put_new("a", (), 11), "an id that expired and came again counts once");
    }

    #[test]
    fn the_oldest_makes_room_for_the_newest() {
        let keep = Keep::new(2, 10);
        for (id, value) in [("a", 1), ("b", 2), ("c", 3)] {
            keep.put(id.into(), value, 0);
        }
        assert_eq!(keep.find("a", 0), None);
        assert_eq!(keep.find("b", 0), Some(2));
        assert_eq!(keep.find("c", 0), Some(3));
    }
}
