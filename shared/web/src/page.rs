//! Pages in the Platform's frame: what happened, or what happens next.
//!
//! * [`error`]: a refusal, with what to do next;
//! * [`opening`]: the way in, where the browser must show that it is the one that began;
//! * [`register`]: adding the Tool to a Platform;
//! * [`post`]: posts a deep-linking response by itself.
//!
//! Every page has one style and our own scripts, readable at 320 px, in light and dark, without motion. Nothing from
//! outside gets into a page but escaped, and into a script but as JSON that no parser of HTML reads as markup.

pub mod error;
pub mod opening;
mod policy;
pub mod post;
pub mod register;

use axum::response::{Html, IntoResponse as _, Response};
use doorway_core::settings::LOGIN_PATH;
use doorway_lti::login::LoginInitiation;
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::language::Language;
use crate::phrases::Phrases;
pub use policy::ScriptNonce;

const STYLE: &str = include_str!("page/style.css");

/// The parameter by which a login is known to have been begun again.
pub const AGAIN: &str = "doorway_again";

/// A page with its status and policy.
struct Page<'a> {
    language: Language,
    title: &'a str,
    body: Markup,
}

impl Page<'_> {
    fn markup(&self, head: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    (head)
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body { (self.body) }
            }
        }
    }

    fn answer(&self, status: StatusCode, policy: http::HeaderValue) -> Response {
        let mut response = (status, Html(self.markup(html! {}).into_string())).into_response();
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        response
    }
}

/// A script of ours.
fn script(nonce: &ScriptNonce, parts: &[&str]) -> Markup {
    html! { script nonce=(nonce.as_str()) { @for part in parts { (PreEscaped(part)) } } }
}

/// The one button that begins the login again in a new window. It needs no script.
fn again(login: &LoginInitiation, phrases: &Phrases) -> Markup {
    html! {
        form method="post" action=(LOGIN_PATH) target="_blank" {
            @for (name, value) in login.parameters() { input type="hidden" name=(name) value=(value); }
            input type="hidden" name=(AGAIN) value="1";
            p { button type="submit" { (phrases.new_window) } }
        }
        p.hint { (phrases.new_window_hint) }
    }
}
