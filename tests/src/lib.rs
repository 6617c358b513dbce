//! The harness of the end-to-end tests: a Tool made of the production routers, and a Platform that signs
//! complete, realistic launches of which a test changes one thing.
//!
//! Nothing sleeps: the Tool's clock stands still until a test moves it. What a real browser does takes its time, and is
//! waited for: see [`Chromium`].

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a harness that cannot go on should stop the test")]

mod aws_front;
mod browser;
mod chromium;
mod demo;
pub mod described;
mod emulator;
mod event_bus;
pub mod forge;
mod inspect;
mod internet;
mod logs;
mod platform;
mod refusal;
mod school;
mod tables;
mod tool;

pub use aws_front::{AwsFront, Mood, forward};
pub use browser::{Browser, Page};
pub use chromium::{Chromium, ChromiumOptions, Condition, CookieRule, Violation};
pub use demo::DemoStack;
pub use emulator::Emulator;
pub use event_bus::{BUS, BusMood, FakeEventBus};
pub use inspect::{AttributeValue, Item, last_request_line};
pub use internet::Internet;
pub use logs::{directory as log_directory, log_lines};
pub use platform::{FakePlatform, KeysMode, teacher};
pub use refusal::refused;
pub use school::School;
pub use tool::{APP_KEY, Answer, BEGIN, Begun, Setup, Stored, TestTool, begun};
