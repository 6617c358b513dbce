//! Launches without a user: only where the Registration welcomes them.

use super::*;

async fn pair_that_allows_anonymous() -> Pair {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let mut registration = platform.registration();
    registration.allow_anonymous = true;
    let tool = TestTool::start(&[registration]).await;
    Pair { platform, tool }
}

/// As Canvas sends it for visitors of a public course who are not signed in.
fn without_user(claims: &mut Value) {
    if let Value::Object(claims) = claims {
        claims.retain(|name, _| !["sub", "name", "given_name", "family_name", "email"].contains(&name.as_str()));
    }
}

#[tokio::test]
async fn an_anonymous_launch_is_accepted_where_the_registration_allows_it() {
    let pair = pair_that_allows_anonymous().await;
    let (claims, answer) = pair.launch(RESOURCE_LINK, without_user).await;
    let view = pair.tool.redeem(&answer.launch_id()).await.json();
    assert_eq!((&view["user"]["id"], &view["user"]["name"]), (&json!(null), &json!(null)));
    assert_eq!(view["claims"], claims);
}

#[tokio::test]
async fn an_anonymous_launch_is_refused_unless_it_is_allowed() {
    let pair = Pair::start().await;
    let (_, answer) = pair.launch(RESOURCE_LINK, without_user).await;
    refused("anonymous", &answer, 401, "user_missing");
    pair.tool.launch(&pair.platform).await;
}

#[tokio::test]
async fn an_empty_user_is_refused_even_where_anonymous_launches_are_allowed() {
    let pair = pair_that_allows_anonymous().await;
    let (_, answer) = pair.launch(RESOURCE_LINK, |claims| claims["sub"] = json!("")).await;
    refused("empty", &answer, 401, "user_missing");
}

#[tokio::test]
async fn a_registration_that_allows_anonymous_launches_still_knows_its_users() {
    let pair = pair_that_allows_anonymous().await;
    let (view, _) = pair.redeem_and_read(RESOURCE_LINK).await;
    assert_eq!(view["user"]["id"], "41");
}
