//! A Registration: what a Platform and the Tool agreed on, and which Deployments are welcome.

use std::fmt;

use doorway_lti::access_token::audience;
use doorway_lti::id_token::AnonymousLaunches;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::key_set::Algorithm;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::is_origin;

/// Whether a Registration, or a Deployment, may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In use.
    #[default]
    Active,
    /// Seen, but nobody has agreed to it yet.
    Pending,
    /// Switched off: no launch, and no later request for an old launch.
    Disabled,
}

impl Status {
    /// The word in the table and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Disabled => "disabled",
        }
    }
}

/// Which Deployments may launch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "PolicyText", into = "PolicyText")]
pub enum DeploymentPolicy {
    /// Only these.
    Listed(Vec<DeploymentId>),
    /// An unknown one is recorded on first sight and may launch: right where the client id is the customer's own.
    Any,
    /// An unknown one is recorded on first sight and waits for an operator. The default: on Platforms with a
    /// public client id (Blackboard) every administrator in the world can make a Deployment.
    #[default]
    Pending,
}

impl DeploymentPolicy {
    /// Whether this Deployment is on the list; on no list there is none.
    pub fn lists(&self, id: &DeploymentId) -> bool {
        matches!(self, Self::Listed(ids) if ids.contains(id))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PolicyText {
    Listed(Vec<DeploymentId>),
    Word(PolicyWord),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PolicyWord {
    Any,
    Pending,
}

impl From<PolicyText> for DeploymentPolicy {
    fn from(text: PolicyText) -> Self {
        match text {
            PolicyText::Listed(ids) => Self::Listed(ids),
            PolicyText::Word(PolicyWord::Any) => Self::Any,
            PolicyText::Word(PolicyWord::Pending) => Self::Pending,
        }
    }
}

impl From<DeploymentPolicy> for PolicyText {
    fn from(policy: DeploymentPolicy) -> Self {
        match policy {
            DeploymentPolicy::Listed(ids) => Self::Listed(ids),
            DeploymentPolicy::Any => Self::Word(PolicyWord::Any),
            DeploymentPolicy::Pending => Self::Word(PolicyWord::Pending),
        }
    }
}

/// What a Platform and the Tool agreed on. Its key is issuer and client id.
///
/// Members that this version does not know are let pass: a later version may have written them, and a rollback must
/// not lock everybody out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The Platform, byte for byte as it writes itself.
    pub issuer: Issuer,
    /// What the Platform calls the Tool.
    pub client_id: ClientId,
    /// Where browsers are sent to log in.
    pub authorization_endpoint: Url,
    /// Where access tokens are obtained.
    pub token_endpoint: Url,
    /// Where the Platform publishes its keys.
    pub jwks_uri: Url,
    /// The audience of client assertions, where it is not the token endpoint (Brightspace).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_audience: Option<String>,
    /// Agreed signature algorithms of id tokens.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// Which Deployments may launch.
    #[serde(default)]
    pub deployments: DeploymentPolicy,
    /// The vendor's name for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Origins of service URLs beyond those of the endpoints above (Canvas: the institution's own host).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_origins: Vec<Url>,
    /// Origins beyond all of these whose pages show the Tool in a frame (an institution's own domain).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_origins: Vec<Url>,
    /// Where the Platform lets the Tool read and change this Registration, if it does (Dynamic Registration).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_client_uri: Option<Url>,
    /// Whether launches without a user are accepted.
    #[serde(default)]
    pub allow_anonymous: bool,
    /// Whether the Registration may be used.
    #[serde(default)]
    pub status: Status,
}

/// The members of a Registration's JSON: for whoever must notice a misspelt one.
pub const MEMBERS: [&str; 14] = [
    "issuer",
    "clientId",
    "authorizationEndpoint",
    "tokenEndpoint",
    "jwksUri",
    "tokenAudience",
    "algorithms",
    "deployments",
    "tenant",
    "serviceOrigins",
    "frameOrigins",
    "registrationClientUri",
    "allowAnonymous",
    "status",
];

fn default_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::RS256]
}

/// Whether http and loopback Platforms are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlatformTransport {
    /// Only https: every deployed function.
    #[default]
    HttpsOnly,
    /// Also http: the local stack.
    HttpAllowed,
}

/// A member of a Registration with which it must not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsafeEndpoint {
    /// The member's name.
    pub member: &'static str,
    /// What it must be.
    pub expected: &'static str,
}

impl fmt::Display for UnsafeEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be {}", self.member, self.expected)
    }
}

impl Registration {
    /// The key in the registrations table.
    pub fn key(&self) -> RegistrationKey {
        RegistrationKey { issuer: self.issuer.clone(), client_id: self.client_id.clone() }
    }

    /// Whether this is the Registration of another issuer under the same client id.
    pub fn is_namesake_of(&self, other: &Self) -> bool {
        self.client_id == other.client_id && self.issuer != other.issuer
    }

    /// Whether another issuer's Registration is the same client: what proves the Tool there, or is given to it there, is
    /// good for this one too.
    pub fn is_same_client_as(&self, other: &Self) -> bool {
        let is_at_one_place = self.token_endpoint.origin() == other.token_endpoint.origin();
        self.is_namesake_of(other) && (is_at_one_place || self.assertion_audience() == other.assertion_audience())
    }

    fn assertion_audience(&self) -> &str {
        audience(self.token_audience.as_deref(), &self.token_endpoint)
    }

    /// What the verifier is told about anonymous launches.
    pub fn anonymous_launches(&self) -> AnonymousLaunches {
        if self.allow_anonymous { AnonymousLaunches::Allowed } else { AnonymousLaunches::Refused }
    }

    /// Every endpoint that must not be used with this transport: plain http, no host, user information.
    pub fn unsafe_endpoints(&self, transport: PlatformTransport) -> Vec<UnsafeEndpoint> {
        let endpoints = [
            ("authorizationEndpoint", &self.authorization_endpoint),
            ("tokenEndpoint", &self.token_endpoint),
            ("jwksUri", &self.jwks_uri),
        ];
        let origins = self
            .service_origins
            .iter()
            .map(|origin| ("serviceOrigins", origin))
            .chain(self.frame_origins.iter().map(|origin| ("frameOrigins", origin)));
        let no_path = origins
            .clone()
            .filter(|(_, origin)| !is_origin(origin))
            .map(|(member, _)| UnsafeEndpoint { member, expected: "origins without a path" });
        let none = self.algorithms.is_empty();
        let none =
            none.then_some(UnsafeEndpoint { member: "algorithms", expected: "at least one algorithm, or absent" });
        let managing = self.registration_client_uri.iter().map(|url| ("registrationClientUri", url));
        endpoints
            .into_iter()
            .chain(managing)
            .chain(origins)
            .filter_map(|(member, url)| {
                endpoint_fault(url, transport).map(|expected| UnsafeEndpoint { member, expected })
            })
            .chain(no_path)
            .chain(none)
            .collect()
    }
}

/// Whether an address can stand in a Registration.
pub fn is_safe_endpoint(url: &Url, transport: PlatformTransport) -> bool {
    endpoint_fault(url, transport).is_none()
}

fn endpoint_fault(url: &Url, transport: PlatformTransport) -> Option<&'static str> {
    let scheme_fits = match transport {
        PlatformTransport::HttpsOnly => url.scheme() == "https",
        PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
    };
    if !scheme_fits {
        return Some("an https URL");
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.host_str().is_none_or(str::is_empty) || has_user || url.fragment().is_some() {
        return Some("a URL with a host and without user name, password or fragment");
    }
    None
}

/// Issuer and client id: what names a Registration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegistrationKey {
    /// The Platform.
    pub issuer: Issuer,
    /// What the Platform calls the Tool.
    pub client_id: ClientId,
}

/// A Deployment as recorded on first sight, or by an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The Platform's id for it.
    pub id: DeploymentId,
    /// Whether it may launch.
    pub status: Status,
    /// The vendor's name for the customer, where it differs from the Registration's.
    pub tenant: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(deployments: &str) -> String {
        format!(
            r#"{{"issuer":"https://lms.example","clientId":"c","authorizationEndpoint":"https://lms.example/auth",
               "tokenEndpoint":"https://lms.example/token","jwksUri":"https://lms.example/jwks"{deployments}}}"#
        )
    }

    fn policy(deployments: &str) -> DeploymentPolicy {
        serde_json::from_str::<Registration>(&json(deployments)).unwrap().deployments
    }

    #[test]
    fn an_unstated_policy_is_the_safe_one() {
        assert_eq!(policy(""), DeploymentPolicy::Pending);
        assert_eq!(policy(r#","deployments":"any""#), DeploymentPolicy::Any);
        let listed = DeploymentPolicy::Listed(vec![DeploymentId::try_from("1").unwrap()]);
        assert_eq!(policy(r#","deployments":["1"]"#), listed);
    }

    #[test]
    fn defaults_are_rs256_active_and_no_anonymous_launches() {
        let registration: Registration = serde_json::from_str(&json("")).unwrap();
        assert_eq!(registration.algorithms, [Algorithm::RS256]);
        assert_eq!((registration.status, registration.allow_anonymous), (Status::Active, false));
        assert_eq!(registration.anonymous_launches(), AnonymousLaunches::Refused);
        let open: Registration = serde_json::from_str(&json(r#","allowAnonymous":true"#)).unwrap();
        assert_eq!(open.anonymous_launches(), AnonymousLaunches::Allowed);
    }

    #[test]
    fn a_registration_survives_its_own_json() {
        let registration: Registration = serde_json::from_str(&json(r#","deployments":["1"],"tenant":"t""#)).unwrap();
        let text = serde_json::to_string(&registration).unwrap();
        assert_eq!(serde_json::from_str::<Registration>(&text).unwrap(), registration);
    }

    #[test]
    fn members_of_a_later_version_are_let_pass_and_unknown_algorithms_are_not() {
        assert!(serde_json::from_str::<Registration>(&json(r#","fromTheFuture":1"#)).is_ok());
        assert!(serde_json::from_str::<Registration>(&json(r#","algorithms":["HS256"]"#)).is_err());
    }

    #[test]
    fn plain_http_is_refused_unless_the_stack_is_local() {
        let text = json("").replace("https://lms.example/jwks", "http://lms.example/jwks");
        let registration: Registration = serde_json::from_str(&text).unwrap();
        let faults = registration.unsafe_endpoints(PlatformTransport::HttpsOnly);
        assert_eq!(faults.iter().map(|fault| fault.member).collect::<Vec<_>>(), ["jwksUri"]);
        assert!(registration.unsafe_endpoints(PlatformTransport::HttpAllowed).is_empty());
    }

    #[test]
    fn further_origins_are_origins_and_some_algorithm_is_agreed() {
        for more in [
            r#","serviceOrigins":["https://a.example/lti"]"#,
            r#","frameOrigins":["https://a.example/lti"]"#,
            r#","frameOrigins":["http://a.example"]"#,
            r#","algorithms":[]"#,
        ] {
            let registration: Registration = serde_json::from_str(&json(more)).unwrap();
            assert_eq!(registration.unsafe_endpoints(PlatformTransport::HttpsOnly).len(), 1, "{more}");
        }
    }

    #[test]
    fn an_endpoint_is_a_web_address_without_user_information_or_fragment() {
        let fault = |url: &str, transport| endpoint_fault(&Url::parse(url).unwrap(), transport);
        for transport in [PlatformTransport::HttpsOnly, PlatformTransport::HttpAllowed] {
            assert_eq!(fault("https://lms.example:8443/auth?a=b", transport), None);
            for url in ["https://a@lms.example/", "https://:b@lms.example/", "https://lms.example/#part"] {
                assert!(fault(url, transport).is_some_and(|expected| expected.contains("without user name")), "{url}");
            }
            for url in ["ftp://lms.example/", "javascript:alert(1)", "file:///auth"] {
                assert_eq!(fault(url, transport), Some("an https URL"), "{url}");
                assert!(!is_safe_endpoint(&Url::parse(url).unwrap(), transport), "{url}");
            }
        }
        let plain = Url::parse("http://lms.example/auth").unwrap();
        assert!(!is_safe_endpoint(&plain, PlatformTransport::HttpsOnly));
        assert!(is_safe_endpoint(&plain, PlatformTransport::HttpAllowed));
    }

    #[test]
    fn every_endpoint_is_looked_at() {
        for member in ["authorizationEndpoint", "tokenEndpoint", "jwksUri", "registrationClientUri"] {
            let mut registration: serde_json::Value = serde_json::from_str(&json("")).unwrap();
            registration[member] = "https://a:b@lms.example/auth".into();
            let registration: Registration = serde_json::from_value(registration).unwrap();
            let faults = registration.unsafe_endpoints(PlatformTransport::HttpAllowed);
            assert_eq!(faults.iter().map(|fault| fault.member).collect::<Vec<_>>(), [member]);
        }
    }

    #[test]
    fn a_list_of_deployments_lists_what_is_on_it() {
        let id = |id: &str| DeploymentId::try_from(id).unwrap();
        let listed = policy(r#","deployments":["1"]"#);
        assert!(listed.lists(&id("1")) && !listed.lists(&id("2")));
        assert!(!DeploymentPolicy::Any.lists(&id("1")) && !DeploymentPolicy::Pending.lists(&id("1")));
    }

    /// Of one client id under two issuers: the same client, where one token endpoint's host or one audience serves both.
    #[test]
    fn another_issuers_registration_is_the_same_client_by_its_endpoint_or_its_audience() {
        let with = |issuer: &str, client_id: &str, token_endpoint: &str, audience: &str| Registration {
            issuer: Issuer::try_from(issuer).unwrap(),
            client_id: ClientId::try_from(client_id).unwrap(),
            token_endpoint: Url::parse(token_endpoint).unwrap(),
            token_audience: Some(audience.to_owned()),
            ..serde_json::from_str(&json("")).unwrap()
        };
        let one = with("https://one.example", "c", "https://auth.example/token", "urn:one");
        let other = |issuer: &str, client_id: &str, token_endpoint: &str, audience: &str| {
            let other = with(issuer, client_id, token_endpoint, audience);
            (one.is_namesake_of(&other), one.is_same_client_as(&other))
        };
        let (two, elsewhere) = ("https://two.example", "https://elsewhere.example/token");
        assert_eq!(other(two, "c", "https://auth.example/2/token", "urn:two"), (true, true));
        assert_eq!(other(two, "c", elsewhere, "urn:one"), (true, true));
        assert_eq!(other(two, "c", elsewhere, "urn:two"), (true, false));
        assert_eq!(other(two, "d", "https://auth.example/token", "urn:one"), (false, false));
        assert_eq!(other("https://one.example", "c", "https://auth.example/token", "urn:one"), (false, false));
    }
}
