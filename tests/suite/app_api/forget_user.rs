//! Forgetting a user: all launches of one `sub` at one issuer, and nobody else's.

use std::sync::Arc;

use doorway_core::clock::{Clock, Timestamp};
use doorway_local::database::LAUNCHES_TABLE;
use doorway_tests::{Answer, AttributeValue, Item, refused};

use super::*;

async fn forget_user(tool: &TestTool, issuer: &str, sub: &str) -> Answer {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("issuer", issuer).append_pair("sub", sub).finish();
    tool.api("DELETE", &format!("/v1/users?{query}")).await
}

#[tokio::test]
async fn all_launches_of_one_user_at_one_platform_are_forgotten_and_no_others() {
    let here = FakePlatform::start("https://lms.example", "client-1").await;
    let there = FakePlatform::start("https://other.example", "client-1").await;
    let tool = TestTool::start(&[here.registration(), there.registration()]).await;
    let mine =
        [launch_by(&tool, &here, "41").await, launch_by(&tool, &here, "41").await, launch_by(&tool, &here, "41").await];
    tool.redeem(&mine[0]).await;
    let others = [
        launch_by(&tool, &here, "52").await,
        launch_by(&tool, &there, "41").await,
        launch_by(&tool, &there, "52").await,
    ];

    let answer = forget_user(&tool, "https://lms.example", "41").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    for id in mine {
        refused("mine", &read(&tool, &id).await, 404, "launch_unknown");
        refused("mine", &tool.redeem(&id).await, 404, "launch_unknown");
    }
    for id in others {
        assert_eq!(tool.redeem(&id).await.status, 200);
    }
}

#[tokio::test]
async fn a_user_of_several_client_ids_of_an_issuer_is_forgotten_in_all() {
    let one = FakePlatform::start("https://lms.example", "client-1").await;
    let two = FakePlatform::start("https://lms.example", "client-2").await;
    let tool = TestTool::start(&[one.registration(), two.registration()]).await;
    let ids = [launch_by(&tool, &one, "41").await, launch_by(&tool, &two, "41").await];
    assert_eq!(forget_user(&tool, "https://lms.example", "41").await.status, 204);
    for id in ids {
        refused("mine", &read(&tool, &id).await, 404, "launch_unknown");
    }
}

#[tokio::test]
async fn forgetting_a_user_who_never_came_is_done_already() {
    let (tool, platform) = tool_and_platform().await;
    let id = tool.launch(&platform).await;
    for (issuer, sub) in
        [("https://lms.example", "nobody"), ("https://lms.example/", "41"), ("https://LMS.example", "41")]
    {
        assert_eq!(forget_user(&tool, issuer, sub).await.status, 204, "{issuer} {sub}");
    }
    assert_eq!(tool.redeem(&id).await.status, 200);
}

#[tokio::test]
async fn a_user_who_comes_back_is_known_again() {
    let (tool, platform) = tool_and_platform().await;
    launch_by(&tool, &platform, "41").await;
    forget_user(&tool, "https://lms.example", "41").await;
    let id = launch_by(&tool, &platform, "41").await;
    assert_eq!(tool.redeem(&id).await.status, 200);
}

#[tokio::test]
async fn a_query_that_names_nobody_is_refused_with_the_parameter_named() {
    let (tool, _) = tool_and_platform().await;
    let long = format!("issuer=https%3A%2F%2Flms.example&sub={}", "a".repeat(256));
    for (query, named) in [
        ("", "issuer"),
        ("sub=41", "issuer"),
        ("issuer=&sub=41", "issuer"),
        ("issuer=https%3A%2F%2Flms.example", "sub"),
        ("issuer=https%3A%2F%2Flms.example&sub=", "sub"),
        (long.as_str(), "sub"),
        ("issuer=https%3A%2F%2Flms.example&sub=41&cursor=x", "cursor"),
    ] {
        let line = refused(query, &tool.api("DELETE", &format!("/v1/users?{query}")).await, 400, "query_invalid");
        let reason = line["rejection.reason"].as_str().expect("a reason is a text");
        assert!(reason.starts_with(&format!("query parameter `{named}` must be ")), "{query}: {reason}");
    }
    let repeated = tool.api("DELETE", "/v1/users?issuer=a&sub=41&sub=52").await;
    refused("repeated", &repeated, 400, "parameter_repeated");
}

/// A clock on which every look takes as long as a slow page of a scan.
struct SlowScan(std::sync::atomic::AtomicU64);

impl Clock for SlowScan {
    fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(30_000, std::sync::atomic::Ordering::SeqCst))
    }
}

/// More than one page of a scan, which is a megabyte.
async fn fill_pages(tool: &TestTool) {
    for number in 0..8 {
        let large = AttributeValue::B(vec![0; 380_000].into());
        let id = AttributeValue::S(format!("{number:0>32}"));
        tool.put_item(LAUNCHES_TABLE, Item::from([("id".to_owned(), id), ("filler".to_owned(), large)])).await;
    }
}

#[tokio::test]
async fn a_table_too_large_for_one_request_is_gone_through_with_a_cursor() {
    let (mut tool, platform) = tool_and_platform().await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(launch_by(&tool, &platform, "41").await);
    }
    fill_pages(&tool).await;
    tool.parts.clock = Arc::new(SlowScan((tool.now() * 1000).into()));
    tool.restart();

    let query = "issuer=https%3A%2F%2Flms.example&sub=41";
    let mut answer = tool.api("DELETE", &format!("/v1/users?{query}")).await;
    let mut requests = 1;
    while answer.status == 202 {
        assert_eq!(answer.header("retry-after"), "0");
        let cursor = answer.json()["cursor"].as_str().expect("202 has a cursor").to_owned();
        answer = tool.api("DELETE", &format!("/v1/users?{query}&cursor={cursor}")).await;
        requests += 1;
    }
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert!(requests > 1, "one request was enough");
    for id in ids {
        assert!(stored(&tool, &id).await.is_none());
    }
}
