//! `doorway doctor` finds what is wrong with a Platform, or with what is registered of it, and says what to do.

use doorway_core::presets::{self, Given};
use doorway_core::registration::{DeploymentPolicy, Registration, Status};
use doorway_tests::{AttributeValue, FakePlatform, KeysMode, refused};
use http::StatusCode;
use url::Url;

use crate::doctor::Clinic;

#[tokio::test]
async fn it_finds_a_platform_that_is_switched_off_or_waits() {
    let clinic = Clinic::start().await;
    for (status, words) in [(Status::Disabled, "switched off"), (Status::Pending, "waits to be switched on")] {
        clinic.register(|registration| registration.status = status).await;
        clinic.finds_one("status", words, "platform enable").await;
    }
}

#[tokio::test]
async fn it_finds_issuers_that_differ_by_a_slash() {
    let clinic = Clinic::start().await;
    let mut other = clinic.registration.clone();
    other.issuer = format!("{}/", other.issuer).try_into().unwrap();
    clinic.tool.parts.registrations().put(&other).await.unwrap();
    let findings = clinic.finds(&["issuer", "issuer"]).await;
    assert!(findings[0]["wrong"].as_str().unwrap().contains("which is registered too"), "{}", findings[0]);
}

#[tokio::test]
async fn it_finds_a_client_of_another_platform() {
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.status = Status::Disabled).await;
    let mut school = made("brightspace");
    clinic.tool.parts.registrations().put(&school).await.unwrap();
    school.issuer = "https://evil.example".try_into().unwrap();
    clinic.tool.parts.registrations().put(&school).await.unwrap();
    let findings = clinic.finds(&["status", "status", "client", "status", "client"]).await;
    for (finding, other) in [(2, "https://lms.school.example"), (4, "https://evil.example")] {
        assert!(findings[finding]["wrong"].as_str().unwrap().contains(other), "{}", findings[finding]);
    }
    // At another token endpoint it may be a Canvas's beta, or an attempt. While it waits, it is told.
    (school.token_endpoint, school.token_audience) = ("https://evil.example/token".parse().unwrap(), None);
    clinic.tool.parts.registrations().put(&school).await.unwrap();
    clinic.finds(&["status", "status", "status"]).await;
    school.status = Status::Pending;
    clinic.tool.parts.registrations().put(&school).await.unwrap();
    let findings = clinic.finds(&["status", "status", "client", "status"]).await;
    assert!(findings[2]["wrong"].as_str().unwrap().contains("waits whatever its invite said"), "{}", findings[2]);
}

#[tokio::test]
async fn it_finds_a_well_known_issuer_that_is_not_byte_for_byte() {
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.status = Status::Disabled).await;
    let mut canvas = made("canvas");
    canvas.issuer = "https://canvas.instructure.com/".try_into().unwrap();
    clinic.tool.parts.registrations().put(&canvas).await.unwrap();
    let findings = clinic.finds(&["status", "status", "issuer"]).await;
    let expected = "the issuer is not `https://canvas.instructure.com`, byte for byte";
    assert_eq!(findings[2]["wrong"], expected);
}

/// A Registration by a preset, switched off so that nobody is asked.
fn made(preset: &str) -> Registration {
    let (url, client_id) = (Url::parse("https://lms.school.example").unwrap(), "c-7".try_into().unwrap());
    let given = Given { url: &url, client_id: &client_id, id: Some("7") };
    let registration = presets::find(preset).unwrap().registration(&given).unwrap();
    Registration { status: Status::Disabled, ..registration }
}

#[tokio::test]
async fn it_finds_service_origins_that_cannot_be_right() {
    let clinic = Clinic::start().await;
    for (origins, words) in
        [(&[][..], "the institution's own host"), (&["https://*.instructure.com"][..], "hosts of others")]
    {
        let mut canvas = made("canvas");
        canvas.service_origins = origins.iter().map(|origin| Url::parse(origin).unwrap()).collect();
        clinic.tool.parts.registrations().put(&canvas).await.unwrap();
        let findings = clinic.finds(&["status", "service-origins"]).await;
        assert!(findings[1]["wrong"].as_str().unwrap().contains(words), "{}", findings[1]);
        assert!(findings[1]["do"].as_str().unwrap().contains("serviceOrigins="), "{}", findings[1]);
    }
}

#[tokio::test]
async fn it_finds_brightspaces_audience_missing() {
    let clinic = Clinic::start().await;
    let mut brightspace = made("brightspace");
    brightspace.token_audience = None;
    clinic.tool.parts.registrations().put(&brightspace).await.unwrap();
    let findings = clinic.finds(&["status", "audience"]).await;
    assert!(findings[1]["do"].as_str().unwrap().contains("tokenAudience=https://api.brightspace.com/auth/token"));
}

#[tokio::test]
async fn it_finds_a_record_that_cannot_be_read() {
    let clinic = Clinic::start().await;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let client = clinic.tool.parts.aws.dynamodb().await;
    let put = client.put_item().table_name(doorway_local::database::REGISTRATIONS_TABLE);
    let put = put.item("pk", text("issuer#https://x.example")).item("sk", text("client#c"));
    put.item("registration", text(r#"{"issuer":"https://x.example"}"#)).send().await.unwrap();
    clinic.finds_one("record", "issuer#https://x.example", "platform remove").await;
}

#[tokio::test]
async fn it_finds_deployments_that_wait_and_an_empty_list() {
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.deployments = DeploymentPolicy::Listed(Vec::new())).await;
    clinic.finds_one("deployments", "the list of Deployments is empty", "deployment activate").await;
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let registration = Registration { deployments: DeploymentPolicy::Pending, ..platform.registration() };
    clinic.register(|_| {}).await;
    clinic.tool.parts.registrations().put(&registration).await.unwrap();
    refused("waits", &clinic.tool.launch_with(&platform, |_| {}).await, 403, "deployment_pending");
    let off = Registration { status: Status::Disabled, ..registration };
    clinic.tool.parts.registrations().put(&off).await.unwrap();
    let findings = clinic.finds(&["status", "deployments"]).await;
    let todo = "If you know whose they are: `doorway deployment activate https://lms.example client-1 dep-1`.";
    assert_eq!(findings[1]["do"], todo);
}

#[tokio::test]
async fn it_finds_keys_that_cannot_be_fetched_or_verify_nothing() {
    for (mode, wrong, todo) in [
        (KeysMode::Status(StatusCode::NOT_FOUND), "answers 404", "what the LMS shows"),
        (KeysMode::Redirect, "redirects to /jwks?again", "the final address"),
        (KeysMode::Document("<html>".to_owned()), "key set", "a page for people"),
        (KeysMode::Document(r#"{"keys":[]}"#.to_owned()), "no key that can verify RS256", "an RSA key of 2048 bits"),
    ] {
        // The keys come from a server by the system's clock.
        let clinic = Clinic { ignored: "clock", ..Clinic::start().await };
        let keys = FakePlatform::start("https://unused.example", "x").await;
        keys.set_mode(mode);
        let jwks_uri = keys.registration().jwks_uri;
        clinic.register(|registration| registration.jwks_uri = jwks_uri).await;
        clinic.finds_one("jwks", wrong, todo).await;
    }
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.jwks_uri = Url::parse("http://127.0.0.1:9/jwks").unwrap()).await;
    clinic.finds_one("jwks", "does not answer", "within five seconds").await;
}

#[tokio::test]
async fn it_finds_a_clock_that_is_wrong() {
    for (seconds, words) in [(90, "90 seconds ahead of"), (-90, "90 seconds behind")] {
        let clinic = Clinic::with_skew(seconds).await;
        clinic.finds_one("clock", words, "NTP").await;
    }
    Clinic::with_skew(20).await.finds(&[]).await;
}

#[tokio::test]
async fn it_finds_that_the_platform_refuses_the_tools_key_or_audience() {
    let clinic = Clinic::start().await;
    clinic.platform.set_tool_jwks(serde_json::json!({ "keys": [] }));
    clinic.finds_one("token", "invalid_client", "the URL of the Tool's key set").await;
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.token_audience = Some("https://wrong.example".to_owned())).await;
    clinic.finds_one("token", "invalid_client", "it expects the audience `https://wrong.example`").await;
}

#[tokio::test]
async fn it_finds_a_token_endpoint_that_is_none() {
    let clinic = Clinic::start().await;
    clinic.register(|registration| registration.token_endpoint.set_path("/platform/tokens")).await;
    clinic.finds_one("token", "404", "tokenEndpoint").await;
}

#[tokio::test]
async fn it_names_the_services_that_are_not_granted() {
    let clinic = Clinic::start().await;
    clinic.platform.set_offered_scopes(&[doorway_lti::scope::LINE_ITEM, doorway_lti::scope::SCORE]);
    let findings = clinic.finds(&["token-scope"]).await;
    let wrong = findings[0]["wrong"].as_str().unwrap();
    assert!(
        wrong.contains(doorway_lti::scope::RESULT_READ_ONLY) && wrong.contains(doorway_lti::scope::CONTEXT_MEMBERSHIP),
        "{wrong}"
    );
    assert!(!wrong.contains(doorway_lti::scope::SCORE), "{wrong}");
    clinic.cli.done("doctor --ignore token-scope").await;
}
