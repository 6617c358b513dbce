//! The quiz: answers are handed in, graded here, and sent to the gradebook.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{enter, enter_with_form, refuse};
use crate::app::SampleApp;
use crate::app_api::{Score, ScoreReceipt, Submission};
use crate::attempts::HandedIn;
use crate::form::Form;
use crate::grading::Grading;
use crate::http::{page, see_other};
use crate::instant::rfc3339;
use crate::lessons::{Answers, Lesson};
use crate::pages::{self, Refusal};
use crate::visits::Visit;

/// `POST /visits/{visit}/quiz`: hands in the answers of an attempt. Handing in the same attempt again sends the same
/// score under the same key: after a double click, and after a failure.
pub(crate) async fn hand_in(
    State(app): State<Arc<SampleApp>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (visit, form) = match enter_with_form(&app, &id, &headers, &body) {
        Ok(entered) => entered,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let attempt = form.text("attempt");
    let handed_in = visit.lesson.and_then(|lesson| {
        let handed_in = visit.attempts.hand_in(attempt, &answers(&form, lesson), app.now())?;
        Some((lesson, handed_in))
    });
    let Some((lesson, handed_in)) = handed_in else {
        return refuse(&app, &Refusal::no_attempt(app.path(&visit.path(""))));
    };
    if Grading::of(&visit.launch) == Grading::Sent {
        let sent = app.api.send_score(&visit.launch.id, attempt, &score(lesson, &handed_in)).await;
        visit.attempts.note(attempt, sent.map_err(Arc::new));
    }
    see_other(app.path(&visit.path(&format!("/results/{attempt}"))))
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

/// `GET /visits/{visit}/results/{attempt}`: the result, and what became of it.
pub(crate) async fn result(
    State(app): State<Arc<SampleApp>>,
    Path((id, attempt)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match find(&app, &id, &attempt, &headers) {
        Ok((visit, lesson, handed_in)) => {
            page(StatusCode::OK, pages::result(&app, &visit, lesson, &attempt, &handed_in))
        }
        Err(refusal) => refuse(&app, &refusal),
    }
}

/// `GET /visits/{visit}/results/{attempt}/delivery`: asks Doorway anew where the score is.
pub(crate) async fn delivery(
    State(app): State<Arc<SampleApp>>,
    Path((id, attempt)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (visit, _, handed_in) = match find(&app, &id, &attempt, &headers) {
        Ok(found) => found,
        Err(refusal) => return refuse(&app, &refusal),
    };
    let result = app.path(&visit.path(&format!("/results/{attempt}")));
    let Some(Ok(receipt)) = handed_in.delivery else {
        return see_other(result);
    };
    match app.api.score(&receipt.id).await {
        Ok(record) => {
            let note = (record.state == receipt.state).then_some(receipt.note).flatten();
            let (id, state) = (record.id.clone(), record.state);
            visit.attempts.note(&attempt, Ok(ScoreReceipt { id, state, note }));
            page(StatusCode::OK, pages::delivery(&app, &result, &record))
        }
        Err(error) => refuse(&app, &Refusal::serving(&error).with_way_back(result)),
    }
}

type Found = (Arc<Visit>, &'static Lesson, HandedIn);

fn find(app: &SampleApp, id: &str, attempt: &str, headers: &HeaderMap) -> Result<Found, Refusal> {
    let visit = enter(app, id, headers)?;
    match (visit.lesson, visit.attempts.find(attempt)) {
        (Some(lesson), Some(handed_in)) => Ok((visit, lesson, handed_in)),
        _ => Err(Refusal::no_attempt(app.path(&visit.path("")))),
    }
}
