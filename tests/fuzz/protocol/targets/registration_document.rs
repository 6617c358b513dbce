//! The documents of Dynamic Registration: a Platform's configuration, its answer to a request, what it has of the Tool.

#![no_main]

use doorway_fuzz_protocol::{client_id, is_one_line, is_web, url};
use doorway_lti::dynamic_registration::{
    PlatformConfiguration, RegisteredTool, RegistrationRequest, RegistrationResponse, Schemes, ToolConfiguration,
};
use libfuzzer_sys::fuzz_target;

fn tool() -> ToolConfiguration {
    let (claims, scopes, custom_parameters) = ToolConfiguration::wishes();
    ToolConfiguration {
        name: "Tool".to_owned(),
        description: Some("A tool".to_owned()),
        logo: None,
        initiate_login_uri: url("https://tool.example/lti/login"),
        redirect_uri: url("https://tool.example/lti/launch"),
        jwks_uri: url("https://tool.example/.well-known/jwks.json"),
        target_link_uri: url("https://app.example/"),
        claims,
        scopes,
        custom_parameters,
    }
}

fn configuration(body: &[u8]) {
    let source = url("https://lms.example/.well-known/openid-configuration");
    let Ok(platform) = PlatformConfiguration::parse(body, &source, Schemes::Https) else { return };
    assert_eq!(url(platform.issuer.as_str()).origin(), source.origin());
    assert_eq!(platform.registration_endpoint.origin(), source.origin());
    let PlatformConfiguration { authorization_endpoint, token_endpoint, jwks_uri, registration_endpoint, .. } =
        &platform;
    for endpoint in [authorization_endpoint, token_endpoint, jwks_uri, registration_endpoint] {
        assert!(endpoint.scheme() == "https" && endpoint.has_host() && endpoint.fragment().is_none(), "{endpoint}");
        assert!(endpoint.username().is_empty() && endpoint.password().is_none(), "{endpoint}");
    }
    for shown in [&platform.product, &platform.version, &platform.account_name, &platform.account_domain] {
        assert!(shown.as_deref().is_none_or(is_one_line));
    }
    assert!(platform.token_audience().is_none_or(|audience| is_web(&url(&audience))));
    assert!(platform.account_origin().is_none_or(|origin| origin.scheme() == "https" && origin.path() == "/"));
    let request = RegistrationRequest::new(&tool(), &platform);
    assert!(request.scopes.iter().all(|scope| platform.scopes.as_ref().is_none_or(|there| there.contains(scope))));
    assert_eq!(request.body()["redirect_uris"][0], "https://tool.example/lti/launch");
}

/// An update puts the Tool's own in place, and then there is nothing left to change.
fn update(body: &[u8]) {
    let Ok(registered) = RegisteredTool::parse(body, &client_id()) else { return };
    let update = registered.update(&tool(), &client_id());
    for managing in ["registration_access_token", "client_secret", "registration_client_uri"] {
        assert!(update.body.get(managing).is_none(), "{managing}");
    }
    assert_eq!(update.body["jwks_uri"], "https://tool.example/.well-known/jwks.json");
    let sent = update.body.to_string();
    let again = RegisteredTool::parse(sent.as_bytes(), &client_id()).expect("what is sent is a registration");
    let again = again.update(&tool(), &client_id());
    assert_eq!((again.changes, again.body), (Vec::new(), update.body));
}

fuzz_target!(|body: &[u8]| {
    configuration(body);
    if let Ok(response) = RegistrationResponse::parse(body) {
        assert!(is_one_line(response.client_id.as_str()));
        assert!(response.scopes.is_none_or(|scopes| !scopes.is_empty()));
    }
    update(body);
});
