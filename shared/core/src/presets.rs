//! What is the same wherever a known Platform runs: its Registration, from an address and a client id.
//!
//! The addresses are data. To add a Platform: a row in [`PRESETS`], and its values in the test.

use doorway_lti::ids::{ClientId, Issuer};
use url::Url;

use crate::registration::{DeploymentPolicy, Registration, Status};

/// Something of a Platform that only its administrator knows, beside address and client id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Sakai: the number of the Tool in its addresses.
    ToolId,
    /// Open edX: the id of the block or passport in its addresses.
    BlockId,
}

/// Who makes Deployments, and so which are welcome unless an operator says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Welcome {
    /// The client id is the customer's own.
    Any,
    /// All customers share the vendor's client id: any administrator in the world can make a Deployment.
    Pending,
    /// There is one, and this is its id.
    Only(&'static str),
}

/// A known Platform. In its addresses stand `{url}` (without a slash at the end), `{client}` and `{id}` for what differs.
#[derive(Debug)]
pub struct Preset {
    /// Its name on a command line.
    pub name: &'static str,
    /// The product.
    pub product: &'static str,
    /// What else must be known.
    pub need: Option<Need>,
    issuer: &'static str,
    authorization_endpoint: &'static str,
    token_endpoint: &'static str,
    jwks_uri: &'static str,
    token_audience: Option<&'static str>,
    welcome: Welcome,
}

/// What differs from customer to customer.
pub struct Given<'a> {
    /// The address of the institution's LMS.
    pub url: &'a Url,
    /// What it calls the Tool.
    pub client_id: &'a ClientId,
    /// What the preset [needs](Preset::need).
    pub id: Option<&'a str>,
}

/// Why a preset makes no Registration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    /// The preset needs something that was not given.
    #[error("{}", .0.expected())]
    Missing(Need),
    /// The id does not fit into an address.
    #[error("the id must be a text without spaces, `/`, `?`, `#` and `%`")]
    IdUnfit,
    /// The address does not fit.
    #[error("the address must be that of the LMS, with neither query nor fragment")]
    UrlUnfit,
}

impl Need {
    /// What must be given.
    pub fn expected(self) -> &'static str {
        match self {
            Self::ToolId => {
                "Sakai has the Tool's number in its addresses: give it as --tool-id (the end of its token URL)"
            }
            Self::BlockId => {
                "Open edX has the block's id in its addresses: give it as --block-id (the end of its keyset URL)"
            }
        }
    }
}

/// Every known Platform (digest "platforms", §1).
pub const PRESETS: [Preset; 10] = [
    canvas(
        "canvas",
        "Canvas",
        [
            "https://canvas.instructure.com",
            "https://sso.canvaslms.com/api/lti/authorize_redirect",
            "https://sso.canvaslms.com/login/oauth2/token",
            "https://sso.canvaslms.com/api/lti/security/jwks",
        ],
    ),
    canvas(
        "canvas-beta",
        "Canvas (beta environment)",
        [
            "https://canvas.beta.instructure.com",
            "https://sso.beta.canvaslms.com/api/lti/authorize_redirect",
            "https://sso.beta.canvaslms.com/login/oauth2/token",
            "https://sso.beta.canvaslms.com/api/lti/security/jwks",
        ],
    ),
    canvas(
        "canvas-test",
        "Canvas (test environment)",
        [
            "https://canvas.test.instructure.com",
            "https://sso.test.canvaslms.com/api/lti/authorize_redirect",
            "https://sso.test.canvaslms.com/login/oauth2/token",
            "https://sso.test.canvaslms.com/api/lti/security/jwks",
        ],
    ),
    // The issuer stays that of the hosted one unless `lti_iss` was changed.
    canvas(
        "canvas-selfhosted",
        "Canvas (self-hosted)",
        [
            "https://canvas.instructure.com",
            "{url}/api/lti/authorize_redirect",
            "{url}/login/oauth2/token",
            "{url}/api/lti/security/jwks",
        ],
    ),
    Preset {
        name: "blackboard",
        product: "Blackboard Learn",
        need: None,
        issuer: "https://blackboard.com",
        authorization_endpoint: "https://developer.blackboard.com/api/v1/gateway/oidcauth",
        token_endpoint: "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
        jwks_uri: "https://developer.blackboard.com/api/v1/management/applications/{client}/jwks.json",
        token_audience: None,
        welcome: Welcome::Pending,
    },
    Preset {
        name: "brightspace",
        product: "D2L Brightspace",
        need: None,
        issuer: "{url}",
        authorization_endpoint: "{url}/d2l/lti/authenticate",
        token_endpoint: "https://auth.brightspace.com/core/connect/token",
        jwks_uri: "{url}/d2l/.well-known/jwks",
        token_audience: Some("https://api.brightspace.com/auth/token"),
        welcome: Welcome::Any,
    },
    Preset {
        name: "moodle",
        product: "Moodle",
        need: None,
        issuer: "{url}",
        authorization_endpoint: "{url}/mod/lti/auth.php",
        token_endpoint: "{url}/mod/lti/token.php",
        jwks_uri: "{url}/mod/lti/certs.php",
        token_audience: None,
        welcome: Welcome::Any,
    },
    Preset {
        name: "sakai",
        product: "Sakai",
        need: Some(Need::ToolId),
        issuer: "{url}",
        authorization_endpoint: "{url}/imsoidc/lti13/oidc_auth",
        token_endpoint: "{url}/imsblis/lti13/token/{id}",
        jwks_uri: "{url}/imsblis/lti13/keyset",
        token_audience: None,
        welcome: Welcome::Any,
    },
    Preset {
        name: "schoology",
        product: "Schoology",
        need: None,
        issuer: "https://schoology.schoology.com",
        authorization_endpoint: "https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
        token_endpoint: "https://lti-service.svc.schoology.com/lti-service/access-token",
        jwks_uri: "https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
        token_audience: None,
        welcome: Welcome::Pending,
    },
    Preset {
        name: "openedx",
        product: "Open edX",
        need: Some(Need::BlockId),
        issuer: "{url}",
        authorization_endpoint: "{url}/api/lti_consumer/v1/launch/",
        token_endpoint: "{url}/api/lti_consumer/v1/token/{id}",
        jwks_uri: "{url}/api/lti_consumer/v1/public_keysets/{id}",
        token_audience: None,
        welcome: Welcome::Only("1"),
    },
];

/// Canvas in one of its environments: issuer, authorization endpoint, token endpoint, keys. A developer key is an
/// account's own.
const fn canvas(name: &'static str, product: &'static str, addresses: [&'static str; 4]) -> Preset {
    let [issuer, authorization_endpoint, token_endpoint, jwks_uri] = addresses;
    let (need, token_audience, welcome) = (None, None, Welcome::Any);
    Preset { name, product, need, issuer, authorization_endpoint, token_endpoint, jwks_uri, token_audience, welcome }
}

/// The preset with this name.
pub fn find(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// The issuer of every customer's Platform, where it is one for the whole world.
    pub fn fixed_issuer(&self) -> Option<&'static str> {
        (!self.issuer.contains('{')).then_some(self.issuer)
    }

    /// The Registration at this customer's. Where the endpoints are elsewhere, the institution's own host is added to
    /// `serviceOrigins`: its gradebook and roster are there.
    ///
    /// # Errors
    /// [`PresetError`].
    pub fn registration(&self, given: &Given<'_>) -> Result<Registration, PresetError> {
        let url = base(given.url)?;
        let id = match (self.need, given.id) {
            (None, _) => "",
            (Some(need), None) => return Err(PresetError::Missing(need)),
            (Some(_), Some(id)) if is_segment(id) => id,
            (Some(_), Some(_)) => return Err(PresetError::IdUnfit),
        };
        let client = given.client_id.as_str();
        let filled = |text: &str| text.replace("{url}", &url).replace("{client}", client).replace("{id}", id);
        let address = |text: &str| Url::parse(&filled(text)).map_err(|_| PresetError::UrlUnfit);
        let mut registration = Registration {
            issuer: Issuer::try_from(filled(self.issuer)).map_err(|_| PresetError::UrlUnfit)?,
            client_id: given.client_id.clone(),
            authorization_endpoint: address(self.authorization_endpoint)?,
            token_endpoint: address(self.token_endpoint)?,
            jwks_uri: address(self.jwks_uri)?,
            token_audience: self.token_audience.map(str::to_owned),
            algorithms: vec![doorway_lti::key_set::Algorithm::RS256],
            deployments: self.welcome.policy(),
            tenant: None,
            service_origins: Vec::new(),
            frame_origins: Vec::new(),
            registration_client_uri: None,
            allow_anonymous: false,
            status: Status::Active,
        };
        let origin = Url::parse(&given.url.origin().ascii_serialization()).map_err(|_| PresetError::UrlUnfit)?;
        if !registration.owns(&origin) {
            registration.service_origins.push(origin);
        }
        Ok(registration)
    }
}

impl Welcome {
    fn policy(self) -> DeploymentPolicy {
        match self {
            Self::Any => DeploymentPolicy::Any,
            Self::Pending => DeploymentPolicy::Pending,
            Self::Only(id) => {
                DeploymentPolicy::Listed(vec![id.try_into().expect("the ids in the presets are Deployment ids")])
            }
        }
    }
}

/// The address without a slash at its end: Moodle's issuer has none, and a path is put behind it.
fn base(url: &Url) -> Result<String, PresetError> {
    let plain = url.query().is_none() && url.fragment().is_none() && url.host_str().is_some();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(PresetError::UrlUnfit) }
}

fn is_segment(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_graphic() && !"/?#%{}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &str, url: &str, id: Option<&str>) -> Result<Registration, PresetError> {
        let client_id = ClientId::try_from("c-7").unwrap();
        find(name).unwrap().registration(&Given { url: &Url::parse(url).unwrap(), client_id: &client_id, id })
    }

    /// Issuer, authorization endpoint, token endpoint, keys, audience, Deployments, further origins: as in the digest.
    #[track_caller]
    fn expect(name: &str, url: &str, id: Option<&str>, expected: [&str; 7]) {
        let made = made(name, url, id).unwrap();
        let policy = serde_json::to_string(&made.deployments).unwrap();
        let origins: Vec<&str> = made.service_origins.iter().map(Url::as_str).collect();
        let values = [
            made.issuer.as_str(),
            made.authorization_endpoint.as_str(),
            made.token_endpoint.as_str(),
            made.jwks_uri.as_str(),
            made.token_audience.as_deref().unwrap_or_default(),
            &policy,
            &origins.join(" "),
        ];
        assert_eq!(values, expected, "{name}");
    }

    #[test]
    fn canvas_has_the_values_of_the_digest() {
        for (name, part) in [("canvas", ""), ("canvas-beta", "beta."), ("canvas-test", "test.")] {
            let sso = |path: &str| format!("https://sso.{part}canvaslms.com{path}");
            expect(
                name,
                "https://school.instructure.com/",
                None,
                [
                    &format!("https://canvas.{part}instructure.com"),
                    &sso("/api/lti/authorize_redirect"),
                    &sso("/login/oauth2/token"),
                    &sso("/api/lti/security/jwks"),
                    "",
                    r#""any""#,
                    "https://school.instructure.com/",
                ],
            );
        }
        expect(
            "canvas-selfhosted",
            "https://canvas.school.example",
            None,
            [
                "https://canvas.instructure.com",
                "https://canvas.school.example/api/lti/authorize_redirect",
                "https://canvas.school.example/login/oauth2/token",
                "https://canvas.school.example/api/lti/security/jwks",
                "",
                r#""any""#,
                "",
            ],
        );
    }

    #[test]
    fn platforms_with_one_issuer_for_all_have_the_values_of_the_digest() {
        expect(
            "blackboard",
            "https://learn.school.example",
            None,
            [
                "https://blackboard.com",
                "https://developer.blackboard.com/api/v1/gateway/oidcauth",
                "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
                "https://developer.blackboard.com/api/v1/management/applications/c-7/jwks.json",
                "",
                r#""pending""#,
                "https://learn.school.example/",
            ],
        );
        expect(
            "schoology",
            "https://app.schoology.com",
            None,
            [
                "https://schoology.schoology.com",
                "https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
                "https://lti-service.svc.schoology.com/lti-service/access-token",
                "https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
                "",
                r#""pending""#,
                "https://app.schoology.com/",
            ],
        );
    }

    #[test]
    fn platforms_that_are_their_own_issuer_have_the_values_of_the_digest() {
        expect(
            "moodle",
            "https://x.edu/moodle/",
            None,
            [
                "https://x.edu/moodle",
                "https://x.edu/moodle/mod/lti/auth.php",
                "https://x.edu/moodle/mod/lti/token.php",
                "https://x.edu/moodle/mod/lti/certs.php",
                "",
                r#""any""#,
                "",
            ],
        );
        expect(
            "brightspace",
            "https://school.brightspace.com",
            None,
            [
                "https://school.brightspace.com",
                "https://school.brightspace.com/d2l/lti/authenticate",
                "https://auth.brightspace.com/core/connect/token",
                "https://school.brightspace.com/d2l/.well-known/jwks",
                "https://api.brightspace.com/auth/token",
                r#""any""#,
                "",
            ],
        );
        expect(
            "sakai",
            "https://sakai.example",
            Some("12"),
            [
                "https://sakai.example",
                "https://sakai.example/imsoidc/lti13/oidc_auth",
                "https://sakai.example/imsblis/lti13/token/12",
                "https://sakai.example/imsblis/lti13/keyset",
                "",
                r#""any""#,
                "",
            ],
        );
        let block = "block-v1:edX+DemoX+type@lti_consumer+block@7";
        let consumer = |path: &str| format!("https://courses.example/api/lti_consumer/v1/{path}");
        expect(
            "openedx",
            "https://courses.example",
            Some(block),
            [
                "https://courses.example",
                &consumer("launch/"),
                &consumer(&format!("token/{block}")),
                &consumer(&format!("public_keysets/{block}")),
                "",
                r#"["1"]"#,
                "",
            ],
        );
    }

    #[test]
    fn what_is_missing_or_does_not_fit_is_said() {
        assert_eq!(made("sakai", "https://s.example", None), Err(PresetError::Missing(Need::ToolId)));
        assert_eq!(made("openedx", "https://s.example", None), Err(PresetError::Missing(Need::BlockId)));
        assert_eq!(made("sakai", "https://s.example", Some("1/2")), Err(PresetError::IdUnfit));
        assert_eq!(made("moodle", "https://s.example/?x=1", None), Err(PresetError::UrlUnfit));
        assert_eq!(made("moodle", "mailto:x@s.example", None), Err(PresetError::UrlUnfit));
    }

    #[test]
    fn a_deployed_function_takes_what_every_preset_makes() {
        for preset in &PRESETS {
            let made = made(preset.name, "https://lms.school.example", Some("7")).unwrap();
            let faults = made.unsafe_endpoints(crate::registration::PlatformTransport::HttpsOnly);
            assert!(faults.is_empty(), "{}: {faults:?}", preset.name);
        }
    }
}
