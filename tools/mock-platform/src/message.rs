//! The kinds of message that the Platform sends.

use serde_json::Value;

use crate::claims::{LaunchClaims, ResourceLink};

/// A kind of launch message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// A click on a link in the course.
    ResourceLink,
    /// A teacher chooses content for the course.
    DeepLinking,
    /// A teacher looks at one student's work.
    SubmissionReview,
    /// A person asks what the Tool knows of them.
    DataPrivacy,
}

impl Message {
    /// The claims of this message; `link` is the one that was clicked, where the message has one.
    #[must_use]
    pub fn claims(self, launch: &LaunchClaims<'_>, link: &ResourceLink) -> Value {
        match self {
            Self::ResourceLink => launch.resource_link_to(link),
            Self::DeepLinking => launch.deep_linking(),
            Self::SubmissionReview => launch.submission_review(),
            Self::DataPrivacy => launch.data_privacy(),
        }
    }
}
