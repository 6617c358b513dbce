//! The App as a browser sees it, in front of a Doorway that is not there.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod arrival_key;
mod arriving;
mod choosing;
mod class_list;
mod cookieless;
mod doorway;
mod frame;
mod quizzing;
mod results;
mod services;
mod support;
mod visiting;
