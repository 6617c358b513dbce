//! Results: what the gradebook has for a learner, the teacher's changes included.
//!
//! Spec: [AGS 2.0, result service](https://www.imsglobal.org/spec/lti-ags/v2p0/#result-service).

use std::fmt;

use serde::Serialize;
use serde_json::{Number, Value};

use super::body::{self, BodyError};
use crate::ids::UserId;
use crate::json::Object;
use crate::tolerant::{id, text};

/// How far two scores may be apart, as parts of their maximum, and still be the same: Platforms round.
const SAME_RATIO: f64 = 0.001;

/// One learner's result at one line item, named as in the specification.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Result"))]
#[serde(rename_all = "camelCase")]
pub struct LineItemResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score_of: Option<String>,
    user_id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_score: Option<Number>,
    result_maximum: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    scoring_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// Without the people and the comment.
impl fmt::Debug for LineItemResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineItemResult")
            .field("result_score", &self.result_score)
            .field("result_maximum", &self.result_maximum)
            .finish_non_exhaustive()
    }
}

impl LineItemResult {
    /// Reads a page of results. One without a user says nothing and is left out.
    ///
    /// # Errors
    /// [`BodyError::NotAnArray`].
    pub fn parse_all(body: &[u8]) -> Result<Vec<Self>, BodyError> {
        body::array(body, |members| Self::read(&members))
    }

    fn read(members: &Object) -> Option<Self> {
        Some(Self {
            id: text(members, "id"),
            score_of: text(members, "scoreOf"),
            user_id: UserId::try_from(id(members, "userId")?).ok()?,
            result_score: number(members, "resultScore"),
            result_maximum: number(members, "resultMaximum").unwrap_or_else(|| Number::from(1)),
            scoring_user_id: id(members, "scoringUserId"),
            comment: text(members, "comment"),
        })
    }

    /// Whose result it is.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Whether it says the same as `given` out of `maximum` points: the gradebook has a maximum of its own and
    /// rounds, so they may be a thousandth apart.
    pub fn equals(&self, given: f64, maximum: f64) -> bool {
        let ratio = |points: f64, maximum: f64| (maximum > 0.0).then(|| points / maximum);
        let score = self.result_score.as_ref().and_then(Number::as_f64);
        let ours = ratio(given, maximum);
        let theirs = score.zip(self.result_maximum.as_f64()).and_then(|(score, maximum)| ratio(score, maximum));
        ours.zip(theirs).is_some_and(|(ours, theirs)| (ours - theirs).abs() <= SAME_RATIO)
    }
}

/// A number, or a text that is one.
fn number(members: &Object, name: &str) -> Option<Number> {
    match members.get(name)? {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.trim().parse().ok().and_then(Number::from_f64),
        _ => None,
    }
}
