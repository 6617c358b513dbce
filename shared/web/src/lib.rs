//! HTTP in and out, the same for every function.
//!
//! * [`form`], [`cookie`]: what a browser sends;
//! * [`words`]: the one exhaustive map from errors to a status and to words for people;
//! * [`app_api`]: what every call of the App API has;
//! * [`page`]: what a person sees in a frame of the Platform; [`language`], [`phrases`]: in which words;
//! * [`problem`]: how an error is shown to the App;
//! * [`observe`]: one event per request, with a reference that is also on the error page;
//! * [`log`]: the events as JSON lines, with CloudWatch metrics in them.

pub mod app_api;
pub mod cookie;
pub mod failure;
pub mod form;
pub mod headers;
pub mod language;
pub mod log;
pub mod observe;
pub mod page;
pub mod phrases;
pub mod problem;
pub mod words;

pub use failure::Failure;
