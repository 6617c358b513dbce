//! The one course, and the links in it: those that are there from the start, and those that Deep Linking adds.

use std::sync::{Arc, Mutex};

use crate::claims::ResourceLink;
use crate::gradebook::LineItem;
use crate::lock::locked;
use crate::message::Message;

/// Links of the course at a time.
const LINK_CAPACITY: usize = 500;

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

/// Whether launches of a link grant the grade and roster services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Services {
    Granted,
    Withheld,
}

/// A link or button of the course that launches the Tool.
#[derive(Debug, Clone)]
pub(crate) struct CourseLink {
    /// Names the link in URLs.
    pub(crate) name: String,
    /// What is sent.
    pub(crate) message: Message,
    /// What a resource link launch says of the link; for other messages only the texts are used.
    pub(crate) link: ResourceLink,
    /// Where it opens.
    pub(crate) place: Place,
    /// Whether students are kept from it.
    pub(crate) teachers_only: bool,
    /// Where it leads, if not to the Tool's usual address.
    pub(crate) target_link_uri: Option<String>,
    /// What its launches grant.
    pub(crate) services: Services,
}

impl CourseLink {
    fn resource(name: &str, place: Place, mut link: ResourceLink) -> Self {
        if place == Place::Frame {
            "iframe".clone_into(&mut link.document_target);
        }
        let (name, message) = (name.to_owned(), Message::ResourceLink);
        Self { name, message, link, place, teachers_only: false, target_link_uri: None, services: Services::Granted }
    }

    /// A link that Deep Linking adds; it is named by its resource link's id.
    pub(crate) fn chosen(link: ResourceLink, place: Place, target_link_uri: Option<String>) -> Self {
        Self { target_link_uri, ..Self::resource(&link.id.clone(), place, link) }
    }

    /// Whether Deep Linking added it.
    pub(crate) fn is_chosen(&self) -> bool {
        self.message == Message::ResourceLink && self.name == self.link.id
    }

    fn task(name: &str, message: Message, teachers_only: bool, (title, description): (&str, &str)) -> Self {
        let link = ResourceLink {
            title: title.to_owned(),
            description: description.to_owned(),
            ..ResourceLink::video_lesson()
        };
        Self { message, teachers_only, ..Self::resource(name, Place::SameWindow, link) }
    }
}

/// The course's links, in the order of the page.
pub(crate) struct Course(Mutex<Links>);

struct Links {
    links: Vec<Arc<CourseLink>>,
    added: usize,
}

impl Course {
    pub(crate) fn new() -> Self {
        let links = lessons().into_iter().chain(tasks()).map(Arc::new).collect();
        Self(Mutex::new(Links { links, added: 0 }))
    }

    /// All links, in the order of the page.
    pub(crate) fn links(&self) -> Vec<Arc<CourseLink>> {
        locked(&self.0).links.clone()
    }

    /// The link of this name.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<CourseLink>> {
        self.first(|link| link.name == name)
    }

    /// The first link that sends such a message.
    pub(crate) fn first_with(&self, message: Message) -> Option<Arc<CourseLink>> {
        self.first(|link| link.message == message)
    }

    /// The link whose resource link has this id.
    pub(crate) fn resource_link(&self, id: &str) -> Option<Arc<CourseLink>> {
        self.first(|link| link.message == Message::ResourceLink && link.link.id == id)
    }

    /// Whether the course has such a resource link.
    pub(crate) fn has_resource_link(&self, id: &str) -> bool {
        self.resource_link(id).is_some()
    }

    /// Adds a link, which is made with the id that is drawn for it. `None` when there is no room.
    pub(crate) fn add(&self, make: impl FnOnce(String) -> CourseLink) -> Option<Arc<CourseLink>> {
        let mut links = locked(&self.0);
        if links.links.len() >= LINK_CAPACITY {
            return None;
        }
        links.added += 1;
        let link = Arc::new(make(format!("link-{}", 2000 + links.added)));
        links.links.push(Arc::clone(&link));
        Some(link)
    }

    fn first(&self, is_wanted: impl Fn(&CourseLink) -> bool) -> Option<Arc<CourseLink>> {
        locked(&self.0).links.iter().find(|link| is_wanted(link)).cloned()
    }
}

/// The columns of the links that are there from the start.
pub(crate) fn columns() -> Vec<LineItem> {
    let graded = [
        ("link-1201", "How light bends", 100.0),
        ("link-1202", "Quiz: refraction", 10.0),
        ("link-1203", "Mixing colours", 100.0),
        ("link-1204", "How the eye sees", 100.0),
    ];
    graded.map(|(id, label, maximum)| LineItem::of_link(id, label, maximum)).into()
}

fn lessons() -> [CourseLink; 5] {
    let quiz = ("link-1202", "Quiz: refraction", "Five questions on the lesson.", "quiz-refraction");
    let colours = ("link-1203", "Mixing colours", "A lesson that opens in this frame.", "mixing-colours");
    let eye = ("link-1204", "How the eye sees", "A lesson that opens in a new window.", "how-the-eye-sees");
    let ungraded = (
        "link-1205",
        "A lesson without grades",
        "The tool gets neither the gradebook nor the roster.",
        "how-light-bends",
    );
    let lesson = |(id, title, description, lesson)| ResourceLink::lesson(id, title, description, lesson);
    [
        CourseLink::resource("video", Place::SameWindow, ResourceLink::video_lesson()),
        CourseLink::resource("quiz", Place::SameWindow, lesson(quiz)),
        CourseLink::resource("colours", Place::Frame, lesson(colours)),
        CourseLink::resource("eye", Place::NewWindow, lesson(eye)),
        CourseLink {
            services: Services::Withheld,
            ..CourseLink::resource("ungraded", Place::SameWindow, lesson(ungraded))
        },
    ]
}

fn tasks() -> [CourseLink; 3] {
    [
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
    ]
}

#[cfg(test)]
mod tests {
    use super::{Course, CourseLink, LINK_CAPACITY, Place};
    use crate::claims::ResourceLink;

    #[test]
    fn a_course_takes_links_until_it_is_full() {
        let course = Course::new();
        let chosen = |id| CourseLink::chosen(ResourceLink { id, ..ResourceLink::video_lesson() }, Place::Frame, None);
        let added = (0..LINK_CAPACITY).filter_map(|_| course.add(chosen)).count();
        assert_eq!(added, LINK_CAPACITY - 8);
        assert!(course.add(chosen).is_none());
        assert_eq!(course.find("link-2001").map(|link| link.is_chosen()), Some(true));
        assert_eq!(course.find("video").map(|link| link.is_chosen()), Some(false));
    }
}
