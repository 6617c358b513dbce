//! A link in a course that leads to the Tool.

/// A link in a course: what the `resource_link`, `custom` and `launch_presentation` claims say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceLink {
    /// Unique within the deployment.
    pub id: &'static str,
    /// The link's text.
    pub title: &'static str,
    /// What it leads to, in a sentence.
    pub description: &'static str,
    /// The `lesson` parameter that the Tool is configured with for this link.
    pub lesson: &'static str,
    /// `window`, `iframe` or `frame`.
    pub document_target: &'static str,
}

impl ResourceLink {
    /// The course's first link.
    #[must_use]
    pub const fn video_lesson() -> Self {
        Self {
            id: "link-1201",
            title: "How light bends",
            description: "A video lesson of six minutes on refraction.",
            lesson: "how-light-bends",
            document_target: "window",
        }
    }
}
