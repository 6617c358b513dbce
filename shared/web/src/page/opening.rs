//! The way in: pages that are there for a moment, while a browser shows that it is the one that began.
//!
//! [`login`] puts the login's secret into Platform storage and goes on to the Platform; [`launch`] asks for it and posts
//! it. Each turns into a page with one button where the browser keeps nothing in this frame.

use axum::response::Response;
use doorway_core::platform_storage::StoragePlace;
use doorway_core::settings::COMPLETE_PATH;
use doorway_core::use_case::launch::{Completion, PageFacts};
use http::StatusCode;
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::policy::{self, Forms};
use super::{Page, ScriptNonce, again, script};
use crate::language::Language;
use crate::phrases;
use doorway_core::reference::Reference;

/// What both pages have.
pub struct Opening<'a> {
    /// The Registration around it, and the login to begin again.
    pub facts: &'a PageFacts,
    /// The person's language.
    pub language: Language,
    /// Lets its script run.
    pub nonce: &'a ScriptNonce,
    /// By which its log line is found.
    pub reference: Option<&'a Reference>,
}

/// The page between the login and the Platform. `secret` goes into `storage`, where the Platform offers some, and the
/// browser to `authentication_request`.
pub fn login(
    opening: &Opening<'_>,
    authentication_request: &str,
    storage: Option<&StoragePlace>,
    secret: &str,
) -> Response {
    let data = json!({
        "next": authentication_request,
        "storage": storage.map(place),
        "value": storage.map(|_| secret),
    });
    let phrases = phrases::of(opening.language);
    let go_on = html! { p { a href=(authentication_request) { (phrases.go_on) } } };
    opening.answer(&data, go_on, html! {}, (include_str!("login.js"), Forms::ToTool))
}

/// The page between a verified launch and the App. What `storage` kept is posted, with the state and the handle under
/// which the launch waits.
pub fn launch(opening: &Opening<'_>, state: &str, handle: &str, storage: &StoragePlace) -> Response {
    let data = json!({ "storage": place(storage) });
    let form = html! {
        form #complete method="post" action=(COMPLETE_PATH) hidden {
            input type="hidden" name=(Completion::STATE) value=(state);
            input type="hidden" name=(Completion::HANDLE) value=(handle);
            input type="hidden" name=(Completion::BINDING) value="";
        }
    };
    let heading = html! { h2 { (phrases::of(opening.language).blocked) } };
    let without_script = html! { noscript { (opening.blocked(&heading)) } };
    opening.answer(&data, without_script, form, (include_str!("launch.js"), Forms::ToToolByScript))
}

impl Opening<'_> {
    fn answer(&self, data: &Value, waiting: Markup, form: Markup, (last, forms): (&str, Forms)) -> Response {
        let phrases = phrases::of(self.language);
        let storage = include_str!("platform-storage.js");
        let scripts = [include_str!("resize.js"), include_str!("window.js"), storage, last];
        let body = html! {
            main #wait {
                h1 { (phrases.opening) }
                (waiting)
            }
            main #again hidden { (self.blocked(&html! { h1 tabindex="-1" { (phrases.blocked) } })) }
            (form)
            script #data type="application/json" { (PreEscaped(for_script(data))) }
            (script(self.nonce, &scripts))
        };
        let page = Page { language: self.language, title: phrases.opening, body };
        page.answer(StatusCode::OK, policy::of(self.nonce, forms, self.facts))
    }

    /// What is said where the browser keeps nothing in this frame.
    fn blocked(&self, heading: &Markup) -> Markup {
        let phrases = phrases::of(self.language);
        html! {
            (heading)
            @match &self.facts.again {
                Some(login) => { p { (phrases.blocked_advice) } (again(login, phrases)) }
                None => p { (phrases.blocked_without_button) },
            }
            @if let Some(reference) = self.reference {
                p.reference { (phrases.pass_on) br; (phrases.reference) " " strong { (reference) } }
            }
        }
    }
}

fn place(storage: &StoragePlace) -> Value {
    json!({ "origin": storage.origin, "frame": storage.frame, "key": storage.key })
}

/// JSON within a script element: nothing in it ends the element, or a line of it.
fn for_script(data: &Value) -> String {
    let mut escaped = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_leave_its_script() {
        let data = json!({ "frame": "</script><script>alert(1)</script><!--&\u{2028}\u{2029}\"'" });
        let escaped = for_script(&data);
        assert!(!escaped.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{escaped}");
        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), data);
    }
}
