//! Attempts: how each ended, and what that makes of its submission.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::timestamp::Timestamp;

use super::{MAX_RECORDED_ATTEMPTS, STATE, Scores, failed_conditions, keeps_payload, key, moment};
use crate::scores::{Attempt, LaneKey, State, SubmissionId};
use crate::store::{StoreError, number, text};

/// How an attempt leaves a submission.
pub struct Ended<'a> {
    /// Where it stands now.
    pub state: State,
    /// What happened.
    pub attempt: &'a Attempt,
    /// When it is due again.
    pub next_at: Option<UnixSeconds>,
    /// How many attempts there were before this one.
    pub tries: u32,
}

impl Scores {
    /// Records how an attempt ended and leaves the lane, both or neither. When the lane was lost meanwhile, the
    /// submission is recorded all the same.
    ///
    /// # Errors
    /// [`StoreError`]: the attempt's end is not recorded then.
    pub async fn end_attempt(
        &self,
        id: &SubmissionId,
        lane: &LaneKey,
        timestamp: Timestamp,
        ended: &Ended<'_>,
    ) -> Result<(), StoreError> {
        let submission = self.attempted(id, ended);
        let leave = self.leave_lane(id, lane, (ended.state == State::Delivered).then_some(timestamp));
        let writes = vec![
            TransactWriteItem::builder().update(submission.clone()).build(),
            TransactWriteItem::builder().update(leave).build(),
        ];
        let request = self.table.client().await.transact_write_items().set_transact_items(Some(writes));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().and_then(failed_conditions).is_some() => {
                let alone = vec![TransactWriteItem::builder().update(submission).build()];
                let request = self.table.client().await.transact_write_items().set_transact_items(Some(alone));
                request.send().await.map(drop).map_err(|error| self.table.failed("record an attempt", &error))
            }
            Err(error) => Err(self.table.failed("record an attempt", &error)),
        }
    }

    fn attempted(&self, id: &SubmissionId, ended: &Ended<'_>) -> Update {
        let attempt = serde_json::to_string(ended.attempt).expect("an attempt serialises");
        let record = if ended.tries < MAX_RECORDED_ATTEMPTS {
            ", attempts = list_append(if_not_exists(attempts, :none), :attempt)"
        } else {
            ""
        };
        let forget = if keeps_payload(ended.state) { "" } else { " REMOVE payload" };
        let mut update = Update::builder()
            .table_name(self.table.name())
            .set_key(Some(key(id)))
            .update_expression(format!("SET #state = :state, tries = :tries, next_at = :next{record}{forget}"))
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":state", text(ended.state.word()))
            .expression_attribute_values(":tries", number(u64::from(ended.tries) + 1))
            .expression_attribute_values(":next", moment(ended.next_at));
        if !record.is_empty() {
            update = update
                .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
                .expression_attribute_values(":attempt", AttributeValue::L(vec![text(attempt)]));
        }
        update.build().expect("table, key and expression are given")
    }
}
