//! The course page: the links that launch the Tool.

use std::sync::Arc;

use maud::{Markup, html};

use super::layout::layout;
use super::storage::storage;
use crate::claims::{COURSE_LABEL, COURSE_TITLE};
use crate::course::{CourseLink, Place};
use crate::message::Message;
use crate::platform::Platform;
use crate::user::User;

/// The course as this person sees it.
pub(crate) fn course(platform: &Platform, user: &User) -> Markup {
    let links = platform.course().links();
    let visible = |link: &&Arc<CourseLink>| !link.teachers_only || user.is_teacher();
    let body = html! {
        (storage(platform))
        p.label { (COURSE_LABEL) }
        h1 { (COURSE_TITLE) }
        p { a href=(platform.path("/gradebook")) { @if user.is_teacher() { "Gradebook" } @else { "My grades" } } }
        p { a href=(platform.path("/frames")) { "Five lessons on one page" } }
        section aria-labelledby="lessons" {
            h2 #lessons { "Lessons" }
            ul.cards {
                @for link in links.iter().filter(|link| link.message == Message::ResourceLink) {
                    li { (entry(platform, link)) }
                }
            }
        }
        section aria-labelledby="tasks" {
            h2 #tasks { "With " (platform.config.tool_name) }
            ul.cards {
                @for link in links.iter().filter(|link| link.message != Message::ResourceLink).filter(visible) {
                    li { (entry(platform, link)) }
                }
            }
        }
    };
    layout(platform, COURSE_TITLE, Some(user), &body)
}

fn entry(platform: &Platform, link: &CourseLink) -> Markup {
    let launch = platform.path(&format!("/launch/{}", link.name));
    // A Tool in a window of its own asks the window that opened it.
    let relation = if platform.storage().is_offered() { "opener" } else { "noopener" };
    html! {
        @match link.place {
            Place::SameWindow => a.card href=(launch) { (texts(link, "")) },
            Place::Frame => a.card href=(platform.path(&format!("/frame/{}", link.name))) {
                (texts(link, " (in this page)"))
            },
            Place::NewWindow => a.card href=(launch) target="_blank" rel=(relation) {
                (texts(link, " (in a new window)"))
            },
        }
    }
}

fn texts(link: &CourseLink, place: &str) -> Markup {
    html! {
        strong { (link.link.title) (place) }
        span { (link.link.description) }
    }
}
