//! The answer as JSON: what is signed, for whom, and until when (digest, sections 2.1 and 2.2).

use serde_json::{Value, json};

use super::*;
use crate::support::jwt::verified;

#[tokio::test]
async fn the_app_gets_the_return_url_the_jwt_and_no_notes() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let answer = respond(&tool, &launch, &one(&lesson(1))).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    assert_eq!(answer["returnUrl"], format!("{}/deep-linking/course-7", school.issuer));
    assert_eq!(answer["notes"], json!([]));
    verified(&tool, jwt(&answer));
    assert_eq!(answer.as_object().unwrap().len(), 3, "{answer}");
}

#[tokio::test]
async fn the_header_has_type_algorithm_and_key_id_alone() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let answer = respond(&tool, &launch, &one(&lesson(1))).await.json();
    let jwt = verified(&tool, jwt(&answer));
    let key_id = jwt.key["kid"].as_str().unwrap();
    assert_eq!(jwt.header, format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{key_id}"}}"#));
    assert_eq!((&jwt.key["kty"], &jwt.key["use"]), (&json!("RSA"), &json!("sig")));
    assert_eq!(jwt.key.get("d"), None, "a published key is a public one");
}

#[tokio::test]
async fn the_claims_are_those_of_the_standard_and_no_others() {
    let (tool, school, launch) = choosing(|settings| settings["data"] = "csrf:7".into()).await;
    let mut claims = signed(&tool, &launch, &one(&lesson(1))).await;
    let nonce = claims.as_object_mut().unwrap().remove("nonce").unwrap();
    assert!(nonce.as_str().is_some_and(|nonce| nonce.len() >= 22), "128 bits: {nonce}");
    let expected = json!({
        "iss": "doorway-at-school",
        "aud": school.issuer,
        "sub": "doorway-at-school",
        "iat": tool.now(),
        "exp": tool.now() + 300,
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti-dl/claim/data": "csrf:7",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [lesson(1)],
    });
    assert_eq!(claims, expected);
    assert!(claims["iat"].is_u64() && claims["exp"].is_u64(), "numbers, and no fractions");
}

#[tokio::test]
async fn the_nonce_is_not_that_of_the_request_and_no_two_launches_share_one() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let kept = tool.api("GET", &format!("/v1/launches/{launch}")).await.json();
    let first = signed(&tool, &launch, &one(&lesson(1))).await["nonce"].clone();
    let other = choose(&tool, &school, |_| {}).await;
    let second = signed(&tool, &other, &one(&lesson(1))).await["nonce"].clone();
    assert_ne!(first, second);
    assert_ne!(first, kept["claims"]["nonce"]);
}

#[tokio::test]
async fn data_of_every_kind_comes_back_as_it_was_sent() {
    let (tool, school) = crate::support::at_school(Profile::Plain).await;
    for data in [
        json!("_4_1::_14_1::2::false::ü \"quoted\""),
        json!(""),
        json!(" "),
        json!(7),
        json!(9_007_199_254_740_993_u64),
        json!(1.5),
        json!(true),
        json!(false),
        json!(null),
        json!([]),
        json!(["a", 1, null]),
        json!({}),
        json!({ "course": { "id": 7, "tags": [] }, "empty": null }),
    ] {
        let launch = choose(&tool, &school, |settings| settings["data"] = data.clone()).await;
        let claims = signed(&tool, &launch, &one(&lesson(1))).await;
        assert_eq!(claims.get(DATA), Some(&data), "{data}");
    }
}

#[tokio::test]
async fn data_that_was_not_sent_does_not_come_back() {
    let (tool, _school, launch) = choosing(|settings| _ = settings.as_object_mut().unwrap().remove("data")).await;
    assert_eq!(signed(&tool, &launch, &one(&lesson(1))).await.get(DATA), None);
}

#[tokio::test]
async fn the_words_of_the_app_go_along_trimmed() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let body = json!({
        "contentItems": [lesson(1)],
        "msg": " One lesson was chosen. ", "log": "1 of 6 <b>",
        "errormsg": "Another\nis gone", "errorlog": "lesson-9: 404",
    });
    let claims = signed(&tool, &launch, &body).await;
    let claim = |name: &str| claims[format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}")].clone();
    assert_eq!(claim("msg"), "One lesson was chosen.");
    assert_eq!(claim("log"), "1 of 6 <b>");
    assert_eq!(claim("errormsg"), "Another\nis gone");
    assert_eq!(claim("errorlog"), "lesson-9: 404");
    assert!(claims.as_object().unwrap().keys().all(|name| name.trim() == name), "no name ends in a blank");
}

#[tokio::test]
async fn words_that_are_absent_null_or_empty_are_no_claims() {
    let (tool, school) = crate::support::at_school(Profile::Plain).await;
    for body in [
        json!({ "contentItems": [lesson(1)] }),
        json!({ "contentItems": [lesson(1)], "msg": null, "log": "", "errormsg": "  ", "errorlog": null }),
    ] {
        let launch = choose(&tool, &school, |_| {}).await;
        let claims = signed(&tool, &launch, &body).await;
        for name in ["msg", "log", "errormsg", "errorlog"] {
            let name = format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}");
            assert_eq!(claims.get(&name), None, "{body}");
        }
    }
}

#[tokio::test]
async fn nothing_chosen_is_an_empty_list() {
    let (tool, school) = crate::support::at_school(Profile::Plain).await;
    for body in [json!({ "contentItems": [] }), json!({}), json!({ "contentItems": null, "errormsg": "It broke" })] {
        let launch = choose(&tool, &school, |_| {}).await;
        assert_eq!(signed(&tool, &launch, &body).await[ITEMS], Value::Array(Vec::new()), "{body}");
    }
}

#[tokio::test]
async fn the_audience_is_the_issuer_exactly_and_the_deployment_that_of_the_launch() {
    let platform = doorway_tests::FakePlatform::start("https://lms.example/moodle/", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let begun = tool.begin(&platform).await;
    let teacher = doorway_tests::teacher();
    let claims = platform.claims(&begun.nonce(), tool.now(), &teacher).deep_linking();
    let launch = tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();
    assert_eq!(tool.redeem(&launch).await.status.as_u16(), 200);
    let claims = signed(&tool, &launch, &one(&lesson(1))).await;
    assert_eq!((&claims["aud"], &claims["iss"]), (&json!("https://lms.example/moodle/"), &json!("client-1")));
    assert_eq!(claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"], platform.deployment_id);
}
