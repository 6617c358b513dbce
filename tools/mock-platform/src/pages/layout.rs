//! What all pages share: the head, the header with its navigation, the landmarks.

use maud::{DOCTYPE, Markup, html};

use crate::platform::Platform;
use crate::user::User;

/// A page of the Platform. The body brings the page's one `h1`.
pub(super) fn layout(platform: &Platform, title: &str, user: Option<&User>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(platform, title))
            body {
                a.skip href="#main" { "Skip to content" }
                header.bar {
                    a.brand href=(platform.path("/course")) { "Maple Learning" }
                    @if let Some(user) = user { (navigation(platform, user)) }
                }
                main #main { (body) }
                footer { p { "A demonstration school. Nobody here is real." } }
            }
        }
    }
}

/// The head alone, for pages that are gone in a moment.
pub(super) fn head(platform: &Platform, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " - Maple Learning" }
            link rel="stylesheet" href=(platform.path("/style.css"));
        }
    }
}

fn navigation(platform: &Platform, user: &User) -> Markup {
    html! {
        nav aria-label="Main" {
            a href=(platform.path("/course")) { "Course" }
            @if user.is_teacher() { a href=(platform.path("/install")) { "Install a tool" } }
            a href=(platform.path("/developer")) { "Developer" }
        }
        form.account method="post" action=(platform.path("/logout")) {
            span { (user.name) " (" (user.position) ")" }
            button.quiet type="submit" { "Sign out" }
        }
    }
}
