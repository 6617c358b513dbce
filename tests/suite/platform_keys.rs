//! Platforms' keys through the launch (security rows S5 to S7): few fetches, quick rotations, old keys in need.

use std::sync::Arc;

use doorway_core::platform_keys::{DEFAULT_FRESH_SECONDS, MAX_STALE_SECONDS, RETRY_SECONDS, YOUNG_SECONDS};
use doorway_mock_platform::PlatformKey;
use doorway_tests::{Answer, Begun, FakePlatform, KeysMode, TestTool, refused};
use http::StatusCode;
use serde_json::json;

/// A day in seconds: the longest that a set is cached or used.
const DAY: u64 = 24 * 3600;
/// In how many seconds the budget of fetches earns another one.
const BUDGET_SECONDS: u64 = 20;

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

/// A launch signed with this key.
async fn launch_signed(tool: &TestTool, platform: &FakePlatform, key: &PlatformKey) -> Answer {
    let begun = tool.begin(platform).await;
    let claims = tool.good_claims(platform, &begun);
    tool.post_token(&begun, &key.id_token(&claims)).await
}

async fn launches(tool: &TestTool, platform: &FakePlatform) -> bool {
    launch_signed(tool, platform, &platform.key).await.status == StatusCode::SEE_OTHER
}

/// So many launches at once, each a task of its own: all are accepted. Gives the Platform back.
async fn launch_at_once(platform: FakePlatform, tool: TestTool, count: usize) -> Arc<FakePlatform> {
    let (platform, tool) = (Arc::new(platform), Arc::new(tool));
    let launch = |_| {
        let (platform, tool) = (platform.clone(), tool.clone());
        tokio::spawn(async move { launches(&tool, &platform).await })
    };
    let running: Vec<_> = (0..count).map(launch).collect();
    for launch in running {
        assert!(launch.await.expect("no launch panics"));
    }
    platform
}

/// A token whose `kid` nobody has.
fn with_random_key_id(platform: &FakePlatform, begun: &Begun, n: usize) -> String {
    let mut header = platform.key.header();
    header["kid"] = format!("random-{n}").into();
    platform.key.token(&header.to_string(), &json!({ "nonce": begun.nonce() }).to_string())
}

async fn flood(tool: &TestTool, platform: &FakePlatform, posts: std::ops::Range<usize>) {
    let begun = tool.begin(platform).await;
    for n in posts {
        let answer = tool.post_token(&begun, &with_random_key_id(platform, &begun, n)).await;
        assert_eq!(answer.code(), "key_id_unknown");
    }
}

#[tokio::test]
async fn a_hundred_launches_fetch_the_keys_once_and_a_restart_fetches_nothing() {
    let (platform, mut tool) = set_up().await;
    for _ in 0..100 {
        assert!(launches(&tool, &platform).await);
    }
    assert_eq!(platform.fetches(), 1);
    for _ in 0..3 {
        tool.restart();
        assert!(launches(&tool, &platform).await);
    }
    assert!(launches(&tool.twin(), &platform).await);
    assert_eq!(platform.fetches(), 1, "a new instance finds them in the table");
}

#[tokio::test]
async fn keys_are_cached_as_long_as_the_platform_says_between_a_minute_and_a_day() {
    for (cache_control, seconds) in [
        (None, DEFAULT_FRESH_SECONDS),
        (Some("max-age=600"), 600),
        (Some("public, max-age=7200, must-revalidate"), 7200),
        (Some("max-age=0"), 60),
        (Some("max-age=59"), 60),
        (Some("max-age=999999999"), DAY),
        (Some("max-age=18446744073709551615"), DAY),
        (Some("no-store"), 60),
        (Some("private, no-cache, max-age=600"), 60),
        (Some("max-age=-1"), DEFAULT_FRESH_SECONDS),
        (Some("max-age=soon"), DEFAULT_FRESH_SECONDS),
    ] {
        let (platform, mut tool) = set_up().await;
        platform.set_cache_control(cache_control);
        assert!(launches(&tool, &platform).await);
        tool.clock.advance(seconds - 1);
        assert!(launches(&tool, &platform).await);
        tool.restart();
        assert!(launches(&tool, &platform).await);
        assert_eq!(platform.fetches(), 1, "{cache_control:?}");
        tool.clock.advance(1);
        assert!(launches(&tool, &platform).await);
        assert_eq!(platform.fetches(), 2, "{cache_control:?}");
    }
}

#[tokio::test]
async fn a_rotation_is_noticed_by_the_first_launch_with_the_new_key() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    let new = PlatformKey::generate();
    platform.publish(&[&new, &platform.key]);
    assert_eq!(launch_signed(&tool, &platform, &new).await.status, StatusCode::SEE_OTHER);
    assert_eq!(platform.fetches(), 2);
    assert!(launches(&tool, &platform).await, "the previous key is still published");
    assert_eq!(platform.fetches(), 2);
    // Another instance, which has the old set in memory, learns it from the table or fetches once.
    assert_eq!(launch_signed(&tool.twin(), &platform, &new).await.status, StatusCode::SEE_OTHER);
    assert_eq!(platform.fetches(), 2);
}

#[tokio::test]
async fn keys_are_read_whatever_type_they_are_sent_as_and_behind_a_byte_order_mark() {
    let (platform, tool) = set_up().await;
    // The type is that of plain text, as for everything that this Platform sends.
    let document = json!({ "keys": [platform.key.public_jwk()] });
    platform.set_mode(KeysMode::Document(format!("\u{feff}{document}")));
    assert!(launches(&tool, &platform).await);
    assert_eq!(platform.fetches(), 1);
}

#[tokio::test]
async fn an_unknown_key_id_fetches_once_and_is_refused() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    let unknown = launch_signed(&tool, &platform, &PlatformKey::generate()).await;
    refused("unknown", &unknown, 401, "key_id_unknown");
    assert_eq!(platform.fetches(), 2);
}

#[tokio::test]
async fn a_thousand_random_key_ids_make_no_storm() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    tool.clock.advance(60);
    flood(&tool, &platform, 0..1000).await;
    assert_eq!(platform.fetches(), 1 + 2, "two at once");
    for minute in 0..5 {
        for n in 0..60 {
            tool.clock.advance(1);
            flood(&tool, &platform, n..n + 2).await;
        }
        assert!(platform.fetches() <= 3 + 3 * (minute + 1), "three a minute at most: {}", platform.fetches());
    }
    assert!(launches(&tool, &platform).await, "who is known is served all the while");
}

#[tokio::test]
async fn many_instances_together_make_no_storm_either() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    let instances: Vec<TestTool> = (0..20).map(|_| tool.twin()).collect();
    for instance in &instances {
        flood(instance, &platform, 0..20).await;
    }
    assert_eq!(platform.fetches(), 1, "a young set of another instance is believed");
    let before = platform.fetches();
    for n in 0..180 {
        tool.clock.advance(1);
        flood(&instances[n % instances.len()], &platform, n..n + 2).await;
    }
    assert!(platform.fetches() <= before + 12, "in three minutes: {}", platform.fetches() - before);
    let new = PlatformKey::generate();
    platform.publish(&[&new]);
    for instance in &instances {
        let mut waited = 0;
        while launch_signed(instance, &platform, &new).await.status != StatusCode::SEE_OTHER {
            waited += 1;
            assert!(waited <= 2 * BUDGET_SECONDS, "the rotation is locked out");
            tool.clock.advance(1);
            flood(&tool, &platform, 0..2).await;
        }
    }
}

#[tokio::test]
async fn a_rotation_during_a_flood_is_accepted_after_twenty_seconds_at_most() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    flood(&tool, &platform, 0..200).await;
    let new = PlatformKey::generate();
    platform.publish(&[&new]);
    let mut waited = 0;
    while launch_signed(&tool, &platform, &new).await.status != StatusCode::SEE_OTHER {
        waited += 1;
        assert!(waited <= BUDGET_SECONDS, "the rotation is locked out");
        tool.clock.advance(1);
        flood(&tool, &platform, 0..20).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_first_launches_at_once_fetch_once() {
    let (platform, tool) = set_up().await;
    let platform = launch_at_once(platform, tool, 40).await;
    assert_eq!(platform.fetches(), 1);
}

/// All of them ask before the first has its answer: they are tasks of one thread, and none does anything else that takes time.
#[tokio::test]
async fn many_unknown_key_ids_at_once_fetch_once() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    tool.clock.advance(60);
    let begun = tool.begin(&platform).await;
    let tokens: Vec<String> = (0..20).map(|n| with_random_key_id(&platform, &begun, n)).collect();
    let (tool, begun) = (Arc::new(tool), Arc::new(begun));
    let running: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let (tool, begun) = (tool.clone(), begun.clone());
            tokio::spawn(async move { tool.post_token(&begun, &token).await.code() })
        })
        .collect();
    for code in running {
        assert_eq!(code.await.unwrap(), "key_id_unknown");
    }
    assert_eq!(platform.fetches(), 2);
}

#[tokio::test]
async fn many_launches_at_once_with_old_keys_ask_a_platform_that_fails_once() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    platform.set_mode(KeysMode::Status(StatusCode::BAD_GATEWAY));
    tool.clock.advance(DEFAULT_FRESH_SECONDS);
    let platform = launch_at_once(platform, tool, 20).await;
    assert_eq!(platform.fetches(), 2);
}

#[tokio::test]
async fn a_newer_set_of_another_instance_that_does_not_know_the_key_either_is_no_answer() {
    let (platform, tool) = set_up().await;
    let other = tool.twin();
    assert!(launches(&tool, &platform).await);
    tool.clock.advance(60);
    let second = PlatformKey::generate();
    platform.publish(&[&second, &platform.key]);
    assert_eq!(launch_signed(&other, &platform, &second).await.status, StatusCode::SEE_OTHER);
    assert_eq!(platform.fetches(), 2);
    tool.clock.advance(YOUNG_SECONDS);
    let third = PlatformKey::generate();
    platform.publish(&[&third, &second]);
    assert_eq!(launch_signed(&tool, &platform, &third).await.status, StatusCode::SEE_OTHER);
    assert_eq!(platform.fetches(), 3);
}

#[tokio::test]
async fn who_signs_with_a_known_key_does_not_wait_for_the_search_of_an_unknown_one() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    platform.set_mode(KeysMode::Stalled);
    tool.clock.advance(60);
    let begun = tool.begin(&platform).await;
    let token = with_random_key_id(&platform, &begun, 0);
    tokio::select! {
        biased;
        _ = tool.post_token(&begun, &token) => panic!("it was waited for"),
        launched = launches(&tool, &platform) => assert!(launched),
    }
    assert_eq!(platform.fetches(), 2, "it was under way");
}

/// Ways of a Platform to be of no use.
fn bad_modes() -> Vec<(&'static str, KeysMode)> {
    vec![
        ("500", KeysMode::Status(StatusCode::INTERNAL_SERVER_ERROR)),
        ("404", KeysMode::Status(StatusCode::NOT_FOUND)),
        ("204", KeysMode::Status(StatusCode::NO_CONTENT)),
        ("a redirect", KeysMode::Redirect),
        ("nothing", KeysMode::Document(String::new())),
        ("a page", KeysMode::Document("<!doctype html><title>Maintenance</title>".to_owned())),
        ("no object", KeysMode::Document("[]".to_owned())),
        ("no keys", KeysMode::Document("{}".to_owned())),
        ("an empty set", KeysMode::Document(r#"{"keys":[]}"#.to_owned())),
        (
            "a set of nothing usable",
            KeysMode::Document(r#"{"keys":[{"kty":"oct","kid":"1","k":"AA"},{"kid":"2"},7]}"#.to_owned()),
        ),
        ("keys that are no list", KeysMode::Document(r#"{"keys":{}}"#.to_owned())),
        ("keys twice", KeysMode::Document(r#"{"keys":[],"keys":[]}"#.to_owned())),
        ("too large", KeysMode::Document(format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(256 * 1024)))),
        ("too deep", KeysMode::Document(format!(r#"{{"keys":{}{}}}"#, "[".repeat(9999), "]".repeat(9999)))),
        ("endless", KeysMode::Endless),
    ]
}

#[tokio::test]
async fn old_keys_serve_while_the_platform_does_not_for_a_day_and_no_longer() {
    for (case, mode) in bad_modes() {
        let (platform, mut tool) = set_up().await;
        assert!(launches(&tool, &platform).await);
        platform.set_mode(mode);
        tool.clock.advance(DEFAULT_FRESH_SECONDS);
        assert!(launches(&tool, &platform).await, "{case}");
        assert_eq!(platform.fetches(), 2, "{case}: tried, and no redirect followed");
        assert!(launches(&tool, &platform).await, "{case}");
        assert_eq!(platform.fetches(), 2, "{case}: not tried again at once");
        tool.clock.advance(RETRY_SECONDS);
        assert!(launches(&tool, &platform).await, "{case}");
        assert_eq!(platform.fetches(), 3, "{case}: tried again after a while");
        tool.restart();
        assert!(launches(&tool, &platform).await, "{case}: from the table");

        tool.clock.advance(MAX_STALE_SECONDS);
        let answer = launch_signed(&tool, &platform, &platform.key).await;
        let line = refused(case, &answer, 503, "platform_keys_unavailable");
        assert!(line["rejection.reason"].as_str().unwrap().contains("cannot be had"), "{line}");
        tool.restart();
        refused(case, &launch_signed(&tool, &platform, &platform.key).await, 503, "platform_keys_unavailable");

        platform.set_mode(KeysMode::Published);
        assert!(launches(&tool, &platform).await, "{case}: when the Platform is back");
    }
}

#[tokio::test]
async fn a_failed_attempt_in_the_last_minute_of_the_day_does_not_lengthen_it() {
    let (platform, tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    platform.set_mode(KeysMode::Status(StatusCode::BAD_GATEWAY));
    tool.clock.advance(MAX_STALE_SECONDS - 1);
    assert!(launches(&tool, &platform).await);
    tool.clock.advance(1);
    let answer = launch_signed(&tool, &platform, &platform.key).await;
    refused("after a day", &answer, 503, "platform_keys_unavailable");
}

#[tokio::test]
async fn without_any_keys_the_login_is_not_burned_and_can_be_posted_again() {
    for (case, mode) in bad_modes() {
        let (platform, tool) = set_up().await;
        platform.set_mode(mode);
        let begun = tool.begin(&platform).await;
        let token = platform.key.id_token(&tool.good_claims(&platform, &begun));
        for _ in 0..5 {
            refused(case, &tool.post_token(&begun, &token).await, 503, "platform_keys_unavailable");
        }
        assert_eq!(platform.fetches(), 2, "{case}: within the budget also when nothing is known");
        assert_eq!(tool.stored_launches().await.len(), 0);
        platform.set_mode(KeysMode::Published);
        tool.clock.advance(BUDGET_SECONDS);
        assert_eq!(tool.post_token(&begun, &token).await.status, StatusCode::SEE_OTHER, "{case}");
    }
}

#[tokio::test]
async fn a_platform_that_stalls_is_given_up_and_keeps_nobody_else_waiting() {
    let (platform, tool) = set_up().await;
    let other = FakePlatform::start("https://other.example", "client-1").await;
    tool.parts.registrations().put(&other.registration()).await.unwrap();
    platform.set_mode(KeysMode::Stalled);
    let (stalled, good) = tokio::join!(launch_signed(&tool, &platform, &platform.key), async {
        let began = std::time::Instant::now();
        assert!(launches(&tool, &other).await);
        began.elapsed()
    });
    refused("stalled", &stalled, 503, "platform_keys_unavailable");
    assert!(good < std::time::Duration::from_secs(3), "{good:?}");
}

#[tokio::test]
async fn a_key_that_was_withdrawn_verifies_nothing_once_the_cache_has_expired() {
    let (platform, mut tool) = set_up().await;
    assert!(launches(&tool, &platform).await);
    let new = PlatformKey::generate();
    platform.publish(&[&new]);
    tool.clock.advance(DEFAULT_FRESH_SECONDS - 1);
    assert!(launches(&tool, &platform).await, "until then it does");
    tool.clock.advance(1);
    for _ in 0..2 {
        refused("withdrawn", &launch_signed(&tool, &platform, &platform.key).await, 401, "key_id_unknown");
        tool.restart();
    }
    assert_eq!(launch_signed(&tool, &platform, &new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_key_that_is_refused_costs_no_fetch_however_often_it_is_tried() {
    let (platform, tool) = set_up().await;
    let mut key = platform.key.public_jwk();
    key["use"] = "enc".into();
    platform.publish_jwks(vec![key, PlatformKey::generate().public_jwk()]);
    for _ in 0..20 {
        refused("enc", &launch_signed(&tool, &platform, &platform.key).await, 401, "key_refused");
    }
    assert_eq!(platform.fetches(), 1);
}
