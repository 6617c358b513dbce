//! Assignment and Grade Services 2.0.
//!
//! From the App to the Platform:
//! a [`Score`](score::Score) is checked, [placed](order::place) in time, [protected](protection::protect) from
//! wiping a grade, and posted to the [address](address::scores) of its line item; a
//! [`LineItem`](line_item::LineItem) is found, created or changed.
//!
//! From the Platform to the App: [results](result::LineItemResult) and
//! [line items](line_item::FoundLineItem), read leniently. What an answer means is its
//! [`Outcome`](outcome::Outcome).
//!
//! Requests of an App are told every fault at once; answers of a Platform are taken as far as they make sense.
//!
//! Spec: [AGS 2.0](https://www.imsglobal.org/spec/lti-ags/v2p0/).

pub mod address;
mod body;
pub mod line_item;
mod member;
pub mod order;
pub mod outcome;
pub mod protection;
pub mod result;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod score;

pub use body::BodyError;

/// One line item, sent and received.
pub const LINE_ITEM_MEDIA_TYPE: &str = "application/vnd.ims.lis.v2.lineitem+json";
/// An array of line items, received.
pub const LINE_ITEM_CONTAINER_MEDIA_TYPE: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// An array of results, received.
pub const RESULT_CONTAINER_MEDIA_TYPE: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
/// A score, sent. Version 1, unlike the others; without `charset`, since Moodle compares it whole.
pub const SCORE_MEDIA_TYPE: &str = "application/vnd.ims.lis.v1.score+json";
