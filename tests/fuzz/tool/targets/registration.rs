//! A Registration as an operator writes it (the rest), and the URL of a service as a claim names it (first line).

#![no_main]

use doorway_core::registration::{PlatformTransport, Registration};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// Whether an origin, with `*.` in front for all below a domain, has this URL: a second reading of the rule.
fn has(origin: &Url, url: &Url) -> bool {
    let authority =
        |url: &Url| format!("{}://{}:{:?}", url.scheme(), url.host_str().unwrap_or("?"), url.port_or_known_default());
    match origin.host_str().and_then(|host| host.strip_prefix("*.")) {
        Some(parent) if url.host_str().is_some_and(|host| host.ends_with(&format!(".{parent}"))) => {
            (origin.scheme(), origin.port_or_known_default()) == (url.scheme(), url.port_or_known_default())
        }
        _ => authority(origin) == authority(url),
    }
}

fuzz_target!(|text: &str| {
    let Some((service, json)) = text.split_once('\n') else { return };
    let Ok(registration) = serde_json::from_str::<Registration>(json) else { return };
    let written = serde_json::to_string(&registration).expect("a Registration can be written");
    assert_eq!(serde_json::from_str::<Registration>(&written).ok().as_ref(), Some(&registration));
    // What a policy of a page names cannot end its directive.
    for origin in registration.framing_origins() {
        assert!(!origin.contains([';', ',', ' ', '\'', '"', '\n']), "{origin}");
    }
    if !registration.unsafe_endpoints(PlatformTransport::HttpsOnly).is_empty() {
        return;
    }
    let Ok(service) = registration.service_url(service, PlatformTransport::HttpsOnly) else { return };
    let url = service.url();
    assert!(
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    );
    let issuer = Url::parse(registration.issuer.as_str()).ok();
    let own = [&registration.authorization_endpoint, &registration.token_endpoint, &registration.jwks_uri];
    let mut origins = issuer.iter().chain(own).chain(&registration.service_origins);
    assert!(origins.any(|origin| has(origin, url)), "{url}");
    for other in ["https://elsewhere.invalid/", "http://lms.example/", "https://a@lms.example/"] {
        let other = Url::parse(other).expect("it is a URL");
        let leads_elsewhere = service.same_origin(other.clone()).is_ok();
        assert!(!leads_elsewhere || other.origin() == url.origin(), "{other}");
    }
});
