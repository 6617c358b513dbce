//! Launches: one conditional write burns the nonce and stores the Launch; one conditional update redeems it.
//!
//! | attribute | holds |
//! |---|---|
//! | `id` | the launch id, a keyed hash of the nonce |
//! | `kept` | packed: client id, tenant, and the claims that services need |
//! | `personal` | packed: all other claims; gone once redeemed |
//! | `user` | a hash of issuer and user, to forget by user |
//! | `redeem_by` | until when it can be redeemed, in Unix seconds |
//! | `redeemed` | there once it was: random, to know one's own update again |
//! | `answered`, `answered_at` | there once a deep-linking response was signed: a hash of the request, and when |
//! | `attempt` | random, to know one's own write again |
//! | `expires_at` | when the record ends; DynamoDB may delete it later, so readers check |
//!
//! A forgotten launch stays for a while as a tombstone with nothing but its id: were the item gone, the same
//! post could be replayed.
//!
//! In the same table wait verified launches whose browser is not proven yet: see [`awaiting`].

pub mod awaiting;
mod of_user;

pub use of_user::{Found, FoundPage};

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{Issuer, UserId};
use doorway_lti::json::Object;

use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, bytes, number, read_bytes, read_number, text};
use crate::binding::sha256;
use crate::launch_id::LaunchId;
use crate::packing::{pack, unpack};

const KEPT: &str = "kept";
const PERSONAL: &str = "personal";
const USER: &str = "user";
const REDEEM_BY: &str = "redeem_by";
const REDEEMED: &str = "redeemed";
const ATTEMPT: &str = "attempt";
const ANSWERED: &str = "answered";
const ANSWERED_AT: &str = "answered_at";

/// How long a launch can be redeemed, in seconds.
pub const REDEEM_SECONDS: u64 = 120;

/// How long the record of a launch that is not redeemed, or is forgotten, stays, in seconds: longer than a login
/// lives, so that a nonce stays burned until no state carries it any more.
pub const TOMBSTONE_SECONDS: u64 = 3600;

/// The launches table.
pub struct Launches {
    table: Table,
}

/// A launch to store.
pub struct NewLaunch<'a> {
    /// Its id.
    pub id: &'a LaunchId,
    /// The Platform: with the user, for forgetting.
    pub issuer: &'a Issuer,
    /// The user, unless anonymous.
    pub user_id: Option<&'a UserId>,
    /// What is kept after redeeming.
    pub kept: Object,
    /// What is erased by redeeming.
    pub personal: Object,
    /// When its state ends: until then the nonce must stay burned, by whichever clock.
    pub state_expires_at: UnixSeconds,
    /// Random: tells this request's write from another's.
    pub attempt: [u8; 8],
}

/// A launch as stored.
#[derive(Clone, PartialEq)]
pub struct StoredLaunch {
    /// What is kept.
    pub kept: Object,
    /// What is erased; `None` once it was.
    pub personal: Option<Object>,
    /// Until when it can be redeemed.
    pub redeem_by: UnixSeconds,
    /// When the record ends.
    pub expires_at: UnixSeconds,
}

/// What takes a redeeming back, and no other than this one.
pub struct TakeBack {
    personal: Blob,
    attempt: [u8; 8],
}

/// How storing a launch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is stored, and its nonce burned.
    New,
    /// Its nonce was burned before.
    AlreadyUsed,
}

/// How redeeming a launch ended.
pub enum Redeemed {
    /// It was redeemed now, by this call alone.
    Now(StoredLaunch, TakeBack),
    /// It was redeemed by this very call, but the answer was lost on the way: what was erased is gone.
    AnswerLost,
    /// It was redeemed before.
    Before,
    /// Too late.
    Expired,
    /// There is none, or it was forgotten.
    Unknown,
}

/// How answering a deep-linking request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It is answered now.
    Now,
    /// It was answered before.
    Before {
        /// Whether with the same request of the App.
        same_request: bool,
        /// When.
        at: UnixSeconds,
    },
    /// There is no such launch, or it was forgotten.
    Unknown,
}

impl Launches {
    /// Over the launches table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Burns the nonce and stores the launch, in one conditional write. Of many at once exactly one is
    /// [`Stored::New`].
    ///
    /// When the answer to the write is lost on the way, the AWS client writes again and the condition fails on
    /// our own item; the attempt in it tells, so that nobody is refused for a network's hiccup.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: whether it was stored is unknown then.
    pub async fn store(&self, launch: &NewLaunch<'_>, now: UnixSeconds) -> Result<Stored, StoreError> {
        let mut item = key(launch.id);
        item.insert(KEPT.to_owned(), bytes(pack(&launch.kept)));
        item.insert(PERSONAL.to_owned(), bytes(pack(&launch.personal)));
        item.insert(REDEEM_BY.to_owned(), number(now.0 + REDEEM_SECONDS));
        item.insert(EXPIRES_AT.to_owned(), number(now.max(launch.state_expires_at).0 + TOMBSTONE_SECONDS));
        item.insert(ATTEMPT.to_owned(), bytes(launch.attempt.to_vec()));
        if let Some(user_id) = launch.user_id {
            item.insert(USER.to_owned(), bytes(user_hash(launch.issuer, user_id)));
        }
        let request = self
            .table
            .put(item)
            .await
            .condition_expression("attribute_not_exists(id)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(_) => Ok(Stored::New),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    let standing = refused.item().and_then(|item| read_bytes(item, ATTEMPT));
                    Ok(if standing == Some(&launch.attempt) { Stored::New } else { Stored::AlreadyUsed })
                }
                _ => Err(self.table.failed("store a launch", &error)),
            },
        }
    }

    /// Redeems a launch: one conditional update that hands out its claims and erases the personal ones. Of many
    /// at once exactly one is [`Redeemed::Now`]. `attempt` is random.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: whether it was redeemed is unknown then. [`StoreError::Broken`]: it was not.
    pub async fn redeem(
        &self,
        id: &LaunchId,
        attempt: [u8; 8],
        keep_until: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Redeemed, StoreError> {
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression("SET redeemed = :attempt, expires_at = :until REMOVE personal")
            .condition_expression("attribute_exists(personal) AND attribute_not_exists(redeemed) AND redeem_by > :now")
            .expression_attribute_values(":attempt", bytes(attempt.to_vec()))
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":until", number(keep_until.0))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(answer) => self.redeemed(id, attempt, keep_until, &answer.attributes.unwrap_or_default(), now).await,
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(why_not(refused.item(), attempt)),
                _ => Err(self.table.failed("redeem a launch", &error)),
            },
        }
    }

    /// Reads what was redeemed; what cannot be read is put back.
    async fn redeemed(
        &self,
        id: &LaunchId,
        attempt: [u8; 8],
        keep_until: UnixSeconds,
        item: &Item,
        now: UnixSeconds,
    ) -> Result<Redeemed, StoreError> {
        let personal = Blob::new(read_bytes(item, PERSONAL).unwrap_or_default());
        let take_back = TakeBack { personal, attempt };
        match self.parse(id, item) {
            Ok(launch) => Ok(Redeemed::Now(StoredLaunch { expires_at: keep_until, ..launch }, take_back)),
            Err(broken) => {
                self.take_back(id, take_back, now).await?;
                Err(broken)
            }
        }
    }

    /// Takes a redeeming back whose answer cannot be given: the launch can be redeemed again. A launch that was
    /// forgotten or redeemed anew meanwhile is left alone.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the launch may stay redeemed.
    pub async fn take_back(&self, id: &LaunchId, redeeming: TakeBack, now: UnixSeconds) -> Result<(), StoreError> {
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression("SET personal = :personal, expires_at = :until REMOVE redeemed")
            .condition_expression("attribute_exists(kept) AND redeemed = :attempt")
            .expression_attribute_values(":personal", AttributeValue::B(redeeming.personal))
            .expression_attribute_values(":attempt", bytes(redeeming.attempt.to_vec()))
            .expression_attribute_values(":until", number(now.0 + TOMBSTONE_SECONDS));
        self.update_where_it_holds("take a redeeming back", request).await
    }

    /// Marks a deep-linking request as answered, once. `request` is a hash of what the App asked for.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: whether it is marked is unknown then; the same request again will tell.
    pub async fn answer(&self, id: &LaunchId, request: &[u8; 32], now: UnixSeconds) -> Result<Answered, StoreError> {
        let update = self
            .table
            .update(key(id))
            .await
            .update_expression("SET answered = :request, answered_at = :now")
            .condition_expression("attribute_exists(kept) AND attribute_not_exists(answered)")
            .expression_attribute_values(":request", bytes(request.to_vec()))
            .expression_attribute_values(":now", number(now.0))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match update.send().await {
            Ok(_) => Ok(Answered::Now),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(answered_before(refused.item(), request))
                }
                _ => Err(self.table.failed("answer a deep-linking request", &error)),
            },
        }
    }

    /// Whether the nonce of this launch is burned, be the launch forgotten or not.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB does not serve.
    pub async fn is_used(&self, id: &LaunchId) -> Result<bool, StoreError> {
        Ok(self.table.get(key(id), true).await?.is_some())
    }

    /// The launch, if its record has not ended. `None` also for a forgotten one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not serve or the record is broken.
    pub async fn get(&self, id: &LaunchId) -> Result<Option<StoredLaunch>, StoreError> {
        let item = self.table.get(key(id), true).await?;
        item.filter(|item| item.contains_key(KEPT)).map(|item| self.parse(id, &item)).transpose()
    }

    /// Forgets a launch, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB does not serve.
    pub async fn forget(&self, id: &LaunchId, now: UnixSeconds) -> Result<(), StoreError> {
        let request = self
            .table
            .update(key(id))
            .await
            .update_expression(
                "SET expires_at = :until REMOVE kept, personal, awaiting, launch, #user, answered, answered_at",
            )
            .condition_expression("attribute_exists(id)")
            .expression_attribute_names("#user", USER)
            .expression_attribute_values(":until", number(now.0 + TOMBSTONE_SECONDS));
        self.update_where_it_holds("forget a launch", request).await
    }

    /// Forgets a user's launches in one page of the table, starting behind `after`. The position to go on from
    /// is returned until the table is done.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB does not serve.
    pub async fn forget_user_page(
        &self,
        issuer: &Issuer,
        user_id: &UserId,
        after: Option<&LaunchId>,
        now: UnixSeconds,
    ) -> Result<Option<LaunchId>, StoreError> {
        let request = self
            .table
            .client()
            .await
            .scan()
            .table_name(self.table.name())
            .filter_expression("#user = :user")
            .projection_expression("id")
            .expression_attribute_names("#user", USER)
            .expression_attribute_values(":user", bytes(user_hash(issuer, user_id)))
            .set_exclusive_start_key(after.map(key));
        let page = request.send().await.map_err(|error| self.table.failed("scan for a user", &error))?;
        for item in page.items() {
            self.forget(&self.read_id(item)?, now).await?;
        }
        page.last_evaluated_key().map(|last| self.read_id(last)).transpose()
    }

    /// Sends an update; where its condition does not hold there is nothing to do.
    async fn update_where_it_holds(
        &self,
        operation: &'static str,
        request: UpdateItemFluentBuilder,
    ) -> Result<(), StoreError> {
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed(operation, &error)),
        }
    }

    fn read_id(&self, item: &Item) -> Result<LaunchId, StoreError> {
        let id = super::read_text(item, ID).and_then(|id| LaunchId::try_from(id).ok());
        id.ok_or_else(|| self.table.broken("(scanned)", "attribute `id` is no launch id"))
    }

    fn parse(&self, id: &LaunchId, item: &Item) -> Result<StoredLaunch, StoreError> {
        let broken = |fault: &str| self.table.broken(&id.log_text(), fault);
        let unpacked = |name: &str| {
            read_bytes(item, name)
                .map(|packed| unpack(packed).map_err(|error| broken(&format!("`{name}`: {error}"))))
                .transpose()
        };
        Ok(StoredLaunch {
            kept: unpacked(KEPT)?.ok_or_else(|| broken("attribute `kept` is missing"))?,
            personal: unpacked(PERSONAL)?,
            redeem_by: read_number(item, REDEEM_BY)
                .map(UnixSeconds)
                .ok_or_else(|| broken("attribute `redeem_by` is missing"))?,
            expires_at: read_number(item, EXPIRES_AT)
                .map(UnixSeconds)
                .ok_or_else(|| broken("attribute `expires_at` is missing"))?,
        })
    }
}

/// Why a launch was not redeemed, from the record that stood against it.
fn why_not(item: Option<&Item>, attempt: [u8; 8]) -> Redeemed {
    match item {
        None => Redeemed::Unknown,
        // A forgotten launch is unknown, be it redeemed before or not.
        Some(item) if !item.contains_key(KEPT) => Redeemed::Unknown,
        Some(item) if read_bytes(item, REDEEMED) == Some(&attempt) => Redeemed::AnswerLost,
        Some(item) if item.contains_key(REDEEMED) => Redeemed::Before,
        Some(_) => Redeemed::Expired,
    }
}

fn answered_before(item: Option<&Item>, request: &[u8; 32]) -> Answered {
    let Some(item) = item.filter(|item| item.contains_key(KEPT)) else { return Answered::Unknown };
    let at = UnixSeconds(read_number(item, ANSWERED_AT).unwrap_or_default());
    Answered::Before { same_request: read_bytes(item, ANSWERED) == Some(request), at }
}

fn key(id: &LaunchId) -> Item {
    Item::from([(ID.to_owned(), text(id.as_str()))])
}

/// 128 bits of a hash of issuer and user: enough to find them, nothing to read from.
fn user_hash(issuer: &Issuer, user_id: &UserId) -> Vec<u8> {
    let pair = serde_json::json!([issuer.as_str(), user_id.as_str()]).to_string();
    sha256(pair.as_bytes())[..16].to_vec()
}
