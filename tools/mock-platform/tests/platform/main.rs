//! The Platform as others see it: its keys, its payloads, its wrong launches, its pages.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod access_tokens;
mod authorization;
mod claims;
mod deep_linking;
mod faults;
mod frames;
mod grade_pages;
mod keys;
mod launches;
mod line_items;
mod memberships;
mod pages;
mod products;
mod recorded;
mod registration;
mod results;
mod returns;
mod scores;
mod storage;
mod support;
mod tool;
mod wrong_launches;
