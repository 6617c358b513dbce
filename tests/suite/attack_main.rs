//! Temporary: the security modules alone, while others write theirs.

mod concurrency;
mod headers;
mod login;
mod platform_keys;
mod redirects;
mod registrations;
mod security_flow;
mod security_token;
