//! The pages, as markup. Every value is escaped by the template language, in text and in attributes.

mod claims;
mod landing;
mod layout;
mod lesson;
mod refusal;
mod visit;

pub(crate) use landing::landing;
pub(crate) use refusal::{NO_VISIT, Refusal, refusal};
pub(crate) use visit::visit;

/// The one style sheet.
pub(crate) const STYLE: &str = include_str!("pages/style.css");
