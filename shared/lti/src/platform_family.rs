//! Well-known Platforms, where the Tool must behave differently.
//!
//! The standard is the rule; a family is only asked where a Platform is known to read it otherwise. To add one:
//! its variant and name here, how to recognise it, and the deviation with its reason where it is made.

use url::Url;

use crate::ids::Issuer;

/// Which software a Platform runs, as far as the Tool must care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlatformFamily {
    /// Instructure Canvas.
    Canvas,
    /// Moodle and what is built on it.
    Moodle,
    /// Blackboard Learn.
    Blackboard,
    /// D2L Brightspace.
    Brightspace,
    /// Sakai.
    Sakai,
    /// `PowerSchool` Schoology.
    Schoology,
    /// Open edX.
    OpenEdx,
    /// Anything else: the standard as written.
    Other,
}

impl PlatformFamily {
    /// From the product family code that the Platform signed, else from its issuer and token endpoint.
    ///
    /// A code that says nothing to us (Open edX sends none) leaves it to the addresses.
    pub fn of(product_family_code: Option<&str>, issuer: &Issuer, token_endpoint: &Url) -> Self {
        product_family_code
            .and_then(Self::of_code)
            .or_else(|| Self::of_addresses(issuer, token_endpoint))
            .unwrap_or(Self::Other)
    }

    fn of_code(code: &str) -> Option<Self> {
        let letters = |c: &char| c.is_ascii_alphanumeric();
        let code: String = code.chars().filter(letters).collect::<String>().to_ascii_lowercase();
        match code.as_str() {
            "canvas" => Some(Self::Canvas),
            "moodle" => Some(Self::Moodle),
            "blackboard" | "blackboardlearn" => Some(Self::Blackboard),
            "brightspace" | "d2l" | "desire2learn" => Some(Self::Brightspace),
            // In its configuration for Dynamic Registration it is a domain.
            "sakai" | "sakailmsorg" => Some(Self::Sakai),
            "schoology" => Some(Self::Schoology),
            "openedx" => Some(Self::OpenEdx),
            _ => None,
        }
    }

    /// The endpoints that are the same wherever the software runs, and the hosts of those who run it for all.
    fn of_addresses(issuer: &Issuer, token_endpoint: &Url) -> Option<Self> {
        let issuer = Url::parse(issuer.as_str()).ok();
        let hosts = [issuer.as_ref().and_then(Url::host_str), token_endpoint.host_str()];
        let at = |domain: &str| hosts.iter().flatten().any(|host| is_within(host, domain));
        let path = token_endpoint.path();
        if path.ends_with("/mod/lti/token.php") {
            Some(Self::Moodle)
        } else if path.contains("/imsblis/lti13/token") {
            Some(Self::Sakai)
        } else if path.contains("/api/lti_consumer/v1/token/") {
            Some(Self::OpenEdx)
        } else if at("instructure.com") || at("canvaslms.com") || path == "/login/oauth2/token" {
            Some(Self::Canvas)
        } else if at("blackboard.com") {
            Some(Self::Blackboard)
        } else if at("brightspace.com") || at("desire2learn.com") {
            Some(Self::Brightspace)
        } else if at("schoology.com") {
            Some(Self::Schoology)
        } else {
            None
        }
    }

    /// The family with this name; what has none is [`Self::Other`].
    pub fn from_name(name: &str) -> Self {
        let all = [
            Self::Canvas,
            Self::Moodle,
            Self::Blackboard,
            Self::Brightspace,
            Self::Sakai,
            Self::Schoology,
            Self::OpenEdx,
        ];
        all.into_iter().find(|family| family.name() == name).unwrap_or(Self::Other)
    }

    /// The family's name for logs and answers: `canvas`, `moodle`, ...
    pub fn name(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Blackboard => "blackboard",
            Self::Brightspace => "brightspace",
            Self::Sakai => "sakai",
            Self::Schoology => "schoology",
            Self::OpenEdx => "openedx",
            Self::Other => "other",
        }
    }
}

/// Whether `host` is `domain` or below it; `notblackboard.com` is not.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
