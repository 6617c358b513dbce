//! Whose pages may show the Tool in a frame: for `frame-ancestors`.
//!
//! A page of the Tool has buttons, and a site that frames it could have a user press them unseen. So it may be framed by
//! the Platform alone: by the origins that its Registration owns, by those that an operator added, and, where the
//! product is known to show Tools on the institution's host, by the product's own domain.

use url::{Origin, Url};

use crate::registration::Registration;

/// Products whose institutions have hosts of their own below one domain: the host, or the domain, of the authorization
/// endpoint, and whose pages then frame the Tool. An institution with a domain of its own needs `frameOrigins`.
const PRODUCTS: [(&str, &str); 4] = [
    ("canvaslms.com", "https://*.instructure.com"),
    ("instructure.com", "https://*.instructure.com"),
    ("developer.blackboard.com", "https://*.blackboard.com"),
    ("lti-service.svc.schoology.com", "https://*.schoology.com"),
];

impl Registration {
    /// The origins whose pages may frame the Tool, in the form that `frame-ancestors` has them, each once.
    pub fn framing_origins(&self) -> Vec<String> {
        let issuer = Url::parse(self.issuer.as_str()).ok();
        let own = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        let urls = issuer.iter().chain(own).chain(&self.service_origins).chain(&self.frame_origins);
        framing(urls, &self.authorization_endpoint)
    }

    /// The origin that a Platform's messages come from and go to: of the authorization endpoint, never of the issuer or
    /// of anything in a request. `None` where messages cannot be addressed.
    pub fn message_origin(&self) -> Option<String> {
        let origin = self.authorization_endpoint.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }
}

/// The origins of these URLs, and the product's that this authorization endpoint is of.
pub(crate) fn framing<'a>(urls: impl Iterator<Item = &'a Url>, authorization_endpoint: &Url) -> Vec<String> {
    let product = authorization_endpoint.host_str().and_then(product_origin);
    let mut origins: Vec<String> =
        urls.filter_map(|url| source(&url.origin())).chain(product.map(str::to_owned)).collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// An origin as a policy can name it. A host may have letters that end a directive, and a policy has no form for an
/// IPv6 address: such an origin is left out.
pub fn source(origin: &Origin) -> Option<String> {
    let Origin::Tuple(_, host, _) = origin else { return None };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._*".contains(c);
    host.to_string().chars().all(is_plain).then(|| origin.ascii_serialization())
}

fn product_origin(host: &str) -> Option<&'static str> {
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    PRODUCTS.iter().find(|(domain, _)| is_below(domain)).map(|(_, origin)| *origin)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn registration(issuer: &str, host: &str) -> Registration {
        serde_json::from_value(json!({
            "issuer": issuer, "clientId": "c", "authorizationEndpoint": format!("https://{host}/auth"),
            "tokenEndpoint": format!("https://{host}/token"), "jwksUri": format!("https://{host}/jwks"),
        }))
        .unwrap()
    }

    #[test]
    fn the_registrations_own_origins_frame_the_tool() {
        let mut registration = registration("https://lms.example/moodle", "sso.example:8443");
        registration.service_origins = vec![Url::parse("https://*.grades.example").unwrap()];
        registration.frame_origins = vec![Url::parse("https://learn.school.example").unwrap()];
        let expected = [
            "https://*.grades.example",
            "https://learn.school.example",
            "https://lms.example",
            "https://sso.example:8443",
        ];
        assert_eq!(registration.framing_origins(), expected);
    }

    #[test]
    fn one_key_for_many_institutions_on_domains_of_their_own_may_be_framed_by_any_https_page() {
        let mut registration = registration("https://canvas.instructure.com", "sso.canvaslms.com");
        registration.frame_origins = vec![Url::parse("https://*").unwrap()];
        assert!(registration.unsafe_endpoints(crate::registration::PlatformTransport::HttpsOnly).is_empty());
        assert!(registration.framing_origins().contains(&"https://*".to_owned()));
    }

    #[test]
    fn an_issuer_that_is_no_url_frames_nothing() {
        assert_eq!(registration("student", "lms.example").framing_origins(), ["https://lms.example"]);
        assert_eq!(registration("mailto:lms", "lms.example").framing_origins(), ["https://lms.example"]);
    }

    #[test]
    fn products_frame_on_their_institutions_hosts() {
        for (host, product) in [
            ("sso.canvaslms.com", "https://*.instructure.com"),
            ("sso.beta.canvaslms.com", "https://*.instructure.com"),
            ("canvas.instructure.com", "https://*.instructure.com"),
            ("developer.blackboard.com", "https://*.blackboard.com"),
            ("lti-service.svc.schoology.com", "https://*.schoology.com"),
        ] {
            let origins = registration("https://lms.example", host).framing_origins();
            assert!(origins.contains(&product.to_owned()), "{host}: {origins:?}");
        }
        for host in ["evilcanvaslms.com", "canvaslms.com.evil.example", "lms.example"] {
            assert_eq!(
                registration("https://lms.example", host).framing_origins().len(),
                2 - usize::from(host == "lms.example")
            );
        }
    }

    #[test]
    fn a_host_cannot_end_the_directive_that_names_it() {
        for issuer in
            ["https://a;script-src*.example", "https://a,b.example", "https://[2001:db8::1]", "https://a'b.example"]
        {
            assert_eq!(registration(issuer, "lms.example").framing_origins(), ["https://lms.example"], "{issuer}");
        }
    }

    #[test]
    fn messages_go_to_the_authorization_endpoint_and_not_to_the_issuer() {
        let canvas = registration("https://canvas.instructure.com", "sso.canvaslms.com");
        assert_eq!(canvas.message_origin().as_deref(), Some("https://sso.canvaslms.com"));
    }
}
