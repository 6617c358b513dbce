//! Forgetting one launch: nothing of it can be read or redeemed, and its post cannot be replayed.

use doorway_tests::refused;

use super::*;

#[tokio::test]
async fn a_forgotten_launch_is_unknown() {
    let (tool, platform) = tool_and_platform().await;
    let (redeemed, unredeemed) = (tool.launch(&platform).await, tool.launch(&platform).await);
    tool.redeem(&redeemed).await;
    for id in [redeemed, unredeemed] {
        let answer = forget(&tool, &id).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
        refused("read", &read(&tool, &id).await, 404, "launch_unknown");
        assert!(stored(&tool, &id).await.is_none());
    }
}

#[tokio::test]
async fn a_launch_forgotten_before_it_was_redeemed_cannot_be_redeemed() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    forget(&tool, &id).await;
    refused("redeem", &tool.redeem(&id).await, 404, "launch_unknown");
}

#[tokio::test]
async fn the_post_of_a_forgotten_launch_is_still_refused() {
    let (tool, platform) = tool_and_platform().await;
    let begun = tool.begin(&platform).await;
    let id_token = platform.key.id_token(&tool.good_claims(&platform, &begun));
    let id = tool.post_token(&begun, &id_token).await.launch_id();
    tool.redeem(&id).await;
    forget(&tool, &id).await;
    refused("replay", &tool.post_token(&begun, &id_token).await, 409, "launch_already_used");
    let fields = [("id_token", id_token.as_str()), ("state", &begun.state())];
    let without_cookie = tool.post("/lti/launch", &fields, &[]).await;
    refused("replay without a cookie", &without_cookie, 409, "launch_already_used");
    refused("read", &read(&tool, &id).await, 404, "launch_unknown");
}

#[tokio::test]
async fn what_remains_of_a_forgotten_launch_says_nothing_of_anybody() {
    let (tool, platform) = tool_and_platform().await;
    for redeemed in [true, false] {
        let id = tool.launch(&platform).await;
        if redeemed {
            tool.redeem(&id).await;
        }
        forget(&tool, &id).await;
    }
    for item in tool.stored_launches().await {
        for attribute in item.keys() {
            assert!(
                ["id", "attempt", "expires_at", "redeem_by", "redeemed"].contains(&attribute.as_str()),
                "{attribute}"
            );
        }
    }
}

#[tokio::test]
async fn forgetting_what_is_not_there_is_done_already() {
    let (tool, _) = tool_and_platform().await;
    for id in [UNKNOWN, "x", "%00"] {
        assert_eq!(forget(&tool, id).await.status, 204, "{id}");
    }
    assert!(tool.stored_launches().await.is_empty(), "and leaves nothing behind");
}

#[tokio::test]
async fn other_launches_are_not_forgotten_with_it() {
    let (tool, platform) = tool_and_platform().await;
    let (gone, stays) = (tool.launch(&platform).await, tool.launch(&platform).await);
    forget(&tool, &gone).await;
    assert_eq!(tool.redeem(&stays).await.status, 200);
}
