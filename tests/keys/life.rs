//! Any sequence of steps, revocations and waits: what may still sign is published, and nothing signs before its time.
//!
//! A model in memory of the order in which `doorway_core::key_ring` writes; that the ring keeps to it shows `killed.rs`.

use std::collections::{BTreeMap, BTreeSet};

use doorway_core::clock::UnixSeconds;
use doorway_core::key_life::{KeyKind, KeyLife, LEAST_PERIOD_SECONDS, LivingKey};
use doorway_core::random::SystemRandom;
use doorway_core::secret::{SECRET_MAX_STALE_SECONDS, SECRET_REREAD_SECONDS};
use doorway_core::state::LOGIN_LIFETIME_SECONDS;
use proptest::prelude::*;

/// How long an instance may work with what it read.
const STALE: u64 = SECRET_MAX_STALE_SECONDS + SECRET_REREAD_SECONDS;
/// How long a signature is good, in seconds.
const SIGNED: u64 = 300;
/// Time passes in pieces, so that instances work in between.
const PIECE: u64 = 1500;

#[derive(Debug, Clone)]
enum Event {
    /// So many seconds pass.
    Pass(u64),
    /// An instance reads the secret again.
    Read(usize),
    Create,
    Set,
    Finish,
    /// Revokes one of the keys, and is killed after so many writes.
    Revoke(usize, usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => prop_oneof![0..600u64, Just(LEAST_PERIOD_SECONDS), 0..3 * LEAST_PERIOD_SECONDS].prop_map(Event::Pass),
        3 => (0..3usize).prop_map(Event::Read),
        4 => Just(Event::Create),
        4 => Just(Event::Set),
        4 => Just(Event::Finish),
        1 => (0..3usize, 1..4usize).prop_map(|(key, writes)| Event::Revoke(key, writes)),
    ]
}

struct Model {
    now: u64,
    secret: KeyLife,
    pending: Option<KeyLife>,
    /// The ids of the published keys, and since when they have been.
    published: BTreeMap<String, u64>,
    next_since: BTreeMap<String, u64>,
    /// What each instance read, and when.
    instances: Vec<(KeyLife, u64)>,
    revoked: BTreeSet<String>,
    /// Keys that had to step in for a revoked one, perhaps before their time.
    promoted: BTreeSet<String>,
    /// Signatures and sealed states: by which key, until when they are good.
    signed: Vec<(String, u64)>,
    sealed: Vec<(String, u64)>,
}

fn ids(life: &KeyLife) -> BTreeSet<String> {
    life.all().map(|key| key.id.clone()).collect()
}

impl Model {
    fn new() -> Self {
        let make = || KeyKind::State.make(&SystemRandom, UnixSeconds(0));
        let secret = KeyLife::first(make);
        let next = secret.next.clone().expect("there is a next key").id;
        let published = ids(&secret).into_iter().map(|id| (id, 0)).collect();
        Self {
            now: 0,
            published,
            next_since: BTreeMap::from([(next, 0)]),
            instances: vec![(secret.clone(), 0); 3],
            promoted: BTreeSet::from([secret.current.id.clone()]),
            secret,
            pending: None,
            revoked: BTreeSet::new(),
            signed: Vec::new(),
            sealed: Vec::new(),
        }
    }

    fn publish(&mut self, ids: BTreeSet<String>) {
        let since = |id: String| (id.clone(), self.published.get(&id).copied().unwrap_or(self.now));
        self.published = ids.into_iter().map(since).collect();
    }

    fn note_next(&mut self) {
        let next = self.secret.next.clone().expect("there is always a next key").id;
        self.next_since.entry(next).or_insert(self.now);
    }

    fn apply(&mut self, event: &Event) {
        let now = UnixSeconds(self.now);
        let make = || KeyKind::State.make(&SystemRandom, now);
        match event {
            Event::Pass(seconds) => {
                let end = self.now + seconds;
                while self.now < end {
                    self.now = end.min(self.now + PIECE);
                    let (now, secret) = (self.now, self.secret.clone());
                    for instance in self.instances.iter_mut().filter(|(_, read_at)| now > read_at + STALE) {
                        *instance = (secret.clone(), now);
                    }
                    self.work();
                }
            }
            Event::Read(instance) => self.instances[*instance] = (self.secret.clone(), self.now),
            Event::Create if self.pending.is_none() => {
                let next = self.secret.next.as_ref().map(|next| &next.id);
                let since = next.and_then(|next| self.next_since.get(next)).copied().map(UnixSeconds);
                let rotated = self.secret.rotate(since, now, make);
                self.note_next();
                self.pending = Some(rotated.unwrap_or_else(|_| self.secret.clone()));
            }
            Event::Set => {
                if let Some(pending) = self.pending.as_ref().filter(|pending| pending.follows(&self.secret)) {
                    self.publish(&ids(pending) | &ids(&self.secret));
                }
            }
            Event::Finish => {
                let Some(pending) = self.pending.take() else { return };
                let is_published = ids(&pending).iter().all(|id| self.published.contains_key(id));
                if !pending.follows(&self.secret) || !is_published {
                    self.pending = pending.follows(&self.secret).then_some(pending);
                    return;
                }
                self.secret = pending;
                self.note_next();
            }
            Event::Revoke(key, writes) => {
                let id = self.secret.all().nth(*key).map(|key| key.id.clone());
                let Some(id) = id else { return };
                let remaining = self.secret.revoke(&id, make).expect("the key is there");
                let both = self.published.keys().cloned().collect::<BTreeSet<_>>();
                self.publish(&both | &ids(&remaining));
                if *writes == 1 {
                    return;
                }
                if remaining.current != self.secret.current {
                    self.promoted.insert(remaining.current.id.clone());
                }
                (self.secret, self.pending) = (remaining, None);
                self.revoked.insert(id);
                if *writes == 2 {
                    return;
                }
                self.publish(ids(&self.secret));
                self.note_next();
            }
            Event::Create => {}
        }
        self.work();
    }

    /// Every instance signs and seals, and what must hold is looked at.
    fn work(&mut self) {
        let is_published = |key: &&LivingKey| self.published.contains_key(&key.id);
        for (life, read_at) in &mut self.instances {
            if life.all().find(is_published).is_none() {
                // Both of its keys were revoked: it reads the secret again.
                assert!(self.revoked.contains(&life.current.id));
                (*life, *read_at) = (self.secret.clone(), self.now);
            }
            let signer = life.all().find(is_published).expect("an instance always has a key that is published");
            if !self.revoked.contains(&life.current.id) {
                assert_eq!(signer, &life.current, "only a revoked key is passed over");
                self.sealed.push((life.current.id.clone(), self.now + LOGIN_LIFETIME_SECONDS));
            }
            if !self.promoted.contains(&signer.id) && !self.revoked.contains(&life.current.id) {
                let age = self.now - self.published[&signer.id];
                assert!(age >= LEAST_PERIOD_SECONDS, "key {} signs after {age} s", signer.id);
            }
            self.signed.push((signer.id.clone(), self.now + SIGNED));
        }
        let (now, revoked) = (self.now, &self.revoked);
        for kept in [&mut self.signed, &mut self.sealed] {
            kept.retain(|(id, until)| *until > now && !revoked.contains(id));
            kept.dedup();
        }
        for (id, _) in &self.signed {
            assert!(self.published.contains_key(id), "what {id} signed cannot be verified any more");
        }
        let known = ids(&self.secret);
        for (id, _) in &self.sealed {
            assert!(known.contains(id), "what {id} sealed cannot be opened any more");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_may_still_sign_is_published_and_nothing_signs_before_its_time(
        events in proptest::collection::vec(event(), 1..60)
    ) {
        let mut model = Model::new();
        for event in &events {
            model.apply(event);
        }
    }

    #[test]
    fn what_revocation_took_away_never_comes_back(events in proptest::collection::vec(event(), 1..60)) {
        let mut model = Model::new();
        for event in &events {
            model.apply(event);
            let known = ids(&model.secret);
            prop_assert!(model.revoked.is_disjoint(&known));
            prop_assert!(known.len() >= 2 && known.iter().all(|id| model.published.contains_key(id)));
        }
    }
}

#[test]
fn months_of_rotations_promote_a_key_each_time() {
    let mut model = Model::new();
    let mut seen = BTreeSet::new();
    for _ in 0..12 {
        for event in [Event::Pass(30 * 24 * 3600), Event::Create, Event::Set, Event::Finish] {
            model.apply(&event);
        }
        assert!(seen.insert(model.secret.current.id.clone()), "a new key signs");
    }
}
