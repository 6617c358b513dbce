//! Several lessons on one page, as authors of courses do it: each frame starts a launch of its own at the same time.

use maud::{Markup, html};

use super::frame::{FrameOptions, tool};
use super::layout::layout;
use super::storage::storage;
use crate::platform::Platform;
use crate::user::User;

/// Frames on the page.
const FRAMES: usize = 5;

/// The first links that students may open, again from the first when there are fewer than frames.
pub(crate) fn frames(platform: &Platform, user: &User, options: &FrameOptions) -> Markup {
    let links = platform.course().links();
    let open = links.iter().filter(|link| !link.teachers_only).cycle().take(FRAMES);
    let title = "Five lessons on one page";
    let body = html! {
        (storage(platform))
        p { a href=(platform.path("/course")) { "Back to the course" } }
        h1 { (title) }
        @for (number, link) in (1..).zip(open) {
            @let title = format!("{number}. {}", link.link.title);
            h2 { (title) }
            (tool(platform, link, options, (&format!("tool-{number}"), &title)))
        }
    };
    layout(platform, title, Some(user), &body)
}
