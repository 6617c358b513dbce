//! S1, S11: where a deployed Tool connects to by a URL alone: by https, to public addresses, and to nothing else.
//!
//! Nothing here leads outside: what is refused is refused before a connection.

use std::sync::Arc;

use doorway_core::http::resolve::{Lookup, NameService};
use doorway_core::http::{FetchError, PlatformClient, Request};
use doorway_core::registration::PlatformTransport::{HttpAllowed, HttpsOnly};
use url::Url;

use crate::listener::Listener;

/// Addresses of every network that is not public: first, last, and what is feared in it.
pub const INNER: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.255",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::",
    "fd00:ec2::254",
    "fdff:ffff::1",
    "fe80::1",
    "febf:ffff::1",
    "fec0::1",
    "ff02::1",
];

/// Names that nobody may ask for.
struct NoNames;

impl NameService for NoNames {
    fn look_up(&self, name: &str) -> Lookup {
        panic!("`{name}` is an address, or must not be asked for")
    }
}

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub async fn is_refused(client: &PlatformClient, url: &Url) -> bool {
    matches!(client.send(Request::get(url)).await, Err(FetchError::NotPublic))
}

fn as_host(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

/// S1: a URL that names an inner address is refused before anything is looked up or connected to.
#[tokio::test]
async fn an_inner_address_in_a_url_is_refused_whichever_network_it_is_of() {
    let client = PlatformClient::with_names(HttpsOnly, Arc::new(NoNames));
    for address in INNER {
        for port in ["", ":443", ":8443"] {
            let url = url(&format!("https://{}{port}/jwks", as_host(address)));
            assert!(is_refused(&client, &url).await, "{url}");
        }
    }
}

/// S1: decimal, hexadecimal, octal, shortened and full-width spellings are the same address.
#[tokio::test]
async fn no_spelling_of_an_inner_address_gets_through() {
    let client = PlatformClient::with_names(HttpsOnly, Arc::new(NoNames));
    for host in [
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "0x0",
        "2852039166",
        "0xa9fea9fe",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "3232235777",
        "127.0.0.1.",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "[0:0:0:0:0:0:0:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::ffff:7f00:0001]",
        "[::FFFF:127.0.0.1]",
        "[64:ff9b::169.254.169.254]",
        "[2002:a9fe:a9fe::]",
    ] {
        let url = url(&format!("https://{host}/latest/meta-data/"));
        assert!(is_refused(&client, &url).await, "{host} is {url}");
    }
    for host in ["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1", "256.0.0.1", "0x100000000", "127.0.0.0x100"] {
        assert!(Url::parse(&format!("https://{host}/")).is_err(), "{host} is no host of a URL");
    }
}

/// S1: user information is refused, at https and in the local stack: it hides the host from people.
#[tokio::test]
async fn a_url_with_user_information_is_refused() {
    let listener = Listener::silent().await;
    for (transport, base) in [(HttpsOnly, "https://HOST".to_owned()), (HttpAllowed, listener.base.clone())] {
        for user in ["user@", "user:secret@", ":secret@", "lms.example@", "lms.example%2f@"] {
            let url = url(&format!("{}/", base.replace("//", &format!("//{user}")).replace("HOST", "lms.example")));
            let client = PlatformClient::with_names(transport, Arc::new(NoNames));
            assert!(is_refused(&client, &url).await, "{url}");
        }
    }
    assert_eq!(listener.connections(), 0);
}

/// S11: plain http, and everything that is not even http, is refused in a deployed Tool.
#[tokio::test]
async fn a_deployed_client_speaks_nothing_but_https() {
    let listener = Listener::silent().await;
    let client = PlatformClient::with_names(HttpsOnly, Arc::new(NoNames));
    for text in [
        listener.base.as_str(),
        "http://lms.example/jwks",
        "HTTP://lms.example:443/jwks",
        "ftp://lms.example/jwks",
        "file:///etc/passwd",
        "data:application/json,{}",
        "gopher://lms.example/",
        "unix:/run/socket",
        "ws://lms.example/",
    ] {
        assert!(is_refused(&client, &url(text)).await, "{text}");
    }
    for text in ["ftp://127.0.0.1/", "file:///etc/passwd", "data:,x"] {
        let client = PlatformClient::with_names(HttpAllowed, Arc::new(NoNames));
        assert!(is_refused(&client, &url(text)).await, "{text} in the local stack");
    }
    assert_eq!(listener.connections(), 0);
}

/// S11: what is on plain http owns no address of a service in a deployed Tool.
#[test]
fn a_service_on_plain_http_is_foreign_to_a_deployed_tool() {
    let registration: doorway_core::registration::Registration = serde_json::from_value(serde_json::json!({
        "issuer": "http://lms.example", "clientId": "c", "authorizationEndpoint": "http://lms.example/auth",
        "tokenEndpoint": "http://lms.example/token", "jwksUri": "http://lms.example/jwks",
        "serviceOrigins": ["http://grades.example"],
    }))
    .unwrap();
    for url in ["http://lms.example/li/1", "http://grades.example/li/1"] {
        assert!(registration.service_url(url, HttpsOnly).is_err(), "{url}");
        assert!(registration.service_url(url, HttpAllowed).is_ok(), "{url}");
    }
    assert_eq!(registration.unsafe_endpoints(HttpsOnly).len(), 4, "every one of them is told");
}
