//! What the Tool does: one module per use case, each over the few stores and keys that it needs.

pub mod deep_link;
pub mod deliver_scores;
pub mod forget;
pub mod launch;
pub mod line_items;
pub mod login;
pub mod memberships;
pub mod open;
pub mod read;
pub mod read_score;
pub mod redeem;
pub mod refresh_registration;
pub mod register;
pub mod retry_score;
pub mod submit_score;
pub mod user_data;
