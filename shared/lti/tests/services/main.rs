//! What the Tool sends to the services of a Platform and how it takes their answers, row by row of the digests on
//! grades, access tokens and Platforms.
//!
//! What goes over the wire is compared byte for byte.

#![expect(clippy::unwrap_used, reason = "a helper of a test panics like the test")]

mod support;

// Getting a token: service digest §1 to §5.
mod access_token;
mod refusal;
mod words;

// Sending a score: grade digest §3, §4.
mod address;
mod order;
mod protection;
mod score;
mod timestamp;

// The gradebook: §2, §5.
mod line_item;
mod result;

// What an answer means: §6, §7, and whose answer it is.
mod outcome;
mod platform_family;
