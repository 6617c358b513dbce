//! A page with one thing to say.

use maud::{Markup, html};

use super::layout::layout;
use crate::platform::Platform;
use crate::user::User;

/// What happened and what to do next.
pub(crate) fn notice(platform: &Platform, user: Option<&User>, (title, text): (&str, &str)) -> Markup {
    let body = html! {
        h1 { (title) }
        p.lead { (text) }
        p { a.button href=(platform.path("/course")) { "Back to the course" } }
    };
    layout(platform, title, user, &body)
}
