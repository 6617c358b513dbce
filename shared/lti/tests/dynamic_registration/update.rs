//! What a Platform has of the Tool, and what it is sent to bring it up to date.

use doorway_lti::dynamic_registration::{
    RegisteredTool, RegisteredToolError, RegistrationRequest, TOOL_CONFIGURATION, ToolConfiguration,
};
use doorway_lti::ids::ClientId;
use doorway_lti::scope;
use serde_json::{Value, json};

use crate::support::{PRODUCTS, parse_changed, platform, tool, url};

fn client_id() -> ClientId {
    "10000000000123".try_into().expect("that is a client id")
}

/// What a product has after it registered this Tool.
fn registered(product: &str) -> Value {
    let mut document = RegistrationRequest::new(&tool(), &platform(product)).body().clone();
    document["client_id"] = json!(client_id());
    document["registration_client_uri"] = json!("https://lms.example/registrations/7");
    document["registration_access_token"] = json!("secret-of-the-platform");
    document["client_id_issued_at"] = json!(1);
    document["unknown"] = json!({ "kept": true });
    document
}

fn parse(document: &Value) -> RegisteredTool {
    RegisteredTool::parse(document.to_string().as_bytes(), &client_id()).expect("that is a registration")
}

#[test]
fn a_tool_that_did_not_change_has_nothing_to_send() {
    for (product, _) in PRODUCTS {
        let update = parse(&registered(product)).update(&tool(), &client_id());
        assert_eq!(update.changes, [], "{product}");
    }
}

#[test]
fn everything_goes_back_but_what_is_the_platforms_to_say() {
    let mut expected = registered("canvas");
    let object = expected.as_object_mut().expect("it is an object");
    for name in ["registration_client_uri", "registration_access_token", "client_id_issued_at"] {
        object.remove(name);
    }
    let update = parse(&registered("canvas")).update(&tool(), &client_id());
    assert_eq!(update.body, expected);
    assert!(!update.body.to_string().contains("secret-of-the-platform"));
}

#[test]
fn what_changed_of_the_tool_is_listed_and_what_the_platform_decides_stays() {
    let changed = ToolConfiguration {
        name: "Prism".to_owned(),
        logo: None,
        description: None,
        target_link_uri: url("https://new.example/start"),
        scopes: vec![scope::SCORE.to_owned()],
        claims: Vec::new(),
        ..tool()
    };
    let before = registered("canvas");
    let update = parse(&before).update(&changed, &client_id());
    let of_tool = &update.body[TOOL_CONFIGURATION];
    assert_eq!(update.body["client_name"], "Prism");
    assert_eq!((update.body.get("logo_uri"), of_tool.get("description")), (None, None));
    assert_eq!(
        (&of_tool["domain"], &of_tool["target_link_uri"]),
        (&json!("new.example"), &json!("https://new.example/start"))
    );
    assert_eq!(of_tool["https://canvas.instructure.com/lti/vendor"], "Prism");
    assert_eq!(of_tool["https://canvas.instructure.com/lti/tool_id"], "new.example");
    for message in of_tool["messages"].as_array().expect("there are messages") {
        assert_eq!((&message["label"], message.get("icon_uri")), (&json!("Prism"), None), "{message}");
        assert_eq!(message["target_link_uri"], "https://new.example/start", "{message}");
    }
    for kept in ["claims", "custom_parameters", "https://canvas.instructure.com/lti/privacy_level"] {
        assert_eq!(of_tool[kept], before[TOOL_CONFIGURATION][kept], "{kept}");
    }
    assert_eq!((&update.body["scope"], &update.body["unknown"]), (&before["scope"], &before["unknown"]));
    let members: Vec<&str> = update.changes.iter().map(|change| change.member.as_str()).collect();
    for member in ["client_name", "logo_uri", "description", "domain", "target_link_uri", "LtiDeepLinkingRequest label"]
    {
        assert!(members.contains(&member), "{member} in {members:?}");
    }
    let unchanged = ["initiate_login_uri", "redirect_uris", "jwks_uri"];
    assert!(!members.iter().any(|member| unchanged.contains(member)), "{members:?}");
    let again = parse(&update.body).update(&changed, &client_id());
    assert_eq!((again.changes, again.body), (Vec::new(), update.body));
}

#[test]
fn empty_members_say_nothing_and_an_empty_list_of_parameters_is_an_object() {
    let plain = ToolConfiguration { logo: None, description: None, ..tool() };
    let mut document = RegistrationRequest::new(&plain, &platform("moodle")).body().clone();
    document["logo_uri"] = json!("");
    document[TOOL_CONFIGURATION]["description"] = json!(null);
    document[TOOL_CONFIGURATION]["custom_parameters"] = json!([]);
    let update = parse(&document).update(&plain, &client_id());
    assert_eq!(update.changes, []);
    assert_eq!(update.body[TOOL_CONFIGURATION]["custom_parameters"], json!({}));
    assert_eq!(update.body["client_id"], json!(client_id()), "RFC 7592 wants it in every update");
}

#[test]
fn another_clients_registration_is_never_taken_for_ours() {
    let refused = |document: &Value| RegisteredTool::parse(document.to_string().as_bytes(), &client_id()).unwrap_err();
    for other in [json!("10000000000124"), json!(7)] {
        let mut document = registered("canvas");
        document["client_id"] = other;
        assert_eq!(refused(&document), RegisteredToolError::ClientForeign(client_id()));
    }
    assert_eq!(refused(&json!({ "client_id": client_id() })), RegisteredToolError::NoToolConfiguration);
    assert_eq!(refused(&json!({ TOOL_CONFIGURATION: [] })), RegisteredToolError::NoToolConfiguration);
    assert!(matches!(refused(&json!([])), RegisteredToolError::NotJson(_)));
    let mut number = registered("canvas");
    number["client_id"] = json!(10_000_000_000_123_u64);
    parse(&number);
}

#[test]
fn the_scopes_of_updates_are_asked_for_where_they_are_named_and_nowhere_else() {
    let scopes = |change: fn(&mut Value)| {
        let platform = parse_changed("canvas", change).expect("the document is in order");
        RegistrationRequest::new(&tool(), &platform).scopes
    };
    let is_managing = |scope: &String| scope.starts_with("https://purl.imsglobal.org/spec/lti-reg/");
    let with = scopes(|document| {
        let offered = document["scopes_supported"].as_array_mut().expect("there are scopes");
        offered.extend([json!(scope::REGISTRATION), json!(scope::REGISTRATION_READ_ONLY)]);
    });
    let managing: Vec<&str> = with.iter().filter(|scope| is_managing(scope)).map(String::as_str).collect();
    assert_eq!(managing, [scope::REGISTRATION, scope::REGISTRATION_READ_ONLY]);
    for silent in [scopes(|_| {}), scopes(|document| document["scopes_supported"] = json!(null))] {
        assert!(!silent.is_empty() && !silent.iter().any(is_managing), "{silent:?}");
    }
}
