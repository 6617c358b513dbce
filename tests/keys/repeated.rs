//! Secrets Manager calls each step at least once, in its order or after a failure anew: whatever comes, and however often,
//! there is one rotation, and one current set of keys.

use std::time::Duration;

use doorway_core::key_life::KeyKind;
use doorway_core::key_ring::Step;
use proptest::prelude::*;

use crate::world::{STATE, World, full_text, read, token};

/// How long a test may take, in real time.
const SOON: Duration = Duration::from_secs(60);

/// The calls of one rotation as they may come, and seconds that pass before each.
fn calls() -> impl Strategy<Value = Vec<(Step, u64)>> {
    let step = proptest::sample::select(Step::ALL.to_vec());
    proptest::collection::vec((step, prop_oneof![Just(0), 1..100_000u64]), 1..14)
}

/// Makes these calls, and holds what is there against what a rotation must have done by then.
async fn rotate(calls: Vec<(Step, u64)>) {
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    let before = world.keys(KeyKind::State);
    let (mut made, mut in_use) = (None, false);
    for (step, seconds) in calls {
        world.clock.advance(seconds);
        let done = world.call(STATE, step.name(), &token(1)).await;
        assert_eq!(done.is_ok(), made.is_some() || step == Step::Create, "{step:?}: {done:?}");
        in_use |= step == Step::Finish && made.is_some();
        let text = world.fake.text(STATE, &token(1));
        match &made {
            Some(_) => assert_eq!(text, made, "{step:?} makes nothing twice"),
            None => made = text,
        }
        let keys = world.keys(KeyKind::State);
        let expected = made.as_ref().filter(|_| in_use).map_or(before.clone(), |text| read(KeyKind::State, text));
        assert_eq!(keys, expected, "{step:?}");
        // The states that the keys before have sealed open, at every moment.
        assert!(keys.all().any(|key| *key == before.current));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_in_any_order_and_number_are_one_rotation(calls in calls()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let run = async { tokio::time::timeout(SOON, rotate(calls)).await };
        runtime.block_on(run).expect("the calls are answered");
    }
}
