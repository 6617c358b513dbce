//! URLs of services to which a Registration's token may go.
//!
//! Service URLs come from claims that the Platform signed. But a Platform may be compromised, and one token serves a
//! whole Registration: so a token goes only to origins that the Registration owns, which an operator agreed to.

use doorway_lti::ids::Issuer;
use url::{Host, Url};

use crate::registration::{PlatformTransport, Registration};

/// A URL on an origin of one Registration. Only [`Registration::service_url`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUrl(Url);

/// A URL is not on an origin of the Registration. Names the origin, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{origin}` is not an origin of the registration")]
pub struct ForeignOrigin {
    /// The origin, or what is wrong with the URL.
    pub origin: String,
}

impl ServiceUrl {
    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Another URL of the same service: a path below it, the next page.
    ///
    /// # Errors
    /// [`ForeignOrigin`] when it is on another origin than this one: not even one that the Registration owns
    /// (a page of a roster must not lead elsewhere).
    pub fn same_origin(&self, url: Url) -> Result<Self, ForeignOrigin> {
        if url.origin() == self.0.origin() && is_plain(&url) { Ok(Self(url)) } else { Err(foreign(&url)) }
    }
}

impl Registration {
    /// The URL of a service, if it is on an origin of this Registration: of its issuer, its endpoints, or one that an
    /// operator added. `https://*.example.edu` there stands for every host below `example.edu`.
    ///
    /// # Errors
    /// [`ForeignOrigin`].
    pub fn service_url(&self, text: &str, transport: PlatformTransport) -> Result<ServiceUrl, ForeignOrigin> {
        let url = Url::parse(text).map_err(|_| ForeignOrigin { origin: "no URL".to_owned() })?;
        let scheme_fits = match transport {
            PlatformTransport::HttpsOnly => url.scheme() == "https",
            PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
        };
        if scheme_fits && is_plain(&url) && self.owns(&url) { Ok(ServiceUrl(url)) } else { Err(foreign(&url)) }
    }

    /// Whether a URL is on an origin of this Registration.
    pub fn owns(&self, url: &Url) -> bool {
        issuer_url(&self.issuer).is_some_and(|issuer| issuer.origin() == url.origin())
            || [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri]
                .iter()
                .any(|endpoint| endpoint.origin() == url.origin())
            || self.service_origins.iter().any(|origin| covers(origin, url))
    }
}

/// Whether an origin of a Registration, possibly with `*.` in front, covers the URL's.
fn covers(origin: &Url, url: &Url) -> bool {
    let (Some(Host::Domain(pattern)), Some(Host::Domain(host))) = (origin.host(), url.host()) else {
        return origin.origin() == url.origin();
    };
    let same_port = origin.scheme() == url.scheme() && origin.port_or_known_default() == url.port_or_known_default();
    let same_host = match pattern.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => pattern == host,
    };
    same_port && same_host
}

/// An issuer need not be a URL; one that is owns its origin. (That of `urn:..` is opaque, and equals no other.)
fn issuer_url(issuer: &Issuer) -> Option<Url> {
    Url::parse(issuer.as_str()).ok()
}

fn is_plain(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

fn foreign(url: &Url) -> ForeignOrigin {
    let origin =
        if is_plain(url) { url.origin().ascii_serialization() } else { "a URL with more than an address".to_owned() };
    ForeignOrigin { origin }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn registration(service_origins: &[&str]) -> Registration {
        serde_json::from_value(json!({
            "issuer": "https://lms.example", "clientId": "c", "authorizationEndpoint": "https://sso.example/auth",
            "tokenEndpoint": "https://token.example/token", "jwksUri": "https://keys.example/jwks",
            "serviceOrigins": service_origins,
        }))
        .unwrap()
    }

    fn is_owned(service_origins: &[&str], url: &str) -> bool {
        registration(service_origins).service_url(url, PlatformTransport::HttpsOnly).is_ok()
    }

    #[test]
    fn the_origins_of_issuer_and_endpoints_are_owned() {
        for host in ["lms", "sso", "token", "keys"] {
            assert!(is_owned(&[], &format!("https://{host}.example/li/1?type_id=2")), "{host}");
        }
    }

    #[test]
    fn other_origins_are_foreign() {
        for url in [
            "https://evil.example/li/1",
            "http://lms.example/li/1",
            "https://lms.example:8443/li/1",
            "https://lms.example.evil.example/li/1",
            "https://lms.example@evil.example/li/1",
            "https://user@lms.example/li/1",
            "https://:secret@lms.example/li/1",
            "https://lms.example/li/1#fragment",
            "//lms.example/li/1",
            "javascript:alert(1)",
            "li/1",
            "",
        ] {
            assert!(!is_owned(&[], url), "{url}");
        }
    }

    #[test]
    fn an_operator_adds_origins_one_by_one_or_below_a_domain() {
        let origins = ["https://school.example", "https://*.instructure.example", "https://*.port.example:8443"];
        for url in [
            "https://school.example/x",
            "https://a.instructure.example/x",
            "https://a.b.instructure.example/x",
            "https://a.port.example:8443/x",
        ] {
            assert!(is_owned(&origins, url), "{url}");
        }
        for url in [
            "https://instructure.example/x",
            "https://.instructure.example/x",
            "https://evilinstructure.example/x",
            "https://a.instructure.example.evil.example/x",
            "http://a.instructure.example/x",
            "https://a.port.example/x",
            "https://other.school.example/x",
        ] {
            assert!(!is_owned(&origins, url), "{url}");
        }
    }

    #[test]
    fn an_address_is_owned_as_it_stands() {
        assert!(is_owned(&["https://192.0.2.7"], "https://192.0.2.7/x"));
        for url in ["https://192.0.2.8/x", "https://192.0.2.7:8443/x", "https://7.example/x"] {
            assert!(!is_owned(&["https://192.0.2.7"], url), "{url}");
        }
    }

    #[test]
    fn a_token_goes_over_https_and_over_http_only_where_that_is_allowed() {
        let origins = ["http://plain.example", "ftp://files.example", "https://*.port.example:8443"];
        let owned = |url: &str, transport| registration(&origins).service_url(url, transport).is_ok();
        for (url, https_only, http_allowed) in [
            ("https://lms.example/x", true, true),
            ("http://plain.example/x", false, true),
            ("ftp://files.example/x", false, false),
            ("https://a.port.example:8443/x", true, true),
            ("http://a.port.example:8443/x", false, false),
        ] {
            assert_eq!(owned(url, PlatformTransport::HttpsOnly), https_only, "{url}");
            assert_eq!(owned(url, PlatformTransport::HttpAllowed), http_allowed, "{url}");
        }
    }

    #[test]
    fn a_refusal_repeats_no_more_than_an_origin() {
        for (url, said) in [
            ("https://evil.example/li/1?secret=1", "https://evil.example"),
            ("https://user@lms.example/", "a URL with more than an address"),
            ("https://lms.example/#secret", "a URL with more than an address"),
        ] {
            let refused = registration(&[]).service_url(url, PlatformTransport::HttpsOnly);
            assert_eq!(refused, Err(ForeignOrigin { origin: said.to_owned() }), "{url}");
        }
    }

    #[test]
    fn the_next_page_stays_on_the_origin_of_the_first() {
        let first = registration(&[]).service_url("https://lms.example/members", PlatformTransport::HttpsOnly).unwrap();
        let next = |text: &str| first.same_origin(Url::parse(text).unwrap());
        assert!(next("https://lms.example/members?page=2").is_ok());
        for text in ["https://evil.example/", "https://token.example/", "http://lms.example/", "https://a@lms.example/"]
        {
            assert!(next(text).is_err(), "{text}");
        }
        let error = next("https://evil.example/members?secret=1").unwrap_err();
        assert_eq!(error.to_string(), "`https://evil.example` is not an origin of the registration");
    }
}
