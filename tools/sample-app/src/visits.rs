//! Visits: the App's own sessions, one per launch.
//!
//! A visit per launch keeps two people in one browser, or two courses in two tabs, apart. The secret is in the
//! browser's cookie, or in the forms of a browser that keeps none; the id is in the URL, and alone opens nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use subtle::ConstantTimeEq;

use crate::arrival_key::ArrivalKey;
use crate::attempts::Attempts;
use crate::launch::Launch;
use crate::lessons::Lesson;
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
    /// In the URL of the redirect. Opens the visit once, for a browser that does not keep the cookie.
    pub(crate) arrival_key: String,
}

/// One visit: a launch, and what the person does with it.
pub(crate) struct Visit {
    /// In the URL.
    pub(crate) id: String,
    pub(crate) launch: Launch,
    /// The lesson that the launch leads to.
    pub(crate) lesson: Option<&'static Lesson>,
    pub(crate) attempts: Attempts,
    /// In every form of the visit. Another site can post to the App in this browser's name, cookie and all, but it
    /// cannot read this from a page.
    pub(crate) form_token: String,
    secret: String,
    arrival_key: ArrivalKey,
    expires_at: u64,
}

impl Visit {
    /// Whether a form is one of this visit's own.
    pub(crate) fn made_form_with(&self, token: &str) -> bool {
        self.form_token.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// The secret. Handle it with care: it goes into the browser's cookie or its forms, and nowhere else.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// The browser is in, so nobody else needs to come in by the key.
    pub(crate) fn end_arrival(&self) {
        self.arrival_key.end();
    }

    /// A path of the visit below the App's base.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("/visits/{}{path}", self.id)
    }
}

/// All visits, in memory. An App of several processes keeps them in its database.
#[derive(Default)]
pub(crate) struct Visits {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Arc<Visit>>,
    /// The ids, oldest first.
    order: VecDeque<String>,
}

impl Visits {
    /// Opens a visit. `now` is in unix seconds.
    pub(crate) fn open(&self, launch: Launch, lesson: Option<&'static Lesson>, now: u64) -> VisitKey {
        let key =
            VisitKey { id: random::token::<16>(), secret: random::token::<32>(), arrival_key: random::token::<32>() };
        let visit = Visit {
            id: key.id.clone(),
            launch,
            lesson,
            attempts: Attempts::default(),
            form_token: random::token::<32>(),
            secret: key.secret.clone(),
            arrival_key: ArrivalKey::new(key.arrival_key.clone(), now),
            expires_at: now.saturating_add(VISIT_SECONDS),
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.order.len() >= CAPACITY
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
        kept.order.push_back(key.id.clone());
        kept.by_id.insert(key.id.clone(), Arc::new(visit));
        key
    }

    /// A visit, for the browser that holds its secret.
    pub(crate) fn find(&self, id: &str, secret: &str, now: u64) -> Option<Arc<Visit>> {
        self.get(id, now).filter(|visit| visit.secret.as_bytes().ct_eq(secret.as_bytes()).into())
    }

    /// A visit, for the browser that was just sent to it with the key. Works once.
    pub(crate) fn find_on_arrival(&self, id: &str, key: &str, now: u64) -> Option<Arc<Visit>> {
        self.get(id, now).filter(|visit| visit.arrival_key.take(key, now))
    }

    fn get(&self, id: &str, now: u64) -> Option<Arc<Visit>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_id.get(id).filter(|visit| now < visit.expires_at).cloned()
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
        let (mine, theirs) = (visits.open(launch(), None, 0), visits.open(launch(), None, 0));
        assert!(visits.find(&mine.id, &mine.secret, 1).is_some());
        for secret in ["", theirs.secret.as_str()] {
            assert!(visits.find(&mine.id, secret, 1).is_none());
        }
    }

    #[test]
    fn a_key_opens_its_own_visit_and_is_no_secret() {
        let visits = Visits::default();
        let (mine, theirs) = (visits.open(launch(), None, 0), visits.open(launch(), None, 0));
        for key in ["", theirs.arrival_key.as_str(), mine.secret.as_str()] {
            assert!(visits.find_on_arrival(&mine.id, key, 1).is_none());
        }
        assert!(visits.find(&mine.id, &mine.arrival_key, 1).is_none());
        assert!(visits.find_on_arrival(&mine.id, &mine.arrival_key, 1).is_some());
        assert!(visits.find_on_arrival(&theirs.id, &theirs.arrival_key, 1).is_some());
    }

    #[test]
    fn a_visit_ends() {
        let visits = Visits::default();
        let key = visits.open(launch(), None, 100);
        assert!(visits.find(&key.id, &key.secret, 99 + VISIT_SECONDS).is_some());
        assert!(visits.find(&key.id, &key.secret, 100 + VISIT_SECONDS).is_none());
    }

    #[test]
    fn the_oldest_visit_makes_room() {
        let visits = Visits::default();
        let oldest = visits.open(launch(), None, 0);
        let second = visits.open(launch(), None, 0);
        for _ in 1..CAPACITY {
            visits.open(launch(), None, 0);
        }
        assert!(visits.find(&oldest.id, &oldest.secret, 0).is_none());
        assert!(visits.find(&second.id, &second.secret, 0).is_some());
    }

    #[test]
    fn a_form_of_another_visit_is_not_this_ones() {
        let visits = Visits::default();
        let visit = |key: super::VisitKey| visits.find(&key.id, &key.secret, 1).unwrap();
        let mine = visit(visits.open(launch(), None, 0));
        let theirs = visit(visits.open(launch(), None, 0));
        assert!(mine.made_form_with(&mine.form_token));
        for token in ["", theirs.form_token.as_str(), &mine.id] {
            assert!(!mine.made_form_with(token));
        }
    }
}
