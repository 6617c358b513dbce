//! A launch lands once, be it proven by the cookie or by storage, and by however many posts at once.

use std::sync::Arc;

use doorway_tests::refused;
use http::header::LOCATION;

use super::*;

const MANY: usize = 50;

#[tokio::test]
async fn a_launch_that_was_completed_cannot_be_completed_again() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let id = waiting.complete(&tool).await.launch_id();
    refused("again", &waiting.complete(&tool).await, 409, "launch_already_used");
    refused("with another secret", &waiting.complete_with(&tool, "x").await, 409, "launch_already_used");
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
    refused("after it was redeemed", &waiting.complete(&tool).await, 409, "launch_already_used");
    tool.api("DELETE", &format!("/v1/launches/{id}")).await;
    refused("after it was forgotten", &waiting.complete(&tool).await, 409, "launch_already_used");
}

#[tokio::test]
async fn the_cookie_wins_over_what_waits() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let id = tool.post_token(&waiting.begun, &waiting.token).await.launch_id();
    refused("too late", &waiting.complete(&tool).await, 409, "launch_already_used");
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK, "the one launch is as it was");
}

#[tokio::test]
async fn what_was_completed_is_used_for_the_cookie_too() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let id = waiting.complete(&tool).await.launch_id();
    refused("cookie", &tool.post_token(&waiting.begun, &waiting.token).await, 409, "launch_already_used");
    let without = tool.post_token_without_cookie(&waiting.begun, &waiting.token).await;
    refused("no cookie", &without, 409, "launch_already_used");
    assert!(forms(&without).is_empty(), "a new window would not help");
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
}

/// How many of these posts landed; all others were told that the launch was used.
async fn landed(posts: Vec<tokio::task::JoinHandle<Answer>>) -> usize {
    let mut landed = 0;
    for post in posts {
        let answer = post.await.expect("no request panics");
        match answer.headers.contains_key(LOCATION) {
            true => landed += usize::from(!answer.launch_id().is_empty()),
            false => assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "launch_already_used")),
        }
    }
    landed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_completions_at_once_exactly_one_lands() {
    for instances in [1, 5] {
        let (platform, tool) = set_up().await;
        let waiting = Arc::new(waiting(&tool, &platform).await);
        let tools: Vec<Arc<TestTool>> = (0..instances).map(|_| Arc::new(tool.twin())).collect();
        let posts = tools.iter().cycle().take(MANY).map(|tool| {
            let (tool, waiting) = (tool.clone(), waiting.clone());
            tokio::spawn(async move { waiting.complete(&tool).await })
        });
        assert_eq!(landed(posts.collect()).await, 1, "{instances} instances");
        assert_eq!(tool.stored_launches().await.len(), 1, "the launch, and nothing that waits");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_cookies_and_completions_at_once_exactly_one_lands() {
    let (platform, tool) = set_up().await;
    let (waiting, tool) = (Arc::new(waiting(&tool, &platform).await), Arc::new(tool));
    let posts = (0..MANY).map(|turn| {
        let (tool, waiting) = (tool.clone(), waiting.clone());
        tokio::spawn(async move {
            match turn % 2 {
                0 => waiting.complete(&tool).await,
                _ => tool.post_token(&waiting.begun, &waiting.token).await,
            }
        })
    });
    assert_eq!(landed(posts.collect()).await, 1);
}
