//! The pages, as markup. Every value is escaped by the template language, in text and in attributes.

mod chosen;
mod course;
mod developer;
mod frame;
mod frames;
mod gradebook;
mod install;
mod layout;
mod login;
mod notice;
mod post;
mod returns;
mod sibling;
mod storage;
mod switches;

pub(crate) use chosen::chosen;
pub(crate) use course::course;
pub(crate) use developer::developer;
pub(crate) use frame::{FrameOptions, frame};
pub(crate) use frames::frames;
pub(crate) use gradebook::gradebook;
pub(crate) use install::install;
pub(crate) use login::login;
pub(crate) use notice::notice;
pub(crate) use post::{Post, post};
pub(crate) use returns::returned;
pub(crate) use sibling::sibling;

/// The one style sheet.
pub(crate) const STYLE: &str = include_str!("pages/style.css");

/// The script of the page that installs Tools.
pub(crate) const INSTALL: &str = include_str!("pages/install.js");

/// The script that answers Tools.
pub(crate) const STORAGE: &str = include_str!("pages/storage.js");
