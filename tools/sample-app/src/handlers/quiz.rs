//! The quiz: answers are handed in, graded here, and sent to the gradebook.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::refuse;
use crate::app::SampleApp;
use crate::app_api::{Score, ScoreReceipt, Submission};
use crate::attempts::HandedIn;
use crate::entry::{Entry, SecretIn};
use crate::form::Form;
use crate::grading::Grading;
use crate::http::{page, see_other};
use crate::instant::rfc3339;
use crate::knock::Knock;
use crate::lessons::{Answers, Lesson};
use crate::pages::{self, Refusal, result_path, way_back};

/// `POST /visits/{visit}/quiz`: hands in the answers of an attempt. Handing in the same attempt again sends the same
/// score under the same key: after a double click, and after a failure.
pub(crate) async fn hand_in(State(app): State<Arc<SampleApp>>, Path(id): Path<String>, knock: Knock) -> Response {
    let entry = match Entry::of(&app, &id, &knock) {
        Ok(entry) => entry,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let (visit, attempt) = (&entry.visit, knock.form.text("attempt"));
    let handed_in = visit.lesson.and_then(|lesson| {
        let handed_in = visit.attempts.hand_in(attempt, &answers(&knock.form, lesson), app.now())?;
        Some((lesson, handed_in))
    });
    let Some((lesson, handed_in)) = handed_in else {
        return refuse_attempt(&app, &entry);
    };
    if Grading::of(&visit.launch) == Grading::Sent {
        let sent = app.api.send_score(&visit.launch.id, attempt, &score(lesson, &handed_in)).await;
        visit.attempts.note(attempt, sent.map_err(Arc::new));
    }
    lead_to_result(&app, &entry, attempt)
}

fn answers(form: &Form, lesson: &Lesson) -> Answers {
    (0..lesson.questions.len()).map(|number| form.text(&format!("q{number}")).parse().ok()).collect()
}

fn score(lesson: &Lesson, handed_in: &HandedIn) -> Score {
    let (given, maximum) = (lesson.score(&handed_in.answers), lesson.score_maximum());
    Score {
        score_given: given,
        score_maximum: maximum,
        activity_progress: "Completed",
        grading_progress: "FullyGraded",
        comment: format!("{}: {given} of {maximum} answers are right.", lesson.title),
        submission: Submission {
            started_at: rfc3339(handed_in.started_at),
            submitted_at: rfc3339(handed_in.submitted_at),
        },
    }
}

/// `/visits/{visit}/results/{attempt}`: the result, and what became of it.
pub(crate) async fn result(
    State(app): State<Arc<SampleApp>>,
    Path((id, attempt)): Path<(String, String)>,
    knock: Knock,
) -> Response {
    match Entry::of(&app, &id, &knock) {
        Ok(entry) => show_result(&app, &entry, &attempt),
        Err(refusal) => refuse(&app, &refusal),
    }
}

/// `/visits/{visit}/results/{attempt}/delivery`: asks Doorway anew where the score is.
pub(crate) async fn delivery(
    State(app): State<Arc<SampleApp>>,
    Path((id, attempt)): Path<(String, String)>,
    knock: Knock,
) -> Response {
    let entry = match Entry::of(&app, &id, &knock) {
        Ok(entry) => entry,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let Some(handed_in) = entry.visit.attempts.find(&attempt) else {
        return refuse_attempt(&app, &entry);
    };
    let Some(Ok(receipt)) = handed_in.delivery else {
        return lead_to_result(&app, &entry, &attempt);
    };
    match app.api.score(&receipt.id).await {
        Ok(record) => {
            let note = (record.state == receipt.state).then_some(receipt.note).flatten();
            let (id, state) = (record.id.clone(), record.state);
            entry.visit.attempts.note(&attempt, Ok(ScoreReceipt { id, state, note }));
            page(StatusCode::OK, pages::delivery(&app, &entry, &attempt, &record))
        }
        Err(error) => {
            let way_back = way_back(&app, &entry, &result_path(&attempt));
            refuse(&app, &Refusal::serving(&error).with_way_back(way_back))
        }
    }
}

/// Brings the browser to a result: by a redirect, so that reloading posts nothing again. Without the cookie a redirect
/// would lead out of the visit, so the page comes at once; reloading it posts the same attempt, which changes nothing.
fn lead_to_result(app: &SampleApp, entry: &Entry, attempt: &str) -> Response {
    match entry.secret_in {
        SecretIn::Cookie => see_other(app.path(&entry.visit.path(&result_path(attempt)))),
        SecretIn::Forms => show_result(app, entry, attempt),
    }
}

fn show_result(app: &SampleApp, entry: &Entry, attempt: &str) -> Response {
    match (entry.visit.lesson, entry.visit.attempts.find(attempt)) {
        (Some(lesson), Some(handed_in)) => page(StatusCode::OK, pages::result(app, entry, lesson, attempt, &handed_in)),
        _ => refuse_attempt(app, entry),
    }
}

fn refuse_attempt(app: &SampleApp, entry: &Entry) -> Response {
    refuse(app, &Refusal::no_attempt(way_back(app, entry, "")))
}
