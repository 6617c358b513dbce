//! F4, F11, F13: who speaks, to whom, about whom.

use doorway_tests::refused;
use http::StatusCode;
use serde_json::json;

use super::*;

#[tokio::test]
async fn f4_a_nonce_belongs_to_its_state_and_a_state_to_its_registration() {
    let (platform, tool) = set_up().await;
    let (one, two) = (tool.begin(&platform).await, tool.begin(&platform).await);
    let of_two = token(&tool, &platform, &two);
    let both = [&*one.cookie, &*two.cookie];
    let answer = tool.post("/lti/launch", &[("id_token", &of_two), ("state", &one.state())], &both).await;
    refused("the state of one, the nonce of two", &answer, 401, "nonce_mismatch");
    for begun in [one, two] {
        tool.post_token(&begun, &token(&tool, &platform, &begun)).await.launch_id();
    }
}

/// A Platform of one issuer and one of another, and a second client of the first.
async fn three() -> ([FakePlatform; 3], TestTool) {
    let first = FakePlatform::start(ISSUER, "client-1").await;
    let mut second = FakePlatform::start(ISSUER, "client-2").await;
    second.deployment_id = "dep-2".to_owned();
    let other = FakePlatform::start("https://other.example", "client-1").await;
    let all = [first, second, other];
    let tool = TestTool::start(&all.each_ref().map(FakePlatform::registration)).await;
    for platform in &all {
        tool.launch(platform).await;
    }
    (all, tool)
}

#[tokio::test]
async fn f11_a_valid_token_of_one_party_is_refused_in_the_flow_of_another() {
    let ([first, second, other], tool) = three().await;
    for (case, flow, signer, code) in [
        ("another Platform's token", &first, &other, "key_id_unknown"),
        ("the other way", &other, &first, "key_id_unknown"),
        ("another client's token", &first, &second, "key_id_unknown"),
    ] {
        let begun = tool.begin(flow).await;
        let claims = tool.good_claims(signer, &begun);
        refused(case, &tool.post_token(&begun, &signer.key.id_token(&claims)).await, 401, code);
        tool.post_token(&begun, &token(&tool, flow, &begun)).await.launch_id();
    }
}

#[tokio::test]
async fn f11_a_shared_cloud_signs_for_all_clients_and_still_each_token_is_for_one() {
    let first = FakePlatform::start(ISSUER, "client-1").await;
    let mut second = FakePlatform::start(ISSUER, "client-2").await;
    second.deployment_id = "dep-2".to_owned();
    // As on Canvas: one key set for every institution.
    second.publish(&[&first.key, &second.key]);
    first.publish(&[&first.key, &second.key]);
    let tool = TestTool::start(&[first.registration(), second.registration()]).await;
    for (flow, signer) in [(&first, &second), (&second, &first)] {
        let begun = tool.begin(flow).await;
        let claims = tool.good_claims(signer, &begun);
        let foreign = tool.post_token(&begun, &signer.key.id_token(&claims)).await;
        refused("another client's token", &foreign, 401, "audience_mismatch");
        // In our client's name, but from where the other client is installed.
        let mut claims = tool.good_claims(flow, &begun);
        claims[doorway_lti::claim::DEPLOYMENT_ID] = json!(signer.deployment_id);
        let elsewhere = tool.post_token(&begun, &signer.key.id_token(&claims)).await;
        refused("the other client's deployment", &elsewhere, 403, "deployment_unknown");
        tool.post_token(&begun, &token(&tool, flow, &begun)).await.launch_id();
    }
}

#[tokio::test]
async fn f11_the_issuer_in_the_token_does_not_choose_the_registration() {
    let ([first, _, other], tool) = three().await;
    let begun = tool.begin(&first).await;
    let mut claims = tool.good_claims(&first, &begun);
    claims["iss"] = json!(other.issuer);
    refused("another issuer", &tool.post_token(&begun, &first.key.id_token(&claims)).await, 401, "issuer_mismatch");
}

#[tokio::test]
async fn f13_one_email_at_two_platforms_is_two_people() {
    let ([first, _, other], tool) = three().await;
    let mut users = Vec::new();
    for platform in [&first, &other] {
        let id =
            tool.launch_with(platform, |claims| claims["email"] = json!("shared@school.example")).await.launch_id();
        let launch = tool.redeem(&id).await.json();
        assert_eq!(launch["user"]["email"], "shared@school.example");
        users.push((id, launch["platform"]["issuer"].clone(), launch["user"]["id"].clone()));
    }
    assert_eq!(users[0].2, users[1].2, "even with the same `sub`");
    assert_ne!(users[0].1, users[1].1);
    let forgotten = tool.api("DELETE", "/v1/users?issuer=https%3A%2F%2Flms.example&sub=41").await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
    refused("the one", &tool.api("GET", &format!("/v1/launches/{}", users[0].0)).await, 404, "launch_unknown");
    assert_eq!(tool.api("GET", &format!("/v1/launches/{}", users[1].0)).await.status, StatusCode::OK);
}
