//! The administrator's page to install a Tool.

use maud::{Markup, html};

use super::layout::layout;
use crate::platform::Platform;
use crate::user::User;

/// Where a registration URL is pasted, and the Tool's own page once it was. `opened` is that page's address.
pub(crate) fn install(platform: &Platform, user: &User, opened: Option<&str>) -> Markup {
    let body = html! {
        h1 { "Install a tool" }
        @match opened {
            None => {
                p.lead { "Paste the registration URL that the tool's provider gave you." }
                form.switches method="get" action=(platform.path("/install")) {
                    label for="url" { "Registration URL" }
                    input #url name="url" type="url" required;
                    button type="submit" { "Go on" }
                }
            },
            Some(address) => {
                script src=(platform.path("/install.js")) data-done=(platform.path("/install")) {}
                p { a href=(address) target="_blank" rel="opener" { "Open in a new window" } }
                iframe.tool #registration name="registration" title="The tool's registration" src=(address) {}
            },
        }
        section aria-labelledby="installed" {
            h2 #installed { "Installed tools" }
            ul {
                @for client in platform.clients() { li { (client.name) " (" code { (client.client_id) } ")" } }
            }
        }
    };
    layout(platform, "Install a tool", Some(user), &body)
}
