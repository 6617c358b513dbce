//! The pages, as markup. Every value is escaped by the template language, in text and in attributes.

mod claims;
mod class;
mod landing;
mod layout;
mod lesson;
mod picker;
mod quiz;
mod refusal;
mod result;
mod visit;
mod way;

pub(crate) use class::{class, class_not_granted};
pub(crate) use landing::landing;
pub(crate) use lesson::{lesson, missing_lesson};
pub(crate) use picker::picker;
pub(crate) use refusal::{Refusal, refusal};
pub(crate) use result::{delivery, result, result_path};
pub(crate) use visit::{announcement, visit};
pub(crate) use way::way_back;

/// The one style sheet.
pub(crate) const STYLE: &str = include_str!("pages/style.css");
