//! A Secrets Manager, a table, and the function that rotates: what a rotation touches.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorway_core::clock::ManualClock;
use doorway_core::event_bus::EventBus;
use doorway_core::key_life::{Found, KeyKind, KeyLife, LEAST_PERIOD_SECONDS};
use doorway_core::key_ring::{Done, KeyRing, Step};
use doorway_core::random::SystemRandom;
use doorway_core::secret::SecretSource;
use doorway_core::secret_store::SecretStore;
use doorway_core::store::Table;
use doorway_core::tool_keys::ToolKeys;
use doorway_local::database::{REGISTRATIONS_TABLE, create_tables};
use doorway_rotate_keys::{RotationError, RotationEvent, Rotator};
use doorway_tests::BEGIN;
use serde_json::json;

use crate::fake::Fake;

pub(crate) const SIGNING: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:SigningKeys-a1";
pub(crate) const STATE: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:StateKey-b2";
/// The version that the secrets begin with.
pub(crate) const ZERO: &str = "00000000-0000-0000-0000-000000000000";

/// All kinds of keys.
pub(crate) const KINDS: [KeyKind; 2] = [KeyKind::Signing, KeyKind::State];

/// Everything that a rotation touches.
pub(crate) struct World {
    pub(crate) fake: Arc<Fake>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tool_keys: ToolKeys,
    pub(crate) rotator: Rotator,
    signing: KeyRing,
    state: KeyRing,
}

pub(crate) fn arn(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Signing => SIGNING,
        KeyKind::State => STATE,
    }
}

/// The id of the version of the rotation with this number.
pub(crate) fn token(number: usize) -> String {
    format!("{number:08}-1111-2222-3333-444455556666")
}

impl World {
    /// As a template makes it: no signing keys, and a state key that Secrets Manager drew.
    pub(crate) async fn new() -> Self {
        let (fake, aws) = Fake::start().await;
        fake.put(SIGNING, ZERO, "{}");
        fake.put(STATE, ZERO, &json!({ "id": "1", "secret": "x7".repeat(32) }).to_string());
        create_tables(&aws).await.expect("the engine makes tables");
        let clock = Arc::new(ManualClock::at(BEGIN));
        let tool_keys = ToolKeys::new(Table::new(aws.clone(), REGISTRATIONS_TABLE));
        let ring = |kind| {
            let source = SecretSource::SecretsManager { aws: aws.clone(), id: arn(kind).to_owned() };
            KeyRing::new(kind, SecretStore::of(source), tool_keys.clone(), clock.clone(), Arc::new(SystemRandom))
        };
        let (signing, state) = (ring(KeyKind::Signing), ring(KeyKind::State));
        let rotator = rotator(&signing, &state, EventBus::off(), &clock);
        Self { rotator, fake, clock, tool_keys, signing, state }
    }

    /// A world in use for a day, with these texts: published, and ready for a rotation.
    pub(crate) async fn in_use(kind: KeyKind, text: &str) -> Self {
        let world = Self::new().await;
        world.fake.put(arn(kind), ZERO, text);
        let life = world.keys(kind);
        if let Some(key_set) = kind.public_set(&life) {
            world.tool_keys.publish(&key_set).await.expect("the table takes items");
        }
        let next = life.next.expect("keys in use have a next one").id;
        world.tool_keys.note_next(kind, &next, BEGIN).await.expect("the table takes items");
        world.clock.advance(LEAST_PERIOD_SECONDS);
        world
    }

    /// The same world, whose rotations tell this bus.
    pub(crate) fn telling(self, events: EventBus) -> Self {
        let rotator = rotator(&self.signing, &self.state, events, &self.clock);
        Self { rotator, ..self }
    }

    pub(crate) fn ring(&self, kind: KeyKind) -> &KeyRing {
        match kind {
            KeyKind::Signing => &self.signing,
            KeyKind::State => &self.state,
        }
    }

    /// One call of Secrets Manager, as it comes.
    pub(crate) async fn call(&self, secret: &str, step: &str, version: &str) -> Result<Done, RotationError> {
        let event = json!({
            "Step": step, "SecretId": secret, "ClientRequestToken": version,
            "RotationToken": "0a1b2c3d-aaaa-bbbb-cccc-0a1b2c3d4e5f",
        });
        let event: RotationEvent = serde_json::from_value(event).expect("that is an event");
        self.rotator.handle(&event).await
    }

    /// All calls of a rotation.
    pub(crate) async fn rotate(&self, kind: KeyKind, version: &str) -> Result<Vec<Done>, RotationError> {
        let mut done = Vec::new();
        for step in Step::ALL {
            done.push(self.call(arn(kind), step.name(), version).await?);
        }
        Ok(done)
    }

    /// The keys that functions read.
    pub(crate) fn keys(&self, kind: KeyKind) -> KeyLife {
        read(kind, &self.fake.text(arn(kind), "AWSCURRENT").expect("functions find a text"))
    }

    /// The ids of the published keys.
    pub(crate) async fn published(&self) -> BTreeSet<String> {
        self.fake.mend();
        let key_set = self.tool_keys.published_now().await.expect("the table serves").unwrap_or_default();
        let keys = key_set["keys"].as_array().into_iter().flatten();
        keys.map(|key| key["kid"].as_str().expect("a key has an id").to_owned()).collect()
    }
}

fn rotator(signing: &KeyRing, state: &KeyRing, events: EventBus, clock: &Arc<ManualClock>) -> Rotator {
    let rings = vec![(SIGNING.to_owned(), signing.clone()), (STATE.to_owned(), state.clone())];
    Rotator::new(rings, events, clock.clone())
}

pub(crate) fn read(kind: KeyKind, text: &str) -> KeyLife {
    assert!(kind.works(text, &SystemRandom), "functions can use what they read");
    match kind.read(text) {
        Found::Keys(life) => *life,
        other => panic!("no keys: {other:?}"),
    }
}

pub(crate) fn ids(life: &KeyLife) -> BTreeSet<String> {
    life.all().map(|key| key.id.clone()).collect()
}

/// The text of keys that are in use: `current`, `previous` and `next`.
pub(crate) fn full_text(kind: KeyKind) -> String {
    let make = || kind.make(&SystemRandom, BEGIN);
    let life = KeyLife { previous: Some(make()), ..KeyLife::first(make) };
    kind.text(&life)
}
