//! The end-to-end suite: one binary, one module per concern.

mod certification;
mod docs;
mod flow;
mod infra;
mod login;
mod messages;
mod mock_platform;
mod stores;
mod sample_app;
