//! Where requests go in tests whose Platforms cannot be reached.

use url::Url;

/// Leads the requests of a test to a listener of its own. Each was judged by its own URL before, and names that URL's host.
/// Deployed functions have none: no setting makes one.
pub trait Detour: Send + Sync + 'static {
    /// The URL that is asked in the place of this one, by plain http.
    fn instead_of(&self, url: &Url) -> Url;
}
