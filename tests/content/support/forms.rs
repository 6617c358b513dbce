//! Filling forms in as a person does: what can be chosen is on the page, what is hidden goes along.

use doorway_tests::{Browser, Page};

/// A form on a page, partly filled in.
#[derive(Clone)]
pub(crate) struct Form {
    action: String,
    fields: Vec<(String, String)>,
    /// Radio buttons, checkboxes, buttons: name and value.
    offered: Vec<(String, String)>,
}

impl Form {
    /// The form of the page whose action ends like this, before any query.
    #[track_caller]
    pub(crate) fn to(page: &Page, path: &str) -> Self {
        let mut forms = page.answer.body.split("<form").skip(1).filter_map(|rest| rest.split_once("</form>"));
        let form = forms.find_map(|(form, _)| {
            let action = attribute(form.split_once('>')?.0, "action")?;
            action.split('?').next()?.ends_with(path).then(|| Self::read(action, form))
        });
        form.unwrap_or_else(|| panic!("no form to {path}: {}", page.answer.body))
    }

    fn read(action: String, form: &str) -> Self {
        let (mut fields, mut offered) = (Vec::new(), Vec::new());
        let controls = form.split('<').filter(|tag| tag.starts_with("input ") || tag.starts_with("button "));
        for tag in controls.filter_map(|tag| tag.split('>').next()) {
            let Some(name) = attribute(tag, "name") else { continue };
            let field = (name, attribute(tag, "value").unwrap_or_default());
            let is_hidden = attribute(tag, "type").as_deref() == Some("hidden");
            if is_hidden { fields.push(field) } else { offered.push(field) }
        }
        Self { action, fields, offered }
    }

    /// Where it goes.
    pub(crate) fn action(&self) -> &str {
        &self.action
    }

    /// The value of a hidden field.
    #[track_caller]
    pub(crate) fn hidden(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        &field.unwrap_or_else(|| panic!("no hidden field {name}")).1
    }

    /// Ticks a box or presses a button, which must be there.
    #[track_caller]
    pub(crate) fn choose(mut self, name: &str, value: &str) -> Self {
        let field = (name.to_owned(), value.to_owned());
        assert!(self.offered.contains(&field), "{name}={value} is not among {:?}", self.offered);
        self.fields.push(field);
        self
    }

    /// Sends it.
    pub(crate) async fn send(&self, browser: &mut Browser) -> Page {
        browser.post(&self.action, &self.fields).await
    }
}

/// The value of a tag's attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

/// What an escaped text says.
pub(crate) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
