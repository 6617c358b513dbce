//! A cell of the gradebook, and what a score does to it at each Platform.

use jiff::Timestamp;

use super::{ActivityProgress, GradingProgress, Score};
use crate::profile::Profile;
use crate::timestamp;

/// What a student has in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// Points, out of `result_maximum`; `None` when there is no score.
    pub result_score: Option<f64>,
    /// The column's maximum.
    pub result_maximum: f64,
    /// Comments, the newest last. Only Canvas keeps more than one.
    pub comments: Vec<String>,
    /// Who graded; absent when a machine did.
    pub scoring_user_id: Option<String>,
    /// How far the student is; `None` when a teacher entered the grade.
    pub activity_progress: Option<ActivityProgress>,
    /// How far grading is.
    pub grading_progress: GradingProgress,
    /// When the student began, RFC 3339.
    pub started_at: Option<String>,
    /// When the student handed in, RFC 3339.
    pub submitted_at: Option<String>,
    /// The instant that later scores are compared with, RFC 3339.
    pub timestamp: String,
    at: Timestamp,
}

/// A score that is not newer than what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stale;

impl Grade {
    /// A teacher's own entry. `None` when the instant is none.
    pub(crate) fn by_hand(points: f64, maximum: f64, instant: &str) -> Option<Self> {
        let at = timestamp::parse(instant)?;
        Some(Self {
            result_score: Some(points),
            result_maximum: maximum,
            comments: Vec::new(),
            scoring_user_id: None,
            activity_progress: None,
            grading_progress: GradingProgress::FullyGraded,
            started_at: None,
            submitted_at: None,
            timestamp: at.to_string(),
            at,
        })
    }

    /// The cell after a score.
    pub(crate) fn after(old: Option<&Self>, score: &Score, maximum: f64, profile: Profile) -> Result<Self, Stale> {
        if old.is_some_and(|old| is_stale(old.at, score.at, profile)) {
            return Err(Stale);
        }
        let (started_at, submitted_at) = submission(old, score);
        Ok(Self {
            result_score: result(old, score, maximum, profile),
            result_maximum: maximum,
            comments: comments(old, score, profile),
            scoring_user_id: score.scoring_user_id.clone(),
            activity_progress: Some(score.activity),
            grading_progress: score.grading,
            started_at,
            submitted_at,
            timestamp: score.at.to_string(),
            at: score.at,
        })
    }

    /// Keeps the share of points when the column's maximum changes.
    pub(crate) fn rescale(&mut self, maximum: f64) {
        self.result_score = self.result_score.map(|points| points * maximum / self.result_maximum);
        self.result_maximum = maximum;
    }
}

/// Spec: AGS 2.0, on `timestamp`: a score must be newer. Moodle compares whole seconds; Canvas takes an equal one.
fn is_stale(old: Timestamp, new: Timestamp, profile: Profile) -> bool {
    match profile {
        Profile::Moodle => new.as_second() <= old.as_second(),
        Profile::Canvas => new < old,
        _ => new <= old,
    }
}

/// The points, scaled to the column. Moodle and Canvas wipe what is there when a score is not final, and Moodle gives
/// nobody more than the maximum.
fn result(old: Option<&Grade>, score: &Score, maximum: f64, profile: Profile) -> Option<f64> {
    let scaled = || Some(score.given? * maximum / score.maximum?);
    match profile {
        Profile::Moodle if score.grading != GradingProgress::FullyGraded => None,
        Profile::Moodle => scaled().map(|points| points.min(maximum)),
        Profile::Canvas if score.preserves_score() => old.and_then(|old| old.result_score),
        Profile::Canvas if !matches!(score.grading, GradingProgress::FullyGraded | GradingProgress::PendingManual) => {
            None
        }
        _ => scaled(),
    }
}

/// A score's comment takes the place of the one before, also when it has none; Canvas adds it to the others, and
/// Blackboard keeps the old one.
fn comments(old: Option<&Grade>, score: &Score, profile: Profile) -> Vec<String> {
    let before = || old.map(|old| old.comments.clone()).unwrap_or_default();
    match (profile, &score.comment) {
        (Profile::Canvas, comment) => before().into_iter().chain(comment.clone()).collect(),
        (Profile::Blackboard, None) => before(),
        (_, comment) => comment.iter().cloned().collect(),
    }
}

/// Spec: AGS 2.0, on `submission`: an activity that is reset was never started; one in progress was not handed in.
fn submission(old: Option<&Grade>, score: &Score) -> (Option<String>, Option<String>) {
    let kept = |new: Option<Timestamp>, old: Option<&String>| new.map(|at| at.to_string()).or_else(|| old.cloned());
    let started = kept(score.started_at, old.and_then(|old| old.started_at.as_ref()));
    let submitted = kept(score.submitted_at, old.and_then(|old| old.submitted_at.as_ref()));
    match score.activity {
        ActivityProgress::Initialized => (None, None),
        ActivityProgress::Started | ActivityProgress::InProgress => (started, None),
        ActivityProgress::Submitted | ActivityProgress::Completed => (started, submitted),
    }
}
