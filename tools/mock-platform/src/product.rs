//! Where products are: what an administrator reads there, at one customer of each.
//!
//! The values are written out, after the products' own documents (digest "platforms", §1), and not made from any pattern,
//! so that a Tool that makes them from one can be held against them.

use url::Url;

use crate::profile::Profile;

/// A product at one of its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// What tests call it.
    pub name: &'static str,
    /// Whose habits it has.
    pub profile: Profile,
    /// `iss`.
    pub issuer: &'static str,
    /// The institution's own address, without a slash at the end. People sign in here; the gradebook and the roster are
    /// below it.
    pub institution: &'static str,
    /// Where authentication requests go. On another host than the institution's it sends them on to the institution.
    pub authorization_endpoint: &'static str,
    /// Where access tokens come from.
    pub token_endpoint: &'static str,
    /// The audience of client assertions.
    pub token_audience: &'static str,
    /// Where the keys are.
    pub jwks_uri: &'static str,
    /// What the Tool is called here.
    pub client_id: &'static str,
    /// The Tool's Deployment here.
    pub deployment_id: &'static str,
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 10] = [
        Self {
            name: "canvas",
            profile: Profile::Canvas,
            issuer: "https://canvas.instructure.com",
            institution: "https://maple.instructure.com",
            authorization_endpoint: "https://sso.canvaslms.com/api/lti/authorize_redirect",
            token_endpoint: "https://sso.canvaslms.com/login/oauth2/token",
            token_audience: "https://sso.canvaslms.com/login/oauth2/token",
            jwks_uri: "https://sso.canvaslms.com/api/lti/security/jwks",
            client_id: "10000000000123",
            deployment_id: "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
        },
        Self {
            name: "canvas-beta",
            profile: Profile::Canvas,
            issuer: "https://canvas.beta.instructure.com",
            institution: "https://maple.beta.instructure.com",
            authorization_endpoint: "https://sso.beta.canvaslms.com/api/lti/authorize_redirect",
            token_endpoint: "https://sso.beta.canvaslms.com/login/oauth2/token",
            token_audience: "https://sso.beta.canvaslms.com/login/oauth2/token",
            jwks_uri: "https://sso.beta.canvaslms.com/api/lti/security/jwks",
            client_id: "10000000000123",
            deployment_id: "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
        },
        Self {
            name: "canvas-test",
            profile: Profile::Canvas,
            issuer: "https://canvas.test.instructure.com",
            institution: "https://maple.test.instructure.com",
            authorization_endpoint: "https://sso.test.canvaslms.com/api/lti/authorize_redirect",
            token_endpoint: "https://sso.test.canvaslms.com/login/oauth2/token",
            token_audience: "https://sso.test.canvaslms.com/login/oauth2/token",
            jwks_uri: "https://sso.test.canvaslms.com/api/lti/security/jwks",
            client_id: "10000000000123",
            deployment_id: "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
        },
        Self {
            name: "canvas-selfhosted",
            profile: Profile::Canvas,
            issuer: "https://canvas.instructure.com",
            institution: "https://canvas.maple.example",
            authorization_endpoint: "https://canvas.maple.example/api/lti/authorize_redirect",
            token_endpoint: "https://canvas.maple.example/login/oauth2/token",
            token_audience: "https://canvas.maple.example/login/oauth2/token",
            jwks_uri: "https://canvas.maple.example/api/lti/security/jwks",
            client_id: "10000000000007",
            deployment_id: "1:4dde05e8ca1973bcca9bffc13e1548820eee93a3",
        },
        Self {
            name: "blackboard",
            profile: Profile::Blackboard,
            issuer: "https://blackboard.com",
            institution: "https://learn.maple.example",
            authorization_endpoint: "https://developer.blackboard.com/api/v1/gateway/oidcauth",
            token_endpoint: "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
            token_audience: "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
            jwks_uri: "https://developer.blackboard.com/api/v1/management/applications/\
                       2d1f0b3c-6a6e-4c55-9a42-5f0c2f1f7b1e/jwks.json",
            client_id: "2d1f0b3c-6a6e-4c55-9a42-5f0c2f1f7b1e",
            deployment_id: "cf0d4f9a-2f52-4d36-9d18-2b3c7a1f0e55",
        },
        Self {
            name: "brightspace",
            profile: Profile::Brightspace,
            issuer: "https://maple.brightspace.com",
            institution: "https://maple.brightspace.com",
            authorization_endpoint: "https://maple.brightspace.com/d2l/lti/authenticate",
            token_endpoint: "https://auth.brightspace.com/core/connect/token",
            token_audience: "https://api.brightspace.com/auth/token",
            jwks_uri: "https://maple.brightspace.com/d2l/.well-known/jwks",
            client_id: "0b7c5a6e-91d4-4f4b-8a80-3c1f6f0f2a9d",
            deployment_id: "5f1e4c0e-7f52-4b0e-9f3d-6d2a1b0c9e88",
        },
        Self {
            name: "moodle",
            profile: Profile::Moodle,
            issuer: "https://maple.example/moodle",
            institution: "https://maple.example/moodle",
            authorization_endpoint: "https://maple.example/moodle/mod/lti/auth.php",
            token_endpoint: "https://maple.example/moodle/mod/lti/token.php",
            token_audience: "https://maple.example/moodle/mod/lti/token.php",
            jwks_uri: "https://maple.example/moodle/mod/lti/certs.php",
            client_id: "kQ7tZp01aBxW9dE",
            deployment_id: "2",
        },
        Self {
            name: "sakai",
            profile: Profile::Sakai,
            issuer: "https://sakai.maple.example",
            institution: "https://sakai.maple.example",
            authorization_endpoint: "https://sakai.maple.example/imsoidc/lti13/oidc_auth",
            token_endpoint: "https://sakai.maple.example/imsblis/lti13/token/12",
            token_audience: "https://sakai.maple.example/imsblis/lti13/token/12",
            jwks_uri: "https://sakai.maple.example/imsblis/lti13/keyset",
            client_id: "a5c8e6d0-3b3f-4a0c-8d7e-1f2b3c4d5e6f",
            deployment_id: "1",
        },
        Self {
            name: "schoology",
            profile: Profile::Schoology,
            issuer: "https://schoology.schoology.com",
            institution: "https://maple.schoology.com",
            authorization_endpoint: "https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
            token_endpoint: "https://lti-service.svc.schoology.com/lti-service/access-token",
            token_audience: "https://lti-service.svc.schoology.com/lti-service/access-token",
            jwks_uri: "https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
            client_id: "7485393815",
            deployment_id: "7485393815-4",
        },
        Self {
            name: "openedx",
            profile: Profile::OpenEdx,
            issuer: "https://courses.maple.example",
            institution: "https://courses.maple.example",
            authorization_endpoint: "https://courses.maple.example/api/lti_consumer/v1/launch/",
            token_endpoint: "https://courses.maple.example/api/lti_consumer/v1/token/6f0c2f1f-7b1e-4c55-9a42-2d1f0b3c6a6e",
            token_audience: "https://courses.maple.example/api/lti_consumer/v1/token/6f0c2f1f-7b1e-4c55-9a42-2d1f0b3c6a6e",
            jwks_uri: "https://courses.maple.example/api/lti_consumer/v1/public_keysets/6f0c2f1f-7b1e-4c55-9a42-2d1f0b3c6a6e",
            client_id: "9d4349c9-4f09-4c16-8d57-6c5ed2a2f4b1",
            deployment_id: "1",
        },
    ];

    /// The product of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        const { &Self::ALL }.iter().find(|product| product.name == name)
    }

    /// The hosts on which it is.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let addresses = [self.institution, self.authorization_endpoint, self.token_endpoint, self.jwks_uri];
        let hosts = addresses.iter().filter_map(|address| Url::parse(address).ok()?.host_str().map(ToOwned::to_owned));
        let mut hosts: Vec<String> = hosts.collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The path below a Platform's issuer that answers at this address of the product; `None` where nobody does.
    pub(crate) fn path_at(&self, address: &str) -> Option<String> {
        let is_sent_on = !self.authorization_endpoint.starts_with(&format!("{}/", self.institution));
        let endpoints = [
            (self.authorization_endpoint, if is_sent_on { "/sso/auth" } else { "/auth" }),
            (self.token_endpoint, "/token"),
            (self.jwks_uri, "/jwks.json"),
        ];
        if let Some((_, path)) = endpoints.iter().find(|(endpoint, _)| *endpoint == address) {
            return Some((*path).to_owned());
        }
        let page = address.strip_prefix(self.institution).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        let is_endpoint = endpoints.iter().any(|(_, path)| *path == page);
        (!is_endpoint).then(|| if page.is_empty() { "/".to_owned() } else { page.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_answers_at_the_products_address_alone() {
        let moodle = Product::named("moodle").unwrap();
        for (address, path) in [
            ("https://maple.example/moodle/mod/lti/auth.php", Some("/auth")),
            ("https://maple.example/moodle/mod/lti/token.php", Some("/token")),
            ("https://maple.example/moodle/mod/lti/certs.php", Some("/jwks.json")),
            ("https://maple.example/moodle/course", Some("/course")),
            ("https://maple.example/moodle", Some("/")),
            ("https://maple.example/moodle/token", None),
            ("https://maple.example/moodle/auth", None),
            ("https://maple.example/moodle/jwks.json", None),
            ("https://maple.example/moodles", None),
            ("https://maple.example/mod/lti/token.php", None),
        ] {
            assert_eq!(moodle.path_at(address).as_deref(), path, "{address}");
        }
    }

    #[test]
    fn a_sign_on_host_sends_requests_on_to_the_institution() {
        let canvas = Product::named("canvas").unwrap();
        let path = |address| canvas.path_at(address);
        assert_eq!(path("https://sso.canvaslms.com/api/lti/authorize_redirect").as_deref(), Some("/sso/auth"));
        assert_eq!(path("https://maple.instructure.com/auth").as_deref(), Some("/auth"));
        assert_eq!(path("https://maple.instructure.com/sso/auth"), None);
        assert_eq!(path("https://canvas.instructure.com/login/oauth2/token"), None);
        assert_eq!(canvas.hosts(), ["maple.instructure.com", "sso.canvaslms.com"]);
    }
}
