//! The request for each product, byte for byte, in `goldens`. `DOORWAY_UPDATE_GOLDENS=1` writes them anew.

use doorway_lti::dynamic_registration::{PLATFORM_CONFIGURATION, RegistrationRequest, TOOL_CONFIGURATION};
use serde_json::{Value, json};

use crate::support::{PRODUCTS, parse_changed, platform, tool};

pub fn golden(name: &str, actual: &Value) {
    let path = format!("{}/tests/dynamic_registration/goldens/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let actual = format!("{actual:#}\n");
    if std::env::var_os("DOORWAY_UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &actual).expect("the folder of goldens can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(actual, expected, "{name}: is the change meant? Then DOORWAY_UPDATE_GOLDENS=1");
}

fn request(product: &str) -> RegistrationRequest {
    RegistrationRequest::new(&tool(), &platform(product))
}

fn messages(body: &Value) -> Vec<&str> {
    let messages = body[TOOL_CONFIGURATION]["messages"].as_array().expect("there are messages");
    messages.iter().map(|message| message["type"].as_str().expect("a message has a type")).collect()
}

#[test]
fn the_request_for_every_product() {
    for (product, _) in PRODUCTS {
        golden(product, request(product).body());
    }
}

/// The digest, sections 3 and 8.
#[test]
fn every_request_obeys_the_rules() {
    for (product, _) in PRODUCTS {
        let request = request(product);
        let body = request.body();
        assert_eq!(body["response_types"], json!(["id_token"]), "{product}");
        assert_eq!(body["grant_types"], json!(["implicit", "client_credentials"]), "{product}");
        assert_eq!(body["redirect_uris"], json!(["https://tool.example/lti/launch"]), "{product}");
        let configuration = &body[TOOL_CONFIGURATION];
        assert_eq!(configuration["domain"], "app.example", "no scheme, and the host of the target link: {product}");
        let custom = configuration["custom_parameters"].as_object().expect("an object, also when it is empty");
        assert!(custom.values().all(Value::is_string), "{product}");
        let types = messages(body);
        let deep_linking = types.iter().filter(|name| **name == "LtiDeepLinkingRequest").count();
        assert_eq!(deep_linking, 1, "exactly one: {product}");
        let advertised = platform(product).messages;
        for message in &request.messages {
            let known = advertised.iter().find(|known| known.name == message.message_type.name());
            let known = known.unwrap_or_else(|| panic!("{product} does not have {message:?}"));
            assert!(message.placements.iter().all(|name| known.placements.contains(name)), "{product}: {message:?}");
        }
        let scopes = platform(product).scopes.expect("every product names its scopes");
        assert!(request.scopes.iter().all(|scope| scopes.contains(scope)), "{product}");
        assert!(!request.scopes.is_empty() && body["scope"] == request.scopes.join(" "), "{product}");
    }
}

#[test]
fn canvas_gets_its_own_members_and_no_other_product_does() {
    for (product, _) in PRODUCTS {
        let request = request(product);
        let has_own = request.body().to_string().contains("https://canvas.instructure.com/lti/");
        assert_eq!(has_own, product == "canvas", "{product}");
    }
    let request = request("canvas");
    let configuration = &request.body()[TOOL_CONFIGURATION];
    assert_eq!(configuration["https://canvas.instructure.com/lti/privacy_level"], "public");
}

#[test]
fn canvas_is_asked_for_no_more_of_a_user_than_is_used() {
    for (claims, level) in [
        (&["sub", "name", "email"][..], "public"),
        (&["given_name"], "name_only"),
        (&["email"], "email_only"),
        (&["sub", "locale"], "anonymous"),
    ] {
        let mut tool = tool();
        tool.claims = claims.iter().map(|claim| (*claim).to_owned()).collect();
        let request = RegistrationRequest::new(&tool, &platform("canvas"));
        let configuration = &request.body()[TOOL_CONFIGURATION];
        assert_eq!(configuration["https://canvas.instructure.com/lti/privacy_level"], level);
    }
}

#[test]
fn placements_are_spelt_as_they_are_advertised_and_no_place_is_asked_for_twice() {
    let placed = |advertised: Value| {
        let platform = parse_changed("canvas", |document| {
            document[PLATFORM_CONFIGURATION]["messages_supported"] =
                json!([{ "type": "LtiDeepLinkingRequest", "placements": advertised }]);
        });
        let request = RegistrationRequest::new(&tool(), &platform.unwrap());
        request.messages.last().expect("there is a message").placements.clone()
    };
    let own = |name: &str| format!("https://canvas.instructure.com/lti/{name}");
    assert_eq!(placed(json!(["link_selection", "assignment_selection"])), ["link_selection", "assignment_selection"]);
    assert_eq!(placed(json!([own("link_selection"), own("tool_configuration")])), [own("link_selection")]);
    assert_eq!(placed(json!(["ContentArea", own("link_selection")])), ["ContentArea"]);
    assert!(placed(json!(["contentarea", "https://evil.example/lti/link_selection"])).is_empty());
}

#[test]
fn a_platform_that_says_nothing_is_asked_for_what_every_platform_has() {
    let platform = parse_changed("moodle", |document| {
        let document = document.as_object_mut().unwrap();
        for silent in [PLATFORM_CONFIGURATION, "scopes_supported", "claims_supported"] {
            document.remove(silent);
        }
    });
    let request = RegistrationRequest::new(&tool(), &platform.unwrap());
    assert_eq!(messages(request.body()), ["LtiResourceLinkRequest"]);
    assert_eq!((&request.scopes, &request.claims), (&tool().scopes, &tool().claims));
    assert_eq!(request.body()[TOOL_CONFIGURATION]["custom_parameters"], json!({}));
}

#[test]
fn a_tool_on_its_apps_host_has_one_domain_and_a_port_stays() {
    let mut tool = tool();
    tool.target_link_uri = "https://tool.example:8443/app".parse().unwrap();
    tool.redirect_uri = "https://tool.example:8443/lti/launch".parse().unwrap();
    (tool.logo, tool.description) = (None, None);
    let request = RegistrationRequest::new(&tool, &platform("moodle"));
    let configuration = &request.body()[TOOL_CONFIGURATION];
    assert_eq!(configuration["domain"], "tool.example:8443");
    assert_eq!((configuration.get("secondary_domains"), request.body().get("logo_uri")), (None, None));
}
