//! Killed at each call to a store, before its effect and after it, and run again: consistent.

use doorway_core::key_life::KeyKind;
use doorway_core::key_ring::{Done, KeyError};

use crate::fake::Cut;
use crate::world::{World, arn, full_text, ids, read, token};

/// More calls than anything makes.
const MOST_CALLS: usize = 60;

/// What must hold at any moment: functions find keys that work, and all that may sign are published.
async fn assert_consistent(world: &World, kind: KeyKind, case: &str) {
    let text = world.fake.text(arn(kind), "AWSCURRENT").expect("there is always a current version");
    if text == "{}" {
        return;
    }
    let (life, published) = (read(kind, &text), world.published().await);
    if kind == KeyKind::Signing {
        assert!(published.is_superset(&ids(&life)), "{case}: {published:?} lacks one of {life:?}");
    }
}

async fn killed_and_run_again(kind: KeyKind, text: Option<&str>, how: Cut) {
    for call in 0.. {
        assert!(call < MOST_CALLS, "a rotation ends");
        let case = format!("{kind}, {how:?} call {call}");
        let world = match text {
            Some(text) => World::in_use(kind, text).await,
            None => World::new().await,
        };
        let version = token(1);
        world.fake.begin_rotation(arn(kind), &version);
        world.fake.cut(call, how);
        if let Some(done) = world.fake.until_cut(world.rotate(kind, &version)).await {
            done.unwrap_or_else(|error| panic!("{case}: {error}"));
            break;
        }
        world.fake.mend();
        let made = world.fake.text(arn(kind), &version);
        assert_consistent(&world, kind, &case).await;

        // Secrets Manager begins with the first step again.
        world.rotate(kind, &version).await.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_consistent(&world, kind, &case).await;
        let after = world.keys(kind);
        if let Some(text) = text {
            let before = read(kind, text);
            assert_eq!((Some(&after.current), after.previous.as_ref()), (before.next.as_ref(), Some(&before.current)));
        }
        if let Some(made) = made {
            assert_eq!(world.fake.text(arn(kind), "AWSCURRENT"), Some(made), "{case}: no key is made twice");
        }
        let again = world.rotate(kind, &token(2)).await.expect("it changes nothing");
        assert!(matches!(again[0], Done::Kept(_)), "{case}: the new next key waits for its day");
    }
}

#[tokio::test]
async fn a_rotation_of_signing_keys_killed_before_any_call_and_run_again_is_one_rotation() {
    killed_and_run_again(KeyKind::Signing, Some(&full_text(KeyKind::Signing)), Cut::Before).await;
}

#[tokio::test]
async fn a_rotation_of_signing_keys_killed_after_any_call_and_run_again_is_one_rotation() {
    killed_and_run_again(KeyKind::Signing, Some(&full_text(KeyKind::Signing)), Cut::After).await;
}

#[tokio::test]
async fn a_rotation_of_the_state_key_killed_at_any_call_and_run_again_is_one_rotation() {
    for how in [Cut::Before, Cut::After] {
        killed_and_run_again(KeyKind::State, Some(&full_text(KeyKind::State)), how).await;
    }
}

#[tokio::test]
async fn the_making_of_the_first_keys_killed_at_any_call_and_run_again_makes_them_once() {
    killed_and_run_again(KeyKind::Signing, None, Cut::After).await;
}

#[tokio::test]
async fn a_revocation_killed_at_any_call_and_run_again_is_one_revocation() {
    let text = full_text(KeyKind::Signing);
    let before = read(KeyKind::Signing, &text);
    for how in [Cut::Before, Cut::After] {
        for call in 0.. {
            assert!(call < MOST_CALLS, "a revocation ends");
            let case = format!("{how:?} call {call}");
            let world = World::in_use(KeyKind::Signing, &text).await;
            let ring = world.ring(KeyKind::Signing);
            world.fake.cut(call, how);
            if let Some(done) = world.fake.until_cut(ring.revoke(&before.current.id)).await {
                done.unwrap_or_else(|error| panic!("{case}: {error}"));
                break;
            }
            world.fake.mend();
            assert_consistent(&world, KeyKind::Signing, &case).await;
            match ring.revoke(&before.current.id).await {
                Ok(_) => {}
                Err(KeyError::Unknown(_)) => assert!(!world.published().await.contains(&before.current.id), "{case}"),
                Err(error) => panic!("{case}: {error}"),
            }
            let after = world.keys(KeyKind::Signing);
            assert_eq!(Some(&after.current), before.next.as_ref(), "{case}");
            assert_eq!(world.published().await, ids(&after), "{case}");
            world.rotate(KeyKind::Signing, &token(3)).await.unwrap_or_else(|error| panic!("{case}: {error}"));
        }
    }
}

/// How many calls a whole rotation makes: so that nobody thinks that the tests above cut nothing.
#[tokio::test]
async fn there_are_calls_to_be_killed_at() {
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    world.fake.cut(usize::MAX, Cut::Before);
    world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    assert!((15..MOST_CALLS).contains(&world.fake.calls()), "{}", world.fake.calls());
}
