//! Lumen: a small App behind Doorway, as a vendor would write it.
//!
//! It knows nothing of LTI. A person arrives at `GET /?launch=<code>`; the back end redeems the code at Doorway's App API
//! ([`AppApi`]), opens a visit of its own, and redirects to it, so that no code stays in the URL. From then on the visit's
//! cookie says who is there.
//!
//! Read in this order: `handlers` (the whole flow), `app_api` (the one call to Doorway), `launch` (what comes back), `visits`
//! (the App's own session).

mod app;
mod app_api;
mod handlers;
mod http;
mod launch;
mod pages;
mod random;
mod router;
mod visits;

pub use app::{SampleApp, SampleAppConfig};
pub use app_api::{AppApi, Problem, RedeemError};
pub use launch::{Context, Launch, Platform, ResourceLink, Services, User};
pub use router::router;
