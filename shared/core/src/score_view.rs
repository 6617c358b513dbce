//! A score as the App API shows it: a fixed contract (`docs/app-api.md`).

use doorway_lti::timestamp::Timestamp;
use serde::Serialize;

use crate::date::rfc3339;
use crate::scores::{Attempt, State, Submission, SubmissionId};
use crate::store::scores::StoredSubmission;
use crate::use_case::submit_score::Submitted;

/// A score that was taken care of.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SubmittedScore"))]
#[serde(rename_all = "camelCase")]
pub struct ScoreView {
    /// Its id, for asking where it stands.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = crate::launch_id::PATTERN)))]
    id: String,
    /// Where it stands.
    state: State,
    /// The timestamp that it is sent with; its own, for one that was not sent.
    timestamp: Timestamp,
    /// The line item, by its URL.
    line_item: String,
    /// Why it was not sent, or was sent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// A score with its attempts.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "StoredScore"))]
#[serde(rename_all = "camelCase")]
pub struct StoredScoreView {
    #[serde(flatten)]
    score: ScoreView,
    /// When it was accepted.
    accepted_at: Timestamp,
    /// The first hundred attempts.
    #[cfg_attr(feature = "openapi", schemars(extend("maxItems" = crate::store::scores::MAX_RECORDED_ATTEMPTS)))]
    attempts: Vec<Attempt>,
    /// How many attempts there were.
    attempt_count: u32,
    /// When the next attempt is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(extend("format" = "date-time")))]
    next_attempt_at: Option<String>,
    /// When its record ends.
    #[cfg_attr(feature = "openapi", schemars(extend("format" = "date-time")))]
    expires_at: String,
}

impl ScoreView {
    /// Shows a score that was just taken care of.
    pub fn new(submitted: &Submitted) -> Self {
        Self::of(&submitted.id, submitted.state, &submitted.about)
    }

    fn of(id: &SubmissionId, state: State, about: &Submission) -> Self {
        Self {
            id: id.as_str().to_owned(),
            state,
            timestamp: about.timestamp,
            line_item: about.target.line_item.to_string(),
            note: about.note.clone(),
        }
    }
}

impl StoredScoreView {
    /// Shows what is stored of a score.
    pub fn new(id: &SubmissionId, stored: StoredSubmission) -> Self {
        let StoredSubmission { about, state, attempts, tries, next_at, expires_at, .. } = stored;
        Self {
            score: ScoreView::of(id, state, &about),
            accepted_at: Timestamp::from_millis(about.accepted_at * 1000),
            attempts,
            attempt_count: tries,
            next_attempt_at: next_at.filter(|_| !state.is_settled()).map(rfc3339),
            expires_at: rfc3339(expires_at),
        }
    }
}
