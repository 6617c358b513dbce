//! The one course, and the links in it.

use crate::claims::ResourceLink;
use crate::message::Message;

/// Where a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In place of the course page.
    SameWindow,
    /// In a frame within a page of the course.
    Frame,
    /// In a window of its own.
    NewWindow,
}

/// A link or button of the course that launches the Tool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CourseLink {
    /// Names the link in URLs.
    pub(crate) name: &'static str,
    /// What is sent.
    pub(crate) message: Message,
    /// What a resource link launch says of the link; for other messages only the texts are used.
    pub(crate) link: ResourceLink,
    /// Where it opens.
    pub(crate) place: Place,
    /// Whether students are kept from it.
    pub(crate) teachers_only: bool,
}

impl CourseLink {
    const fn resource(name: &'static str, place: Place, link: ResourceLink) -> Self {
        Self { name, message: Message::ResourceLink, link, place, teachers_only: false }
    }

    const fn task(
        name: &'static str,
        message: Message,
        teachers_only: bool,
        (title, description): (&'static str, &'static str),
    ) -> Self {
        let link = ResourceLink { title, description, ..ResourceLink::video_lesson() };
        Self { name, message, link, place: Place::SameWindow, teachers_only }
    }
}

const LINKS: &[CourseLink] = &[
    CourseLink::resource("video", Place::SameWindow, ResourceLink::video_lesson()),
    CourseLink::resource(
        "quiz",
        Place::SameWindow,
        ResourceLink {
            id: "link-1202",
            title: "Quiz: refraction",
            description: "Five questions on the lesson.",
            lesson: "quiz-refraction",
            document_target: "window",
        },
    ),
    CourseLink::resource(
        "colours",
        Place::Frame,
        ResourceLink {
            id: "link-1203",
            title: "Mixing colours",
            description: "A lesson that opens in this frame.",
            lesson: "mixing-colours",
            document_target: "iframe",
        },
    ),
    CourseLink::resource(
        "eye",
        Place::NewWindow,
        ResourceLink {
            id: "link-1204",
            title: "How the eye sees",
            description: "A lesson that opens in a new window.",
            lesson: "how-the-eye-sees",
            document_target: "window",
        },
    ),
    CourseLink::task(
        "choose-content",
        Message::DeepLinking,
        true,
        ("Choose content", "Pick lessons in the tool and add them to this course."),
    ),
    CourseLink::task(
        "review",
        Message::SubmissionReview,
        true,
        ("Review Ben's work", "Look at what one student handed in."),
    ),
    CourseLink::task("privacy", Message::DataPrivacy, false, ("My data", "Ask the tool what it knows about you.")),
];

/// All links of the course, in the order of the page.
pub(crate) fn links() -> &'static [CourseLink] {
    LINKS
}

/// The link of this name.
pub(crate) fn find(name: &str) -> Option<&'static CourseLink> {
    LINKS.iter().find(|link| link.name == name)
}

/// The first link that sends such a message.
pub(crate) fn first_with(message: Message) -> Option<&'static CourseLink> {
    LINKS.iter().find(|link| link.message == message)
}
