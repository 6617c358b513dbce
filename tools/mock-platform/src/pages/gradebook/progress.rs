//! How far a student's work and its grading are, in words that people use.

use crate::gradebook::{ActivityProgress, Grade, GradingProgress};

/// Both, such as `Completed, graded`.
pub(super) fn in_words(grade: &Grade) -> String {
    let activity = grade.activity_progress.map_or("Entered by a teacher", activity_in_words);
    format!("{activity}, {}", grading_in_words(grade.grading_progress))
}

/// Both as the Tool sent them, for developers.
pub(super) fn on_the_wire(grade: &Grade) -> Option<String> {
    grade.activity_progress.map(|activity| format!("{}, {}", activity.as_str(), grade.grading_progress.as_str()))
}

const fn activity_in_words(progress: ActivityProgress) -> &'static str {
    match progress {
        ActivityProgress::Initialized => "Not started",
        ActivityProgress::Started => "Started",
        ActivityProgress::InProgress => "In progress",
        ActivityProgress::Submitted => "Handed in",
        ActivityProgress::Completed => "Completed",
    }
}

const fn grading_in_words(progress: GradingProgress) -> &'static str {
    match progress {
        GradingProgress::FullyGraded => "graded",
        GradingProgress::Pending => "being graded",
        GradingProgress::PendingManual => "waits for a teacher to grade it",
        GradingProgress::Failed => "grading went wrong",
        GradingProgress::NotReady => "not graded",
    }
}
