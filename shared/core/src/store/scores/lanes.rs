//! Lanes: who is on the way, and what was given out last.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use doorway_lti::ags::order::Last;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::timestamp::Timestamp;

use super::{NewSubmission, Scores};
use crate::scores::{Lane, LaneGrade, LaneKey, SubmissionId};
use crate::store::gates::{Gate, gate_key, parse_gate};
use crate::store::schema::ID;
use crate::store::{Item, StoreError, number, read_number, read_text, text};

/// How long a submission on its way keeps its lane, in seconds: longer than any attempt takes.
pub const LANE_LEASE_SECONDS: u64 = 90;
/// How long a lane is remembered after the last score, in seconds: longer than a course lasts.
const LANE_SECONDS: u64 = 400 * 24 * 3600;

/// What a submission changes in its lane.
pub struct Place {
    /// The lane as it was read.
    pub version: u64,
    /// Its timestamps.
    pub last: Last,
    /// The grade that was accepted last, this one included.
    pub grade: Option<LaneGrade>,
    /// Whether it is on its way from now on.
    pub takes_lane: bool,
}

/// How taking a lane ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is taken; nothing is unclear.
    Free,
    /// It is taken; an earlier attempt of this submission never said how it ended.
    Interrupted,
    /// It is taken; an attempt of another submission never said how it ended.
    After(SubmissionId),
    /// Another attempt is on its way.
    Busy,
    /// The Platform has taken a newer score meanwhile.
    Overtaken,
}

impl Scores {
    /// The lane; an empty one when nothing was sent in it yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lane(&self, key: &LaneKey) -> Result<Lane, StoreError> {
        Ok(parse_lane(self.table.get(lane_id(key), true).await?.as_ref()))
    }

    /// The lane, and the gate of the Platform at this origin, in one request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lane_and_gate(&self, key: &LaneKey, origin: &str) -> Result<(Lane, Gate), StoreError> {
        let [lane, gate] = self.table.get_both([lane_id(key), gate_key(origin)]).await?;
        Ok((parse_lane(lane.as_ref()), parse_gate(gate.as_ref())))
    }

    /// Takes the lane for an attempt at the score with this timestamp, unless another attempt is on its way or a newer
    /// score was delivered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_lane(
        &self,
        id: &SubmissionId,
        lane: &LaneKey,
        timestamp: Timestamp,
        now: UnixSeconds,
    ) -> Result<Taken, StoreError> {
        let request = self
            .table
            .update(lane_id(lane))
            .await
            .update_expression("SET busy = :id, busy_until = :until, expires_at = :end")
            .condition_expression(
                "(attribute_not_exists(busy) OR busy_until <= :now) AND (attribute_not_exists(delivered) OR delivered < :sent)",
            )
            .expression_attribute_values(":id", text(id.as_str()))
            .expression_attribute_values(":until", number(now.0 + LANE_LEASE_SECONDS))
            .expression_attribute_values(":end", number(now.0 + LANE_SECONDS))
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":sent", number(timestamp.millis()))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(answer) => Ok(after(id, answer.attributes.as_ref())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    let lane = parse_lane(refused.item());
                    let overtaken = lane.delivered.is_some_and(|delivered| delivered >= timestamp);
                    Ok(if overtaken { Taken::Overtaken } else { Taken::Busy })
                }
                _ => Err(self.table.failed("take a lane", &error)),
            },
        }
    }

    pub(super) fn place(&self, new: &NewSubmission<'_>, place: &Place, now: UnixSeconds) -> TransactWriteItem {
        let (take, if_free) = if place.takes_lane {
            (", busy = :id, busy_until = :until", " AND (attribute_not_exists(busy) OR busy_until <= :now)")
        } else {
            ("", "")
        };
        let unchanged = if place.version == 0 { "attribute_not_exists(version)" } else { "version = :read" };
        let grade = if place.grade.is_some() { ", grade = :grade" } else { "" };
        let no_grade = if place.grade.is_some() { "" } else { " REMOVE grade" };
        let mut update = Update::builder()
            .table_name(self.table.name())
            .set_key(Some(lane_id(new.lane)))
            .update_expression(format!(
                "SET version = :version, latest = :id, sent = :sent, event = :event, expires_at = :end{grade}{take}{no_grade}"
            ))
            .condition_expression(format!("{unchanged}{if_free}"))
            .expression_attribute_values(":version", number(place.version + 1))
            .expression_attribute_values(":id", text(new.id.as_str()))
            .expression_attribute_values(":sent", number(place.last.sent.millis()))
            .expression_attribute_values(":event", number(place.last.event.millis()))
            .expression_attribute_values(":end", number(now.0 + LANE_SECONDS));
        if let Some(grade) = &place.grade {
            let parts = [text(grade.id.as_str()), number(grade.sent.millis()), number(grade.event.millis())];
            update = update.expression_attribute_values(":grade", AttributeValue::L(parts.to_vec()));
        }
        if place.version > 0 {
            update = update.expression_attribute_values(":read", number(place.version));
        }
        if place.takes_lane {
            update = update
                .expression_attribute_values(":until", number(now.0 + LANE_LEASE_SECONDS))
                .expression_attribute_values(":now", number(now.0));
        }
        TransactWriteItem::builder().update(update.build().expect("table, key and expression are given")).build()
    }

    pub(super) fn leave_lane(&self, id: &SubmissionId, lane: &LaneKey, delivered: Option<Timestamp>) -> Update {
        let set = if delivered.is_some() { "SET delivered = :delivered " } else { "" };
        let update = Update::builder()
            .table_name(self.table.name())
            .set_key(Some(lane_id(lane)))
            .update_expression(format!("{set}REMOVE busy, busy_until"))
            .condition_expression("busy = :id")
            .expression_attribute_values(":id", text(id.as_str()));
        let update = match delivered {
            Some(timestamp) => update.expression_attribute_values(":delivered", number(timestamp.millis())),
            None => update,
        };
        update.build().expect("table, key and expression are given")
    }

    /// Tells a lane that was lost meanwhile what was delivered all the same.
    pub(super) async fn raise_delivered(&self, lane: &LaneKey, timestamp: Timestamp) -> Result<(), StoreError> {
        let request = self
            .table
            .update(lane_id(lane))
            .await
            .update_expression("SET delivered = :delivered")
            // A lane that was erased meanwhile stays erased.
            .condition_expression(
                "attribute_exists(id) AND (attribute_not_exists(delivered) OR delivered < :delivered)",
            )
            .expression_attribute_values(":delivered", number(timestamp.millis()));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("tell a lane what was delivered", &error)),
        }
    }
}

/// What a lane says that was taken just now: whether somebody left it without a word.
fn after(id: &SubmissionId, before: Option<&Item>) -> Taken {
    match parse_lane(before).busy {
        None => Taken::Free,
        Some((busy, _)) if busy == *id => Taken::Interrupted,
        Some((busy, _)) => Taken::After(busy),
    }
}

/// A lane that is not in the table is empty.
fn parse_lane(item: Option<&Item>) -> Lane {
    let Some(item) = item else { return Lane::default() };
    let moment = |name: &str| read_number(item, name).map(Timestamp::from_millis);
    let id = |name: &str| read_text(item, name).and_then(|text| SubmissionId::try_from(text).ok());
    Lane {
        version: read_number(item, "version").unwrap_or_default(),
        last: moment("sent").zip(moment("event")).map(|(sent, event)| Last { sent, event }),
        grade: item.get("grade").and_then(parse_grade),
        latest: id("latest"),
        busy: id("busy").zip(read_number(item, "busy_until").map(UnixSeconds)),
        delivered: moment("delivered"),
    }
}

fn parse_grade(value: &AttributeValue) -> Option<LaneGrade> {
    let [id, sent, event] = value.as_l().ok()?.as_slice() else { return None };
    let moment = |value: &AttributeValue| value.as_n().ok()?.parse().ok().map(Timestamp::from_millis);
    Some(LaneGrade {
        id: SubmissionId::try_from(id.as_s().ok()?.as_str()).ok()?,
        sent: moment(sent)?,
        event: moment(event)?,
    })
}

pub(super) fn lane_id(lane: &LaneKey) -> Item {
    Item::from([(ID.to_owned(), text(format!("lane#{}", lane.as_str())))])
}
