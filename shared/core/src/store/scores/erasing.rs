//! Erasing a learner: what a submission says of a person, and the lane that is named by one.

use aws_sdk_dynamodb::types::AttributeValue;
use doorway_lti::id_token::UnixSeconds;

use super::lanes::lane_id;
use super::{STATE, Scores, StoredSubmission, key, moment};
use crate::scores::{Attempt, LaneKey, State, Submission, SubmissionId};
use crate::store::{StoreError, number, text};

/// What stands in a submission's record in place of its lane, whose name is a hash of its learner.
const ERASED: &str = "erased";

impl Scores {
    /// Erases what a submission says of its learner: its body, its lane, and the Platform's words about its attempts. One
    /// that is not settled is withheld for good. `false` when it changed meanwhile: read it again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn erase(&self, id: &SubmissionId, stored: &StoredSubmission, note: &str) -> Result<bool, StoreError> {
        let broken = |error: serde_json::Error| self.table.broken(&id.log_text(), error);
        let about = Submission { note: Some(note.to_owned()), ..stored.about.clone() };
        let attempts = stored.attempts.iter().map(|attempt| {
            let wordless = Attempt { words: None, ..attempt.clone() };
            serde_json::to_string(&wordless).map(text).map_err(broken)
        });
        let attempts = AttributeValue::L(attempts.collect::<Result<_, _>>()?);
        let state = if stored.state.is_settled() { stored.state } else { State::Withheld };
        let unchanged = if stored.tries == 0 { "attribute_not_exists(tries)" } else { "tries = :tries" };
        let mut request = self
            .table
            .update(key(id))
            .await
            .update_expression(
                "SET about = :about, attempts = :attempts, lane = :erased, #state = :state, next_at = :next REMOVE payload",
            )
            .condition_expression(format!("#state = :from AND {unchanged}"))
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":about", text(serde_json::to_string(&about).map_err(broken)?))
            .expression_attribute_values(":attempts", attempts)
            .expression_attribute_values(":erased", text(ERASED))
            .expression_attribute_values(":state", text(state.word()))
            .expression_attribute_values(":from", text(stored.state.word()))
            .expression_attribute_values(":next", moment(None));
        if stored.tries > 0 {
            request = request.expression_attribute_values(":tries", number(u64::from(stored.tries)));
        }
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(self.table.failed("erase a submission's learner", &error)),
        }
    }

    /// Erases a lane, unless an attempt in it is on its way. `false` if one is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn erase_lane(&self, lane: &LaneKey, now: UnixSeconds) -> Result<bool, StoreError> {
        let request = self.table.client().await.delete_item().table_name(self.table.name());
        let request = request
            .set_key(Some(lane_id(lane)))
            .condition_expression("attribute_not_exists(busy) OR busy_until <= :now")
            .expression_attribute_values(":now", number(now.0));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(self.table.failed("erase a lane", &error)),
        }
    }
}
