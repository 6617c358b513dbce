//! Whole launches, from the login to the redeeming, by the production routers.

use doorway_core::migration::{AcceptedFrom, NewConsumer};
use doorway_core::secret::SECRET_CACHE_SECONDS;
use doorway_lti::claim;
use doorway_lti::ids::Issuer;
use doorway_tests::{FakePlatform, TestTool, log_lines};
use http::StatusCode;
use serde_json::{Value, json};

use super::support::move_from;

const ISSUER: &str = "https://lms.example";
const KEY: &str = "maple-school";
const SECRET: &str = "typed-into-the-lms-in-2014";

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

/// Accepts the consumer from this issuer.
async fn accept(tool: &TestTool, key: &str, secret: &str, issuer: &str) -> String {
    let accepted_from =
        AcceptedFrom::Platform { issuer: Issuer::try_from(issuer).unwrap(), client_id: None, deployment_id: None };
    let new = NewConsumer { key: key.to_owned(), secret: secret.to_owned(), accepted_from };
    tool.parts.consumer_ring().unwrap().add(new).await.unwrap()
}

/// The launch as the App redeems it.
async fn redeemed(tool: &TestTool, platform: &FakePlatform, change: impl FnOnce(&mut Value)) -> Value {
    let id = tool.launch_with(platform, change).await.launch_id();
    let answer = tool.redeem(&id).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

/// What became of the old account in a launch that this secret signed.
async fn migration(tool: &TestTool, platform: &FakePlatform, secret: &str) -> Value {
    redeemed(tool, platform, |claims| move_from(claims, KEY, secret)).await["migration"].clone()
}

#[tokio::test]
async fn an_old_account_is_verified_once_and_then_forgotten() {
    let (platform, tool) = set_up().await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    let mut sent = Value::Null;
    let change = |claims: &mut Value| {
        move_from(claims, KEY, SECRET);
        sent = claims[claim::LTI_1P1].clone();
    };
    let id = tool.launch_with(&platform, change).await.launch_id();
    let stored = tool.api("GET", &format!("/v1/launches/{id}")).await.json();
    assert_eq!(stored.get("migration"), None, "before it is redeemed nobody is told of people");
    let launch = tool.redeem(&id).await.json();
    assert_eq!(
        launch["migration"],
        json!({
            "consumerKey": KEY, "userId": "maple-41", "contextId": "course-7", "resourceLinkId": "link-1201",
            "toolConsumerInstanceGuid": "maple.example", "verified": true,
        })
    );
    assert_eq!(launch["claims"][claim::LTI_1P1], sent, "as sent");
    assert_eq!(launch["user"]["id"], "41", "who it is depends on `sub` alone");
    let kept = tool.api("GET", &format!("/v1/launches/{id}")).await;
    let signature = sent["oauth_consumer_key_sign"].as_str().unwrap();
    for erased in ["migration", KEY, "maple-41", signature] {
        assert!(!kept.body.contains(erased), "{erased} is kept");
    }
    let lines = serde_json::to_string(&log_lines()).unwrap();
    for secret in [SECRET, signature, "maple-41"] {
        assert!(!lines.contains(secret), "{secret} is logged");
    }
}

#[tokio::test]
async fn f16_an_old_account_is_verified_by_its_consumers_secret_and_by_nothing_else() {
    let (platform, tool) = set_up().await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    let verified = migration(&tool, &platform, SECRET).await;
    assert_eq!((&verified["verified"], verified.get("reason")), (&json!(true), None));
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 7] = [
        ("not_signed", |claims| {
            drop(claims[claim::LTI_1P1].as_object_mut().unwrap().remove("oauth_consumer_key_sign"))
        }),
        ("not_signed", |claims| claims[claim::LTI_1P1]["oauth_consumer_key_sign"] = json!(null)),
        ("not_signed", |claims| drop(claims[claim::LTI_1P1].as_object_mut().unwrap().remove("oauth_consumer_key"))),
        ("signature_wrong", |claims| claims[claim::LTI_1P1]["oauth_consumer_key_sign"] = json!("forged")),
        ("signature_wrong", |claims| claims["exp"] = json!(claims["exp"].as_u64().unwrap() + 1)),
        ("signature_wrong", |claims| move_from(claims, KEY, "a guess")),
        ("key_unknown", |claims| move_from(claims, "another-school", SECRET)),
    ];
    for (reason, change) in changes {
        let launch = redeemed(&tool, &platform, |claims| {
            move_from(claims, KEY, SECRET);
            change(claims);
        })
        .await;
        assert_eq!(launch["migration"]["verified"], false, "{}", launch["migration"]);
        assert_eq!(launch["migration"]["reason"], reason);
        assert_eq!(launch["migration"]["userId"], "maple-41", "as the Platform says");
    }
}

#[tokio::test]
async fn f16_a_signature_of_an_earlier_launch_is_worth_nothing_in_a_later_one() {
    let (platform, tool) = set_up().await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    let mut earlier = Value::Null;
    redeemed(&tool, &platform, |claims| {
        move_from(claims, KEY, SECRET);
        earlier = claims[claim::LTI_1P1].clone();
    })
    .await;
    let launch = redeemed(&tool, &platform, |claims| claims[claim::LTI_1P1] = earlier).await;
    assert_eq!(launch["migration"]["reason"], "signature_wrong");
}

#[tokio::test]
async fn f16_a_platform_that_knows_the_secret_of_another_takes_none_of_its_accounts() {
    let (school, tool) = set_up().await;
    let thief = FakePlatform::start("https://thief.example", "client-2").await;
    tool.parts.registrations().put(&thief.registration()).await.unwrap();
    accept(&tool, KEY, SECRET, ISSUER).await;
    assert_eq!(migration(&tool, &school, SECRET).await["verified"], true);
    let taken = migration(&tool, &thief, SECRET).await;
    assert_eq!((&taken["verified"], &taken["reason"]), (&json!(false), &json!("other_platform")));
}

#[tokio::test]
async fn a_changed_secret_serves_beside_the_old_one_and_a_removed_one_no_more() {
    let (platform, tool) = set_up().await;
    let old = accept(&tool, KEY, "the one before", ISSUER).await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    for secret in ["the one before", SECRET] {
        assert_eq!(migration(&tool, &platform, secret).await["verified"], true, "{secret}");
    }
    tool.parts.consumer_ring().unwrap().remove(&old).await.unwrap();
    tool.clock.advance(SECRET_CACHE_SECONDS);
    assert_eq!(migration(&tool, &platform, "the one before").await["reason"], "signature_wrong");
    assert_eq!(migration(&tool, &platform, SECRET).await["verified"], true);
}

#[tokio::test]
async fn without_a_secret_no_old_account_is_verified_and_every_launch_arrives() {
    let (platform, mut tool) = set_up().await;
    assert_eq!(migration(&tool, &platform, SECRET).await["reason"], "key_unknown", "nobody put one in");
    tool.parts.lti11_secrets = None;
    tool.restart();
    assert_eq!(migration(&tool, &platform, SECRET).await["reason"], "key_unknown", "there is no setting");
}

#[tokio::test]
async fn a_secret_that_is_missing_or_malformed_breaks_no_launch_and_verifies_nothing() {
    let (platform, mut tool) = set_up().await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    let directory = tool.local_directory().await;
    for text in [None, Some(""), Some("{}"), Some(r#"{"consumers":[{"id":"1","key":"maple-school","secret":"s"}]}"#)] {
        let path = directory.join("broken-lti11-secrets.json");
        match text {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => drop(std::fs::remove_file(&path)),
        }
        tool.parts.lti11_secrets = Some(path);
        tool.restart();
        let migration = migration(&tool, &platform, SECRET).await;
        assert_eq!(migration["verified"], false, "{text:?}");
        assert_eq!(migration["reason"], "secrets_unavailable", "{text:?}");
        // A launch that proves nothing does not ask for the secret.
        let plain = redeemed(&tool, &platform, |_| {}).await;
        assert_eq!(plain.get("migration"), None);
    }
}

#[tokio::test]
async fn whatever_the_claim_is_the_launch_arrives() {
    let (platform, tool) = set_up().await;
    accept(&tool, KEY, SECRET, ISSUER).await;
    let long = "x".repeat(4_000);
    for odd in [
        json!(null),
        json!([]),
        json!({}),
        json!("maple-school"),
        json!(1),
        json!([{"user_id": "41"}]),
        json!({"user_id": "", "validation_context": null, "errors": {"errors": {}}}),
        json!({"user_id": {}, "oauth_consumer_key": [], "oauth_consumer_key_sign": 7}),
        json!({"user_id": "41", "oauth_consumer_key": KEY, "oauth_consumer_key_sign": "%%%"}),
        json!({"user_id": "41", "oauth_consumer_key": "a&b", "oauth_consumer_key_sign": "AAAA"}),
        json!({"user_id": long, "oauth_consumer_key": long, "oauth_consumer_key_sign": long}),
    ] {
        let launch = redeemed(&tool, &platform, |claims| claims[claim::LTI_1P1] = odd.clone()).await;
        assert_ne!(launch["migration"]["verified"], true, "{odd}");
        assert_eq!(launch["claims"][claim::LTI_1P1], odd, "as sent");
    }
}
