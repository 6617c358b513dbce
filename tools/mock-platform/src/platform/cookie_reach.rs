//! Whether the session cookie comes along when another site sends the browser here.

use url::{Host, Url};

use super::{Platform, PlatformConfig};

/// How far the session cookie reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieReach {
    /// Not into frames that another site sends here.
    OwnSite { is_https: bool },
    /// From any site, as Canvas and Moodle have it: a page of the Tool within a frame sends the browser to the
    /// authorization endpoint. Browsers want `Secure` for that, and take it from http at this machine only.
    AnySite,
}

impl CookieReach {
    /// The cookie's attributes.
    pub(crate) const fn attributes(self) -> &'static str {
        match self {
            Self::OwnSite { is_https: false } => "SameSite=Lax",
            Self::OwnSite { is_https: true } => "SameSite=Lax; Secure",
            Self::AnySite => "SameSite=None; Secure",
        }
    }

    /// `AnySite` where the Tool or the sign-on host is elsewhere, and browsers allow it. Where all are on one host it is
    /// not needed, and Safari takes no `Secure` cookie from http at all.
    fn of(config: &PlatformConfig) -> Self {
        let Ok(base) = Url::parse(config.base()) else {
            return Self::OwnSite { is_https: false };
        };
        let is_elsewhere = |url: &str| Url::parse(url).is_ok_and(|url| url.host() != base.host());
        let product = config.product.map(|product| product.authorization_endpoint);
        let others = [Some(config.initiate_login_uri.as_str()), config.sso_base.as_deref(), product];
        let is_https = base.scheme() == "https";
        if others.into_iter().flatten().any(is_elsewhere) && (is_https || is_this_machine(&base)) {
            return Self::AnySite;
        }
        Self::OwnSite { is_https }
    }
}

impl Platform {
    pub(crate) fn cookie_reach(&self) -> CookieReach {
        CookieReach::of(&self.config)
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
