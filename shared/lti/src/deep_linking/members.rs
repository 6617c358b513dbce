//! One object of the request while it is checked: each known member is taken out, checked and kept.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::json::Object;

use super::findings::Findings;
use super::{MAX_MARKUP_BYTES, MAX_TEXT_CHARS, content_url, date_time};

/// Whether an object must have a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    Optional,
}

/// The members of one object, with the path that leads to it. What has been asked for is checked; what nobody
/// asked for is unknown.
pub(super) struct Members<'a> {
    path: String,
    unread: Object,
    kept: Object,
    findings: &'a mut Findings,
}

impl<'a> Members<'a> {
    pub(super) fn new(path: String, object: Object, findings: &'a mut Findings) -> Self {
        Self { path, unread: object, kept: Object::new(), findings }
    }

    /// The path of a member of this object.
    fn path_of(&self, name: &str) -> String {
        let name = printable(name);
        if self.path.is_empty() { name } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn fault(&mut self, name: &str, expected: impl Into<String>) {
        self.findings.fault(self.path_of(name), expected);
    }

    /// The value of a member; `null` is as absent.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.unread.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn keep(&mut self, name: &str, value: Value) {
        self.kept.insert(name.to_owned(), value);
    }

    /// A member that was checked elsewhere.
    pub(super) fn keep_as_sent(&mut self, name: &str) {
        if let Some(value) = self.take(name) {
            self.keep(name, value);
        }
    }

    /// All that nobody asked for, without a note: the object is open.
    pub(super) fn keep_the_rest(&mut self) {
        self.kept.append(&mut self.unread);
    }

    /// A plain text, trimmed; an empty one is as absent.
    pub(super) fn text(&mut self, name: &str, most_chars: usize) {
        match self.take(name) {
            None => {}
            Some(Value::String(text)) if is_plain(&text, most_chars) => {
                let text = text.trim();
                if !text.is_empty() {
                    self.keep(name, text.into());
                }
            }
            Some(_) => {
                self.fault(
                    name,
                    format!("a text of at most {most_chars} characters, none of them a control character"),
                );
            }
        }
    }

    /// An identifier of the App: kept as it is, or it would be another one when it comes back.
    pub(super) fn id(&mut self, name: &str, most_chars: usize) {
        match self.take(name) {
            None => {}
            Some(Value::String(id)) if is_plain(&id, most_chars) => self.keep(name, id.into()),
            Some(_) => self.fault(name, format!("a text of at most {most_chars} characters")),
        }
    }

    /// A required fragment of HTML. The Platform cleans it.
    pub(super) fn markup(&mut self, name: &str) {
        match self.take(name) {
            Some(Value::String(html)) if !html.trim().is_empty() && html.len() <= MAX_MARKUP_BYTES => {
                self.keep(name, html.into());
            }
            _ => self.fault(name, format!("a fragment of HTML, not empty, of at most {MAX_MARKUP_BYTES} bytes")),
        }
    }

    /// An absolute http or https URL, kept as it was written.
    pub(super) fn url(&mut self, name: &str, presence: Presence) -> Option<Url> {
        let sent = self.take(name);
        if sent.is_none() && presence == Presence::Optional {
            return None;
        }
        let text = sent.as_ref().and_then(Value::as_str);
        let Some((text, url)) = text.and_then(|text| Some((text, content_url::parse(text)?))) else {
            self.fault(name, content_url::EXPECTED);
            return None;
        };
        self.keep(name, text.into());
        Some(url)
    }

    /// A URL that launches will lead to.
    pub(super) fn launch_url(&mut self, name: &str) {
        if let Some(url) = self.url(name, Presence::Optional) {
            self.findings.launch_url(self.path_of(name), url);
        }
    }

    /// A length in pixels.
    pub(super) fn size(&mut self, name: &str) {
        match self.take(name) {
            None => {}
            Some(value) if value.is_u64() => self.keep(name, value),
            Some(_) => self.fault(name, "a whole number of pixels, 0 or more"),
        }
    }

    pub(super) fn flag(&mut self, name: &str) {
        match self.take(name) {
            None => {}
            Some(value) if value.is_boolean() => self.keep(name, value),
            Some(_) => self.fault(name, "true or false"),
        }
    }

    /// A moment with its zone, kept as it was written.
    pub(super) fn date_time(&mut self, name: &str) -> Option<Timestamp> {
        let value = self.take(name)?;
        let moment = value.as_str().and_then(date_time::parse);
        match moment {
            Some(_) => self.keep(name, value),
            None => self.fault(name, date_time::EXPECTED),
        }
        moment
    }

    /// An object, whose members `read` checks.
    pub(super) fn object(&mut self, name: &str, read: impl FnOnce(&mut Members<'_>)) {
        match self.take(name) {
            None => {}
            Some(Value::Object(object)) => {
                let mut members = Members::new(self.path_of(name), object, self.findings);
                read(&mut members);
                let object = members.finish();
                self.keep(name, object.into());
            }
            Some(_) => self.fault(name, "an object"),
        }
    }

    /// Custom parameters: names and texts of the App, kept as they are; "" is a value.
    pub(super) fn custom(&mut self, name: &str) {
        self.object(name, |custom| {
            for (key, value) in std::mem::take(&mut custom.unread) {
                let is_text = value.as_str().is_some_and(|text| text.chars().count() <= MAX_TEXT_CHARS);
                if key.trim().is_empty() || key.chars().any(char::is_control) {
                    custom.fault(&key, "a parameter with a name, without control characters");
                } else if is_text {
                    custom.keep(&key, value);
                } else {
                    custom.fault(&key, format!("a text of at most {MAX_TEXT_CHARS} characters, which may be empty"));
                }
            }
        });
    }

    /// The checked members with the unknown ones. A full URL names somebody's extension; a short name may be one
    /// too (Platforms have their own), or a slip of the pen: it is kept, and the App hears of it.
    pub(super) fn finish(mut self) -> Object {
        for (name, value) in std::mem::take(&mut self.unread) {
            if content_url::parse(&name).is_none() {
                self.findings.note(self.path_of(&name), "is no member that Deep Linking 2.0 knows here; sent as it is");
            }
            self.kept.insert(name, value);
        }
        self.kept
    }

    /// The checked members, where there may be no others.
    pub(super) fn finish_closed(mut self, expected: &str) -> Object {
        for (name, _) in std::mem::take(&mut self.unread) {
            self.fault(&name, expected);
        }
        self.kept
    }
}

/// Whether a text is fit to be shown as it is. Line breaks and tabs are part of texts that people write.
fn is_plain(text: &str, most_chars: usize) -> bool {
    let is_allowed = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().count() <= most_chars && text.chars().all(is_allowed)
}

/// A member's name as it may stand in an answer or a log line: at most 64 characters, all of them printable.
fn printable(name: &str) -> String {
    name.chars().take(64).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
