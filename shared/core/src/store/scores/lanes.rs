//! Lanes: who is on the way, and what was given out last.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, TransactWriteItem, Update};
use doorway_lti::ags::order::Last;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::timestamp::Timestamp;

use super::{NewSubmission, Scores};
use crate::scores::{Lane, LaneKey, SubmissionId};
use crate::store::schema::ID;
use crate::store::{Item, StoreError, number, read_number, read_text, text};

/// How long a submission on its way keeps its lane, in seconds: longer than any attempt takes.
pub const LANE_LEASE_SECONDS: u64 = 60;
/// How long a lane is remembered after the last score, in seconds: longer than a course lasts.
const LANE_SECONDS: u64 = 400 * 24 * 3600;

/// What a submission changes in its lane.
pub struct Place {
    /// The lane as it was read.
    pub version: u64,
    /// Its timestamps.
    pub last: Last,
    /// Whether a grade is, or was, accepted.
    pub graded: bool,
    /// Whether it is on its way from now on.
    pub takes_lane: bool,
}

/// How taking a lane ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is taken; nothing is unclear.
    Free,
    /// It is taken; an earlier attempt of this same submission never said how it ended.
    Interrupted,
    /// Another attempt is on its way.
    Busy,
}

impl Scores {
    /// The lane; an empty one when nothing was sent in it yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lane(&self, key: &LaneKey) -> Result<Lane, StoreError> {
        let item = self.table.get(lane_id(key), true).await?;
        Ok(item.map(|item| parse_lane(&item)).unwrap_or_default())
    }

    /// Takes the lane for an attempt, unless another attempt is on its way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_lane(&self, id: &SubmissionId, lane: &LaneKey, now: UnixSeconds) -> Result<Taken, StoreError> {
        let request = self
            .table
            .update(lane_id(lane))
            .await
            .update_expression("SET busy = :id, busy_until = :until, expires_at = :end")
            .condition_expression("attribute_not_exists(busy) OR busy_until <= :now")
            .expression_attribute_values(":id", text(id.as_str()))
            .expression_attribute_values(":until", number(now.0 + LANE_LEASE_SECONDS))
            .expression_attribute_values(":end", number(now.0 + LANE_SECONDS))
            .expression_attribute_values(":now", number(now.0))
            .return_values(ReturnValue::AllOld);
        match request.send().await {
            Ok(answer) => {
                let before = answer.attributes.as_ref().and_then(|item| read_text(item, "busy"));
                Ok(if before == Some(id.as_str()) { Taken::Interrupted } else { Taken::Free })
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(Taken::Busy),
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
        let mut update = Update::builder()
            .table_name(self.table.name())
            .set_key(Some(lane_id(new.lane)))
            .update_expression(format!(
                "SET version = :version, latest = :id, sent = :sent, event = :event, graded = :graded, expires_at = :end{take}"
            ))
            .condition_expression(format!("{unchanged}{if_free}"))
            .expression_attribute_values(":version", number(place.version + 1))
            .expression_attribute_values(":id", text(new.id.as_str()))
            .expression_attribute_values(":sent", number(place.last.sent.millis()))
            .expression_attribute_values(":event", number(place.last.event.millis()))
            .expression_attribute_values(":graded", AttributeValue::Bool(place.graded))
            .expression_attribute_values(":end", number(now.0 + LANE_SECONDS));
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
}

fn parse_lane(item: &Item) -> Lane {
    let moment = |name: &str| read_number(item, name).map(Timestamp::from_millis);
    let id = |name: &str| read_text(item, name).and_then(|text| SubmissionId::try_from(text).ok());
    Lane {
        version: read_number(item, "version").unwrap_or_default(),
        last: moment("sent").zip(moment("event")).map(|(sent, event)| Last { sent, event }),
        graded: item.get("graded").and_then(|graded| graded.as_bool().ok()).copied().unwrap_or_default(),
        latest: id("latest"),
        busy: id("busy").zip(read_number(item, "busy_until").map(UnixSeconds)),
        delivered: moment("delivered"),
    }
}

fn lane_id(lane: &LaneKey) -> Item {
    Item::from([(ID.to_owned(), text(format!("lane#{}", lane.as_str())))])
}
