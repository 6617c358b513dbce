//! The picker: the catalogue, to choose from.

use maud::{Markup, html};

use super::way::keys;
use crate::app::SampleApp;
use crate::choice::ChoiceFault;
use crate::entry::Entry;
use crate::lessons::{LESSONS, Lesson};
use crate::services::DeepLinking;

/// The catalogue as a form, as far as the course takes what is in it.
pub(crate) fn picker(app: &SampleApp, entry: &Entry, fault: Option<ChoiceFault>) -> Markup {
    html! {
        section aria-labelledby="content" {
            h2 #content { "Choose content" }
            @if let Some(fault) = fault { p.notice #fault role="alert" { strong { (in_words(fault)) } } }
            @match &entry.visit.launch.services.deep_linking {
                Some(settings) => (form(app, entry, settings, fault)),
                None => p { "Your learning platform does not let Lumen add content here. Go back to your course." },
            }
        }
    }
}

fn in_words(fault: ChoiceFault) -> &'static str {
    match fault {
        ChoiceFault::Nothing => "Choose a lesson, or cancel.",
        ChoiceFault::TooMany => "Your course takes one lesson at a time. Choose one.",
        ChoiceFault::UnknownLesson => "Lumen does not have that lesson. Choose another one.",
        ChoiceFault::NotTaken => "Your course takes no lessons here. Nothing was sent.",
    }
}

fn form(app: &SampleApp, entry: &Entry, settings: &DeepLinking, fault: Option<ChoiceFault>) -> Markup {
    html! {
        form method="post" action=(app.path(&entry.visit.path("/choice"))) {
            (keys(entry))
            @if settings.takes_lessons() {
                (catalogue(settings, fault))
                button type="submit" name="action" value="add" { "Add to the course" }
            } @else {
                p { "Your course does not take links to lessons in this place. Lumen has nothing else to add." }
            }
            button.second type="submit" name="action" value="cancel" formnovalidate { "Cancel" }
        }
    }
}

fn catalogue(settings: &DeepLinking, fault: Option<ChoiceFault>) -> Markup {
    html! {
        fieldset aria-describedby=[fault.map(|_| "fault")] {
            legend {
                @if settings.accept_multiple { "Lessons to add" } @else { "The lesson to add" }
            }
            @for lesson in &LESSONS { (choice(lesson, settings.accept_multiple)) }
        }
        @if !settings.takes_columns() {
            p { "Your course makes no gradebook column here: the results of the quiz will not be in the gradebook." }
        }
    }
}

fn choice(lesson: &Lesson, multiple: bool) -> Markup {
    html! {
        label.choice {
            input type=(if multiple { "checkbox" } else { "radio" }) name="lesson" value=(lesson.name);
            span {
                strong { (lesson.title) } br;
                (lesson.summary)
                @if lesson.graded { " Graded: " (lesson.score_maximum()) " points." }
            }
        }
    }
}
