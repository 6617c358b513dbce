//! A Platform that changes its keys while people are on their way.

use doorway_core::platform_keys::DEFAULT_FRESH_SECONDS;
use doorway_mock_platform::PlatformKey;
use doorway_tests::refused;
use http::StatusCode;

use super::*;

/// The Platform's answer to a login, signed with this key.
fn signed(tool: &TestTool, platform: &FakePlatform, begun: &Begun, key: &PlatformKey) -> String {
    key.id_token(&tool.good_claims(platform, begun))
}

#[tokio::test]
async fn keys_that_change_between_login_and_launch_end_no_launch() {
    let (platform, mut tool) = set_up().await;
    tool.launch(&platform).await;
    let (warm, cold) = (tool.begin(&platform).await, tool.begin(&platform).await);
    // The old key is gone at once: no time in which both are published.
    let new = PlatformKey::generate();
    platform.publish(&[&new]);
    tool.post_token(&warm, &signed(&tool, &platform, &warm, &new)).await.launch_id();
    assert_eq!(platform.fetches(), 2, "the unknown key is looked for once");
    tool.restart();
    tool.post_token(&cold, &signed(&tool, &platform, &cold, &new)).await.launch_id();
    assert_eq!(platform.fetches(), 2, "and known to all");
}

#[tokio::test]
async fn a_token_of_a_key_that_was_removed_at_once_is_good_until_the_new_keys_are_known() {
    let (platform, tool) = set_up().await;
    tool.launch(&platform).await;
    let (before, after) = (tool.begin(&platform).await, tool.begin(&platform).await);
    let by_old = |begun: &Begun| signed(&tool, &platform, begun, &platform.key);
    let new = PlatformKey::generate();
    platform.publish(&[&new]);
    tool.post_token(&before, &by_old(&before)).await.launch_id();
    assert_eq!(platform.fetches(), 1, "nothing says that the key is gone");
    tool.clock.advance(DEFAULT_FRESH_SECONDS);
    let late = tool.begin(&platform).await;
    let answer = tool.post_token(&late, &by_old(&late)).await;
    let line = refused("the old key", &answer, 401, "key_id_unknown");
    assert_reason("the old key", &line, "no key with this `kid`");
    assert!(answer.body.contains("may just have changed its keys. Wait half a minute"), "{}", answer.body);
    // The login is not burned: the Platform may sign again.
    tool.post_token(&late, &signed(&tool, &platform, &late, &new)).await.launch_id();
    let expired = tool.post_token(&after, &signed(&tool, &platform, &after, &new)).await;
    refused("an hour later", &expired, 400, "state_expired");
}

#[tokio::test]
async fn keys_that_change_while_they_are_fetched_are_known_by_the_next_fetch() {
    let (platform, tool) = set_up().await;
    tool.launch(&platform).await;
    let new = PlatformKey::generate();
    let begun = tool.begin(&platform).await;
    let token = signed(&tool, &platform, &begun, &new);
    // The Platform signs with a key that its key set does not show yet.
    let early = refused("early", &tool.post_token(&begun, &token).await, 401, "key_id_unknown");
    assert_reason("early", &early, "no key with this `kid`");
    platform.publish(&[&new]);
    // Half a minute, as the page says.
    tool.clock.advance(30);
    assert_eq!(tool.post_token(&begun, &token).await.status, StatusCode::SEE_OTHER, "the same post again");
    assert_eq!(platform.fetches(), 3);
}
