//! Which Platforms are spared for a while, and how many requests go to each at a time, in the scores table.
//!
//! | `id` | holds |
//! |---|---|
//! | `gate#<hash of origin>` | `closed_until`, and `failures` in a row |
//! | `slot#<hash of origin>#<n>` | one of the [`SLOTS`] workers that deliver at a time: a lease |

use doorway_lti::id_token::UnixSeconds;
use serde_json::json;

use super::leases::{Lease, Leases};
use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, number, read_number, text};
use crate::fingerprint::fingerprint;
use crate::random::{self, Random};

/// How many workers deliver to one Platform at a time: as many as Canvas takes without throttling.
pub const SLOTS: u32 = 4;
/// How long a slot is held at most, in seconds: longer than a worker takes for its messages of one Platform.
pub const SLOT_SECONDS: u64 = 150;
/// How long a gate is remembered, in seconds.
const GATE_SECONDS: u64 = 24 * 3600;

/// The gates of all Platforms.
pub struct Gates {
    table: Table,
    leases: Leases,
}

/// Whether a Platform is spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gate {
    /// Until when nothing is sent to it.
    pub closed_until: UnixSeconds,
    /// How often it failed in a row.
    pub failures: u32,
}

impl Gate {
    /// Whether nothing is to be sent now.
    pub fn is_closed(&self, now: UnixSeconds) -> bool {
        now < self.closed_until
    }
}

impl Gates {
    /// In the scores table.
    pub fn new(table: Table) -> Self {
        Self { leases: Leases::new(table.clone()), table }
    }

    /// The gate of the Platform at this origin.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, origin: &str) -> Result<Gate, StoreError> {
        Ok(parse_gate(self.table.get(gate_key(origin), false).await?.as_ref()))
    }

    /// Closes the gate after a failure.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close(&self, origin: &str, gate: Gate, now: UnixSeconds) -> Result<(), StoreError> {
        let mut item = gate_key(origin);
        item.insert("closed_until".to_owned(), number(gate.closed_until.0));
        item.insert("failures".to_owned(), number(u64::from(gate.failures)));
        item.insert(EXPIRES_AT.to_owned(), number(now.0 + GATE_SECONDS));
        let request = self.table.put(item).await;
        request.send().await.map(drop).map_err(|error| self.table.failed("close a gate", &error))
    }

    /// Opens the gate: the Platform answers again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(&self, origin: &str) -> Result<(), StoreError> {
        let request = self.table.client().await.delete_item().table_name(self.table.name());
        let request = request.set_key(Some(gate_key(origin)));
        request.send().await.map(drop).map_err(|error| self.table.failed("open a gate", &error))
    }

    /// Takes a slot for deliveries to this Platform, if one is free.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enter(
        &self,
        origin: &str,
        random: &dyn Random,
        now: UnixSeconds,
    ) -> Result<Option<Lease>, StoreError> {
        let first = u32::from(random::bytes::<1>(random)[0]);
        for n in 0..SLOTS {
            let name = format!("slot#{}#{}", hash(origin), (first + n) % SLOTS);
            if let Some(slot) = self.leases.take(name, SLOT_SECONDS, random, now).await? {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// Leaves a slot.
    ///
    /// # Errors
    /// [`StoreError`]: it is free again when its time has passed.
    pub async fn leave(&self, slot: Lease) -> Result<(), StoreError> {
        self.leases.leave(slot).await
    }
}

pub(super) fn gate_key(origin: &str) -> Item {
    Item::from([(ID.to_owned(), text(format!("gate#{}", hash(origin))))])
}

/// A gate that is not in the table is open.
pub(super) fn parse_gate(item: Option<&Item>) -> Gate {
    let read = |name| item.and_then(|item| read_number(item, name)).unwrap_or_default();
    Gate {
        closed_until: UnixSeconds(read("closed_until")),
        failures: u32::try_from(read("failures")).unwrap_or_default(),
    }
}

fn hash(origin: &str) -> String {
    fingerprint(&json!([origin]))
}
