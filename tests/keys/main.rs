//! The life of keys: rotation, revocation, and that nobody notices (security row S7).

mod contract;
mod counted;
mod fake;
mod killed;
mod life;
mod load;
mod ministack;
mod protocol;
mod repeated;
mod revoked;
mod template;
mod told;
mod under_way;
mod world;
