//! A lesson: a still of the film, what it says, and its quiz.

use maud::{Markup, html};

use super::quiz::quiz;
use crate::app::SampleApp;
use crate::entry::Entry;
use crate::lessons::Lesson;

/// The lesson, with an attempt at its quiz.
pub(crate) fn lesson(app: &SampleApp, entry: &Entry, lesson: &Lesson, attempt: &str) -> Markup {
    html! {
        section aria-labelledby="lesson" {
            h2 #lesson { (lesson.title) }
            @if lesson.name == "how-light-bends" { (refraction()) }
            @for paragraph in lesson.paragraphs { p { (paragraph) } }
        }
        (quiz(app, entry, lesson, attempt))
    }
}

/// For a link to a lesson that Lumen does not have, or not any more.
pub(crate) fn missing_lesson() -> Markup {
    html! {
        section aria-labelledby="lesson" {
            h2 #lesson { "This lesson is not there" }
            p { "Lumen has no lesson of the name that the link says." }
            p { "Please tell your teacher, who can add another one to the course." }
        }
    }
}

fn refraction() -> Markup {
    html! {
        figure {
            svg viewBox="0 0 320 180" role="img" aria-label="A ray of light meets water and bends downwards" {
                rect.air width="320" height="90" {}
                rect.water y="90" width="320" height="90" {}
                path.surface d="M0 90H320" {}
                path.normal d="M160 20V160" {}
                path.ray d="M60 10 160 90 205 170" {}
            }
            figcaption { "Light from the air enters the water." }
        }
    }
}
