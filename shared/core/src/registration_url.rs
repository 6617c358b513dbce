//! URLs to which a Platform's registration token may go.
//!
//! The token comes in a query, with the address of the Platform's configuration. It opens that Platform's registration
//! and nothing else, so it goes to the origin that it came with and to no other.

use url::Url;

use crate::registration::PlatformTransport;

/// The URL of a Platform's configuration, or another on its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationUrl(Url);

impl RegistrationUrl {
    /// The URL of a configuration; its query stays (Canvas needs it). `None` when it is none that may be asked.
    pub fn of_configuration(text: &str, transport: PlatformTransport) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let scheme_fits = match transport {
            PlatformTransport::HttpsOnly => url.scheme() == "https",
            PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
        };
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        (scheme_fits && is_plain && url.host_str().is_some_and(|host| !host.is_empty())).then_some(Self(url))
    }

    /// Another URL, if it is on the same origin.
    pub fn same_origin(&self, url: &Url) -> Option<Self> {
        let is_plain = url.username().is_empty() && url.password().is_none();
        (is_plain && url.origin() == self.0.origin()).then(|| Self(url.clone()))
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }
}
