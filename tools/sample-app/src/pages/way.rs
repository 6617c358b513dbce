//! Ways from one page of a visit to the next: links and forms, as the browser's entry needs them.

use maud::{Markup, html};

use crate::app::SampleApp;
use crate::entry::{Entry, SecretIn};

/// A way to a page of the visit: a link, or, where no cookie says who is there, a form that does.
pub(super) fn way(app: &SampleApp, entry: &Entry, path: &str, words: &str) -> Markup {
    let target = app.path(&entry.visit.path(path));
    html! {
        div.way {
            @match entry.secret_in {
                SecretIn::Cookie => a href=(target) { (words) },
                SecretIn::Forms => form method="post" action=(target) {
                    (keys(entry))
                    button.link type="submit" { (words) }
                },
            }
        }
    }
}

/// The way back from a refusal, to a page of the visit.
pub(crate) fn way_back(app: &SampleApp, entry: &Entry, path: &str) -> Markup {
    way(app, entry, path, "Back to your visit")
}

/// The hidden fields that every form of a visit has.
pub(super) fn keys(entry: &Entry) -> Markup {
    html! {
        input type="hidden" name="token" value=(entry.visit.form_token);
        @if let Some(secret) = entry.secret_for_forms() { input type="hidden" name="secret" value=(secret); }
    }
}
