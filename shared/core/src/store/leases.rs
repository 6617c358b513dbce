//! Leases in the scores table: one holder at a time, and for a bounded time, so that who dies blocks nobody.

use doorway_lti::id_token::UnixSeconds;

use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, bytes, number, text};
use crate::random::{self, Random};

/// The leases.
pub struct Leases {
    table: Table,
}

/// Something that one holder has. Left with [`Leases::leave`].
pub struct Lease {
    name: String,
    holder: [u8; 8],
}

impl Leases {
    /// In the scores table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Takes what has this name, for so many seconds at most, unless somebody has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take(
        &self,
        name: String,
        seconds: u64,
        random: &dyn Random,
        now: UnixSeconds,
    ) -> Result<Option<Lease>, StoreError> {
        let holder = random::bytes(random);
        let until = now.0 + seconds;
        let mut item = key(&name);
        item.insert("holder".to_owned(), bytes(holder.to_vec()));
        item.insert("until".to_owned(), number(until));
        item.insert(EXPIRES_AT.to_owned(), number(until));
        let request = self
            .table
            .put(item)
            .await
            .condition_expression("attribute_not_exists(id) OR #until <= :now")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":now", number(now.0));
        match request.send().await {
            Ok(_) => Ok(Some(Lease { name, holder })),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(None)
            }
            Err(error) => Err(self.table.failed("take a lease", &error)),
        }
    }

    /// Leaves it. What was lost meanwhile is another's.
    ///
    /// # Errors
    /// [`StoreError`]: it is free again when its time has passed.
    pub async fn leave(&self, lease: Lease) -> Result<(), StoreError> {
        let request = self
            .table
            .client()
            .await
            .delete_item()
            .table_name(self.table.name())
            .set_key(Some(key(&lease.name)))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", bytes(lease.holder.to_vec()));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("leave a lease", &error)),
        }
    }
}

fn key(name: &str) -> Item {
    Item::from([(ID.to_owned(), text(name))])
}
