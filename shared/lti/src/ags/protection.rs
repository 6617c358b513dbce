//! A progress update must not wipe a grade.
//!
//! By the standard a score without `scoreGiven` clears what is there, and a Platform may do so whenever the
//! grading is not final. An App that reports "the learner opened it again" seldom means that. So what is no
//! grade goes only where it can do no harm, unless the App says that the grade may go.

use serde_json::Value;

use super::score::{GradingProgress, Score};
use crate::json::Object;
use crate::platform_family::PlatformFamily;

/// Canvas's extension of a score, about the submission that it makes.
const CANVAS_SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";
/// Its member that leaves the points alone.
const PRESERVE_SCORE: &str = "preserve_score";

const PRESERVED: &str =
    "Canvas would clear the grade that is there: sent with preserve_score. Set overwriteGrade if it may go.";
const MOODLE_WOULD_CLEAR: &str =
    "not sent: Moodle clears the grade for whatever is not a final score. Set overwriteGrade if it may go.";
const WOULD_CLEAR: &str =
    "not sent: the learner has a grade here, which this progress could clear. Set overwriteGrade if it may go.";

/// What to do with a score so that no grade is wiped.
#[derive(Debug, Clone, PartialEq)]
pub enum Sending {
    /// Send it as the App gave it.
    AsIs(Score),
    /// Send it changed; the note says how, for the App.
    Changed(Score, &'static str),
    /// Do not send it; the note says why, for the App.
    Withhold(&'static str),
}

/// Decides about a score for a Platform of this family.
///
/// `graded_before`: the Tool itself sent or accepted a grade for this learner and line item. `overwrite`: the
/// App says that the grade may go.
pub fn protect(score: Score, family: PlatformFamily, graded_before: bool, overwrite: bool) -> Sending {
    if overwrite || score.is_grade() {
        return Sending::AsIs(score);
    }
    match family {
        // It wipes whatever is there, a teacher's grade of which we know nothing included (Moodle 5.1.3).
        PlatformFamily::Moodle => Sending::Withhold(MOODLE_WOULD_CLEAR),
        PlatformFamily::Canvas => preserving(score),
        _ if graded_before => Sending::Withhold(WOULD_CLEAR),
        _ => Sending::AsIs(score),
    }
}

/// Canvas applies points that are final or wait for a person, and sets them to nothing for all others, unless
/// it is told to preserve them.
fn preserving(score: Score) -> Sending {
    if score.given_and_maximum().is_some() && score.grading_progress() == GradingProgress::PendingManual {
        return Sending::AsIs(score);
    }
    // What is no object says nothing to Canvas either.
    let mut submission = match score.extension(CANVAS_SUBMISSION) {
        Some(Value::Object(submission)) => submission.clone(),
        _ => Object::new(),
    };
    if submission.contains_key(PRESERVE_SCORE) {
        return Sending::AsIs(score);
    }
    submission.insert(PRESERVE_SCORE.to_owned(), true.into());
    Sending::Changed(score.with_extension(CANVAS_SUBMISSION, Value::Object(submission)), PRESERVED)
}
