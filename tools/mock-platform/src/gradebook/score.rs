//! A score, as the Tool sends it. Spec: AGS 2.0, on scores.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::AppliedScore;
use super::extension::is_extension;
use crate::services::ServiceError;
use crate::timestamp;

/// How far the student is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityProgress {
    /// Never started, or reset.
    Initialized,
    /// Begun.
    Started,
    /// Being worked on.
    InProgress,
    /// Handed in; may be handed in again.
    Submitted,
    /// Done.
    Completed,
}

impl ActivityProgress {
    const ALL: [Self; 5] = [Self::Initialized, Self::Started, Self::InProgress, Self::Submitted, Self::Completed];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initialized => "Initialized",
            Self::Started => "Started",
            Self::InProgress => "InProgress",
            Self::Submitted => "Submitted",
            Self::Completed => "Completed",
        }
    }
}

/// How far grading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradingProgress {
    /// The grade is final.
    FullyGraded,
    /// Grading goes on, by a machine.
    Pending,
    /// Somebody has to grade.
    PendingManual,
    /// Grading went wrong.
    Failed,
    /// There is nothing to grade.
    NotReady,
}

impl GradingProgress {
    const ALL: [Self; 5] = [Self::FullyGraded, Self::Pending, Self::PendingManual, Self::Failed, Self::NotReady];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullyGraded => "FullyGraded",
            Self::Pending => "Pending",
            Self::PendingManual => "PendingManual",
            Self::Failed => "Failed",
            Self::NotReady => "NotReady",
        }
    }
}

/// Canvas's extension of a score.
const CANVAS_SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";

/// A score whose members are right.
pub(crate) struct Score {
    pub(crate) user_id: String,
    pub(crate) at: Timestamp,
    pub(crate) activity: ActivityProgress,
    pub(crate) grading: GradingProgress,
    pub(crate) given: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) comment: Option<String>,
    pub(crate) scoring_user_id: Option<String>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) submitted_at: Option<Timestamp>,
    body: Map<String, Value>,
}

impl Score {
    /// Reads the body of a score request.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ServiceError> {
        let body: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| ServiceError::Malformed("the score must be a JSON object"))?;
        validate_names(&body)?;
        let (given, maximum) = points(&body)?;
        let at = body.get("timestamp").and_then(timestamp::of_json);
        let (started_at, submitted_at) = submission(&body)?;
        Ok(Self {
            user_id: filled(&body, "userId")?
                .ok_or(ServiceError::Malformed("userId must be a text with something in it"))?,
            at: at.ok_or(ServiceError::Malformed("timestamp must be ISO 8601 with a zone"))?,
            activity: named(&body, "activityProgress", &ActivityProgress::ALL, ActivityProgress::as_str)
                .ok_or(ServiceError::Malformed("activityProgress is not one of the five values"))?,
            grading: named(&body, "gradingProgress", &GradingProgress::ALL, GradingProgress::as_str)
                .ok_or(ServiceError::Malformed("gradingProgress is not one of the five values"))?,
            given,
            maximum,
            comment: comment(&body)?,
            scoring_user_id: filled(&body, "scoringUserId")?,
            started_at,
            submitted_at,
            body,
        })
    }

    /// Whether Canvas was asked to leave the grade as it is.
    pub(crate) fn preserves_score(&self) -> bool {
        self.body.get(CANVAS_SUBMISSION).and_then(|extension| extension.get("preserve_score"))
            == Some(&Value::Bool(true))
    }

    /// The record of this score.
    pub(crate) fn applied_to(&self, line_item: &str) -> AppliedScore {
        AppliedScore {
            line_item: line_item.to_owned(),
            user_id: self.user_id.clone(),
            timestamp: self.body["timestamp"].as_str().unwrap_or_default().to_owned(),
            score_given: self.given,
            score_maximum: self.maximum,
            activity_progress: self.activity,
            grading_progress: self.grading,
            comment: self.comment.clone(),
            body: Value::Object(self.body.clone()),
        }
    }
}

fn validate_names(body: &Map<String, Value>) -> Result<(), ServiceError> {
    const NAMES: [&str; 9] = [
        "userId",
        "timestamp",
        "activityProgress",
        "gradingProgress",
        "scoreGiven",
        "scoreMaximum",
        "comment",
        "scoringUserId",
        "submission",
    ];
    if body.keys().all(|name| NAMES.contains(&name.as_str()) || is_extension(name)) {
        return Ok(());
    }
    Err(ServiceError::Malformed("a member is neither of the standard nor named by a full URL"))
}

/// `scoreGiven` and `scoreMaximum`. An absent or null `scoreGiven` is no score, which is not the same as zero.
fn points(body: &Map<String, Value>) -> Result<(Option<f64>, Option<f64>), ServiceError> {
    let number = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or(ServiceError::Malformed("points must be JSON numbers")),
    };
    let (given, maximum) = (number("scoreGiven")?, number("scoreMaximum")?);
    if given.is_some_and(|given| given < 0.0) {
        return Err(ServiceError::Malformed("scoreGiven must not be less than zero"));
    }
    if maximum.is_some_and(|maximum| maximum <= 0.0) {
        return Err(ServiceError::Malformed("scoreMaximum must be more than zero"));
    }
    if given.is_some() && maximum.is_none() {
        return Err(ServiceError::ScoreMaximumMissing);
    }
    Ok((given, maximum))
}

/// A text that, where it is, must have something in it.
fn filled(body: &Map<String, Value>, name: &str) -> Result<Option<String>, ServiceError> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(ServiceError::Malformed("userId and scoringUserId are texts with something in them")),
    }
}

/// A blank comment is none.
fn comment(body: &Map<String, Value>) -> Result<Option<String>, ServiceError> {
    match body.get("comment") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(ServiceError::Malformed("comment must be a text")),
    }
}

fn named<T: Copy>(body: &Map<String, Value>, name: &str, all: &[T], as_str: fn(T) -> &'static str) -> Option<T> {
    let found = body.get(name)?.as_str()?;
    all.iter().copied().find(|value| as_str(*value) == found)
}

fn submission(body: &Map<String, Value>) -> Result<(Option<Timestamp>, Option<Timestamp>), ServiceError> {
    let Some(submission) = body.get("submission") else { return Ok((None, None)) };
    let instant = |name: &str| match submission.get(name) {
        None => Ok(None),
        Some(value) => timestamp::of_json(value)
            .map(Some)
            .ok_or(ServiceError::Malformed("startedAt and submittedAt must be ISO 8601 with a zone")),
    };
    if !submission.is_object() {
        return Err(ServiceError::Malformed("submission must be an object"));
    }
    let (started, submitted) = (instant("startedAt")?, instant("submittedAt")?);
    if let (Some(started), Some(submitted)) = (started, submitted)
        && submitted < started
    {
        return Err(ServiceError::Malformed("submittedAt must not be before startedAt"));
    }
    Ok((started, submitted))
}
