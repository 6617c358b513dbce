//! A revoked key is gone at once, and does not come back.

use doorway_core::key_life::KeyKind;
use doorway_core::key_ring::{KeyError, Step};

use crate::world::{SIGNING, World, full_text, ids, read, token};

#[tokio::test]
async fn any_key_can_be_revoked_and_is_gone_from_secret_and_published_set() {
    for which in 0..3 {
        let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
        let before = world.keys(KeyKind::Signing);
        let id = before.all().nth(which).unwrap().id.clone();
        world.ring(KeyKind::Signing).revoke(&id).await.unwrap();
        let after = world.keys(KeyKind::Signing);
        assert!(!ids(&after).contains(&id));
        assert_eq!(world.published().await, ids(&after));
        let signs = if which == 0 { before.next.unwrap() } else { before.current };
        assert_eq!(after.current, signs, "one that was published before");
        assert!(after.next.is_some());
    }
}

#[tokio::test]
async fn a_rotation_on_its_way_never_brings_a_revoked_key_back() {
    for taken in 0..=Step::ALL.len() {
        let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
        let before = world.keys(KeyKind::Signing);
        world.fake.begin_rotation(SIGNING, &token(1));
        for step in &Step::ALL[..taken] {
            world.call(SIGNING, step.name(), &token(1)).await.unwrap();
        }
        world.ring(KeyKind::Signing).revoke(&before.current.id).await.unwrap();
        for step in Step::ALL {
            // Refused, or done before: in either case nothing of it is used.
            let _refused = world.call(SIGNING, step.name(), &token(1)).await;
            assert!(!ids(&world.keys(KeyKind::Signing)).contains(&before.current.id), "after {taken} steps, {step:?}");
            assert!(!world.published().await.contains(&before.current.id), "after {taken} steps, {step:?}");
        }
        world.rotate(KeyKind::Signing, &token(2)).await.unwrap();
        assert!(!world.published().await.contains(&before.current.id));
    }
}

#[tokio::test]
async fn a_revocation_beside_a_rotation_at_the_same_time_wins() {
    let text = full_text(KeyKind::Signing);
    let before = read(KeyKind::Signing, &text);
    for _ in 0..4 {
        let world = World::in_use(KeyKind::Signing, &text).await;
        let revoke = async {
            let ring = world.ring(KeyKind::Signing);
            while let Err(error) = ring.revoke(&before.current.id).await {
                assert!(matches!(error, KeyError::Store(_)), "{error}");
            }
        };
        let version = token(1);
        let (_given_up, ()) = tokio::join!(world.rotate(KeyKind::Signing, &version), revoke);
        let after = world.keys(KeyKind::Signing);
        assert!(!ids(&after).contains(&before.current.id));
        let published = world.published().await;
        assert!(!published.contains(&before.current.id) && published.is_superset(&ids(&after)));
    }
}

#[tokio::test]
async fn what_is_no_key_cannot_be_revoked_and_the_error_lists_those_that_are() {
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    let life = world.keys(KeyKind::State);
    let error = world.ring(KeyKind::State).revoke("nobody").await.unwrap_err().to_string();
    assert!(
        error.starts_with("no key has the id `nobody`") && ids(&life).iter().all(|id| error.contains(id)),
        "{error}"
    );
    world.ring(KeyKind::State).revoke(&life.current.id).await.unwrap();
    assert_eq!(Some(world.keys(KeyKind::State).current), life.next);
    let empty = World::new().await;
    let error = empty.ring(KeyKind::Signing).revoke("x").await.unwrap_err().to_string();
    assert!(error.ends_with("has no keys yet: call rotate-secret to have the first ones made"), "{error}");
}
