//! The end-to-end suite: one binary, one module per concern.

mod app_api;
mod certification;
mod concurrency;
mod configuration;
mod cookieless;
mod docs;
mod event_bus;
mod events;
mod faults;
mod flow;
mod headers;
mod infra;
mod login;
mod logs;
mod messages;
mod migration;
mod mock_platform;
mod openapi;
mod platform_keys;
mod redirects;
mod registrations;
mod sample_app;
mod security_flow;
mod security_token;
mod stores;
mod tenants;
