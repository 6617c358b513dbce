//! Redeeming: once, in time, and the personal claims are erased by it.

use doorway_core::store::launches::REDEEM_SECONDS;
use doorway_tests::refused;

use super::*;

#[tokio::test]
async fn a_launch_is_redeemed_once() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&id).await.status, 200);
    for _ in 0..2 {
        refused("again", &tool.redeem(&id).await, 410, "launch_redeemed");
    }
}

#[tokio::test]
async fn a_launch_is_redeemed_within_two_minutes() {
    let (tool, platform) = tool_and_platform().await;
    let (in_time, too_late) = (tool.launch(&platform).await, tool.launch(&platform).await);
    tool.clock.advance(REDEEM_SECONDS - 1);
    assert_eq!(tool.redeem(&in_time).await.status, 200);
    tool.clock.advance(1);
    refused("after 120 s", &tool.redeem(&too_late).await, 410, "launch_expired");
    assert!(stored(&tool, &too_late).await.is_none(), "nothing of it is kept");
}

#[tokio::test]
async fn redeeming_erases_the_personal_claims_in_the_table() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    let before = stored(&tool, &id).await.expect("the launch is stored");
    let personal = Value::Object(before.personal.clone().expect("it is not redeemed yet"));
    let redeemed = tool.redeem(&id).await.json();
    assert_eq!(personal_texts(&personal), personal_texts(&redeemed["claims"]));
    assert_eq!(personal_texts(&personal).len(), 4);

    let after = stored(&tool, &id).await.expect("the launch is kept");
    assert_eq!(after.personal, None);
    assert_eq!(after.kept, before.kept);
    let kept = serde_json::to_string(&after.kept).expect("claims are JSON");
    for text in personal_texts(&personal) {
        assert!(!kept.contains(text), "{text}");
    }
}

#[tokio::test]
async fn the_item_of_a_redeemed_launch_has_nothing_but_what_is_kept() {
    let (tool, platform) = tool_and_platform().await;
    let attributes = async || {
        let items = tool.stored_launches().await;
        let mut names: Vec<String> = items.into_iter().flat_map(|item| item.into_keys()).collect();
        names.sort();
        names
    };
    let id = tool.launch(&platform).await;
    assert_eq!(attributes().await, ["attempt", "expires_at", "id", "kept", "personal", "redeem_by", "user"]);
    tool.redeem(&id).await;
    assert_eq!(attributes().await, ["attempt", "expires_at", "id", "kept", "redeem_by", "redeemed", "user"]);
}

#[tokio::test]
async fn redeeming_starts_the_retention() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    tool.clock.advance(60);
    let redeemed = tool.redeem(&id).await.json();
    assert_eq!(redeemed["expiresAt"], "2027-03-23T08:01:00Z");
    let item = stored(&tool, &id).await.expect("the launch is kept");
    assert_eq!(item.expires_at.0, tool.now() + RETENTION_SECONDS);
}
