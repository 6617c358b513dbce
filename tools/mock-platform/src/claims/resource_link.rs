//! A link in a course that leads to the Tool.

use std::collections::BTreeMap;

/// A link in a course: what the `resource_link`, `custom` and `launch_presentation` claims say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLink {
    /// Unique within the deployment.
    pub id: String,
    /// The link's text.
    pub title: String,
    /// What it leads to, in a sentence.
    pub description: String,
    /// The custom parameters of this link.
    pub custom: BTreeMap<String, String>,
    /// `window`, `iframe` or `frame`.
    pub document_target: String,
}

impl ResourceLink {
    /// The course's first link.
    #[must_use]
    pub fn video_lesson() -> Self {
        Self::lesson("link-1201", "How light bends", "A video lesson of six minutes on refraction.", "how-light-bends")
    }

    /// A link to a lesson, which is named by the `lesson` parameter; it opens in a window.
    pub(crate) fn lesson(id: &str, title: &str, description: &str, lesson: &str) -> Self {
        let custom = [("lesson", lesson), ("due_at", "")];
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            custom: custom.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            document_target: "window".to_owned(),
        }
    }
}
