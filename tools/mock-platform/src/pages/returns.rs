//! Back from the Tool.

use maud::{Markup, html};

use super::layout::layout;
use crate::platform::Platform;
use crate::user::User;

/// What the Tool says, as text: an error and a message.
pub(crate) fn returned(platform: &Platform, user: Option<&User>, words: (Option<&str>, Option<&str>)) -> Markup {
    let (error, message) = words;
    let title = format!("Back from {}", platform.config.tool_name);
    let body = html! {
        h1 { (title) }
        @if let Some(error) = error { p.lead.warning role="alert" { (error) } }
        @if let Some(message) = message { p.lead { (message) } }
        @if error.is_none() && message.is_none() { p.lead { "You have left the tool." } }
        p { a.button href=(platform.path("/course")) { "Back to the course" } }
    };
    layout(platform, &title, user, &body)
}
