//! What is believed of a Platform's configuration.

use doorway_lti::dynamic_registration::{
    ConfigurationError, PLATFORM_CONFIGURATION, PlatformConfiguration, Schemes, SupportedMessage,
};
use doorway_lti::platform_family::PlatformFamily;
use serde_json::json;

use crate::support::{PRODUCTS, document, parse_changed, platform, url};

#[test]
fn every_product_is_understood_as_what_it_is() {
    let families = PRODUCTS.map(|(product, _)| platform(product).family());
    let expected = [
        PlatformFamily::Canvas,
        PlatformFamily::Moodle,
        PlatformFamily::Brightspace,
        PlatformFamily::Blackboard,
        PlatformFamily::Sakai,
    ];
    assert_eq!(families, expected);
}

#[test]
fn the_issuer_is_kept_byte_for_byte() {
    let written = "https://SCHOOL.example:443/moodle";
    let platform = parse_changed("moodle", |document| document["issuer"] = json!(written)).unwrap();
    assert_eq!(platform.issuer.as_str(), written, "the same origin, and still as it was written");
}

#[test]
fn a_document_speaks_for_its_own_origin_alone() {
    for issuer in [
        "https://other.example/moodle",
        "https://school.example:8443/moodle",
        "https://school.example.evil.example",
        "https://evil.school.example",
        "https://xn--school.example",
        "https://school.example./moodle",
    ] {
        let refused = parse_changed("moodle", |document| document["issuer"] = json!(issuer));
        assert_eq!(refused, Err(ConfigurationError::IssuerForeign), "{issuer}");
    }
    assert!(platform("moodle").issuer.as_str().ends_with("/moodle"));
}

/// Blackboard has one issuer for all, and its portal speaks for it; nobody else does.
#[test]
fn blackboards_portal_speaks_for_blackboard_and_for_nobody_else() {
    assert_eq!(platform("blackboard").issuer.as_str(), "https://blackboard.com");
    for issuer in ["https://blackboard.com/", "https://blackboard.com.evil.example", "https://canvas.instructure.com"] {
        let refused = parse_changed("blackboard", |document| document["issuer"] = json!(issuer));
        assert_eq!(refused, Err(ConfigurationError::IssuerForeign), "{issuer}");
    }
    let (document, _) = document("blackboard");
    let elsewhere = url("https://developer.blackboard.com.evil.example/configuration");
    let refused = PlatformConfiguration::parse(document.to_string().as_bytes(), &elsewhere, Schemes::Https);
    assert_eq!(refused, Err(ConfigurationError::IssuerForeign));
}

#[test]
fn the_registration_endpoint_is_on_the_documents_own_origin() {
    for endpoint in ["https://evil.example/register", "https://school.example:444/register"] {
        let refused = parse_changed("moodle", |document| document["registration_endpoint"] = json!(endpoint));
        assert_eq!(refused, Err(ConfigurationError::RegistrationEndpointForeign), "{endpoint}");
    }
}

#[test]
fn other_endpoints_may_be_elsewhere_and_must_be_https() {
    for endpoint in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        let there = |address: &str| parse_changed("moodle", |document| document[endpoint] = json!(address));
        assert!(there("https://elsewhere.example/x").is_ok(), "{endpoint}");
        for address in [
            "http://school.example/x",
            "javascript:alert(1)",
            "data:,x",
            "/relative",
            "//school.example/x",
            "https://user:secret@school.example/x",
            "https://school.example/x#y",
            "not a URL",
        ] {
            assert_eq!(there(address), Err(ConfigurationError::EndpointInvalid(endpoint)), "{endpoint}: {address}");
        }
    }
}

#[test]
fn http_is_for_a_laptop() {
    let (document, _) = document("moodle");
    let text = document.to_string().replace("https://school.example", "http://127.0.0.1:8400");
    let source = url("http://127.0.0.1:8400/moodle/openid-configuration");
    let parse = |schemes| PlatformConfiguration::parse(text.as_bytes(), &source, schemes);
    assert!(parse(Schemes::HttpToo).is_ok());
    assert_eq!(parse(Schemes::Https), Err(ConfigurationError::EndpointInvalid("issuer")));
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let refused = parse_changed("moodle", |document| {
        document["issuer"] = json!("");
        document["jwks_uri"] = json!(7);
        document.as_object_mut().unwrap().remove("registration_endpoint");
    });
    assert_eq!(refused, Err(ConfigurationError::Missing(vec!["issuer", "jwks_uri", "registration_endpoint"])));
}

#[test]
fn what_lti_requires_must_be_supported_where_something_is_said() {
    for (member, required) in [
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("token_endpoint_auth_signing_alg_values_supported", "RS256"),
        ("id_token_signing_alg_values_supported", "RS256"),
    ] {
        for wrong in [json!([]), json!(["none"]), json!(["HS256", "client_secret_basic"]), json!("none")] {
            let refused = parse_changed("moodle", |document| document[member] = wrong.clone());
            assert_eq!(refused, Err(ConfigurationError::Unsupported { member, required }), "{member}: {wrong}");
        }
        for fine in [json!(null), json!({}), json!(["ES256", required])] {
            assert!(parse_changed("moodle", |document| document[member] = fine.clone()).is_ok(), "{member}: {fine}");
        }
    }
}

/// The specification's own example has them, and documents were copied from it.
#[test]
fn names_with_blanks_in_them_are_understood() {
    let platform = platform("brightspace");
    assert_eq!(platform.product.as_deref(), Some("desire2learn"), "the member's name ends with a blank");
    let refused = parse_changed("blackboard", |document| {
        document["token_ endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
    });
    assert!(matches!(refused, Err(ConfigurationError::Unsupported { .. })), "{refused:?}");
}

#[test]
fn moodles_list_of_texts_takes_the_placements_beside_it() {
    let message =
        |name: &str| SupportedMessage { name: name.to_owned(), placements: vec!["AddContentMenu".to_owned()] };
    let expected = ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"].map(message);
    assert_eq!(platform("moodle").messages, expected);
}

#[test]
fn a_message_that_is_listed_twice_is_one_with_all_its_placements() {
    let messages = platform("sakai").messages;
    let deep_linking = messages.iter().filter(|message| message.name == "LtiDeepLinkingRequest").collect::<Vec<_>>();
    assert_eq!(deep_linking.len(), 1);
    assert_eq!(deep_linking[0].placements, ["RichTextEditor"]);
}

#[test]
fn odd_members_of_little_weight_are_let_pass() {
    for odd in [json!(null), json!("LtiResourceLinkRequest"), json!([7, null, {}, { "type": 7 }]), json!({})] {
        let platform = parse_changed("canvas", |document| {
            document[PLATFORM_CONFIGURATION]["messages_supported"] = odd.clone();
            document[PLATFORM_CONFIGURATION]["version"] = json!(null);
        });
        assert_eq!(platform.map(|platform| (platform.messages.len(), platform.version)), Ok((0, None)), "{odd}");
    }
    let bare = parse_changed("canvas", |document| document[PLATFORM_CONFIGURATION] = json!([]));
    assert_eq!(bare.map(|platform| platform.family()), Ok(PlatformFamily::Canvas), "by its addresses");
}

#[test]
fn what_is_shown_to_people_is_short_and_hides_nothing() {
    let name = format!("Maple\u{202e}\u{200b}\n School {}", "x".repeat(500));
    let platform = parse_changed("canvas", |document| {
        document[PLATFORM_CONFIGURATION]["https://canvas.instructure.com/lti/account_name"] = json!(name);
    });
    let shown = platform.unwrap().account_name.unwrap();
    assert!(shown.starts_with("Maple School xxx") && shown.chars().count() == 120, "{shown}");
}

#[test]
fn documents_that_are_no_good_json_are_refused() {
    let source = url("https://school.example/configuration");
    for body in ["", "[]", "<html>", "{\"issuer\":\"a\",\"issuer\":\"b\"}", &format!("{}1", "{\"a\":".repeat(100))] {
        let refused = PlatformConfiguration::parse(body.as_bytes(), &source, Schemes::Https);
        assert!(matches!(refused, Err(ConfigurationError::NotJson(_))), "{body}: {refused:?}");
    }
    let (document, source) = document("moodle");
    let with_mark = [b"\xef\xbb\xbf", document.to_string().as_bytes()].concat();
    assert!(PlatformConfiguration::parse(&with_mark, &source, Schemes::Https).is_ok());
}

/// Services digest §1.2.
#[test]
fn the_audience_of_assertions_is_the_products_own_or_an_absolute_url() {
    let audience = |product: &str| platform(product).token_audience();
    assert_eq!(audience("brightspace").as_deref(), Some("https://api.brightspace.com/auth/token"));
    assert_eq!(audience("canvas"), None, "a bare host is none");
    assert_eq!(audience("moodle"), None);
    let with = |server: &str| {
        let platform = parse_changed("moodle", |document| document["authorization_server"] = json!(server)).unwrap();
        platform.token_audience()
    };
    assert_eq!(with("https://school.example/as").as_deref(), Some("https://school.example/as"));
    for none in ["https://school.example/moodle/mod/lti/token.php", "school.example:443", "mailto:a", "/as", ""] {
        assert_eq!(with(none), None, "{none}");
    }
}

/// Else a Platform would collect what proves the Tool to another one.
#[test]
fn an_audience_is_of_the_platforms_own_origins() {
    let with = |server: &str, token_endpoint: &str, product: &str| {
        let platform = parse_changed("moodle", |document| {
            document["authorization_server"] = json!(server);
            document["token_endpoint"] = json!(token_endpoint);
            document[PLATFORM_CONFIGURATION]["product_family_code"] = json!(product);
        });
        platform.unwrap().token_audience()
    };
    let own = "https://school.example/moodle/mod/lti/token.php";
    for foreign in [
        "https://lms.other.example/token",
        "https://school.example:8443/as",
        "http://school.example/as",
        "https://school.example.evil.example/as",
        "https://school.example@lms.other.example/token",
        "data:text/plain,x",
    ] {
        assert_eq!(with(foreign, own, "moodle"), None, "{foreign}");
    }
    for (server, endpoint) in [
        ("https://auth.example/as", "https://auth.example/token"),
        ("https://school.example", "https://auth.example/token"),
    ] {
        assert_eq!(with(server, endpoint, "moodle").as_deref(), Some(server), "{endpoint}");
    }
    // Who says that it is Brightspace, and has assertions sent to itself, gets none for Brightspace.
    assert_eq!(with("https://api.brightspace.com/auth/token", own, "desire2learn"), None);
    assert_eq!(with("", "https://auth.brightspace.com.evil.example/token", "desire2learn"), None);
    let audience = with("", "https://auth.brightspace.com/core/connect/token", "desire2learn");
    assert_eq!(audience.as_deref(), Some("https://api.brightspace.com/auth/token"));
}

#[test]
fn an_accounts_own_host_is_an_origin_or_nothing() {
    let origin = |domain: &str| {
        let platform = parse_changed("canvas", |document| {
            document[PLATFORM_CONFIGURATION]["https://canvas.instructure.com/lti/account_domain"] = json!(domain);
        });
        platform.unwrap().account_origin().map(String::from)
    };
    assert_eq!(origin("maple.instructure.com").as_deref(), Some("https://maple.instructure.com/"));
    for none in ["a.example/path", "user@a.example", "a.example?x", "*.example", "localhost", "127.0.0.1", "", "a b"] {
        assert_eq!(origin(none), None, "{none}");
    }
}
