//! S3: what counts as an origin of a Registration.

use doorway_core::registration::PlatformTransport::{HttpAllowed, HttpsOnly};
use doorway_core::registration::Registration;
use serde_json::json;

fn registration(service_origins: &[&str]) -> Registration {
    serde_json::from_value(json!({
        "issuer": "https://lms.example", "clientId": "c", "authorizationEndpoint": "https://sso.example/auth",
        "tokenEndpoint": "https://token.example/token", "jwksUri": "https://keys.example/jwks",
        "serviceOrigins": service_origins,
    }))
    .expect("the registration is complete")
}

/// S3: origins are scheme, host and port; what only looks like one is foreign.
#[test]
fn what_only_looks_like_an_origin_of_the_registration_is_foreign() {
    let registration = registration(&[]);
    for url in [
        "https://lms.example:8443/li/1",
        "https://lms.example:80/li/1",
        "http://lms.example/li/1",
        "http://lms.example:443/li/1",
        "https://lms.example@evil.example/li/1",
        "https://lms.example:x@evil.example/li/1",
        "https://lms.example%40evil.example/li/1",
        "https://evil.example\\@lms.example/li/1",
        "https://user@lms.example/li/1",
        "https://user:secret@lms.example/li/1",
        "https://lms.example./li/1",
        "https://lms.example.evil.example/li/1",
        "https://lms.example%2eevil.example/li/1",
        "https://evil.example/https://lms.example/li/1",
        "https://evil.example?https://lms.example/",
        "https://evil.example#https://lms.example/",
        "https://lms.example/li/1#fragment",
        "https://xn--lms-8cd.example/li/1",
        "https://lm\u{455}.example/li/1",
        "https:lms.example.evil.example",
        "//lms.example/li/1",
        "/li/1",
        "ftp://lms.example/li/1",
        "blob:https://lms.example/li/1",
        "data:text/plain,https://lms.example/",
        "javascript:alert(1)",
        "https://",
        "",
    ] {
        assert!(registration.service_url(url, HttpsOnly).is_err(), "{url}");
    }
    for url in ["https://lms.example/li/1", "HTTPS://LMS.example:443/li/1", "https://keys.example/?a=b"] {
        assert!(registration.service_url(url, HttpsOnly).is_ok(), "{url}");
    }
}

/// S3: in the local stack, where http is allowed, it is another origin still.
#[test]
fn http_is_another_origin_than_https_in_the_local_stack_too() {
    assert!(registration(&[]).service_url("http://lms.example/li/1", HttpAllowed).is_err());
    assert!(registration(&["http://lms.example"]).service_url("http://lms.example/li/1", HttpAllowed).is_ok());
    assert!(registration(&["http://lms.example"]).service_url("http://lms.example/li/1", HttpsOnly).is_err());
}

/// S3: a wildcard covers every host below its domain, by https and on its port, and nothing else.
#[test]
fn a_wildcard_covers_the_hosts_below_its_domain_alone() {
    let registration = registration(&["https://*.instructure.example"]);
    for url in ["https://school.instructure.example/li/1", "https://a.b.instructure.example/li/1"] {
        assert!(registration.service_url(url, HttpsOnly).is_ok(), "{url}");
    }
    for url in [
        "https://instructure.example/li/1",
        "https://.instructure.example/li/1",
        "https://evilinstructure.example/li/1",
        "https://school.instructure.example.evil.example/li/1",
        "https://evil.example/school.instructure.example",
        "https://school.instructure.example@evil.example/li/1",
        "https://school.instructure.example:8443/li/1",
        "http://school.instructure.example/li/1",
        "https://*.instructure.example@evil.example/",
        "https://127.0.0.1/li/1",
    ] {
        assert!(registration.service_url(url, HttpsOnly).is_err(), "{url}");
    }
}
