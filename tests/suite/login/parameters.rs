//! What a login may carry, and what it must not.

use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, Status};
use doorway_tests::{BEGIN, FakePlatform, TestTool, begun, refused};
use http::{Request, StatusCode};

use super::*;

#[tokio::test]
async fn each_required_parameter_must_be_there_and_say_something() {
    let (_platform, tool) = set_up().await;
    for name in ["iss", "login_hint", "target_link_uri"] {
        let mut without = fields();
        without.retain(|(known, _)| *known != name);
        for fields in [without, fields_with(name, "")] {
            for (method, answer) in both_ways(&tool, &fields).await {
                let line = refused(&format!("{method} without {name}"), &answer, 400, "login_parameter_missing");
                assert!(line["rejection.reason"].as_str().unwrap().contains(name));
            }
        }
    }
}

#[tokio::test]
async fn optional_and_unknown_parameters_change_nothing_in_the_request() {
    let (_platform, tool) = set_up().await;
    let usual: Vec<String> = names(&tool, &fields()).await;
    for (name, value) in [
        ("lti_deployment_id", "dep-1"),
        ("lti_deployment_id", "a deployment that nobody knows"),
        ("deployment_id", "4:canvas-calls-it-so"),
        ("lti_storage_target", "_parent"),
        ("lti_storage_target", "post_message_forwarding"),
        ("lti_storage_target", &"x".repeat(4000)),
        ("doorway_again", "1"),
        ("canvas_region", "us-east-1"),
        ("canvas_environment", "prod"),
        ("client_id", ""),
        ("lti_message_hint", ""),
        ("redirect_uri", "https://evil.example/"),
        ("scope", "openid email"),
        ("state", "chosen-by-a-stranger"),
        ("nonce", "chosen-by-a-stranger"),
        ("utf8", "✓"),
    ] {
        assert_eq!(names(&tool, &fields_with(name, value)).await, usual, "{name}={value}");
    }
}

async fn names(tool: &TestTool, fields: &[(&str, &str)]) -> Vec<String> {
    let begun = begun(&tool.post("/lti/login", fields, &[]).await);
    assert_ne!(begun.nonce(), "chosen-by-a-stranger");
    assert_ne!(begun.state(), "chosen-by-a-stranger");
    assert_eq!(begun.parameter("scope"), "openid");
    begun.request.query_pairs().map(|(name, _)| name.into_owned()).collect()
}

#[tokio::test]
async fn canvas_names_the_deployment_in_its_own_way_and_the_log_knows_it() {
    let (_platform, tool) = set_up().await;
    for (fields, expected) in [
        (fields_with("deployment_id", "4:abc"), "4:abc"),
        (fields_with("lti_deployment_id", "dep-1"), "dep-1"),
        ([fields_with("deployment_id", "alias"), vec![("lti_deployment_id", "standard")]].concat(), "standard"),
    ] {
        assert_eq!(tool.post("/lti/login", &fields, &[]).await.status, StatusCode::FOUND);
        assert_eq!(doorway_tests::last_request_line()["lti.deployment_id"], expected);
    }
}

#[tokio::test]
async fn what_is_too_long_or_no_identifier_is_refused() {
    let (_platform, tool) = set_up().await;
    let long = "a".repeat(7000);
    for (name, value) in [
        ("iss", &long[..1025]),
        ("iss", "https://lms.example\u{0}"),
        ("client_id", &long[..256]),
        ("client_id", "client-1\n"),
        ("lti_deployment_id", &long[..256]),
        ("deployment_id", "\u{7f}"),
        ("login_hint", &long[..6145]),
        ("lti_message_hint", &long[..6145]),
        ("target_link_uri", &long[..6145]),
    ] {
        for (method, answer) in both_ways(&tool, &fields_with(name, value)).await {
            refused(&format!("{method} {name}"), &answer, 400, "login_parameter_invalid");
        }
    }
}

#[tokio::test]
async fn a_parameter_twice_is_refused_wherever_it_stands() {
    let (_platform, tool) = set_up().await;
    let usual = encoded(&fields());
    for (what, query, body) in [
        ("twice in the query", format!("{usual}&iss=https%3A%2F%2Flms.example"), String::new()),
        ("two values in the query", format!("{usual}&client_id=client-2"), String::new()),
        ("twice in the body", String::new(), format!("{usual}&login_hint=7")),
        ("an escaped name", String::new(), format!("{usual}&%69ss=https%3A%2F%2Fevil.example")),
        ("query against body", "iss=https%3A%2F%2Fevil.example".into(), usual.clone()),
        ("an empty value against one", "client_id=".into(), usual.clone()),
        ("one that nobody reads", format!("{usual}&x=1&x=2"), String::new()),
    ] {
        let request = if body.is_empty() { Request::get(format!("/lti/login?{query}")) } else { post_to(&query) };
        let answer = tool.send(request.body(body.into()).unwrap()).await;
        refused(what, &answer, 400, "parameter_repeated");
    }
    // Moodle-like Platforms repeat their query in the form: one value is one value.
    let request = post_to(&usual).body(usual.clone().into()).unwrap();
    assert_eq!(tool.send(request).await.status, StatusCode::FOUND);
}

fn post_to(query: &str) -> http::request::Builder {
    Request::post(format!("/lti/login?{query}")).header("content-type", "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn an_issuer_or_client_that_is_not_registered_leads_nowhere() {
    let (_platform, tool) = set_up().await;
    for (name, value) in [
        ("iss", "https://stranger.example"),
        ("iss", "https://lms.example/"),
        ("iss", "HTTPS://lms.example"),
        ("iss", "https://LMS.example"),
        ("iss", "http://lms.example"),
        ("iss", "https://lms.example:443"),
        ("iss", " https://lms.example"),
        ("iss", "https://lms.example."),
        ("iss", "https://lms.example%2f"),
        ("iss", "https://lms\u{ff0e}example"),
        ("iss", "issuer#https://lms.example"),
        // One client is registered: that a login names another must not lead to it.
        ("client_id", "client-2"),
        ("client_id", "CLIENT-1"),
        ("client_id", "client-1 "),
        ("client_id", "client"),
        ("client_id", "client#client-1"),
    ] {
        for (method, answer) in both_ways(&tool, &fields_with(name, value)).await {
            refused(&format!("{method} {name}={value}"), &answer, 400, "registration_unknown");
            assert!(!answer.body.contains(value), "{value} is on the page");
        }
    }
}

#[tokio::test]
async fn without_a_client_id_the_only_registration_is_meant_and_never_one_of_several() {
    let (platform, tool) = set_up().await;
    let mut without = fields();
    without.pop();
    for (_, answer) in both_ways(&tool, &without).await {
        assert_eq!(begun(&answer).parameter("client_id"), CLIENT);
    }
    let second = FakePlatform::start(ISSUER, "client-2").await;
    tool.parts.registrations().put(&second.registration()).await.unwrap();
    tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    for (method, answer) in both_ways(&tool, &without).await {
        refused(method, &answer, 400, "registration_ambiguous");
    }
    for client_id in [&platform.client_id, &second.client_id] {
        let begun = begun(&tool.post("/lti/login", &fields_with("client_id", client_id), &[]).await);
        assert_eq!(&begun.parameter("client_id"), client_id);
    }
}

#[tokio::test]
async fn a_registration_that_is_not_active_begins_no_login() {
    let platform = FakePlatform::start(ISSUER, CLIENT).await;
    for status in [Status::Disabled, Status::Pending] {
        let registration = Registration { status, ..platform.registration() };
        let tool = TestTool::start(&[registration]).await;
        for (method, answer) in both_ways(&tool, &fields()).await {
            refused(&format!("{method} {status:?}"), &answer, 403, "registration_disabled");
        }
    }
}

/// About everything else the signed claim decides: the login's hint is unsigned.
#[tokio::test]
async fn a_deployment_that_is_switched_off_begins_no_login() {
    let platform = FakePlatform::start(ISSUER, CLIENT).await;
    let registration = Registration { deployments: DeploymentPolicy::Any, ..platform.registration() };
    let tool = TestTool::start(std::slice::from_ref(&registration)).await;
    for (id, status) in [("off", Status::Disabled), ("waits", Status::Pending), ("on", Status::Active)] {
        let deployment = Deployment { id: id.try_into().unwrap(), status, tenant: None };
        tool.parts.deployments().put(&registration.key(), &deployment, BEGIN).await.unwrap();
    }
    for (method, answer) in both_ways(&tool, &fields_with("lti_deployment_id", "off")).await {
        refused(method, &answer, 403, "deployment_disabled");
        assert!(answer.headers.get("set-cookie").is_none(), "{method}");
    }
    for id in ["waits", "on", "new"] {
        for (method, answer) in both_ways(&tool, &fields_with("lti_deployment_id", id)).await {
            assert_eq!(answer.status, StatusCode::FOUND, "{method} {id}: {}", answer.body);
        }
    }
    assert_eq!(tool.parts.deployments().all(&registration.key()).await.unwrap().len(), 3, "nothing is recorded");
}

#[tokio::test]
async fn no_other_method_begins_a_login() {
    let (_platform, tool) = set_up().await;
    let uri = format!("/lti/login?{}", encoded(&fields()));
    for method in ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
        let request = Request::builder().method(method).uri(&uri).body(String::new().into()).unwrap();
        let answer = tool.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert!(answer.headers.get("set-cookie").is_none() && answer.headers.get("location").is_none(), "{method}");
    }
}
