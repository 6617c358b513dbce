//! Visits: the App's own sessions, one per launch.
//!
//! A visit per launch keeps two people in one browser, or two courses in two tabs, apart. The secret is in the browser's
//! cookie; the id is in the URL, and alone opens nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use subtle::ConstantTimeEq;

use crate::launch::Launch;
use crate::random;

/// Seconds that a visit lasts: a school day.
pub(crate) const VISIT_SECONDS: u64 = 8 * 60 * 60;
/// Visits kept in memory; the oldest makes room.
const CAPACITY: usize = 1_000;

/// The key to a visit, as the browser gets it.
pub(crate) struct VisitKey {
    /// In the URL.
    pub(crate) id: String,
    /// In the cookie.
    pub(crate) secret: String,
}

struct Visit {
    secret: String,
    expires_at: u64,
    launch: Arc<Launch>,
}

/// All visits, in memory. An App of several processes keeps them in its database.
#[derive(Default)]
pub(crate) struct Visits {
    visits: Mutex<(HashMap<String, Visit>, VecDeque<String>)>,
}

impl Visits {
    /// Opens a visit. `now` is in unix seconds.
    pub(crate) fn open(&self, launch: Launch, now: u64) -> VisitKey {
        let key = VisitKey { id: random::token::<16>(), secret: random::token::<32>() };
        let visit = Visit {
            secret: key.secret.clone(),
            expires_at: now.saturating_add(VISIT_SECONDS),
            launch: Arc::new(launch),
        };
        let mut guard = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let (visits, order) = &mut *guard;
        if order.len() >= CAPACITY
            && let Some(oldest) = order.pop_front()
        {
            visits.remove(&oldest);
        }
        order.push_back(key.id.clone());
        visits.insert(key.id.clone(), visit);
        key
    }

    /// The launch of a visit, for the browser that holds its secret.
    pub(crate) fn find(&self, id: &str, secret: &str, now: u64) -> Option<Arc<Launch>> {
        let guard = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = guard.0.get(id)?;
        let same = bool::from(visit.secret.as_bytes().ct_eq(secret.as_bytes()));
        (same && now < visit.expires_at).then(|| Arc::clone(&visit.launch))
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, VISIT_SECONDS, Visits};
    use crate::launch::Launch;

    fn launch() -> Launch {
        serde_json::from_str(r#"{"id":"a","messageType":"LtiResourceLinkRequest"}"#).unwrap()
    }

    #[test]
    fn a_visit_opens_with_its_own_secret_only() {
        let visits = Visits::default();
        let (mine, theirs) = (visits.open(launch(), 0), visits.open(launch(), 0));
        assert!(visits.find(&mine.id, &mine.secret, 1).is_some());
        for secret in ["", theirs.secret.as_str()] {
            assert!(visits.find(&mine.id, secret, 1).is_none());
        }
    }

    #[test]
    fn a_visit_ends() {
        let visits = Visits::default();
        let key = visits.open(launch(), 100);
        assert!(visits.find(&key.id, &key.secret, 99 + VISIT_SECONDS).is_some());
        assert!(visits.find(&key.id, &key.secret, 100 + VISIT_SECONDS).is_none());
    }

    #[test]
    fn the_oldest_visit_makes_room() {
        let visits = Visits::default();
        let oldest = visits.open(launch(), 0);
        let second = visits.open(launch(), 0);
        for _ in 1..CAPACITY {
            visits.open(launch(), 0);
        }
        assert!(visits.find(&oldest.id, &oldest.secret, 0).is_none());
        assert!(visits.find(&second.id, &second.secret, 0).is_some());
    }
}
