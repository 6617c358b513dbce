//! S8: the client assertion, as the Platform received it.

use std::collections::BTreeSet;

use doorway_mock_platform::{Profile, RecordedRequest, ServicesConfig};
use doorway_tests::{School, TestTool};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{claims_of, grade, header_of};

/// As long as a token is good, in seconds.
const TOKEN_SECONDS: u64 = 3600;

fn assertions(school: &School) -> Vec<String> {
    let field = |request: &RecordedRequest| {
        let mut fields = form_urlencoded::parse(request.body.as_bytes());
        fields.find(|(name, _)| name == "client_assertion").map(|(_, value)| value.into_owned())
    };
    let requests = school.platform.requests();
    requests.iter().filter(|request| request.path == "/token").filter_map(field).collect()
}

async fn ask(tool: &TestTool, launch: &str) {
    let answer = tool.api("GET", &format!("/v1/launches/{launch}/line-items")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

/// S8: the claims are these and no others, and the header is RS256 with a published key.
#[tokio::test]
async fn an_assertion_says_who_to_whom_and_for_five_minutes() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    ask(&tool, &school.launch(&tool, "52").await).await;
    let [assertion] = &assertions(&school)[..] else { panic!("one assertion for one token") };
    let (header, mut claims) = (header_of(assertion), claims_of(assertion));
    let jti = claims["jti"].take();
    assert!(jti.as_str().is_some_and(|jti| jti.len() >= 22), "128 bits at least: {jti}");
    assert_eq!(
        claims,
        json!({
            "iss": "doorway-at-school", "sub": "doorway-at-school", "aud": format!("{}/token", school.issuer),
            "iat": tool.now(), "exp": tool.now() + 300, "jti": null,
            "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
        })
    );
    let published = tool.public_keys();
    let key_ids: Vec<&Value> = published["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT", "kid": key_ids[0] }));
}

/// S8: no assertion is used twice, not even by another instance: each has a `jti` of its own, and is dated now.
#[tokio::test]
async fn fifty_assertions_have_fifty_ids_and_none_is_dated_ahead() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch(&tool, "52").await;
    let twin = tool.twin();
    for round in 0..50 {
        ask(if round % 2 == 0 { &tool } else { &twin }, &launch).await;
        let latest = assertions(&school).pop().unwrap();
        let claims = claims_of(&latest);
        assert_eq!((claims["iat"].as_u64(), claims["exp"].as_u64()), (Some(tool.now()), Some(tool.now() + 300)));
        tool.clock.advance(TOKEN_SECONDS);
    }
    let sent = assertions(&school);
    let ids: BTreeSet<String> = sent.iter().map(|assertion| claims_of(assertion)["jti"].to_string()).collect();
    assert_eq!((sent.len(), ids.len()), (50, 50));
    assert!(ids.iter().all(|id| !header_of(&sent[0])["kid"].to_string().contains(id)), "the key's id is no `jti`");
}

/// S8: an assertion that was refused is not sent again: the next attempt has another.
#[tokio::test]
async fn a_request_that_is_repeated_has_another_assertion() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch(&tool, "52").await;
    school.platform.set_offered_scopes(&[]);
    for _ in 0..3 {
        let answer = tool.api("GET", &format!("/v1/launches/{launch}/line-items")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "token_refused"), "{}", answer.body);
    }
    let sent = assertions(&school);
    let ids: BTreeSet<String> = sent.iter().map(|assertion| claims_of(assertion)["jti"].to_string()).collect();
    assert_eq!((sent.len(), ids.len()), (3, 3));
}

/// S8: `aud` is what the Registration says, as one string; where it says nothing, the token endpoint.
#[tokio::test]
async fn the_audience_is_the_configured_one_else_the_token_endpoint() {
    let tool = TestTool::start(&[]).await;
    let brightspace = "https://api.brightspace.com/auth/token";
    for (profile, configured, expected) in [
        (Profile::Brightspace, Some(brightspace), Some(brightspace)),
        (Profile::Plain, None, None),
        (Profile::Plain, Some(""), None),
        (Profile::Plain, Some("  "), None),
    ] {
        let services = ServicesConfig { profile, ..ServicesConfig::default() };
        let school = School::start_with(&tool, services, |registration| {
            registration.token_audience = configured.map(str::to_owned);
        })
        .await;
        ask(&tool, &school.launch(&tool, "52").await).await;
        let claims = claims_of(&assertions(&school)[0]);
        let token_endpoint = format!("{}/token", school.issuer);
        assert_eq!(claims["aud"], json!(expected.unwrap_or(&token_endpoint)), "{configured:?}");
    }
}

/// S8: a token is asked for what the call needs and no more, so that a school may allow one service alone.
#[tokio::test]
async fn each_service_asks_for_its_own_scopes() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.launch(&tool, "52").await;
    let scores = format!("/v1/launches/{launch}/scores");
    assert_eq!(tool.api_json("POST", &scores, &grade(), &[]).await.status, StatusCode::OK);
    ask(&tool, &launch).await;
    tool.api("GET", &format!("/v1/launches/{launch}/memberships")).await;
    let scope = |request: &RecordedRequest| {
        let mut fields = form_urlencoded::parse(request.body.as_bytes());
        fields.find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let requests = school.platform.requests();
    let asked: Vec<String> = requests.iter().filter(|request| request.path == "/token").map(scope).collect();
    let ags = "https://purl.imsglobal.org/spec/lti-ags/scope";
    let nrps = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
    assert_eq!(asked, [format!("{ags}/score"), format!("{ags}/lineitem"), nrps.to_owned()]);
}

/// S8: the deep-linking response is no assertion, and an assertion is no response: their claims differ where it counts.
#[tokio::test]
async fn a_deep_linking_response_cannot_be_used_as_an_assertion() {
    let tool = TestTool::start(&[]).await;
    let school = School::start(&tool, Profile::Plain).await;
    let launch = school.deep_linking(&tool).await;
    let uri = format!("/v1/launches/{launch}/deep-link");
    let answer = tool.api_json("POST", &uri, &json!({ "contentItems": [] }), &[]).await;
    let jwt = answer.json()["jwt"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned();
    let claims = claims_of(&jwt);
    assert_eq!(claims["aud"], json!(school.issuer), "not the token endpoint");
    assert_eq!(claims.get("jti"), None, "without which no Platform takes it for an assertion");
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 300);
}
