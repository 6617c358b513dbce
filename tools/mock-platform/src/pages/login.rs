//! The sign-in page: choose who you are.

use maud::{Markup, html};

use super::layout::layout;
use crate::platform::Platform;
use crate::user::{User, users};

/// Everybody who can sign in, one button each.
pub(crate) fn login(platform: &Platform, signed_in: Option<&User>) -> Markup {
    let body = html! {
        h1 { "Welcome to Maple Learning" }
        p.lead { "A small school with one course and one tool, " strong { (platform.config.tool_name) } "." }
        h2 { "Who are you today?" }
        form method="post" action=(platform.path("/login")) {
            ul.cards {
                @for user in users() {
                    li {
                        button.card type="submit" name="user" value=(user.id) {
                            strong { (user.name) }
                            span { (user.position) }
                        }
                    }
                }
            }
        }
    };
    layout(platform, "Sign in", signed_in, &body)
}
