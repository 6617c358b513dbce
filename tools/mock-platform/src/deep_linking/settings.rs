//! What a Deep Linking request says may be chosen. Spec: Deep Linking 2.0, section 4.4.

use serde_json::{Map, Value, json};

/// `accept_media_types`, in either form that Platforms send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaTypes {
    /// The specification's: ranges in one text, with commas.
    Text(String),
    /// Moodle's: an array of ranges.
    List(Vec<String>),
}

impl MediaTypes {
    fn to_json(&self) -> Value {
        match self {
            Self::Text(ranges) => json!(ranges),
            Self::List(ranges) => json!(ranges),
        }
    }

    /// Whether a media type is within one of the ranges; parameters do not count, nor does case.
    pub(crate) fn allow(&self, media_type: &str) -> bool {
        let ranges: Vec<&str> = match self {
            Self::Text(ranges) => ranges.split(',').collect(),
            Self::List(ranges) => ranges.iter().map(String::as_str).collect(),
        };
        let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let media_type = essence(media_type);
        ranges.into_iter().map(essence).any(|range| match range.strip_suffix('*') {
            Some("*/") => true,
            Some(prefix) => media_type.starts_with(prefix),
            None => media_type == range,
        })
    }
}

/// The settings that tests change; all others are constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeepLinkingSettings {
    /// The types of item that may be chosen.
    pub accept_types: Vec<String>,
    /// The media types that files may have.
    pub accept_media_types: Option<MediaTypes>,
    /// Whether more than one item may be chosen; absent means no.
    pub accept_multiple: Option<bool>,
    /// Whether an item may bring a column; absent means nothing.
    pub accept_lineitem: Option<bool>,
    /// Whether `data` is sent, which must come back.
    pub sends_data: bool,
}

impl Default for DeepLinkingSettings {
    /// Maple Learning's own: several links and pieces of HTML, with columns.
    fn default() -> Self {
        Self {
            accept_types: ["ltiResourceLink", "link", "html"].map(ToOwned::to_owned).into(),
            accept_media_types: None,
            accept_multiple: Some(true),
            accept_lineitem: Some(true),
            sends_data: true,
        }
    }
}

impl DeepLinkingSettings {
    /// Moodle's: several resource links, media types in an array, no `data`.
    #[must_use]
    pub fn moodle() -> Self {
        Self {
            accept_types: vec!["ltiResourceLink".to_owned()],
            accept_media_types: Some(MediaTypes::List(vec!["*/*".to_owned()])),
            sends_data: false,
            ..Self::default()
        }
    }

    /// Writes them into the `deep_linking_settings` claim; `request_id` becomes `data`.
    pub(crate) fn write(&self, claim: &mut Map<String, Value>, request_id: &str) {
        let optional = [
            ("accept_media_types", self.accept_media_types.as_ref().map(MediaTypes::to_json)),
            ("accept_multiple", self.accept_multiple.map(Value::Bool)),
            ("accept_lineitem", self.accept_lineitem.map(Value::Bool)),
            ("data", self.sends_data.then(|| json!(request_id))),
        ];
        claim.insert("accept_types".into(), json!(self.accept_types));
        for (name, value) in optional {
            match value {
                Some(value) => claim.insert(name.into(), value),
                None => claim.remove(name),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MediaTypes;

    #[test]
    fn a_media_type_is_within_a_range() {
        let ranges = MediaTypes::Text("image/*, text/html;q=0.5".into());
        for right in ["image/png", "IMAGE/PNG", "text/html; charset=utf-8"] {
            assert!(ranges.allow(right), "{right}");
        }
        for wrong in ["text/plain", "video/mp4", ""] {
            assert!(!ranges.allow(wrong), "{wrong}");
        }
        assert!(MediaTypes::List(vec!["*/*".into()]).allow("video/mp4"));
    }
}
