//! What a rotation leaves in the log, and what is counted of it.

use doorway_core::key_life::KeyKind;
use doorway_tests::log_lines;
use serde_json::{Value, json};

use crate::world::{SIGNING, World, arn, full_text, token};

/// The lines of all steps so far.
fn lines() -> Vec<Value> {
    log_lines().into_iter().filter(|line| line["message"] == "rotation").collect()
}

/// What CloudWatch counts of a line.
#[track_caller]
fn check(line: &Value, secret: &str, outcome: &str, [rotated, kept, failed]: [u64; 3]) {
    assert_eq!((&line["function"], &line["secret"]), (&json!("rotate-keys"), &json!(secret)), "{line}");
    assert_eq!(line["outcome"], outcome, "{line}");
    let counts = [&line["rotated"], &line["kept"], &line["failed"]];
    assert_eq!(counts, [&json!(rotated), &json!(kept), &json!(failed)], "{line}");
    assert!(line["duration_ms"].is_number(), "{line}");
    let directives = line["_aws"]["CloudWatchMetrics"].as_array().expect("a step is counted");
    assert_eq!((directives.len(), &directives[0]["Namespace"]), (1, &json!("Doorway")), "{line}");
    assert_eq!(directives[0]["Dimensions"], json!([["function"], ["function", "secret"]]), "{line}");
    let names: Vec<&Value> =
        directives[0]["Metrics"].as_array().into_iter().flatten().map(|metric| &metric["Name"]).collect();
    assert_eq!(names, ["rotated", "kept", "failed", "duration_ms"], "{line}");
}

#[tokio::test]
async fn a_rotation_is_counted_once_by_its_keys() {
    assert!(lines().is_empty());
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    world.fake.begin_rotation(SIGNING, &token(1));
    world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    world.call(SIGNING, "finishSecret", &token(1)).await.unwrap();
    let lines = lines();
    assert_eq!(lines.len(), 5);
    for (line, outcome) in lines.iter().zip(["made a new key", "published", "tested"]) {
        check(line, "signing-keys", outcome, [0, 0, 0]);
    }
    check(&lines[3], "signing-keys", "in use", [1, 0, 0]);
    check(&lines[4], "signing-keys", "done before", [0, 0, 0]);
}

#[tokio::test]
async fn a_rotation_that_comes_too_soon_is_counted_as_kept() {
    assert!(lines().is_empty());
    let world = World::in_use(KeyKind::State, &full_text(KeyKind::State)).await;
    world.rotate(KeyKind::State, &token(1)).await.unwrap();
    world.fake.begin_rotation(arn(KeyKind::State), &token(2));
    world.rotate(KeyKind::State, &token(2)).await.unwrap();
    let lines = lines();
    let soon = &lines[4];
    check(soon, "state-key", "kept the keys", [0, 1, 0]);
    assert!(soon["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{soon}");
}

#[tokio::test]
async fn a_step_that_fails_is_counted_whatever_it_was() {
    assert!(lines().is_empty());
    let world = World::new().await;
    world.call(SIGNING, "eatSecret", &token(1)).await.unwrap_err();
    world.call("arn:of:nothing", "createSecret", &token(1)).await.unwrap_err();
    let lines = lines();
    assert_eq!(lines.len(), 2);
    for (line, secret) in lines.iter().zip(["signing-keys", "(unknown)"]) {
        check(line, secret, "failed", [0, 0, 1]);
        assert_eq!(line["level"], "ERROR");
    }
}

#[tokio::test]
async fn a_step_that_aws_throttles_fails_with_the_reason_and_can_be_repeated() {
    assert!(lines().is_empty());
    let world = World::in_use(KeyKind::Signing, &full_text(KeyKind::Signing)).await;
    world.fake.begin_rotation(SIGNING, &token(1));
    let before = world.keys(KeyKind::Signing);
    world.fake.refuse("ThrottlingException");
    world.call(SIGNING, "createSecret", &token(1)).await.unwrap_err();
    let line = lines().pop().expect("a step is logged");
    check(&line, "signing-keys", "failed", [0, 0, 1]);
    assert!(line["reason"].as_str().is_some_and(|reason| reason.contains("ThrottlingException")), "{line}");
    assert_eq!(line["level"], "ERROR");
    world.fake.mend();
    assert_eq!(world.keys(KeyKind::Signing).current.id, before.current.id, "nothing has changed");
    world.rotate(KeyKind::Signing, &token(1)).await.unwrap();
    assert_ne!(world.keys(KeyKind::Signing).current.id, before.current.id);
}
