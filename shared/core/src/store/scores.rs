//! Submissions of scores and their lanes, in the scores table.
//!
//! | `id` | holds |
//! |---|---|
//! | a submission id | a submission: `about`, `payload` (gone once it is settled well), `state`, `attempts`, `lane` |
//! | `lane#<hash>` | a lane: what was accepted last, what is on its way, what was delivered |
//!
//! A submission and its place in the lane are one transaction: of many at once each has its own timestamp. So is the end
//! of an attempt: what the submission says and what the lane says never differ.
//! (Tokens and the sparing of Platforms stand here too: see [`super::tokens`], [`super::gates`].)

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue, TransactWriteItem, Update};
use doorway_lti::ags::order::Last;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::json::Object;
use doorway_lti::timestamp::Timestamp;

use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, bytes, number, read_bytes, read_number, read_text, text};
use crate::packing::{pack, unpack};
use crate::scores::{Attempt, Lane, LaneKey, State, Submission, SubmissionId};

const ABOUT: &str = "about";
const PAYLOAD: &str = "payload";
const REQUEST: &str = "request";
const STATE: &str = "state";
const ATTEMPTS: &str = "attempts";
const TRIES: &str = "tries";
const NEXT_AT: &str = "next_at";
const LANE: &str = "lane";

/// How long a submission on its way keeps its lane, in seconds: longer than any attempt takes.
pub const LANE_LEASE_SECONDS: u64 = 60;
/// How long a lane is remembered after the last score, in seconds: longer than a course lasts.
const LANE_SECONDS: u64 = 400 * 24 * 3600;
/// So many attempts are recorded one by one; of further ones only the count.
pub const MAX_RECORDED_ATTEMPTS: u32 = 100;

/// The scores table, for submissions and lanes.
pub struct Scores {
    table: Table,
}

/// A submission to store.
pub struct NewSubmission<'a> {
    /// Its id.
    pub id: &'a SubmissionId,
    /// Where it goes and when.
    pub about: &'a Submission,
    /// The body to send; `None` when it never will be.
    pub payload: Option<&'a Object>,
    /// A hash of the App's request, to know the same request again.
    pub request: [u8; 32],
    /// Where it stands at first.
    pub state: State,
    /// Its lane.
    pub lane: &'a LaneKey,
    /// When the record ends.
    pub expires_at: UnixSeconds,
}

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

/// How storing a submission ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is stored.
    New,
    /// One with this id is there.
    Existing,
    /// The lane has moved on: read it again.
    LaneMoved,
}

/// A submission as stored.
#[derive(Debug, Clone)]
pub struct StoredSubmission {
    /// Where it goes and when.
    pub about: Submission,
    /// The body to send, while it may still be needed.
    pub payload: Option<Object>,
    /// A hash of the App's request.
    pub request: Vec<u8>,
    /// Where it stands.
    pub state: State,
    /// Its lane.
    pub lane: LaneKey,
    /// Every attempt, the first [`MAX_RECORDED_ATTEMPTS`] of them.
    pub attempts: Vec<Attempt>,
    /// How many attempts there were.
    pub tries: u32,
    /// When the next attempt is due, if one is.
    pub next_at: Option<UnixSeconds>,
    /// When the record ends.
    pub expires_at: UnixSeconds,
}

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
    /// In the scores table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The lane; an empty one when nothing was sent in it yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lane(&self, key: &LaneKey) -> Result<Lane, StoreError> {
        let item = self.table.get(lane_id(key), true).await?;
        Ok(item.map(|item| parse_lane(&item)).unwrap_or_default())
    }

    /// Stores a submission, and its place in its lane if it has one, both or neither.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: whether it is stored is unknown then.
    pub async fn insert(
        &self,
        new: &NewSubmission<'_>,
        place: Option<&Place>,
        now: UnixSeconds,
    ) -> Result<Inserted, StoreError> {
        let put = Put::builder()
            .table_name(self.table.name())
            .set_item(Some(self.item(new)?))
            .condition_expression("attribute_not_exists(id)")
            .build()
            .expect("table and item are given");
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        writes.extend(place.map(|place| self.place(new, place, now)));
        let request = self.table.client().await.transact_write_items().set_transact_items(Some(writes));
        match request.send().await {
            Ok(_) => Ok(Inserted::New),
            Err(error) => match error.as_service_error().and_then(failed_conditions) {
                Some(failed) if failed.first() == Some(&true) => Ok(Inserted::Existing),
                Some(_) => Ok(Inserted::LaneMoved),
                None => Err(self.table.failed("store a score", &error)),
            },
        }
    }

    /// The submission, if there is one that has not ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, id: &SubmissionId, now: UnixSeconds) -> Result<Option<StoredSubmission>, StoreError> {
        let item = self.table.get(key(id), true).await?;
        let stored = item.map(|item| self.parse(id, &item)).transpose()?;
        Ok(stored.filter(|stored| now < stored.expires_at))
    }

    /// All submissions that are not settled, by a scan: for a queue that was lost with its process, and for operators.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<SubmissionId>, StoreError> {
        let mut waiting = Vec::new();
        let mut after = None;
        loop {
            let request = self
                .table
                .client()
                .await
                .scan()
                .table_name(self.table.name())
                .filter_expression("#state IN (:sending, :queued)")
                .projection_expression("id")
                .expression_attribute_names("#state", STATE)
                .expression_attribute_values(":sending", text(State::Sending.word()))
                .expression_attribute_values(":queued", text(State::Queued.word()))
                .set_exclusive_start_key(after);
            let page = request.send().await.map_err(|error| self.table.failed("scan for waiting scores", &error))?;
            waiting.extend(page.items().iter().filter_map(|item| SubmissionId::try_from(read_text(item, ID)?).ok()));
            after = page.last_evaluated_key;
            if after.is_none() {
                return Ok(waiting);
            }
        }
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

    /// Changes where a submission stands without an attempt.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_state(
        &self,
        id: &SubmissionId,
        state: State,
        next_at: Option<UnixSeconds>,
    ) -> Result<(), StoreError> {
        let forget = if keeps_payload(state) { "" } else { " REMOVE payload" };
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression(format!("SET #state = :state, next_at = :next{forget}"))
            .condition_expression("attribute_exists(about)")
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":state", text(state.word()))
            .expression_attribute_values(":next", moment(next_at));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("change a submission", &error)),
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

    fn leave_lane(&self, id: &SubmissionId, lane: &LaneKey, delivered: Option<Timestamp>) -> Update {
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

    fn place(&self, new: &NewSubmission<'_>, place: &Place, now: UnixSeconds) -> TransactWriteItem {
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

    fn item(&self, new: &NewSubmission<'_>) -> Result<Item, StoreError> {
        let about = serde_json::to_string(new.about).map_err(|error| self.table.broken(new.id.as_str(), error))?;
        let mut item = key(new.id);
        item.insert(ABOUT.to_owned(), text(about));
        item.insert(REQUEST.to_owned(), bytes(new.request.to_vec()));
        item.insert(STATE.to_owned(), text(new.state.word()));
        item.insert(LANE.to_owned(), text(new.lane.as_str()));
        item.insert(EXPIRES_AT.to_owned(), number(new.expires_at.0));
        if let Some(payload) = new.payload {
            item.insert(PAYLOAD.to_owned(), bytes(pack(payload)));
        }
        Ok(item)
    }

    fn parse(&self, id: &SubmissionId, item: &Item) -> Result<StoredSubmission, StoreError> {
        let broken = |fault: &str| self.table.broken(id.as_str(), fault);
        let about = read_text(item, ABOUT).and_then(|about| serde_json::from_str(about).ok());
        let payload =
            read_bytes(item, PAYLOAD).map(|packed| unpack(packed).map_err(|error| broken(&error.to_string())));
        let attempts = item.get(ATTEMPTS).and_then(|list| list.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
        let attempts = attempts.iter().filter_map(|attempt| serde_json::from_str(attempt.as_s().ok()?).ok()).collect();
        Ok(StoredSubmission {
            about: about.ok_or_else(|| broken("attribute `about` is no submission"))?,
            payload: payload.transpose()?,
            request: read_bytes(item, REQUEST).unwrap_or_default().to_vec(),
            state: read_text(item, STATE)
                .and_then(State::from_word)
                .ok_or_else(|| broken("attribute `state` is no state"))?,
            lane: LaneKey::from_stored(read_text(item, LANE).ok_or_else(|| broken("attribute `lane` is missing"))?),
            attempts,
            tries: read_number(item, TRIES).and_then(|tries| u32::try_from(tries).ok()).unwrap_or_default(),
            next_at: read_number(item, NEXT_AT).map(UnixSeconds),
            expires_at: read_number(item, EXPIRES_AT)
                .map(UnixSeconds)
                .ok_or_else(|| broken("attribute `expires_at` is missing"))?,
        })
    }
}

/// A delivered score need not be kept, nor may it; a failed one can be sent again by hand.
fn keeps_payload(state: State) -> bool {
    matches!(state, State::Sending | State::Queued | State::Failed)
}

/// Which writes of a cancelled transaction failed by their condition or by another transaction; `None` when it failed
/// otherwise.
fn failed_conditions(error: &TransactWriteItemsError) -> Option<Vec<bool>> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return None };
    let codes: Vec<&str> =
        cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None")).collect();
    let expected = |code: &&str| matches!(*code, "None" | "ConditionalCheckFailed" | "TransactionConflict");
    let failed: Vec<bool> = codes.iter().map(|code| *code == "ConditionalCheckFailed").collect();
    codes.iter().all(|code| expected(code)).then_some(failed)
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

fn key(id: &SubmissionId) -> Item {
    Item::from([(ID.to_owned(), text(id.as_str()))])
}

fn lane_id(lane: &LaneKey) -> Item {
    Item::from([(ID.to_owned(), text(format!("lane#{}", lane.as_str())))])
}

fn moment(moment: Option<UnixSeconds>) -> AttributeValue {
    moment.map_or(AttributeValue::Null(true), |moment| number(moment.0))
}
