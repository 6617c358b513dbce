//! Reading: what is kept, nothing personal, until the retention ends.

use doorway_core::store::launches::TOMBSTONE_SECONDS;
use doorway_tests::refused;
use serde_json::json;

use super::*;

/// The view without what redeeming erases.
fn assert_nothing_personal(view: &Value, redeemed: &Value) {
    let text = view.to_string();
    for personal in personal_texts(&redeemed["claims"]) {
        assert!(!text.contains(personal), "{personal}");
    }
    for member in ["name", "givenName", "familyName", "email"] {
        assert_eq!(view["user"].get(member), None, "{member}");
    }
    assert_eq!(view["custom"], json!({}));
    assert_eq!(view.get("launchPresentation"), None);
}

/// What services and the App need later is the same as when it was redeemed.
fn assert_what_is_kept(view: &Value, redeemed: &Value) {
    for member in ["id", "messageType", "version", "platform", "context", "targetLinkUri", "services"] {
        assert_eq!(view[member], redeemed[member], "{member}");
    }
    for member in ["id", "roles", "isInstructor", "isLearner", "isAdministrator"] {
        assert_eq!(view["user"][member], redeemed["user"][member], "{member}");
    }
    assert_eq!(view["resourceLink"]["id"], redeemed["resourceLink"]["id"]);
}

#[tokio::test]
async fn a_redeemed_launch_is_read_without_anything_personal() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    let redeemed = tool.redeem(&id).await.json();
    let view = read(&tool, &id).await;
    assert_eq!(view.status, 200);
    assert_nothing_personal(&view.json(), &redeemed);
    assert_what_is_kept(&view.json(), &redeemed);
    assert_eq!(view.json()["expiresAt"], redeemed["expiresAt"]);
}

#[tokio::test]
async fn a_launch_that_is_not_redeemed_yet_is_read_without_anything_personal_and_stays_redeemable() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    let view = read(&tool, &id).await.json();
    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status, 200);
    assert_nothing_personal(&view, &redeemed.json());
    assert_what_is_kept(&view, &redeemed.json());
}

#[tokio::test]
async fn reading_ends_with_the_retention_although_the_item_is_still_there() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    tool.redeem(&id).await;
    tool.clock.advance(RETENTION_SECONDS - 1);
    assert_eq!(read(&tool, &id).await.status, 200);
    tool.clock.advance(1);
    refused("after 120 days", &read(&tool, &id).await, 410, "launch_expired");
    assert!(stored(&tool, &id).await.is_some(), "time to live deletes late");
}

#[tokio::test]
async fn a_launch_that_nobody_redeemed_ends_after_an_hour() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    tool.clock.advance(TOMBSTONE_SECONDS);
    refused("after an hour", &read(&tool, &id).await, 410, "launch_expired");
    refused("after an hour", &tool.redeem(&id).await, 410, "launch_expired");
}
