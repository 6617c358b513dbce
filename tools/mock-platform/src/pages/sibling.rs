//! The hidden frames beside the Tool's. Nobody reads them, and still each is a whole page.

use maud::{DOCTYPE, Markup, html};

use crate::platform::Platform;
use crate::storage_manner::Sibling;

/// The page of a hidden frame, which comes from the sign-on host.
pub(crate) fn sibling(platform: &Platform, sibling: Sibling) -> Markup {
    let (part, title) = match sibling {
        Sibling::Forwarding => ("forwarding", "Forwards messages of the tool"),
        Sibling::Storage => ("storage", "Keeps data for the tool"),
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - Maple Learning" }
            }
            body {
                main { h1 { (title) } }
                script src=(platform.sso_url("/storage.js")) data-part=(part) data-page-origin=(platform.origin()) {}
            }
        }
    }
}
