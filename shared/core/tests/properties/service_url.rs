//! A token goes to origins of the Registration and nowhere else.

use doorway_core::registration::{PlatformTransport, Registration};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use url::Url;

use crate::cases;

/// The hosts that are owned: of the issuer and the endpoints, one more, and all below a domain.
const OWNED: [&str; 5] = ["lms.example", "sso.example:8443", "token.example", "keys.example", "school.example"];
const BELOW: &str = ".instructure.example";

fn registration() -> Registration {
    serde_json::from_value(json!({
        "issuer": "https://lms.example", "clientId": "c", "authorizationEndpoint": "https://sso.example:8443/auth",
        "tokenEndpoint": "https://token.example/token", "jwksUri": "https://keys.example/jwks",
        "serviceOrigins": ["https://school.example", "https://*.instructure.example"],
    }))
    .expect("it is a Registration")
}

/// URLs of owned hosts, of hosts that look like them, and what parsers read in two ways.
fn url_like() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        "https://",
        "https:",
        "https:/",
        "https:///",
        "https:\\\\",
        "HTTPS://",
        "http://",
        "//",
        "ftp://",
        "",
    ]);
    let user = select(vec!["", "", "", "a@", "a:b@", "@", ":@", "lms.example@", "lms.example%40"]);
    let host = prop_oneof![
        4 => select(OWNED.to_vec()).prop_map(str::to_owned),
        2 => "[a-z*.]{0,6}".prop_map(|below| format!("{below}{BELOW}")),
        1 => Just("instructure.example".to_owned()),
        2 => select(OWNED.to_vec()).prop_map(|host| format!("{host}.evil.example")),
        1 => select(OWNED.to_vec()).prop_map(|host| format!("evil{host}")),
        1 => "[a-zA-Z0-9.\u{3002}\u{ff0e}%\\[\\]:@\\\\-]{0,24}",
    ];
    let port = select(vec!["", "", "", ":443", ":8443", ":80", ":", ":0443", ":99999"]);
    let rest = "[/?#\\\\][a-z0-9@:/?#.%\\\\]{0,12}|";
    (scheme, user, host, port, rest)
        .prop_map(|(scheme, user, host, port, rest)| format!("{scheme}{user}{host}{port}{rest}"))
}

/// The rule, read a second time: of what will be asked, not of what was written.
fn is_owned(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let is_below = host.len() > BELOW.len() && host.ends_with(BELOW) && url.port().is_none();
    OWNED.contains(&authority.as_str()) || is_below
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn a_service_url_is_on_an_origin_of_the_registration(text in url_like()) {
        let accepted = registration().service_url(&text, PlatformTransport::HttpsOnly);
        let read = Url::parse(&text).ok();
        let is_plain = read.as_ref().is_some_and(|url| {
            url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
        });
        let expected = is_plain && read.as_ref().is_some_and(is_owned);
        prop_assert_eq!(accepted.is_ok(), expected, "{}", text);
        if let Ok(accepted) = accepted {
            prop_assert_eq!(Some(accepted.url()), read.as_ref(), "what was checked is what is asked");
        }
    }

    #[test]
    fn from_one_service_url_nothing_leads_to_another_origin(first in url_like(), next in url_like()) {
        let registration = registration();
        let Ok(first) = registration.service_url(&first, PlatformTransport::HttpsOnly) else { return Ok(()) };
        let Ok(next) = first.url().join(&next) else { return Ok(()) };
        if let Ok(next) = first.same_origin(next) {
            prop_assert_eq!(next.url().origin(), first.url().origin());
            prop_assert!(next.url().username().is_empty() && next.url().password().is_none());
        }
    }

    /// A refusal goes into logs and answers: it names an origin, and nothing that stood in front of or behind it.
    #[test]
    fn a_foreign_url_is_named_by_its_origin_alone(text in url_like()) {
        if let Err(foreign) = registration().service_url(&text, PlatformTransport::HttpsOnly) {
            prop_assert!(!foreign.origin.contains(['@', '?', '#']), "{}", foreign.origin);
        }
    }
}
