//! What a page has that answers Tools' messages: the script, and the hidden frame beside the Tool's.

use maud::{Markup, html};

use crate::platform::Platform;

/// Nothing where nobody answers. It stands before the frames of Tools, so that it is there when the first one asks.
pub(super) fn storage(platform: &Platform) -> Markup {
    let manner = platform.storage();
    let Some(target) = manner.login_target().filter(|_| manner.is_answered()) else {
        return html! {};
    };
    html! {
        script src=(platform.path("/storage.js")) data-part="page" data-manner=(manner.name()) data-target=(target) {}
        @if let Some(sibling) = manner.sibling() {
            iframe.hidden name=(sibling.name()) src=(platform.sso_url(sibling.path()))
                title="Keeps data for the tool" tabindex="-1" aria-hidden="true" {}
        }
    }
}
