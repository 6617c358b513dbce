//! DynamoDB does not answer, or a table is missing.

use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE, create_tables, local_aws};
use doorway_tests::{begun, refused};
use http::StatusCode;

use super::*;

/// An endpoint where nothing listens.
async fn closed_endpoint() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    let address = listener.local_addr().expect("a bound listener has an address");
    drop(listener);
    format!("http://{address}")
}

#[tokio::test]
async fn without_a_database_every_function_says_so_and_goes_on_when_it_is_back() {
    let (platform, mut tool) = set_up().await;
    tool.parts.tool_keys().publish(&serde_json::json!({ "keys": [] })).await.unwrap();
    let begun = tool.begin(&platform).await;
    let launched = tool.launch(&platform).await;
    let working = tool.parts.aws.clone();
    tool.parts.aws = local_aws(&closed_endpoint().await).await;
    tool.restart();

    let user = "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41";
    let (read, redeem) = (format!("/v1/launches/{launched}"), format!("/v1/launches/{launched}/redeem"));
    let (login, launch, keys) = (login(&tool), finish(&tool, &platform, &begun), tool.get("/.well-known/jwks.json"));
    let api = [("POST", &*redeem), ("GET", &*read), ("DELETE", &*read), ("DELETE", user)];
    let [redeem, read, forget, forget_user] = api.map(|(method, uri)| tool.api(method, uri));
    let (login, launch, keys, redeem, read, forget, forget_user) =
        tokio::join!(login, launch, keys, redeem, read, forget, forget_user);
    for (case, answer) in [
        ("login", login),
        ("launch", launch),
        ("keys", keys),
        ("redeem", redeem),
        ("read", read),
        ("forget", forget),
        ("forget a user", forget_user),
    ] {
        let line = refused(case, &answer, 503, "storage_unavailable");
        assert_reason(case, &line, "table `doorway-");
        assert_eq!((&line["level"], &line["failures"]), (&"ERROR".into(), &1.into()), "{case}");
    }

    tool.parts.aws = working;
    tool.restart();
    finish(&tool, &platform, &begun).await.launch_id();
    assert_eq!(tool.redeem(&launched).await.status, StatusCode::OK, "nothing was lost");
}

#[tokio::test]
async fn when_the_launches_table_fails_the_login_is_not_burned() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    tool.drop_table(LAUNCHES_TABLE).await;
    let line = refused("launch", &finish(&tool, &platform, &begun).await, 503, "storage_unavailable");
    assert_reason("launch", &line, "table `doorway-launches` failed to store a launch: ResourceNotFoundException");
    create_tables(&tool.parts.aws).await.unwrap();
    finish(&tool, &platform, &begun).await.launch_id();
}

#[tokio::test]
async fn when_the_registrations_table_fails_known_platforms_are_served_from_memory_for_a_while() {
    let (platform, tool) = set_up().await;
    tool.launch(&platform).await;
    tool.drop_table(REGISTRATIONS_TABLE).await;
    let begun = begun(&login(&tool).await);
    finish(&tool, &platform, &begun).await.launch_id();
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    refused("login", &login(&tool).await, 503, "storage_unavailable");
    let unfinished = finish(&tool, &platform, &begun).await;
    refused("launch", &unfinished, 503, "storage_unavailable");
}

#[tokio::test]
async fn without_the_table_of_keys_they_are_fetched_from_the_platform() {
    let (platform, tool) = set_up().await;
    // The Registration is in memory; every read and write of keys fails.
    let begun = begun(&login(&tool).await);
    refused("warms the launch function", &tool.post_token(&begun, "x").await, 400, "token_malformed");
    tool.drop_table(REGISTRATIONS_TABLE).await;
    finish(&tool, &platform, &begun).await.launch_id();
    assert_eq!(platform.fetches(), 1);
}

#[tokio::test]
async fn a_redeem_that_cannot_be_answered_is_not_lost() {
    let (platform, mut tool) = set_up().await;
    let id = tool.launch(&platform).await;
    tool.drop_table(REGISTRATIONS_TABLE).await;
    tool.restart();
    let answer = tool.redeem(&id).await;
    refused("the registration cannot be read", &answer, 503, "storage_unavailable");
    assert!(answer.body.contains("may repeat its request"));
    create_tables(&tool.parts.aws).await.unwrap();
    tool.parts.registrations().put(&platform.registration()).await.unwrap();
    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.body);
    assert_eq!(redeemed.json()["user"]["name"], "Ada Morgan");
    refused("again", &tool.redeem(&id).await, 410, "launch_redeemed");
}
