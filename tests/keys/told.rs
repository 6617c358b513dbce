//! The bus hears of keys that came into use, and of nothing else in a rotation.

use doorway_core::key_life::LEAST_PERIOD_SECONDS;
use doorway_tests::FakeEventBus;
use serde_json::{Value, json};

use crate::world::{KINDS, World, full_text, token};

#[tokio::test]
async fn keys_that_came_into_use_are_told_once() {
    for kind in KINDS {
        let (bus, events) = FakeEventBus::start().await;
        let world = World::in_use(kind, &full_text(kind)).await.telling(events);
        world.rotate(kind, &token(1)).await.unwrap();
        world.rotate(kind, &token(1)).await.unwrap();
        let told: Vec<_> = bus.take().into_iter().map(|e| (e["DetailType"].clone(), e["Detail"].clone())).collect();
        assert_eq!(told, [(json!("Key Rotated"), json!({ "version": 1, "keys": kind.to_string() }))]);
        world.clock.advance(LEAST_PERIOD_SECONDS - 1);
        world.rotate(kind, &token(2)).await.unwrap();
        assert_eq!(bus.take(), Vec::<Value>::new(), "{kind}: the same keys are in use");
    }
}
