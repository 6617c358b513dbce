//! What a teacher chose for the course.

use serde_json::json;

use crate::app::SampleApp;
use crate::app_api::{ContentItem, NewLineItem};
use crate::form::Form;
use crate::lessons::{self, Lesson};
use crate::services::{DeepLinking, RESOURCE_LINK_ITEM};

/// Why a choice cannot be sent to the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChoiceFault {
    /// Nothing was chosen, and it was not cancelled either.
    Nothing,
    /// The course takes one item at a time.
    TooMany,
    /// There is no such lesson.
    UnknownLesson,
    /// The course takes no links to lessons.
    NotTaken,
}

/// The lessons that a posted picker chose; none when it was cancelled.
pub(crate) fn read(form: &Form, settings: &DeepLinking) -> Result<Vec<&'static Lesson>, ChoiceFault> {
    if form.text("action") == "cancel" {
        return Ok(Vec::new());
    }
    if !settings.takes_lessons() {
        return Err(ChoiceFault::NotTaken);
    }
    let mut lessons: Vec<&'static Lesson> = Vec::new();
    for name in form.texts("lesson") {
        let lesson = lessons::find(name).ok_or(ChoiceFault::UnknownLesson)?;
        if !lessons.contains(&lesson) {
            lessons.push(lesson);
        }
    }
    match lessons.len() {
        0 => Err(ChoiceFault::Nothing),
        1 => Ok(lessons),
        _ if settings.accept_multiple => Ok(lessons),
        _ => Err(ChoiceFault::TooMany),
    }
}

/// The lessons as content items.
pub(crate) fn items(app: &SampleApp, lessons: &[&'static Lesson], settings: &DeepLinking) -> Vec<ContentItem> {
    lessons.iter().map(|lesson| item(app, lesson, settings.takes_columns())).collect()
}

/// The lesson is in the URL, and in a parameter as well: some Platforms lose the one, some the other.
fn item(app: &SampleApp, lesson: &'static Lesson, with_column: bool) -> ContentItem {
    ContentItem {
        item_type: RESOURCE_LINK_ITEM,
        url: app.public_url(&lesson.path()),
        title: lesson.title,
        text: lesson.summary,
        custom: json!({"lesson": lesson.name}),
        line_item: (lesson.graded && with_column).then(|| NewLineItem {
            score_maximum: lesson.score_maximum(),
            label: lesson.title,
            resource_id: lesson.name,
            tag: "grade",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{ChoiceFault, read};
    use crate::form::Form;
    use crate::services::DeepLinking;

    fn names(form: &str, accept_multiple: bool) -> Result<Vec<&'static str>, ChoiceFault> {
        let accept_types = vec!["link".to_owned(), "ltiResourceLink".to_owned()];
        let settings = DeepLinking { accept_types, accept_multiple, accept_lineitem: None };
        read(&Form::parse(form.as_bytes()), &settings).map(|lessons| lessons.iter().map(|lesson| lesson.name).collect())
    }

    #[test]
    fn several_lessons_are_chosen_where_several_are_taken() {
        let two = "lesson=mixing-colours&lesson=how-light-bends";
        assert_eq!(names(two, true).unwrap(), ["mixing-colours", "how-light-bends"]);
        assert_eq!(names(two, false), Err(ChoiceFault::TooMany));
    }

    #[test]
    fn a_lesson_that_is_chosen_twice_is_one() {
        assert_eq!(names("lesson=mixing-colours&lesson=mixing-colours", false).unwrap(), ["mixing-colours"]);
    }

    #[test]
    fn cancelling_chooses_nothing_whatever_is_ticked() {
        assert_eq!(names("lesson=mixing-colours&action=cancel", true).unwrap(), [""; 0]);
    }

    #[test]
    fn nothing_and_nonsense_are_faults() {
        assert_eq!(names("action=add", true), Err(ChoiceFault::Nothing));
        assert_eq!(names("lesson=%3Cb%3E&lesson=mixing-colours", true), Err(ChoiceFault::UnknownLesson));
    }

    #[test]
    fn a_course_that_takes_no_links_gets_none() {
        let chosen = read(&Form::parse(b"lesson=mixing-colours"), &DeepLinking::default());
        assert_eq!(chosen.err(), Some(ChoiceFault::NotTaken));
        assert!(read(&Form::parse(b"action=cancel"), &DeepLinking::default()).unwrap().is_empty());
    }
}
