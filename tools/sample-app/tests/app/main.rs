//! The App as a browser sees it, in front of a Doorway that is not there.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod arriving;
mod doorway;
mod support;
mod visiting;
