//! `POST /v1/launches/{id}/scores` and `GET /v1/scores/{id}`: a result goes to the gradebook, and what became of it.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{ApiError, AppApi, send_for_json};

/// A final result of the launch's user, for the launch's own gradebook column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Points.
    pub score_given: usize,
    /// Of how many.
    pub score_maximum: usize,
    /// `Completed`: the person is done.
    pub activity_progress: &'static str,
    /// `FullyGraded`: the points are final.
    pub grading_progress: &'static str,
    /// What the student and the teacher read beside the points.
    pub comment: String,
    /// When the person worked on it.
    pub submission: Submission,
}

/// When a person worked on what is graded, as RFC 3339 with a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The questions were shown.
    pub started_at: String,
    /// The answers were handed in.
    pub submitted_at: String,
}

/// What Doorway did with a score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ScoreReceipt {
    /// Doorway's id of it.
    pub id: String,
    /// Where it is.
    pub state: ScoreState,
    /// Why, where the state alone does not say it.
    #[serde(default)]
    pub note: Option<String>,
}

/// Where a score is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScoreState {
    /// On its way at this moment.
    Sending,
    /// Kept safe, to be delivered when the Platform answers.
    Queued,
    /// In the gradebook.
    Delivered,
    /// A newer one has overtaken it.
    Superseded,
    /// Not sent, because the Platform would have wiped the grade that is there.
    Withheld,
    /// Given up.
    Failed,
    /// A state that is newer than this App.
    #[serde(other)]
    Unknown,
}

/// A score with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreRecord {
    /// Doorway's id of it.
    pub id: String,
    /// Where it is.
    pub state: ScoreState,
    /// The tries to deliver it, oldest first.
    #[serde(default)]
    pub attempts: Vec<DeliveryAttempt>,
    /// When Doorway tries again, RFC 3339.
    #[serde(default)]
    pub next_attempt_at: Option<String>,
}

/// One try to deliver a score.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DeliveryAttempt {
    /// When, RFC 3339.
    pub at: String,
    /// How it ended.
    pub outcome: String,
    /// The Platform's HTTP status.
    pub status: Option<u16>,
    /// The Platform's words.
    pub words: Option<String>,
}

impl AppApi {
    /// Sends a score. The same `idempotency_key` with the same score counts once, however often it is sent.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with `scores_not_granted`, `platform_refused`, `score_not_accepted` and their like;
    /// [`ApiError::NoAnswer`]: it may have arrived, so send it again with the same key; [`ApiError::NoBaseUrl`].
    pub async fn send_score(
        &self,
        launch_id: &str,
        idempotency_key: &str,
        score: &Score,
    ) -> Result<ScoreReceipt, ApiError> {
        let call = self.call(Method::POST, &["launches", launch_id, "scores"])?;
        send_for_json(call.header("Idempotency-Key", idempotency_key).json(score)).await
    }

    /// What became of a score.
    ///
    /// # Errors
    /// [`ApiError::Refused`], [`ApiError::NoAnswer`], [`ApiError::NoBaseUrl`].
    pub async fn score(&self, score_id: &str) -> Result<ScoreRecord, ApiError> {
        send_for_json(self.call(Method::GET, &["scores", score_id])?).await
    }
}

#[cfg(test)]
mod tests {
    use super::{ScoreReceipt, ScoreRecord, ScoreState};

    #[test]
    fn a_state_that_is_new_to_the_app_is_no_error() {
        let receipt: ScoreReceipt = serde_json::from_str(r#"{"id":"s","state":"pondered"}"#).unwrap();
        assert_eq!(receipt.state, ScoreState::Unknown);
    }

    #[test]
    fn a_record_has_its_attempts() {
        let json = r#"{"id":"s","state":"queued","nextAttemptAt":"2027-01-15T08:05:00Z",
            "attempts":[{"at":"2027-01-15T08:00:00Z","outcome":"timeout"}]}"#;
        let record: ScoreRecord = serde_json::from_str(json).unwrap();
        assert_eq!((record.state, record.attempts[0].outcome.as_str()), (ScoreState::Queued, "timeout"));
        assert_eq!((record.attempts[0].status, &record.attempts[0].words), (None, &None));
    }
}
