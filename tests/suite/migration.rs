//! Old accounts of LTI 1.1: what a launch says of them, and what is believed (launch digest §8, security row F16).

#![expect(clippy::unwrap_used, reason = "a helper of a test panics like the test")]

mod claim;
mod launches;
mod support;
mod verifying;
