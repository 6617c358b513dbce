//! A Tool, and Platforms to register it with.

use doorway_lti::dynamic_registration::{ConfigurationError, PlatformConfiguration, Schemes, ToolConfiguration};
use serde_json::Value;
use url::Url;

/// Every product: its name, and where its configuration is.
pub const PRODUCTS: [(&str, &str); 5] = [
    ("canvas", "https://canvas.instructure.com/api/lti/security/openid-configuration?registration_token=abc"),
    ("moodle", "https://school.example/moodle/mod/lti/openid-configuration.php"),
    ("brightspace", "https://maple.brightspace.com/d2l/.well-known/openid-configuration"),
    ("blackboard", "https://developer.blackboard.com/api/v1/openid-configuration"),
    ("sakai", "https://sakai.example/imsblis/lti13/well_known?key=77&clientId=x"),
];

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A Tool whose App is on another host.
pub fn tool() -> ToolConfiguration {
    let (claims, scopes, custom_parameters) = ToolConfiguration::wishes();
    ToolConfiguration {
        name: "Lumen".to_owned(),
        description: Some("Video lessons with a quiz".to_owned()),
        logo: Some(url("https://app.example/logo.png")),
        initiate_login_uri: url("https://tool.example/lti/login"),
        redirect_uri: url("https://tool.example/lti/launch"),
        jwks_uri: url("https://tool.example/.well-known/jwks.json"),
        target_link_uri: url("https://app.example/start"),
        claims,
        scopes,
        custom_parameters,
    }
}

/// A product's document, and where it is.
pub fn document(product: &str) -> (Value, Url) {
    let path = format!("{}/tests/dynamic_registration/configurations/{product}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (_, source) = PRODUCTS.into_iter().find(|(name, _)| *name == product).expect("the product is listed");
    (serde_json::from_str(&text).expect("the document is JSON"), url(source))
}

/// What is understood of a product's document with one thing changed.
pub fn parse_changed(
    product: &str,
    change: impl FnOnce(&mut Value),
) -> Result<PlatformConfiguration, ConfigurationError> {
    let (mut document, source) = document(product);
    change(&mut document);
    PlatformConfiguration::parse(document.to_string().as_bytes(), &source, Schemes::Https)
}

pub fn platform(product: &str) -> PlatformConfiguration {
    parse_changed(product, |_| {}).unwrap_or_else(|error| panic!("{product}: {error}"))
}
