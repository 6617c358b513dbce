//! The Tool's own public keys, as published at `/.well-known/jwks.json`.
//!
//! The private keys are a secret that only functions that sign can read. The public set stands in the
//! registrations table, so that a function on the open internet can publish it and nothing more.

use serde_json::Value;

use crate::error::Error;
use crate::store::{StoreError, Table, read_text, schema, text};

const PK: &str = "tool-keys";
const SK: &str = "public";
const KEYS: &str = "keys";

/// The published key set.
pub struct ToolKeys {
    table: Table,
}

impl ToolKeys {
    /// Over the registrations table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The published JWK Set.
    ///
    /// # Errors
    /// [`Error::ToolKeysMissing`] before the first keys were made; [`Error::Store`].
    pub async fn published(&self) -> Result<Value, Error> {
        let item = self.table.get(schema::key(PK.to_owned(), SK.to_owned()), false).await?;
        let item = item.ok_or(Error::ToolKeysMissing)?;
        let keys = read_text(&item, KEYS).ok_or_else(|| self.table.broken(PK, "attribute `keys` is missing"))?;
        Ok(serde_json::from_str(keys).map_err(|error| self.table.broken(PK, error))?)
    }

    /// Publishes a JWK Set of public keys.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn publish(&self, key_set: &Value) -> Result<(), StoreError> {
        let mut item = schema::key(PK.to_owned(), SK.to_owned());
        item.insert(KEYS.to_owned(), text(key_set.to_string()));
        let request = self.table.put(item).await;
        request.send().await.map(|_| ()).map_err(|error| self.table.failed("publish the Tool's keys", &error))
    }
}

/// The published key set as an item of the registrations table in DynamoDB's JSON, for an operator's command line.
pub fn item_json(key_set: &Value) -> Value {
    serde_json::json!({ "pk": { "S": PK }, "sk": { "S": SK }, "keys": { "S": key_set.to_string() } })
}
