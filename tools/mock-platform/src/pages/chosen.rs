//! What came from the Tool, and what became of it.

use maud::{Markup, html};

use super::layout::layout;
use crate::deep_linking::{Choice, Content, ContentItem, Outcome};
use crate::platform::Platform;
use crate::user::User;

/// The items that were chosen. Words and markup of the Tool are shown as text.
pub(crate) fn chosen(platform: &Platform, user: Option<&User>, choice: &Choice, outcomes: &[Outcome]) -> Markup {
    let added = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Added(_))).count();
    let body = html! {
        h1 { "Content from " (platform.config.tool_name) }
        @if let Some(error) = &choice.error { p.lead.warning role="alert" { (error) } }
        @if let Some(message) = &choice.message { p.lead { (message) } }
        p {
            @match added {
                0 => { "Nothing was added to the course." }
                1 => { "One link was added to the course." }
                added => { (added) " links were added to the course." }
            }
        }
        ul.launches {
            @for (item, outcome) in choice.items.iter().zip(outcomes) { li { (entry(platform, item, outcome)) } }
        }
        p { a.button href=(platform.path("/course")) { "Back to the course" } }
    };
    layout(platform, "Chosen content", user, &body)
}

fn entry(platform: &Platform, item: &ContentItem, outcome: &Outcome) -> Markup {
    html! {
        div {
            h2 { (item.title.as_deref().unwrap_or("Without a title")) }
            @if let Some(text) = &item.text { p { (text) } }
            p { (content(&item.content)) }
        }
        @match outcome {
            Outcome::Added(link) => {
                a.button.quiet href=(platform.path(&format!("/launch/{}", link.name)))
                    aria-label={ "Open: " (link.link.title) } { "Open" }
            }
            Outcome::Shown => span { "Not kept: this course keeps links to the tool only." },
            Outcome::NoRoom => span { "Not added: the course is full." },
        }
    }
}

fn content(content: &Content) -> Markup {
    html! {
        @match content {
            Content::ResourceLink(link) => {
                "Link to the tool"
                @if let Some(column) = &link.line_item { ", out of " (column.score_maximum) " points" }
            }
            Content::Link { url } => { "Link: " code { (url) } }
            Content::File { url } => { "File: " code { (url) } }
            Content::Image { url } => { "Image: " code { (url) } }
            Content::Html { html } => { "HTML: " code { (html) } }
            Content::Other { kind } => { "Of the type " code { (kind) } }
        }
    }
}
