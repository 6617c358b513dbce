//! Registrations as the functions read them: several clients of an issuer, tenants, transports, algorithms.

use doorway_core::registration::{Deployment, DeploymentPolicy, PlatformTransport, Registration, Status};
use doorway_core::store::Table;
use doorway_core::store::registrations::Registrations;
use doorway_local::database::REGISTRATIONS_TABLE;
use doorway_lti::ids::{ClientId, Issuer};
use doorway_lti::key_set::Algorithm;
use doorway_tests::{BEGIN, FakePlatform, TestTool, last_request_line, refused};
use serde_json::json;
use url::Url;

const ISSUER: &str = "https://cloud.example";

#[tokio::test]
async fn two_clients_of_one_issuer_are_two_customers() {
    let platforms = [FakePlatform::start(ISSUER, "100").await, FakePlatform::start(ISSUER, "200").await];
    let tenants = ["North School", "South School"];
    let registrations: Vec<Registration> = platforms
        .iter()
        .zip(tenants)
        .map(|(platform, tenant)| Registration { tenant: Some(tenant.to_owned()), ..platform.registration() })
        .collect();
    let tool = TestTool::start(&registrations).await;
    for (platform, tenant) in platforms.iter().zip(tenants) {
        let begun = tool.begin(platform).await;
        assert_eq!(last_request_line()["tenant"], tenant);
        let claims = tool.good_claims(platform, &begun);
        let id = tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();
        let line = last_request_line();
        assert_eq!((&line["tenant"], &line["lti.client_id"]), (&json!(tenant), &json!(platform.client_id)));
        let launch = tool.redeem(&id).await.json();
        assert_eq!((&launch["tenant"], &launch["platform"]["clientId"]), (&json!(tenant), &json!(platform.client_id)));
        assert_eq!(last_request_line()["tenant"], tenant);
        assert_eq!(tool.api("GET", &format!("/v1/launches/{id}")).await.json()["tenant"], tenant);
    }
}

#[tokio::test]
async fn the_tenant_of_a_deployment_goes_before_that_of_its_registration() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let registration = Registration {
        tenant: Some("The Cloud".to_owned()),
        deployments: DeploymentPolicy::Any,
        ..platform.registration()
    };
    let tool = TestTool::start(std::slice::from_ref(&registration)).await;
    for (deployment, tenant) in [("a", Some("School A")), ("b", None)] {
        let record = Deployment {
            id: deployment.try_into().unwrap(),
            status: Status::Active,
            tenant: tenant.map(str::to_owned),
        };
        tool.parts.deployments().put(&registration.key(), &record, BEGIN).await.unwrap();
        let answer =
            tool.launch_with(&platform, |claims| claims[doorway_lti::claim::DEPLOYMENT_ID] = json!(deployment)).await;
        let expected = tenant.unwrap_or("The Cloud");
        assert_eq!(last_request_line()["tenant"], expected);
        assert_eq!(tool.redeem(&answer.launch_id()).await.json()["tenant"], expected);
    }
}

#[tokio::test]
async fn a_platform_without_tenant_is_a_launch_without_tenant() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let id = tool.launch(&platform).await;
    assert_eq!(tool.redeem(&id).await.json().get("tenant"), None);
}

#[tokio::test]
async fn a_changed_registration_counts_within_the_stated_seconds() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    tool.launch(&platform).await;
    let moved = FakePlatform::start(ISSUER, "100").await;
    tool.parts.registrations().put(&moved.registration()).await.unwrap();
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    refused("the old keys", &tool.launch_with(&platform, |_| {}).await, 401, "key_id_unknown");
    tool.launch(&moved).await;
}

#[tokio::test]
async fn an_algorithm_that_was_not_agreed_is_refused_though_the_key_could() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let registration = Registration { algorithms: vec![Algorithm::ES256], ..platform.registration() };
    let tool = TestTool::start(&[registration]).await;
    let answer = tool.launch_with(&platform, |_| {}).await;
    refused("RS256", &answer, 401, "token_algorithm_refused");
    assert_eq!(platform.fetches(), 0);
}

#[tokio::test]
async fn a_deployed_function_refuses_a_platform_on_http_that_somebody_put_into_the_table() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let table = || Table::new(tool.parts.aws.clone(), REGISTRATIONS_TABLE);
    let (issuer, client) = (Issuer::try_from(ISSUER).unwrap(), ClientId::try_from("100").unwrap());
    let deployed = Registrations::new(table(), PlatformTransport::HttpsOnly);
    for client in [Some(&client), None] {
        let error = deployed.find(&issuer, client, BEGIN).await.unwrap_err();
        assert_eq!(error.code(), "record_broken");
        assert!(error.to_string().contains("`jwksUri` must be an https URL"), "{error}");
    }
    let mut secure = platform.registration();
    secure.jwks_uri = Url::parse("https://cloud.example/jwks").unwrap();
    deployed.put(&secure).await.unwrap();
    assert!(deployed.find(&issuer, None, BEGIN).await.is_ok());
}

#[tokio::test]
async fn other_items_of_the_table_are_no_registrations() {
    let platform = FakePlatform::start(ISSUER, "100").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    tool.launch(&platform).await;
    for issuer in ["tool-keys", "platform-keys#x", "issuer#https://cloud.example", "deployments#[]"] {
        let fields = [("iss", issuer), ("login_hint", "7"), ("target_link_uri", "x")];
        refused(issuer, &tool.post("/lti/login", &fields, &[]).await, 400, "registration_unknown");
    }
}
