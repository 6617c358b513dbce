//! What the verifier accepts and refuses, row by row of the security digest §1 and the certification digest.
//!
//! Every negative test signs a complete launch in which one thing is wrong, asserts the exact rejection, and then
//! sees the good launch accepted: so a refusal is for its reason and not because the base was broken.

// A whole launch is one `json!`.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a helper of a test panics like the test")]

mod support;

// The header and the key: security rows V1 to V9.
mod algorithm;
mod header;
mod key_choice;
mod key_id;
mod key_strength;
mod wycheproof;

// The bytes: rows V10, V11, V12, V15.
mod encoding;
mod limits;
mod members;

// The claims: rows V13, V16, V17, V19.
mod claim_types;
mod clock;
mod confusion;
mod identity;

// The messages: certification digest §2 to §5, launch digest §5.2, platforms digest.
mod certification;
mod platforms;
mod tolerance;

// Whatever anybody sends.
mod properties;
