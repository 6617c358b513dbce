//! What is kept about one user: for the answer that a person may ask for.

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{Issuer, UserId};
use doorway_lti::json::Object;

use super::awaiting::AWAITING;
use super::{KEPT, Launches, PERSONAL, REDEEMED, USER, key, user_hash};
use crate::launch_id::LaunchId;
use crate::packing::unpack;
use crate::store::schema::EXPIRES_AT;
use crate::store::{StoreError, bytes, read_bytes, read_number};

/// A launch of a user.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// Its id.
    pub id: LaunchId,
    /// What is kept of it, or all of it while its browser is not proven.
    pub kept: Object,
    /// What is erased once it is redeemed.
    pub personal: Option<Object>,
    /// Whether the App has it.
    pub is_redeemed: bool,
    /// When the record ends.
    pub expires_at: UnixSeconds,
}

/// A user's launches in one page of the table.
pub struct FoundPage {
    /// The launches.
    pub found: Vec<Found>,
    /// Where to go on, until the table is done.
    pub next: Option<LaunchId>,
}

impl Launches {
    /// A user's launches in one page of the table, those included that wait for their browser to be proven, and those
    /// whose time is over and which DynamoDB has not deleted yet: they are kept still.
    ///
    /// # Errors
    /// [`StoreError`]: a record that cannot be read is not passed over, since something would be missing.
    pub async fn of_user_page(
        &self,
        issuer: &Issuer,
        user_id: &UserId,
        after: Option<&LaunchId>,
    ) -> Result<FoundPage, StoreError> {
        let request = self.table.client().await.scan().table_name(self.table.name());
        let request = request
            .filter_expression("#user = :user")
            .expression_attribute_names("#user", USER)
            .expression_attribute_values(":user", bytes(user_hash(issuer, user_id)))
            .set_exclusive_start_key(after.map(key));
        let page = request.send().await.map_err(|error| self.table.failed("scan for a user", &error))?;
        let mut found = Vec::new();
        for item in page.items() {
            let id = self.read_id(item)?;
            let broken = |fault: String| self.table.broken(&id.log_text(), fault);
            let part = |name: &str| {
                let unpacked = read_bytes(item, name).map(unpack).transpose();
                unpacked.map_err(|error| broken(format!("`{name}`: {error}")))
            };
            let kept =
                part(KEPT)?.or(part(AWAITING)?).ok_or_else(|| broken("attribute `kept` is missing".to_owned()))?;
            let expires_at = UnixSeconds(read_number(item, EXPIRES_AT).unwrap_or_default());
            found.push(Found {
                personal: part(PERSONAL)?,
                is_redeemed: item.contains_key(REDEEMED),
                kept,
                expires_at,
                id,
            });
        }
        let next = page.last_evaluated_key().map(|last| self.read_id(last)).transpose()?;
        Ok(FoundPage { found, next })
    }
}
