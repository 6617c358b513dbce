//! A page of the course with the Tool in a frame.

use maud::{Markup, html};

use super::layout::layout;
use crate::course::CourseLink;
use crate::platform::Platform;
use crate::user::User;

/// The Tool in a frame, under the link's title.
pub(crate) fn frame(platform: &Platform, user: &User, link: &CourseLink) -> Markup {
    let title = link.link.title.as_str();
    let body = html! {
        p { a href=(platform.path("/course")) { "Back to the course" } }
        h1 { (title) }
        iframe.tool src=(platform.path(&format!("/launch/{}", link.name)))
            title={ (title) ", in " (platform.config.tool_name) }
            allow="fullscreen" {}
    };
    layout(platform, title, Some(user), &body)
}
