//! Maple Learning: a small Platform (an LMS) to click in, and the signer that tests use.
//!
//! It plays the Platform's part of LTI 1.3 against any Tool: people sign in, click links in a course, and arrive in the
//! Tool with a signed id_token. Its developer's page sends the launches that a Tool must refuse ([`wrong`]).
//!
//! The program `mock-platform` runs it by itself, for a Tool that others built.
//!
//! It shares no code with the Tool, so that the two cannot agree on the same mistake.
//!
//! The rooms: [`claims`] writes payloads, [`wrong`] spoils them, `auth` decides about authentication requests, `answer`
//! writes the response, `pages` are what people see. To add a link to the course, add a line to `course`.
//!
//! LTI Advantage: `services` answers the Tool's requests, `tool` verifies what the Tool signs, [`Gradebook`] and
//! [`Roster`] are what the services are about, `deep_linking` takes chosen content into the course, `offer` writes the
//! services into launches. A [`Profile`] lets them behave like a product, [`Faults`] lets them fail.
//!
//! [`Product`] says where products are: a Platform can be at the addresses of one, on several hosts.
//!
//! `registration` lets Tools register themselves; the newest one is launched by the course.
//!
//! In a frame the Tool may have no cookies. In a [`StorageManner`] the pages keep data for it, or do not.

mod answer;
mod auth;
pub mod claims;
mod client;
mod course;
mod deep_linking;
mod faults;
mod gradebook;
mod handlers;
mod http;
mod initiation;
mod keep;
mod key;
mod lock;
mod message;
mod offer;
mod old_ids;
mod pages;
mod platform;
mod product;
mod profile;
mod random;
mod registration;
mod requests;
mod return_log;
mod roster;
mod router;
mod sample_launch;
mod services;
mod stopped;
mod storage_manner;
mod timestamp;
mod tool;
mod user;
pub mod wrong;

pub use client::Client;
pub use deep_linking::{DeepLinkingSettings, MediaTypes};
pub use faults::{Endpoint, FaultMix, Faults, ServiceFault, Times};
pub use gradebook::{ActivityProgress, AppliedScore, Grade, Gradebook, GradingProgress, LineItem};
pub use key::{KeyError, PlatformKey, jwks};
pub use message::Message;
pub use old_ids::{OLD_CONSUMER_KEY, OLD_CONSUMER_SECRET, OldIds};
pub use platform::{Platform, PlatformConfig, ServicesConfig};
pub use product::Product;
pub use profile::Profile;
pub use registration::RegistrationAttempt;
pub use requests::{Bearer, RecordedRequest};
pub use roster::{Member, Roster, Status};
pub use router::{router, router_of};
pub use stopped::stopped;
pub use storage_manner::StorageManner;
pub use user::{User, find_user, users};
