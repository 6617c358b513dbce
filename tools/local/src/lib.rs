//! The whole of Doorway on a laptop: `cargo run`.
//!
//! The functions' own routers behind one listener, an embedded DynamoDB engine that the ordinary AWS client talks
//! to, keys in local files, a mock Platform to click in, and a sample App to land in.
//!
//! The tests build the same [`tool::Tool`] with a clock that stands still.

pub mod database;
pub mod demo;
pub mod events;
pub mod key_files;
pub mod openapi;
pub mod options;
pub mod patience;
pub mod program;
pub mod queues;
pub mod registrations_file;
pub mod sqs;
pub mod stack;
pub mod tool;

pub use stack::{Stack, StackError};
