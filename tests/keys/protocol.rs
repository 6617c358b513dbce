//! The rotation protocol, call by call.

use doorway_core::key_life::{KeyKind, LEAST_PERIOD_SECONDS};
use doorway_core::key_ring::{Done, KeyError, Step};
use doorway_rotate_keys::RotationError;

use crate::world::{KINDS, SIGNING, STATE, World, ZERO, arn, full_text, ids, read, token};

#[tokio::test]
async fn the_first_rotation_makes_the_first_signing_keys_and_publishes_them() {
    let world = World::new().await;
    let done = world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    assert_eq!(done, [Done::MadeFirst, Done::Published, Done::Tested, Done::InUse]);
    let life = world.keys(KeyKind::Signing);
    assert!(life.next.is_some() && life.previous.is_none());
    assert_eq!(world.published().await, ids(&life));
}

#[tokio::test]
async fn a_secret_without_any_text_gets_its_first_keys_too() {
    let world = World::new().await;
    world.fake.empty(SIGNING);
    world.fake.begin_rotation(SIGNING, &token(1));
    let done = world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    assert_eq!(done[0], Done::MadeFirst);
    assert_eq!(world.published().await, ids(&world.keys(KeyKind::Signing)));
}

#[tokio::test]
async fn the_state_key_that_a_template_drew_goes_on_sealing_and_gets_a_next_one() {
    let world = World::new().await;
    let done = world.rotate(KeyKind::State, &token(1)).await.unwrap();
    assert_eq!(done, [Done::Made, Done::NothingToPublish, Done::Tested, Done::StillInUse]);
    let life = world.keys(KeyKind::State);
    assert_eq!((life.current.id.as_str(), life.previous.is_none()), ("1", true));
    world.clock.advance(LEAST_PERIOD_SECONDS);
    world.rotate(KeyKind::State, &token(2)).await.unwrap();
    let after = world.keys(KeyKind::State);
    assert_eq!((Some(after.current), after.previous.unwrap().id.as_str()), (life.next, "1"));
    assert!(world.published().await.is_empty(), "nobody hears of state keys");
}

#[tokio::test]
async fn a_rotation_promotes_next_keeps_previous_and_publishes_the_new_next() {
    for kind in KINDS {
        let world = World::in_use(kind, &full_text(kind)).await;
        let before = world.keys(kind);
        world.fake.begin_rotation(arn(kind), &token(1));
        let done = world.rotate(kind, &token(1)).await.unwrap();
        assert_eq!((&done[0], &done[3]), (&Done::Made, &Done::InUse));
        let after = world.keys(kind);
        assert_eq!((Some(&after.current), after.previous.as_ref()), (before.next.as_ref(), Some(&before.current)));
        assert!(!ids(&before).contains(&after.next.as_ref().unwrap().id));
        if kind == KeyKind::Signing {
            assert_eq!(
                world.published().await,
                &ids(&before) | &ids(&after),
                "`previous` stays for a whole period more"
            );
        }
    }
}

#[tokio::test]
async fn each_step_may_come_twice_and_makes_nothing_twice() {
    for kind in KINDS {
        let world = World::in_use(kind, &full_text(kind)).await;
        let mut text = None;
        for step in Step::ALL {
            for _ in 0..3 {
                world.call(arn(kind), step.name(), &token(1)).await.unwrap();
            }
            let made = world.fake.text(arn(kind), &token(1)).expect("createSecret made it");
            assert_eq!(*text.get_or_insert(made.clone()), made, "{kind} {step:?}");
        }
        let done = world.rotate(kind, &token(1)).await.unwrap();
        assert_eq!(done, [Done::Before, Done::Before, Done::Before, Done::Before], "and once more when it is over");
        assert_eq!(world.fake.text(arn(kind), "AWSCURRENT"), text);
    }
}

#[tokio::test]
async fn the_same_step_twice_at_once_makes_one_set_of_keys() {
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    let version = token(1);
    for step in Step::ALL {
        let call = || world.call(SIGNING, step.name(), &version);
        let (a, b, c) = tokio::join!(call(), call(), call());
        for done in [a, b, c] {
            done.unwrap();
        }
    }
    let life = world.keys(KeyKind::Signing);
    assert!(world.published().await.is_superset(&ids(&life)));
}

#[tokio::test]
async fn a_rotation_that_comes_too_soon_changes_no_key_and_says_when() {
    for kind in KINDS {
        let world = World::in_use(kind, &full_text(kind)).await;
        world.rotate(kind, &token(1)).await.unwrap();
        let life = world.keys(kind);
        for (number, seconds) in [(2, 0), (3, LEAST_PERIOD_SECONDS - 1)] {
            world.clock.advance(seconds);
            let done = world.rotate(kind, &token(number)).await.unwrap();
            let Done::Kept(not_yet) = &done[0] else { panic!("{done:?}") };
            assert_eq!(Some(&not_yet.next), life.next.as_ref().map(|key| &key.id));
            assert_eq!(done[3], Done::StillInUse, "Secrets Manager sees a rotation that is over");
            let kept = world.keys(kind);
            assert_eq!(kept, life, "{kind}");
        }
        world.clock.advance(1);
        assert_eq!(world.rotate(kind, &token(4)).await.unwrap()[0], Done::Made);
    }
}

/// A rotation may lie half-done for weeks: the time of a key counts from when it came into use.
#[tokio::test]
async fn a_key_that_lay_pending_for_weeks_still_waits_for_its_day() {
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    world.call(STATE, "createSecret", &token(1)).await.unwrap();
    world.clock.advance(30 * LEAST_PERIOD_SECONDS);
    world.rotate(KeyKind::State, &token(1)).await.unwrap();
    let done = world.rotate(KeyKind::State, &token(2)).await.unwrap();
    assert!(matches!(done[0], Done::Kept(_)), "{done:?}");
}

#[tokio::test]
async fn nothing_is_put_into_use_that_is_not_published() {
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    let before = world.keys(KeyKind::Signing);
    world.call(SIGNING, "createSecret", &token(1)).await.unwrap();
    for step in ["testSecret", "finishSecret"] {
        let error = world.call(SIGNING, step, &token(1)).await.unwrap_err();
        assert!(matches!(error, RotationError::Keys(KeyError::NotPublished { .. })), "{step}: {error}");
        assert_eq!(world.keys(KeyKind::Signing), before);
    }
}

#[tokio::test]
async fn steps_before_the_first_and_of_rotations_that_were_given_up_are_refused_in_words() {
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    for step in ["setSecret", "testSecret", "finishSecret"] {
        let error = world.call(STATE, step, &token(1)).await.unwrap_err().to_string();
        assert!(error.ends_with("has no text yet: the step createSecret must come first"), "{error}");
    }
    world.call(STATE, "createSecret", &token(1)).await.unwrap();
    world.fake.begin_rotation(STATE, &token(2));
    for step in Step::ALL {
        let error = world.call(STATE, step.name(), &token(1)).await.unwrap_err().to_string();
        assert!(error.contains("is not the pending one") && error.contains("call rotate-secret"), "{error}");
    }
    world.rotate(KeyKind::State, &token(2)).await.unwrap();
}

/// Somebody put keys in by hand while a rotation was on its way: it is set aside, and the next one begins with those.
#[tokio::test]
async fn a_rotation_made_from_other_keys_is_set_aside() {
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    world.call(STATE, "createSecret", &token(1)).await.unwrap();
    let by_hand = full_text(KeyKind::State);
    world.fake.put(STATE, &token(7), &by_hand);
    let error = world.call(STATE, "finishSecret", &token(1)).await.unwrap_err();
    assert!(matches!(error, RotationError::Keys(KeyError::Outdated { .. })), "{error}");
    assert_eq!(world.fake.text(STATE, "AWSPENDING"), None);
    assert_eq!(world.fake.text(STATE, "AWSCURRENT"), Some(by_hand));
    world.rotate(KeyKind::State, &token(2)).await.unwrap();
}

#[tokio::test]
async fn what_is_no_key_set_is_never_overwritten() {
    for (kind, text) in [(KeyKind::Signing, r#"{"current":"damaged"}"#), (KeyKind::State, r#"{"secret":"short"}"#)] {
        let world = World::new().await;
        world.fake.put(arn(kind), ZERO, text);
        let error = world.rotate(kind, &token(1)).await.unwrap_err().to_string();
        assert!(error.contains("is not usable: it must be {") && error.contains("Move AWSCURRENT back"), "{error}");
        assert!(!error.contains("damaged") && !error.contains("short\""), "{error}");
        assert_eq!(world.fake.text(arn(kind), "AWSCURRENT").as_deref(), Some(text));
        world.fake.put(arn(kind), &token(8), "{}");
        let done = world.rotate(kind, &token(2)).await.unwrap();
        assert_eq!(done[0], Done::MadeFirst, "as the text advises");
    }
}

/// CloudFormation writes a secret's first text again if that line of a template changes.
#[tokio::test]
async fn keys_that_a_template_wrote_over_live_on() {
    let text = full_text(KeyKind::Signing);
    let world = World::in_use(KeyKind::Signing, &text).await;
    world.fake.put(SIGNING, &token(7), "{}");
    let done = world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    assert_eq!(done[0], Done::Made);
    let (before, after) = (read(KeyKind::Signing, &text), world.keys(KeyKind::Signing));
    assert_eq!((Some(&after.current), after.previous.as_ref()), (before.next.as_ref(), Some(&before.current)));
}

#[tokio::test]
async fn what_is_no_event_of_this_function_is_refused_in_words() {
    let world = World::new().await;
    let error = world.call("arn:aws:secretsmanager:x:1:secret:app-keys", "createSecret", &token(1)).await.unwrap_err();
    assert!(error.to_string().contains("is neither the one of DOORWAY_SIGNING_KEYS nor that of DOORWAY_STATE_KEY"));
    let error = world.call(SIGNING, "dropSecret", &token(1)).await.unwrap_err().to_string();
    assert_eq!(error, "step `dropSecret` is none of createSecret, setSecret, testSecret and finishSecret");
    let error = world.call(SIGNING, "createSecret", "../x").await.unwrap_err().to_string();
    assert!(error.starts_with("ClientRequestToken is no version id"), "{error}");
}

#[tokio::test]
async fn a_failed_step_says_nothing_of_any_key() {
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    world.call(SIGNING, "createSecret", &token(1)).await.unwrap();
    let error = world.call(SIGNING, "testSecret", &token(1)).await.unwrap_err();
    let text: serde_json::Value = serde_json::from_str(&world.fake.text(SIGNING, &token(1)).unwrap()).unwrap();
    for name in ["current", "previous", "next"] {
        let key = text[name].as_str().unwrap();
        assert!(!format!("{error} {error:?}").contains(&key[..40]), "{name}");
    }
}
