//! The LTI 1.3 protocol as pure functions over bytes, keys and a given time.
//!
//! The modules are the parts of the specification, in the order in which one launch meets them:
//!
//! 1. [`login`]: the Platform's unsigned request to start a login ([`LoginInitiation`](login::LoginInitiation));
//! 2. [`authentication`]: our authentication request, and what the Platform posts back;
//! 3. [`id_token`]: bytes -> [`UnverifiedIdToken`](id_token::UnverifiedIdToken) ->
//!    [`VerifiedIdToken`](id_token::VerifiedIdToken), a [`jws`] checked with the Platform's [`key_set`];
//! 4. [`message`]: a verified token -> [`Launch`](message::Launch), with the [`role`]s and [`claim`]s in it;
//!    [`migration`]: what LTI 1.1 called the same user, and what proves an old account.
//!
//! What a launch may do afterwards:
//!
//! 5. [`deep_linking`]: the content that was chosen, checked and written as a response;
//! 6. [`access_token`]s for [`ags`] (scores, line items, results) and [`nrps`] (the roster), paged by [`link_header`]s.
//!
//! And how a Platform and the Tool come to know each other:
//!
//! 7. [`dynamic_registration`]: a Platform's configuration, our request, its answer.
//!
//! Nothing here reads a clock, draws a random number, opens a socket or touches AWS: time, nonces and keys
//! are arguments. So every rule of the specification is tested by calling a function.
//!
//! To add a message type: add its variant to [`message::Message`], its required claims to
//! [`message::MessageType`], and a row to `docs/conformance.md`.

pub mod access_token;
pub mod ags;
pub mod authentication;
pub mod claim;
pub mod deep_linking;
pub mod dynamic_registration;
pub mod fault;
pub mod id_token;
pub mod ids;
pub mod json;
pub mod jws;
pub mod key_set;
pub mod link_header;
pub mod login;
pub mod message;
pub mod migration;
pub mod nrps;
pub mod parameters;
pub mod platform_family;
pub mod rejection;
pub mod role;
#[cfg(feature = "openapi")]
mod schema;
pub mod scope;
pub mod timestamp;
mod tolerant;

pub use rejection::Rejection;
