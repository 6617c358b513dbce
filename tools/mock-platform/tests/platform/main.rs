//! The Platform as others see it: its keys, its payloads, its wrong launches, its pages.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod authorization;
mod claims;
mod keys;
mod launches;
mod pages;
mod support;
mod wrong_launches;
