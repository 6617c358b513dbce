//! What is read of a Platform's answer to a registration.

use doorway_lti::dynamic_registration::{RegistrationResponse, RegistrationResponseError, TOOL_CONFIGURATION};
use doorway_lti::ids::IdError;
use serde_json::{Value, json};

fn parse(body: &Value) -> Result<RegistrationResponse, RegistrationResponseError> {
    RegistrationResponse::parse(body.to_string().as_bytes())
}

fn deployment(body: &Value) -> Option<String> {
    parse(body).expect("there is a client id").deployment_id.map(|id| id.to_string())
}

#[test]
fn the_deployment_is_found_in_each_place() {
    let moodle = json!({ "client_id": "aB3", TOOL_CONFIGURATION: { "deployment_id": "2" } });
    let canvas =
        json!({ "client_id": "10000000000123", "deployment_id": "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb" });
    let claim = json!({ "client_id": "c", "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "d" });
    assert_eq!(deployment(&moodle).as_deref(), Some("2"));
    assert_eq!(deployment(&canvas).as_deref(), Some("9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"));
    assert_eq!(deployment(&claim).as_deref(), Some("d"));
    assert_eq!(
        deployment(&json!({ "client_id": "c", TOOL_CONFIGURATION: { "deployment_id": 2 } })).as_deref(),
        Some("2")
    );
}

#[test]
fn a_deployment_may_be_made_later() {
    for configuration in [json!({}), json!([]), json!(null), json!({ "deployment_id": "" })] {
        assert_eq!(
            deployment(&json!({ "client_id": "c", TOOL_CONFIGURATION: configuration })),
            None,
            "{configuration}"
        );
    }
    assert_eq!(deployment(&json!({ "client_id": "c" })), None);
}

#[test]
fn a_client_id_is_enough_and_may_be_a_number() {
    let response = parse(&json!({ "client_id": 10_000_000_000_123_u64, "logo_uri": "", "unknown": {} })).unwrap();
    assert_eq!((response.client_id.as_str(), response.scopes), ("10000000000123", None));
}

#[test]
fn granted_scopes_are_read_from_a_text_or_a_list() {
    let scopes = |scope: Value| parse(&json!({ "client_id": "c", "scope": scope })).unwrap().scopes;
    assert_eq!(scopes(json!("a  b")), Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(scopes(json!(["a", "b"])), Some(vec!["a".to_owned(), "b".to_owned()]));
    for unsaid in [json!(""), json!(null), json!([]), json!(7)] {
        assert_eq!(scopes(unsaid.clone()), None, "{unsaid}");
    }
}

#[test]
fn an_answer_without_a_client_registers_nothing() {
    for body in [json!({}), json!({ "client_id": "" }), json!({ "client_id": null }), json!({ "client_id": ["c"] })] {
        assert_eq!(parse(&body), Err(RegistrationResponseError::ClientIdMissing), "{body}");
    }
    let long = parse(&json!({ "client_id": "c".repeat(256) }));
    assert_eq!(long, Err(RegistrationResponseError::IdInvalid("client_id", IdError::TooLong(255))));
    let forged = parse(&json!({ "client_id": "c", "deployment_id": "1\n2" }));
    assert_eq!(forged, Err(RegistrationResponseError::IdInvalid("deployment_id", IdError::ControlCharacter)));
    let html = RegistrationResponse::parse(b"<html>OK</html>");
    assert!(matches!(html, Err(RegistrationResponseError::NotJson(_))));
}

#[test]
fn the_address_of_the_registration_is_read_and_its_token_is_not() {
    let response = |address: Value| {
        let body = json!({
            "client_id": "c", "registration_client_uri": address, "registration_access_token": "secret-of-the-platform",
        });
        let response = parse(&body).unwrap();
        assert!(!format!("{response:?}").contains("secret"), "{response:?}");
        response.registration_client_uri.map(String::from)
    };
    assert_eq!(response(json!("https://lms.example/r/1")).as_deref(), Some("https://lms.example/r/1"));
    for none in [json!(""), json!(null), json!(7), json!("r/1"), json!(["https://lms.example"])] {
        assert_eq!(response(none.clone()), None, "{none}: nothing that a registration fails of");
    }
}
