//! The quiz of a lesson. It works without script.

use maud::{Markup, html};

use super::way::keys;
use crate::app::SampleApp;
use crate::entry::Entry;
use crate::grading::Grading;
use crate::launch::User;
use crate::lessons::{Lesson, Question};

/// The questions as a form.
pub(super) fn quiz(app: &SampleApp, entry: &Entry, lesson: &Lesson, attempt: &str) -> Markup {
    let grading = Grading::of(&entry.visit.launch);
    html! {
        section aria-labelledby="quiz" {
            h2 #quiz { "Questions" }
            @if grading == Grading::Sent {
                p { "When you hand in your answers, the result goes to your gradebook. Nothing is sent before." }
            } @else {
                p { (not_sent(grading, &entry.visit.launch.user)) }
            }
            form method="post" action=(app.path(&entry.visit.path("/quiz"))) {
                (keys(entry))
                input type="hidden" name="attempt" value=(attempt);
                @for (number, asked) in lesson.questions.iter().enumerate() { (question(number, asked)) }
                button type="submit" { "Hand in" }
            }
        }
    }
}

fn question(number: usize, question: &Question) -> Markup {
    html! {
        fieldset {
            legend { (number + 1) ". " (question.text) }
            @for (index, choice) in question.choices.iter().enumerate() {
                label.choice {
                    input type="radio" name={ "q" (number) } value=(index) required;
                    span { (choice) }
                }
            }
        }
    }
}

/// Why a result stays here, in plain words.
pub(super) fn not_sent(grading: Grading, user: &User) -> String {
    match grading {
        Grading::Sent => String::new(),
        Grading::NotAStudent => {
            format!("You are here as {}: your answers are graded here, and are not sent to the gradebook.", user.part())
        }
        Grading::Preview => {
            "You preview this course as a student: your answers are graded here, and are not sent to the gradebook."
                .into()
        }
        Grading::NotGranted => "This course does not take grades from Lumen; your result is shown here only.".into(),
        Grading::NoColumn => "This link has no column in the gradebook; your result is shown here only.".into(),
        Grading::Anonymous => {
            "Your learning platform does not tell Lumen who you are; your result is shown here only.".into()
        }
    }
}
