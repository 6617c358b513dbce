//! Deep linking and the roster, from the launch to what the Platform has of it; and the clicks that lead there.
//!
//! `deep_link` is what the App sends and gets, up to the course of the mock Platform. `roster` is who is in it, also at
//! Platforms that do everything wrong. `clicks` is the whole demo as a person meets it.

mod clicks;
mod deep_link;
mod roster;
mod support;
