//! Attempts: how each ended, and what that makes of its submission.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::timestamp::Timestamp;

use super::{MAX_RECORDED_ATTEMPTS, NOT_SETTLED, STATE, Scores, failed_conditions, keeps_payload, key, moment};
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

/// So often the end of an attempt is written when another write of the same lane comes in between.
const WRITES: usize = 5;

/// Which condition stood against the end of an attempt.
enum Against {
    /// The submission is settled already, and stays so.
    Submission,
    /// The lane is not this submission's any more.
    Lane,
    /// None: another transaction was faster. Once more.
    Nothing,
}

impl Scores {
    /// Records how an attempt ended and leaves the lane, both or neither. When the lane was lost meanwhile, the
    /// submission is recorded all the same; what is settled already stays as it is.
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
        let mut writes = vec![submission.clone(), leave.clone()];
        let mut error = None;
        for _ in 0..WRITES {
            match self.write(&writes).await {
                Ok(()) => return Ok(()),
                Err((refusal, None)) => return Err(refusal),
                Err((refusal, Some(Against::Nothing))) => error = Some(refusal),
                Err((_, Some(_))) if writes.len() == 1 => return Ok(()),
                Err((_, Some(Against::Submission))) => writes = vec![leave.clone()],
                Err((_, Some(Against::Lane))) => {
                    if ended.state == State::Delivered {
                        self.raise_delivered(lane, timestamp).await?;
                    }
                    writes = vec![submission.clone()];
                }
            }
        }
        error.map_or(Ok(()), Err)
    }

    /// Leaves a lane after no attempt.
    ///
    /// # Errors
    /// [`StoreError`]: it is free again when its time has passed.
    pub async fn release_lane(&self, id: &SubmissionId, lane: &LaneKey) -> Result<(), StoreError> {
        match self.write(&[self.leave_lane(id, lane, None)]).await {
            Err((error, None)) => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Remembers that an attempt of this submission never said how it ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_unclear(&self, id: &SubmissionId) -> Result<(), StoreError> {
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression("SET unclear = :true")
            .condition_expression("attribute_exists(about)")
            .expression_attribute_values(":true", AttributeValue::Bool(true));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("mark a submission", &error)),
        }
    }

    async fn write(&self, updates: &[Update]) -> Result<(), (StoreError, Option<Against>)> {
        let writes = updates.iter().map(|update| TransactWriteItem::builder().update(update.clone()).build()).collect();
        let request = self.table.client().await.transact_write_items().set_transact_items(Some(writes));
        request.send().await.map(drop).map_err(|error| {
            let against = error.as_service_error().and_then(failed_conditions).map(|failed| match failed[..] {
                [true, ..] => Against::Submission,
                [_, true] => Against::Lane,
                _ => Against::Nothing,
            });
            (self.table.failed("record an attempt", &error), against)
        })
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
            .condition_expression(NOT_SETTLED)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":sending", text(State::Sending.word()))
            .expression_attribute_values(":queued", text(State::Queued.word()))
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
