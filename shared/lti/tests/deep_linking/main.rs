//! What an App may return to a Platform, and what is signed for it: the deep-linking digest §2 to §4.
//!
//! Every negative test changes one thing of an item that is accepted, and names the one fault that follows.

#![expect(clippy::unwrap_used, reason = "a helper of a test panics like the test")]

mod support;

mod acceptance;
mod items;
mod limits;
mod parts;
mod properties;
mod response;
mod selection;
