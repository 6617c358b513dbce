//! Reading a roster: the NRPS digest §2 to §5, the links between its pages, and what Platforms make of both.

#![expect(clippy::unwrap_used, reason = "a helper of a test panics like the test")]

mod support;

// From one page to the next.
mod links;
mod request_url;

// The people.
mod members;
mod pages;
mod role_filter;

// Whatever a Platform sends.
mod properties;
