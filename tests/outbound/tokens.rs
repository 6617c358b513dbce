//! S3: the tokens of two Registrations never cross, and a token is asked for no more than is needed.

use doorway_lti::claim;
use doorway_mock_platform::{Bearer, Platform, Profile, RecordedRequest, ServicesConfig};
use doorway_tests::{School, TestTool};
use http::StatusCode;
use serde_json::json;

use crate::listener::Heard;
use crate::support::{LINE_ITEM, Place, grade, token_answer};

async fn score(tool: &TestTool, launch: &str) -> StatusCode {
    tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), &grade(), &[]).await.status
}

fn at_services(platform: &Platform) -> Vec<RecordedRequest> {
    platform.requests().into_iter().filter(|request| request.path != "/token").collect()
}

/// S3: each school sees its own tokens alone: with another's, its services would answer `invalid`.
#[tokio::test]
async fn two_schools_each_see_only_their_own_tokens() {
    let tool = TestTool::start(&[]).await;
    let one = School::start(&tool, Profile::Moodle).await;
    let other = School::start(&tool, Profile::Plain).await;
    let (at_one, at_other) = (one.launch(&tool, "52").await, other.launch(&tool, "52").await);
    for _ in 0..2 {
        for launch in [&at_one, &at_other] {
            assert_eq!(score(&tool, launch).await, StatusCode::OK);
            for service in ["line-items", "memberships?limit=5"] {
                let answer = tool.api("GET", &format!("/v1/launches/{launch}/{service}")).await;
                assert_eq!(answer.status, StatusCode::OK, "{service}: {}", answer.body);
            }
        }
        tool.clock.advance(2);
    }
    for school in [&one, &other] {
        let requests = at_services(&school.platform);
        assert_eq!(requests.len(), 6, "two rounds of three services");
        assert!(requests.iter().all(|request| request.bearer == Bearer::Valid), "{requests:?}");
    }
}

/// S3: where an operator lets one Registration ask another's origin, it still asks in its own name.
#[tokio::test]
async fn a_token_of_one_registration_is_not_used_for_another_on_the_same_origin() {
    let tool = TestTool::start(&[]).await;
    let one = School::start(&tool, Profile::Plain).await;
    let at_one = one.launch(&tool, "52").await;
    assert_eq!(score(&tool, &at_one).await, StatusCode::OK, "the Tool has a token for the first school now");
    let origin = one.issuer.parse().unwrap();
    let other = School::start_with(&tool, ServicesConfig::default(), |registration| {
        registration.service_origins = vec![origin];
    })
    .await;
    let line_item = format!("{}/line-items/course-7/link-1201", one.issuer);
    let change = |claims: &mut serde_json::Value| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(line_item);
    let crossing = other.launch_with(&tool, "video", "52", change).await;
    one.platform.forget_requests();
    assert_ne!(score(&tool, &crossing).await, StatusCode::OK);
    let requests = at_services(&one.platform);
    assert!(!requests.is_empty());
    assert!(requests.iter().all(|request| request.bearer == Bearer::Invalid), "{requests:?}");
    assert_eq!(other.platform.requests().iter().filter(|request| request.path == "/token").count(), requests.len());
}

/// S3: without that, one Registration's claim cannot even lead to the other's origin.
#[tokio::test]
async fn a_school_cannot_send_the_tool_to_another_school() {
    let tool = TestTool::start(&[]).await;
    let one = School::start(&tool, Profile::Plain).await;
    let other = School::start(&tool, Profile::Plain).await;
    let line_item = format!("{}/line-items/course-7/link-1201", one.issuer);
    let change = |claims: &mut serde_json::Value| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(line_item);
    let crossing = other.launch_with(&tool, "video", "52", change).await;
    assert_eq!(score(&tool, &crossing).await, StatusCode::CONFLICT);
    assert!(one.platform.requests().is_empty() && other.platform.requests().is_empty());
}

/// S3: another host of the same Platform, named exactly, serves with the Platform's token.
#[tokio::test]
async fn services_on_a_host_of_their_own_are_reached_when_an_operator_named_it() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let tool = TestTool::start(&[]).await;
    for (named, status) in [(false, StatusCode::CONFLICT), (true, StatusCode::OK)] {
        let services = ServicesConfig { service_base: Some(base.clone()), ..ServicesConfig::default() };
        let origin = base.parse().unwrap();
        let school = School::start_with(&tool, services, |registration| {
            registration.service_origins = if named { vec![origin] } else { Vec::new() };
        })
        .await;
        let launch = school.launch(&tool, "52").await;
        if !named {
            assert_eq!(score(&tool, &launch).await, status);
            assert!(school.platform.requests().is_empty());
            continue;
        }
        let router = doorway_mock_platform::router(school.platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        assert_eq!(score(&tool, &launch).await, status);
        assert!(at_services(&school.platform).iter().all(|request| request.bearer == Bearer::Valid));
        break;
    }
}

/// S3: one Platform, two clients: each token is asked for and used in the name of its own client.
#[tokio::test]
async fn two_clients_of_one_platform_do_not_share_a_token() {
    let place = Place::scripted(|_| {
        |heard: &Heard| {
            let assertion = heard.field("client_assertion")?;
            let claims = crate::support::claims_of(&assertion);
            Some(token_answer(&format!("token-of-{}", claims["sub"].as_str()?)))
        }
    })
    .await;
    let mut second = doorway_tests::FakePlatform::start("https://lms.example", "client-2").await;
    second.deployment_id = "dep-1".to_owned();
    let mut registration = second.registration();
    registration.token_endpoint = place.registration.token_endpoint.clone();
    place.tool.parts.registrations().put(&registration).await.unwrap();
    place.tool.clock.advance(60);
    let first_launch = place.launch().await;
    let place = Place { platform: second, ..place };
    let second_launch = place.launch().await;
    for launch in [&first_launch, &second_launch, &first_launch, &second_launch] {
        assert_eq!(place.score(launch, &grade()).await.status, StatusCode::OK);
        place.tool.clock.advance(1);
    }
    let scores = place.lms.heard_at("/li/9/lineitem/scores");
    let tokens: Vec<_> = scores.iter().filter_map(|heard| heard.header("authorization")).collect();
    let (one, two) = ("Bearer token-of-client-1", "Bearer token-of-client-2");
    assert_eq!(tokens, [one, two, one, two]);
    assert_eq!(place.lms.heard_at("/token").len(), 2, "each was asked for once");
}

/// S3, S10: the token is in the `Authorization` header of services, and nowhere else.
#[tokio::test]
async fn a_token_is_in_no_url_and_no_body() {
    let place = Place::start().await;
    let launch = place.launch().await;
    assert_eq!(place.score(&launch, &grade()).await.status, StatusCode::OK);
    place.ask("GET", &launch, "memberships").await;
    let heard = place.lms.heard();
    assert!(heard.iter().any(|heard| heard.target() == LINE_ITEM.replace("?", "/scores?")));
    for heard in heard {
        let text = String::from_utf8_lossy(&heard.0).into_owned();
        let expected = usize::from(heard.target() != "/token");
        assert_eq!(text.matches(crate::support::TOKEN).count(), expected, "{text}");
        assert_eq!(heard.header("authorization").is_some(), expected == 1, "{text}");
    }
}
