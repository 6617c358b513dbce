//! What the Tool does: use cases over stores, keys and the Platform.
//!
//! * [`use_case`]: login, launch, redeem, read, forget, register. Each is a struct of the few things it needs; so each
//!   function's IAM statement in `infra/template.yaml` can name exactly those.
//! * [`store`]: the DynamoDB tables; [`secret`]: Secrets Manager or a file; [`platform_keys`] and [`http`]: what
//!   is fetched from Platforms.
//! * [`state`], [`binding`], [`launch_id`]: what makes a login stateless and a launch single-use.
//! * [`retention`], [`packing`]: what is kept of a launch, and how small; [`migration`]: which old accounts are believed.
//! * [`error`]: the one error type; [`config`]: what a function is told at start.
//!
//! Time and randomness are arguments ([`clock`], [`random`]). HTTP is not known here: see `doorway-web`.

pub mod access_tokens;
pub mod app_keys;
pub mod app_target;
pub mod aws;
pub mod binding;
pub mod cache;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod date;
pub mod error;
pub mod event_bus;
pub mod fingerprint;
pub mod framing;
pub mod http;
pub mod invite;
pub mod key_life;
pub mod key_ring;
pub mod launch_id;
pub mod launch_record;
pub mod launch_services;
pub mod launch_view;
pub mod line_item_id;
pub mod line_item_view;
pub mod migration;
pub mod packing;
pub mod platform_keys;
pub mod platform_storage;
pub mod presets;
pub mod queue;
pub mod random;
pub mod reference;
pub mod registration;
pub mod registration_url;
pub mod retention;
pub mod score_view;
pub mod scores;
pub mod sealing;
pub mod secret;
pub mod secret_store;
pub mod service_kit;
pub mod service_url;
pub mod services;
pub mod settings;
pub mod signer;
pub mod signing_keys;
pub mod state;
pub mod store;
pub mod tool_keys;
pub mod use_case;
pub mod welcome;

pub use error::Error;
