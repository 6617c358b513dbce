//! The result of a quiz, and what became of it.

use maud::{Markup, html};

use super::layout::layout;
use super::quiz::not_sent;
use super::refusal::Refusal;
use super::way::{keys, way};
use crate::app::SampleApp;
use crate::app_api::{ApiError, DeliveryAttempt, ScoreReceipt, ScoreRecord, ScoreState};
use crate::attempts::HandedIn;
use crate::entry::Entry;
use crate::grading::Grading;
use crate::instant::{for_people, rfc3339};
use crate::lessons::{Lesson, Question};

const UNSURE: &str =
    "Lumen does not know whether your result reached your gradebook. It counts once, however often it is sent.";

/// The path of an attempt's result, below the visit.
pub(crate) fn result_path(attempt: &str) -> String {
    format!("/results/{attempt}")
}

fn delivery_path(attempt: &str) -> String {
    format!("/results/{attempt}/delivery")
}

/// The page of a result.
pub(crate) fn result(app: &SampleApp, entry: &Entry, lesson: &Lesson, attempt: &str, handed_in: &HandedIn) -> Markup {
    let title = format!("Your result: {} of {}", lesson.score(&handed_in.answers), lesson.score_maximum());
    let submitted_at = rfc3339(handed_in.submitted_at);
    let body = html! {
        h1 { (title) }
        p.lead { (lesson.title) }
        p {
            "Handed in at " time datetime=(submitted_at) { (for_people(&submitted_at)) } ". "
            "The first answers in a form count."
        }
        section.notice aria-labelledby="gradebook" {
            h2 #gradebook { "Your gradebook" }
            (gradebook(app, entry, attempt, handed_in))
        }
        section aria-labelledby="answers" {
            h2 #answers { "Your answers" }
            ol {
                @for (question, answer) in lesson.questions.iter().zip(&handed_in.answers) {
                    li { (marked(question, *answer)) }
                }
            }
        }
        (way(app, entry, "", "Back to the lesson, to answer once more"))
    };
    layout(app, &title, &body)
}

fn marked(question: &Question, answer: Option<usize>) -> Markup {
    let chosen = answer.and_then(|index| question.choices.get(index));
    html! {
        p { (question.text) }
        p {
            @match chosen { Some(choice) => { "You answered: " (choice) ". " } None => { "You did not answer. " } }
            strong { @if answer == Some(question.right) { "Right." } @else { "Not right." } }
        }
    }
}

fn gradebook(app: &SampleApp, entry: &Entry, attempt: &str, handed_in: &HandedIn) -> Markup {
    let grading = Grading::of(&entry.visit.launch);
    if grading != Grading::Sent {
        return html! { p { (not_sent(grading, &entry.visit.launch.user)) } };
    }
    match &handed_in.delivery {
        Some(Ok(receipt)) => taken(app, entry, attempt, receipt),
        Some(Err(error)) => not_taken(app, entry, attempt, error),
        None => html! {
            p { (UNSURE) }
            (send_again(app, entry, attempt))
        },
    }
}

fn taken(app: &SampleApp, entry: &Entry, attempt: &str, receipt: &ScoreReceipt) -> Markup {
    html! {
        p { (in_words(receipt.state)) }
        @if let Some(note) = &receipt.note { p { (note) } }
        (way(app, entry, &delivery_path(attempt), "Ask where your score is now"))
    }
}

fn not_taken(app: &SampleApp, entry: &Entry, attempt: &str, error: &ApiError) -> Markup {
    if error.code() == Some("scores_not_granted") {
        return html! { p { (not_sent(Grading::NotGranted, &entry.visit.launch.user)) } };
    }
    html! {
        @match error {
            ApiError::Refused(_) => { p { "Your result did not reach your gradebook. It is shown here only." } }
            _ => { p { (UNSURE) } }
        }
        (Refusal::serving(error).as_notice())
        @if error.may_pass() { (send_again(app, entry, attempt)) }
    }
}

/// The same attempt once more: the answers that were handed in count, whatever this form says.
fn send_again(app: &SampleApp, entry: &Entry, attempt: &str) -> Markup {
    html! {
        form method="post" action=(app.path(&entry.visit.path("/quiz"))) {
            (keys(entry))
            input type="hidden" name="attempt" value=(attempt);
            button type="submit" { "Send my result again" }
        }
    }
}

fn in_words(state: ScoreState) -> &'static str {
    match state {
        ScoreState::Delivered => "It is in your gradebook.",
        ScoreState::Queued => "Your score is safe; it will arrive when the platform answers again.",
        ScoreState::Sending => "Your score is on its way.",
        ScoreState::Superseded => "A newer score of yours has taken its place.",
        ScoreState::Withheld => {
            "It was not sent, because your learning platform would have removed the grade that you have there."
        }
        ScoreState::Failed => "It could not be delivered. Please tell your teacher, who can enter the result by hand.",
        ScoreState::Unknown => "Your score was taken, and is in a state that Lumen does not know.",
    }
}

/// The page that tells where a score is now.
pub(crate) fn delivery(app: &SampleApp, entry: &Entry, attempt: &str, record: &ScoreRecord) -> Markup {
    let body = html! {
        h1 { "Where your score is" }
        p.lead { (in_words(record.state)) }
        @if let Some(next) = &record.next_attempt_at {
            p { "The next try is at " time datetime=(next) { (for_people(next)) } "." }
        }
        @if record.attempts.is_empty() {
            p { "There was no try to deliver it yet." }
        } @else {
            (attempts(&record.attempts))
        }
        (way(app, entry, &delivery_path(attempt), "Ask again"))
        (way(app, entry, &result_path(attempt), "Back to your result"))
    };
    layout(app, "Where your score is", &body)
}

fn attempts(attempts: &[DeliveryAttempt]) -> Markup {
    html! {
        h2 #attempts { "Tries to deliver it" }
        div.wide role="region" aria-labelledby="attempts" tabindex="0" {
            table {
                thead { tr { th scope="col" { "When" } th scope="col" { "How it ended" } th scope="col" { "Answer" } } }
                tbody {
                    @for attempt in attempts {
                        tr {
                            td { time datetime=(attempt.at) { (for_people(&attempt.at)) } }
                            td { (attempt.outcome) }
                            td {
                                @if let Some(status) = attempt.status { (status) " " }
                                @if let Some(words) = &attempt.words { (words) }
                            }
                        }
                    }
                }
            }
        }
    }
}
