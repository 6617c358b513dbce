//! Verified launches that wait for their browser to be proven.
//!
//! | attribute | holds |
//! |---|---|
//! | `id` | a keyed hash of nonce and token: see [`LaunchId::awaiting`] |
//! | `awaiting` | packed: the launch, all its claims |
//! | `launch` | the id that the launch will have |
//! | `user` | as of a launch, to forget by user |
//! | `expires_at` | when its state ends |
//!
//! Nothing is burned by such a record, and the App can neither read nor redeem it: it is no launch yet.

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{Issuer, UserId};
use doorway_lti::json::Object;

use super::{EXPIRES_AT, Launches, USER, key, user_hash};
use crate::launch_id::LaunchId;
use crate::packing::{pack, unpack};
use crate::store::{Item, StoreError, bytes, number, read_bytes, read_number, read_text, text};

pub(super) const AWAITING: &str = "awaiting";
const LAUNCH: &str = "launch";

/// A verified launch, to be kept until its browser is proven.
pub struct NewAwaiting<'a> {
    /// Where it waits.
    pub id: &'a LaunchId,
    /// The id that it will have.
    pub launch_id: &'a LaunchId,
    /// The Platform: with the user, for forgetting.
    pub issuer: &'a Issuer,
    /// The user, unless anonymous.
    pub user_id: Option<&'a UserId>,
    /// The launch with all its claims, as [`crate::launch_record::LaunchRecord`] has it.
    pub record: Object,
    /// When its state ends; nothing can complete it afterwards.
    pub expires_at: UnixSeconds,
}

/// A launch that waits.
pub struct Awaiting {
    /// The id that it will have.
    pub launch_id: LaunchId,
    /// The launch with all its claims.
    pub record: Object,
}

impl Launches {
    /// Keeps a verified launch until its browser is proven. The same post again writes the same record.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB does not serve.
    pub async fn keep_awaiting(&self, awaiting: &NewAwaiting<'_>) -> Result<(), StoreError> {
        let mut item = key(awaiting.id);
        item.insert(AWAITING.to_owned(), bytes(pack(&awaiting.record)));
        item.insert(LAUNCH.to_owned(), text(awaiting.launch_id.as_str()));
        item.insert(EXPIRES_AT.to_owned(), number(awaiting.expires_at.0));
        if let Some(user_id) = awaiting.user_id {
            item.insert(USER.to_owned(), bytes(user_hash(awaiting.issuer, user_id)));
        }
        let request = self.table.put(item).await;
        request.send().await.map_err(|error| self.table.failed("keep a launch that waits", &error))?;
        Ok(())
    }

    /// The launch that waits under this id, if it still does.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not serve or the record is broken.
    pub async fn find_awaiting(&self, id: &LaunchId, now: UnixSeconds) -> Result<Option<Awaiting>, StoreError> {
        let item = self.table.get(key(id), true).await?;
        let waits = |item: &Item| item.contains_key(AWAITING) && read_number(item, EXPIRES_AT) > Some(now.0);
        item.filter(waits).map(|item| self.parse_awaiting(id, &item)).transpose()
    }

    /// Removes what waited, with all its claims.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB does not serve.
    pub async fn remove_awaiting(&self, id: &LaunchId) -> Result<(), StoreError> {
        let request = self.table.client().await.delete_item().table_name(self.table.name()).set_key(Some(key(id)));
        request.send().await.map_err(|error| self.table.failed("remove a launch that waited", &error))?;
        Ok(())
    }

    fn parse_awaiting(&self, id: &LaunchId, item: &Item) -> Result<Awaiting, StoreError> {
        let broken = |fault: &str| self.table.broken(&id.log_text(), fault);
        let packed = read_bytes(item, AWAITING).ok_or_else(|| broken("attribute `awaiting` is no binary"))?;
        let launch_id = read_text(item, LAUNCH).and_then(|id| LaunchId::try_from(id).ok());
        Ok(Awaiting {
            launch_id: launch_id.ok_or_else(|| broken("attribute `launch` is no launch id"))?,
            record: unpack(packed).map_err(|error| broken(&format!("`awaiting`: {error}")))?,
        })
    }
}
