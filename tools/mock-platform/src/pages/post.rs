//! A page that posts a form to the Tool by itself.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::layout::head;
use crate::platform::Platform;

/// The form is posted at once. The button serves where scripts are off.
const ONCE: &str = r#"document.getElementById("launch").submit();"#;

/// The form is posted into the hidden frame and, when an answer has come there, to this window. A frame tells of its
/// first, empty document too, which is not the answer.
const TWICE: &str = r#"
const form = document.getElementById("launch");
const frame = document.getElementById("first");
const isEmpty = () => {
  try { return frame.contentWindow.location.href === "about:blank"; } catch { return false; }
};
frame.addEventListener("load", () => {
  if (isEmpty() || form.target === "_self") return;
  form.target = "_self";
  form.submit();
});
form.target = "first";
form.submit();
"#;

/// What is posted, and where to.
pub(crate) struct Post<'a> {
    pub(crate) action: &'a str,
    pub(crate) fields: &'a [(String, String)],
    /// The nonce of the page's script.
    pub(crate) nonce: &'a str,
    pub(crate) twice: bool,
}

/// The page. Fields are posted in their order, repeated ones included.
pub(crate) fn post(platform: &Platform, post: &Post<'_>) -> Markup {
    let tool = &platform.config.tool_name;
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(platform, &format!("Opening {tool}")))
            body {
                main {
                    h1 { "Opening " (tool) }
                    form #launch method="post" action=(post.action) {
                        @for (name, value) in post.fields {
                            input type="hidden" name=(name) value=(value);
                        }
                        button type="submit" { "Continue to " (tool) }
                    }
                    @if post.twice {
                        iframe #first.hidden name="first" title="The first of two posts" tabindex="-1" aria-hidden="true" {}
                    }
                }
                script nonce=(post.nonce) { (PreEscaped(if post.twice { TWICE } else { ONCE })) }
            }
        }
    }
}
