//! A page of the course with the Tool in a frame.

use maud::{Markup, html};

use super::layout::layout;
use super::storage::storage;
use crate::course::CourseLink;
use crate::http::Parameters;
use crate::platform::Platform;
use crate::user::User;

/// Scripts, forms and new windows, but no origin: it becomes `null`, as in an LMS that trusts no Tool.
const SANDBOX: &str = "allow-scripts allow-forms allow-popups";

/// How the Tool is framed and launched.
pub(crate) struct FrameOptions {
    is_sandboxed: bool,
    /// `method` and `locale`, which go on to the launch.
    launch: Vec<(&'static str, String)>,
}

impl FrameOptions {
    /// Reads a page's query.
    pub(crate) fn of(query: &Parameters) -> Self {
        let passed_on = |name| query.first(name).map(|value| (name, value.to_owned()));
        Self {
            is_sandboxed: query.first("sandbox") == Some("1"),
            launch: ["method", "locale"].into_iter().filter_map(passed_on).collect(),
        }
    }

    fn launch_path(&self, platform: &Platform, link: &CourseLink) -> String {
        let path = platform.path(&format!("/launch/{}", link.name));
        if self.launch.is_empty() {
            return path;
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.launch).finish();
        format!("{path}?{query}")
    }
}

/// The Tool in a frame, under the link's title.
pub(crate) fn frame(platform: &Platform, user: &User, link: &CourseLink, options: &FrameOptions) -> Markup {
    let title = link.link.title.as_str();
    let body = html! {
        (storage(platform))
        p { a href=(platform.path("/course")) { "Back to the course" } }
        h1 { (title) }
        (tool(platform, link, options, ("tool", title)))
    };
    layout(platform, title, Some(user), &body)
}

/// The frame itself. Its name is its id, by which Sakai knows who asks.
pub(super) fn tool(
    platform: &Platform,
    link: &CourseLink,
    options: &FrameOptions,
    (id, title): (&str, &str),
) -> Markup {
    html! {
        iframe.tool id=(id) name=(id) src=(options.launch_path(platform, link))
            title={ (title) ", in " (platform.config.tool_name) }
            sandbox=[options.is_sandboxed.then_some(SANDBOX)]
            allow="fullscreen" {}
    }
}
