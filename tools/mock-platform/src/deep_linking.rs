//! Deep Linking: a teacher chooses content in the Tool, and it comes into the course.
//!
//! `settings` is what the request says may be chosen, `response` how the answer is verified, `item` what a right item
//! is, `add` how it comes into the course.

mod add;
mod item;
mod response;
mod settings;

pub(crate) use add::{Outcome, add};
pub(crate) use item::{Content, ContentItem};
pub(crate) use response::{Choice, LIFETIME_SECONDS as RESPONSE_SECONDS, accept};
pub use settings::{DeepLinkingSettings, MediaTypes};

/// A request that was sent and not answered yet.
#[derive(Clone)]
pub(crate) struct PendingChoice {
    /// What may be chosen.
    pub(crate) settings: DeepLinkingSettings,
}

/// The parameter of the return URL that names the request, where no `data` does.
pub(crate) const REQUEST_PARAMETER: &str = "request";
