//! What all pages share.

use maud::{DOCTYPE, Markup, html};

use crate::app::SampleApp;

/// A page of the App. The body brings the page's one `h1`.
pub(super) fn layout(app: &SampleApp, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " - Lumen" }
                link rel="stylesheet" href=(app.path("/style.css"));
            }
            body {
                header { p.brand { "Lumen" } }
                main { (body) }
                footer { p { "Lumen is a sample App behind Doorway." } }
            }
        }
    }
}
