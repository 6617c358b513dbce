//! The catalogue of deliberately wrong launches: every way in which a launch must be refused, one entry each.
//!
//! An entry is the good launch with one [`Fault`]. Faults of the login initiation are applied by [`apply_to_login`], all
//! others by [`apply`], when the Platform answers the authentication request.
//!
//! To add one: write the entry in the file of its [`Group`] under `catalogue/`, with the code that the Tool answers; add a
//! variant to [`Fault`] only when no variant can express it.

mod apply;
mod catalogue;
mod claims;
mod fault;
mod header;
mod login;
mod payload;
mod refusal;
mod signature;

pub use apply::{GoodLaunch, apply};
pub use catalogue::{catalogue, find};
pub use fault::{ClaimsFault, Fault, FormFault, HeaderFault, LoginFault, PayloadFault, SignatureFault};
pub use login::apply_to_login;

use refusal::Refusal;

use crate::message::Message;

/// A launch that the Tool must refuse, and how.
#[derive(Debug, Clone, Copy)]
pub struct WrongLaunch {
    /// Names the entry in URLs and tests, in kebab-case.
    pub name: &'static str,
    /// Names the entry on the developer's page.
    pub title: &'static str,
    /// What is wrong, in one sentence for a developer.
    pub what: &'static str,
    /// The code that the Tool answers.
    pub expected_code: &'static str,
    /// The HTTP status that the Tool answers.
    pub expected_status: u16,
    /// Where on the developer's page it stands.
    pub group: Group,
    /// The message that would have been right.
    pub message: Message,
    /// What is done to it.
    pub fault: Fault,
}

/// What a wrong launch is wrong in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The cases of the 1EdTech certification suite, B1 to B12.
    Certification,
    /// The token's header, key, signature and structure.
    Token,
    /// What the token says.
    Claims,
    /// The form that carries the token.
    Form,
    /// The login initiation, before there is a token.
    Login,
}

impl WrongLaunch {
    /// An entry that spoils a resource link launch.
    const fn new(
        (group, name, title): (Group, &'static str, &'static str),
        what: &'static str,
        refusal: Refusal,
        fault: Fault,
    ) -> Self {
        Self {
            name,
            title,
            what,
            expected_code: refusal.code,
            expected_status: refusal.status,
            group,
            message: Message::ResourceLink,
            fault,
        }
    }

    /// The same entry on another message.
    const fn on(self, message: Message) -> Self {
        Self { message, ..self }
    }
}
