//! What the Tool sends to Platforms, and what it never sends (security digest, sections 3 and 4).
//!
//! | row | tests |
//! |---|---|
//! | R1, R2, R3 | the suite's `redirects` and `login::request` |
//! | R4, R5, R7, R8 | the suite's `headers`; of the deep-linking page, [`page`] |
//! | R6 | belongs to messages between windows, which the Tool does not send yet |
//! | R9 | [`app_api`]; the suite's `app_api::authorization` |
//! | R10 | [`app_api`]; the suite's `redirects` and `login::request` |
//! | R11 | [`page`] |
//! | S1, S11 | [`addresses`], [`names`]; the suite's `registrations` and `configuration` |
//! | S2 | [`redirects`] |
//! | S3 | [`origins`], [`origin_rules`], [`line_items`], [`tokens`] |
//! | S4 | [`paging`] |
//! | S5 | [`sizes`] |
//! | S6, S7 | the suite's `platform_keys` |
//! | S8 | [`assertions`] |
//! | S9 | [`injection`] |
//! | S10 | [`secrecy`]; the suite's `logs` |
//!
//! [`goldens`] and [`golden_services`] are the requests themselves, byte for byte.

mod addresses;
mod app_api;
mod assertions;
mod golden_services;
mod goldens;
mod injection;
mod line_items;
mod listener;
mod names;
mod origin_rules;
mod origins;
mod page;
mod paging;
mod redirects;
mod secrecy;
mod sizes;
mod support;
mod tokens;
