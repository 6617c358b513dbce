//! Completing: the secret that storage kept makes the launch that the cookie would have made.

use doorway_core::state::LOGIN_LIFETIME_SECONDS;
use doorway_mock_platform::claims::LaunchClaims;
use doorway_mock_platform::find_user;
use doorway_tests::{last_request_line, refused, teacher};
use http::header::{LOCATION, SET_COOKIE};
use serde_json::json;

use super::*;

/// What differs between two launches of the same claims.
fn without_what_is_their_own(mut launch: Value, mut line: Value) -> (Value, Value) {
    launch["id"] = Value::Null;
    launch["claims"]["nonce"] = Value::Null;
    let line = line.as_object_mut().expect("a line is an object");
    line.retain(|name, _| !["_aws", "timestamp", "duration_ms", "reference", "launch.id"].contains(&name.as_str()));
    line.retain(|name, _| !["binding", "http.route", "cold_start"].contains(&name.as_str()));
    (launch, line.clone().into())
}

#[tokio::test]
async fn a_launch_that_storage_proved_is_the_one_that_the_cookie_would_have_proved() {
    let (platform, tool) = set_up_with(|registration| registration.tenant = Some("Maple School".to_owned())).await;
    type Message = fn(&LaunchClaims<'_>) -> Value;
    let messages: [(&str, Message); 6] = [
        ("resource link", |claims| claims.resource_link()),
        ("deep linking", |claims| claims.deep_linking()),
        ("submission review", |claims| claims.submission_review()),
        ("data privacy", |claims| claims.data_privacy()),
        ("as Moodle", |claims| claims.moodle_sized()),
        ("as Canvas", |claims| claims.canvas_sized()),
    ];
    for (case, message) in messages {
        let person = teacher();
        let change = |nonce: &str| {
            let mut claims = message(&platform.claims(nonce, tool.now(), &person));
            claims[doorway_lti::claim::DEPLOYMENT_ID] = json!(platform.deployment_id);
            claims[doorway_lti::claim::TARGET_LINK_URI] = json!("https://app.example/another");
            claims["https://vendor.example/claim"] = json!({ "deep": [1, null, "ß"] });
            platform.key.id_token(&claims)
        };
        let begun = tool.begin(&platform).await;
        let id = tool.post_token(&begun, &change(&begun.nonce())).await.launch_id();
        let by_cookie = last_request_line();
        let by_cookie = without_what_is_their_own(tool.redeem(&id).await.json(), by_cookie);

        let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
        let token = change(&begun.nonce());
        let id = waiting_for(&tool, begun, token).await.complete(&tool).await.launch_id();
        let by_storage = last_request_line();
        let redeemed = tool.redeem(&id).await;
        assert_eq!(redeemed.status, StatusCode::OK, "{case}: {}", redeemed.body);
        let by_storage = without_what_is_their_own(redeemed.json(), by_storage);
        assert!(by_storage.0["claims"].as_object().unwrap().len() > 10, "{case}");
        assert_eq!(by_storage.0, by_cookie.0, "{case}");
        assert_eq!(by_storage.1, by_cookie.1, "{case}");
        assert_eq!(tool.api("GET", &format!("/v1/launches/{id}")).await.status, StatusCode::OK, "{case}");
    }
}

#[tokio::test]
async fn a_launch_without_a_user_is_completed_where_such_launches_are_allowed() {
    let (platform, tool) = set_up_with(|registration| registration.allow_anonymous = true).await;
    let waiting = waiting_with(&tool, &platform, |claims| {
        claims.as_object_mut().expect("claims are an object").remove("sub");
    });
    let id = waiting.await.complete(&tool).await.launch_id();
    assert_eq!(tool.redeem(&id).await.json()["user"].get("id"), None);
}

#[tokio::test]
async fn the_log_says_how_a_browser_was_proven() {
    let (platform, tool) = set_up().await;
    let id = tool.launch(&platform).await;
    assert_eq!(last_request_line()["binding"], "cookie", "{id}");
    let waiting = waiting(&tool, &platform).await;
    let landed = waiting.complete(&tool).await;
    let line = last_request_line();
    let short = format!("{}...", &landed.launch_id()[..8]);
    assert_eq!((&line["binding"], &line["http.route"]), (&json!("platform-storage"), &json!("/lti/launch/complete")));
    assert_eq!((&line["launch.id"], &line["lti.client_id"]), (&json!(short), &json!(CLIENT)));
    assert_eq!(line["lti.deployment_id"], platform.deployment_id);
    assert_eq!(line["lti.message_type"], "LtiResourceLinkRequest");
    assert!(!line.to_string().contains(waiting.secret()) && !line.to_string().contains(&waiting.handle()), "{line}");
}

#[tokio::test]
async fn a_completed_launch_leads_to_the_app_with_a_get_and_sets_no_cookie() {
    let (platform, tool) = set_up().await;
    let landed = waiting(&tool, &platform).await.complete(&tool).await;
    assert_eq!((landed.status, landed.headers.get(SET_COOKIE)), (StatusCode::SEE_OTHER, None));
    assert_eq!(landed.header(LOCATION), format!("https://app.example/lesson/7?launch={}", landed.launch_id()));
    assert_eq!(landed.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_launch_can_be_completed_until_its_state_ends() {
    let (platform, tool) = set_up().await;
    let [early, late] = [waiting(&tool, &platform).await, waiting(&tool, &platform).await];
    tool.clock.advance(LOGIN_LIFETIME_SECONDS - 1);
    early.complete(&tool).await.launch_id();
    tool.clock.advance(1);
    refused("after ten minutes", &late.complete(&tool).await, 400, "state_expired");
}

/// Somebody got hold of a state and of its nonce, and signed in to the Platform as another user.
#[tokio::test]
async fn a_page_completes_what_it_posted_whoever_else_posts_for_the_same_login() {
    let (platform, tool) = set_up().await;
    for stranger_is_last in [true, false] {
        let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
        let token = |user_id: &str| {
            let user = find_user(user_id).expect("the mock Platform knows the user");
            platform.key.id_token(&platform.claims(&begun.nonce(), tool.now(), &user).resource_link())
        };
        let mut posts = [("41", token("41")), ("52", token("52"))];
        if !stranger_is_last {
            posts.reverse();
        }
        let mut pages = Vec::new();
        for (user_id, token) in posts {
            pages.push((user_id, waiting_for(&tool, begun.clone(), token).await));
        }
        pages.sort_by_key(|(user_id, _)| *user_id);
        let [(_, mine), (_, strangers)] = &pages[..] else { panic!("two pages") };
        assert_ne!(mine.handle(), strangers.handle());
        let id = mine.complete(&tool).await.launch_id();
        assert_eq!(tool.redeem(&id).await.json()["user"]["id"], "41", "last: {stranger_is_last}");
        refused("the stranger's", &strangers.complete(&tool).await, 409, "launch_already_used");
    }
}
