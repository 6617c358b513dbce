//! What a person's hand does.

use serde_json::json;

use super::Chromium;
use super::session::Element;

/// The visible control of this name: by its whole name, or else by the beginning of it, or else by a part.
const BY_NAME: &str = r"
    const controls = [...document.querySelectorAll(
        'a[href], button, summary, label, input[type=submit], input[type=button], [role=button]')];
    const clean = text => (text ?? '').replace(/\s+/g, ' ').trim();
    const names = control => [control.getAttribute('aria-label'), control.innerText, control.value].map(clean);
    const visible = controls.filter(control => control.checkVisibility());
    const named = test => visible.find(control => names(control).some(test));
    const wanted = arguments[0];
    return named(name => name === wanted) ?? named(name => name.startsWith(wanted))
        ?? named(name => name.includes(wanted)) ?? null;
";

impl Chromium {
    /// Clicks the link, button or label of this name in the current frame, once it is there.
    pub async fn click(&self, name: &str) {
        let element = self.find(BY_NAME, name).await;
        self.click_element(&element).await;
    }

    /// Clicks what the CSS selector finds first, once it is there.
    pub async fn click_css(&self, css: &str) {
        let element = self.element(css).await;
        self.click_element(&element).await;
    }

    /// Types into the field that the CSS selector finds first.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        self.must("POST", &format!("/element/{}/value", element.id()), json!({ "text": text })).await;
    }

    /// What the CSS selector finds first, once it is there.
    pub(super) async fn element(&self, css: &str) -> Element {
        self.find("return document.querySelector(arguments[0])", css).await
    }

    async fn find(&self, script: &str, wanted: &str) -> Element {
        match self.until(script, json!([wanted])).await {
            Ok(value) => Element::of(&value).expect("the script returns an element"),
            Err(last) => panic!("there is no `{wanted}`; last {last}\n{}", self.describe().await),
        }
    }

    async fn click_element(&self, element: &Element) {
        self.must("POST", &format!("/element/{}/click", element.id()), json!({})).await;
    }
}
