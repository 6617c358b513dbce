//! The end-to-end suite: one binary, one module per concern.

mod app_api;
mod certification;
mod docs;
mod events;
mod flow;
mod infra;
mod login;
mod messages;
mod mock_platform;
mod sample_app;
mod stores;
