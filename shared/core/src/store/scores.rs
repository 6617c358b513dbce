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

mod attempts;
mod erasing;
mod lanes;
mod managing;

pub use attempts::Ended;
pub use lanes::{LANE_LEASE_SECONDS, Place, Taken};
pub use managing::{Page, Position};

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::json::Object;

use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, bytes, number, read_bytes, read_number, read_text, text};
use crate::packing::{pack, unpack};
use crate::scores::{Attempt, LaneKey, State, Submission, SubmissionId};

const ABOUT: &str = "about";
const PAYLOAD: &str = "payload";
const REQUEST: &str = "request";
const STATE: &str = "state";
const ATTEMPTS: &str = "attempts";
const TRIES: &str = "tries";
const NEXT_AT: &str = "next_at";
const LANE: &str = "lane";

/// Nobody unsettles a submission: a message may come twice, and who comes late must not undo what was done.
const NOT_SETTLED: &str = "attribute_exists(about) AND #state IN (:sending, :queued)";
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
    /// Whether an earlier attempt may have arrived although nobody knows that it did.
    pub is_unclear: bool,
    /// When the next attempt is due, if one is.
    pub next_at: Option<UnixSeconds>,
    /// When the record ends.
    pub expires_at: UnixSeconds,
}

impl Scores {
    /// In the scores table.
    pub fn new(table: Table) -> Self {
        Self { table }
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
                .filter_expression(NOT_SETTLED)
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

    /// Changes where a submission stands without an attempt. What is settled stays as it is.
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
            .condition_expression(NOT_SETTLED)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":sending", text(State::Sending.word()))
            .expression_attribute_values(":queued", text(State::Queued.word()))
            .expression_attribute_values(":state", text(state.word()))
            .expression_attribute_values(":next", moment(next_at));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("change a submission", &error)),
        }
    }

    /// A record that is not what this version writes.
    pub(crate) fn broken(&self, id: &SubmissionId, fault: &str) -> StoreError {
        self.table.broken(&id.log_text(), fault)
    }

    fn item(&self, new: &NewSubmission<'_>) -> Result<Item, StoreError> {
        let about = serde_json::to_string(new.about).map_err(|error| self.table.broken(&new.id.log_text(), error))?;
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
        let broken = |fault: &str| self.table.broken(&id.log_text(), fault);
        let about = read_text(item, ABOUT).and_then(|about| serde_json::from_str(about).ok());
        let payload =
            read_bytes(item, PAYLOAD).map(|packed| unpack(packed).map_err(|error| broken(&error.to_string())));
        let attempts = item.get(ATTEMPTS).and_then(|list| list.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
        let attempts: Vec<Attempt> =
            attempts.iter().filter_map(|attempt| serde_json::from_str(attempt.as_s().ok()?).ok()).collect();
        let is_marked = item.get("unclear").is_some_and(|unclear| unclear.as_bool() == Ok(&true));
        Ok(StoredSubmission {
            about: about.ok_or_else(|| broken("attribute `about` is no submission"))?,
            payload: payload.transpose()?,
            request: read_bytes(item, REQUEST).unwrap_or_default().to_vec(),
            state: read_text(item, STATE)
                .and_then(State::from_word)
                .ok_or_else(|| broken("attribute `state` is no state"))?,
            lane: LaneKey::from_stored(read_text(item, LANE).ok_or_else(|| broken("attribute `lane` is missing"))?),
            is_unclear: is_marked || attempts.iter().any(|attempt| attempt.may_have_arrived),
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
    let is_expected = |code: &&str| matches!(*code, "None" | "ConditionalCheckFailed" | "TransactionConflict");
    let failed: Vec<bool> = codes.iter().map(|code| *code == "ConditionalCheckFailed").collect();
    codes.iter().all(is_expected).then_some(failed)
}

fn key(id: &SubmissionId) -> Item {
    Item::from([(ID.to_owned(), text(id.as_str()))])
}

fn moment(moment: Option<UnixSeconds>) -> AttributeValue {
    moment.map_or(AttributeValue::Null(true), |moment| number(moment.0))
}
