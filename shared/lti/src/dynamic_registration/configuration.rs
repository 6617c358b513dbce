//! A Platform's configuration: who it is, where its endpoints are, what it supports.
//!
//! Read leniently, as Platforms write it; strictly where an attacker could write it. The document says who its issuer
//! is, and anybody can publish one that says it is somebody else: so it must come from the issuer's own origin.

use url::Url;

use super::lenient::{id, member, text, texts};
use super::messages::supported_messages;
use super::{CANVAS, PLATFORM_CONFIGURATION};
use crate::ids::Issuer;
use crate::json::{JsonError, parse_object, without_byte_order_mark};
use crate::platform_family::PlatformFamily;

/// What Brightspace wants as the audience of client assertions, whatever its token endpoint (D2L's admin page,
/// "`OAuth` Audience").
const BRIGHTSPACE_AUDIENCE: &str = "https://api.brightspace.com/auth/token";
/// Where that audience is read: the token endpoint of all its customers.
const BRIGHTSPACE_TOKEN_HOST: &str = "auth.brightspace.com";

/// Blackboard has one issuer for all its customers, and everything else on the host of its developer portal.
const BLACKBOARD_ISSUER: &str = "https://blackboard.com";
const BLACKBOARD_PORTAL: &str = "developer.blackboard.com";

/// The longest text of a Platform about itself that is kept, in characters: it is shown to a person.
const MAX_TEXT_CHARS: usize = 120;

/// Which URLs a Platform may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schemes {
    /// https alone.
    Https,
    /// http too: a stack on a laptop.
    HttpToo,
}

/// What a Platform publishes about itself, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformConfiguration {
    /// Who it is, byte for byte.
    pub issuer: Issuer,
    /// Where browsers are sent to log in.
    pub authorization_endpoint: Url,
    /// Where access tokens are obtained.
    pub token_endpoint: Url,
    /// Where its keys are.
    pub jwks_uri: Url,
    /// Where the Tool registers: on the origin that the document came from.
    pub registration_endpoint: Url,
    /// How it names its authorization server; Canvas names a bare host.
    pub authorization_server: Option<String>,
    /// Scopes that it grants; `None` where it does not say.
    pub scopes: Option<Vec<String>>,
    /// Claims that it sends; `None` where it does not say.
    pub claims: Option<Vec<String>>,
    /// Its software, as it names it.
    pub product: Option<String>,
    /// The version of that.
    pub version: Option<String>,
    /// Messages that it sends, and where.
    pub messages: Vec<SupportedMessage>,
    /// Variables that it substitutes, without `$`.
    pub variables: Vec<String>,
    /// The account that registers the Tool (Canvas).
    pub account_name: Option<String>,
    /// The host of that account (Canvas).
    pub account_domain: Option<String>,
}

/// A message that a Platform sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportedMessage {
    /// Its type.
    pub name: String,
    /// Where it can be sent from, exactly as the Platform spells it.
    pub placements: Vec<String>,
}

/// Why a configuration is not believed. Never quotes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// Not an acceptable JSON object.
    #[error("the configuration {0}")]
    NotJson(#[from] JsonError),
    /// Required members are missing or no text.
    #[error("the configuration lacks {}", .0.join(", "))]
    Missing(Vec<&'static str>),
    /// An endpoint is no URL that may be used.
    #[error("`{0}` of the configuration is not an https URL without user name and fragment")]
    EndpointInvalid(&'static str),
    /// The document does not come from the origin of the issuer that it names.
    #[error("the configuration names an issuer of another origin than its own")]
    IssuerForeign,
    /// The token for registering would go elsewhere.
    #[error("`registration_endpoint` is on another origin than the configuration")]
    RegistrationEndpointForeign,
    /// It does not support what LTI requires.
    #[error("`{member}` of the configuration does not have `{required}`")]
    Unsupported {
        /// The member.
        member: &'static str,
        /// What must be in it.
        required: &'static str,
    },
}

impl PlatformConfiguration {
    /// Reads the document that was fetched from `source`.
    ///
    /// The issuer must have the same scheme, host and port as `source`, and so must the registration endpoint; the other
    /// endpoints may be elsewhere (Brightspace's token endpoint, Canvas's sign-on host). Lists of methods that are
    /// missing are let pass; those that are there must have what LTI requires.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    ///
    /// Spec: Dynamic Registration 1.0, "Platform Configuration"; the digest of its use by Platforms, section 2.
    pub fn parse(body: &[u8], source: &Url, schemes: Schemes) -> Result<Self, ConfigurationError> {
        let document = parse_object(without_byte_order_mark(body))?;
        let missing: Vec<&'static str> = REQUIRED.into_iter().filter(|name| text(&document, name).is_none()).collect();
        if !missing.is_empty() {
            return Err(ConfigurationError::Missing(missing));
        }
        let required = |name| text(&document, name).unwrap_or_default();
        let issuer_url = usable(required("issuer"), schemes).ok_or(ConfigurationError::EndpointInvalid("issuer"))?;
        if issuer_url.origin() != source.origin() && !is_blackboard(required("issuer"), source) {
            return Err(ConfigurationError::IssuerForeign);
        }
        let endpoint = |name| usable(required(name), schemes).ok_or(ConfigurationError::EndpointInvalid(name));
        let registration_endpoint = endpoint("registration_endpoint")?;
        if registration_endpoint.origin() != source.origin() {
            return Err(ConfigurationError::RegistrationEndpointForeign);
        }
        for (member, wanted) in METHODS {
            if texts(&document, member).is_some_and(|methods| !methods.iter().any(|method| method == wanted)) {
                return Err(ConfigurationError::Unsupported { member, required: wanted });
            }
        }
        let nothing = crate::json::Object::new();
        let lti = member(&document, PLATFORM_CONFIGURATION).and_then(|lti| lti.as_object()).unwrap_or(&nothing);
        let canvas = |name: &str| shown(lti, &format!("{CANVAS}{name}"));
        let variables = texts(lti, "variables").unwrap_or_default();
        Ok(Self {
            issuer: Issuer::try_from(required("issuer")).map_err(|_| ConfigurationError::EndpointInvalid("issuer"))?,
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            jwks_uri: endpoint("jwks_uri")?,
            registration_endpoint,
            authorization_server: text(&document, "authorization_server").map(str::to_owned),
            scopes: texts(&document, "scopes_supported"),
            claims: texts(&document, "claims_supported"),
            product: shown(lti, "product_family_code"),
            version: shown(lti, "version"),
            messages: supported_messages(lti),
            variables: variables.iter().map(|name| name.trim_start_matches('$').to_owned()).collect(),
            account_name: canvas("account_name"),
            account_domain: canvas("account_domain"),
        })
    }

    /// Which software it is.
    pub fn family(&self) -> PlatformFamily {
        PlatformFamily::of(self.product.as_deref(), &self.issuer, &self.token_endpoint)
    }

    /// The audience of client assertions, where it is not the token endpoint: Brightspace's constant, or the
    /// authorization server where that is an absolute URL. Canvas names a bare host, and wants its token endpoint.
    ///
    /// Whoever is sent an assertion can use it at the audience that it names. A Platform that named another's would collect
    /// assertions for that one, under the client id that it makes up: so the authorization server must be on the origin of
    /// the token endpoint or of the issuer, and Brightspace's constant goes to Brightspace alone. A mock on a laptop, which
    /// http tells, may play it.
    ///
    /// Spec: services digest §1.2.
    pub fn token_audience(&self) -> Option<String> {
        let endpoint = &self.token_endpoint;
        let is_brightspaces = endpoint.host_str() == Some(BRIGHTSPACE_TOKEN_HOST) || endpoint.scheme() == "http";
        if self.family() == PlatformFamily::Brightspace && is_brightspaces {
            return Some(BRIGHTSPACE_AUDIENCE.to_owned());
        }
        let server = self.authorization_server.as_deref()?;
        let url = Url::parse(server).ok()?;
        let is_issuers = || Url::parse(self.issuer.as_str()).is_ok_and(|issuer| issuer.origin() == url.origin());
        let is_own = url.origin() == endpoint.origin() || is_issuers();
        (is_own && server != endpoint.as_str()).then(|| server.to_owned())
    }

    /// The origin of the account that registers the Tool, where the Platform names a host of its own for it (Canvas).
    pub fn account_origin(&self) -> Option<Url> {
        let url = Url::parse(&format!("https://{}/", self.account_domain.as_deref()?)).ok()?;
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_name = url.domain().is_some_and(|host| host.contains('.') && !host.contains('*'));
        (is_origin && is_name && url.username().is_empty() && url.password().is_none()).then_some(url)
    }
}

const REQUIRED: [&str; 5] = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"];

/// What LTI requires of a Platform, where it says what it supports.
const METHODS: [(&str, &str); 3] = [
    ("token_endpoint_auth_methods_supported", "private_key_jwt"),
    ("token_endpoint_auth_signing_alg_values_supported", "RS256"),
    ("id_token_signing_alg_values_supported", "RS256"),
];

fn is_blackboard(issuer: &str, source: &Url) -> bool {
    issuer == BLACKBOARD_ISSUER && source.scheme() == "https" && source.host_str() == Some(BLACKBOARD_PORTAL)
}

/// An absolute URL of a kind that may be used.
fn usable(text: &str, schemes: Schemes) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme_fits = url.scheme() == "https" || (schemes == Schemes::HttpToo && url.scheme() == "http");
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (scheme_fits && is_plain && url.host_str().is_some_and(|host| !host.is_empty())).then_some(url)
}

/// A text that is shown to a person: without characters that hide or turn text around, and not too long.
fn shown(object: &crate::json::Object, name: &str) -> Option<String> {
    let text: String = id(object, name)?.chars().filter(|c| !is_invisible(*c)).take(MAX_TEXT_CHARS).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn is_invisible(c: char) -> bool {
    let is_mark = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    c.is_control() || is_mark || matches!(c, '\u{ad}' | '\u{feff}')
}
