//! Lumen: a small App behind Doorway, as a vendor would write it.
//!
//! It knows nothing of LTI. A person arrives with `?launch=<code>` at any page; the back end redeems the code at
//! Doorway's App API ([`AppApi`]), opens a visit of its own, and redirects to it, so that no code stays in the URL.
//! From then on the visit's cookie says who is there, or, in a browser that keeps none, the forms of its pages. Students take a lesson's quiz, and its score goes to their gradebook;
//! teachers choose lessons for their course, and see who is in it.
//!
//! Read in this order: `handlers` (the whole flow), `app_api` (the calls to Doorway), `launch` and `services` (what
//! comes back), `visits` and `attempts` (the App's own sessions), `entry` (who is let into one), `lessons`.

mod app;
mod app_api;
mod arrival_key;
mod attempts;
mod choice;
mod entry;
mod form;
mod grading;
mod handlers;
mod http;
mod instant;
mod knock;
mod launch;
mod lessons;
mod pages;
mod random;
mod roster;
mod router;
mod services;
mod visits;

pub use app::{SampleApp, SampleAppConfig};
pub use app_api::{
    ApiError, AppApi, Collected, ContentItem, DeliveryAttempt, Fault, HandOver, LineItem, LineItemResult, Member,
    NewLineItem, PlatformAnswer, Problem, Score, ScoreReceipt, ScoreRecord, ScoreState, Submission,
};
pub use launch::{Context, Launch, Platform, ResourceLink, User};
pub use router::router;
pub use services::{Ags, DeepLinking, Services};
