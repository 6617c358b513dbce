//! The Tool's own public keys, as published at `/.well-known/jwks.json`, and since when keys have been in use.
//!
//! The private keys are a secret that only functions that sign can read. The public set stands in the
//! registrations table, so that a function on the open internet can publish it and nothing more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::id_token::UnixSeconds;
use serde_json::Value;

use crate::error::Error;
use crate::key_life::KeyKind;
use crate::random::{self, Random};
use crate::store::schema::PK as PARTITION;
use crate::store::{StoreError, Table, number, read_number, read_text, schema, text};

const PK: &str = "tool-keys";
const SK: &str = "public";
const KEYS: &str = "keys";
/// A random text that changes with every write: so that nobody overwrites what he has not seen.
const REVISION: &str = "revision";
const KEY_ID: &str = "key_id";
const SINCE: &str = "since";

/// The published key set.
#[derive(Clone)]
pub struct ToolKeys {
    table: Table,
}

/// The published key set as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The JWK Set; `None` when nothing has been published.
    pub key_set: Option<Value>,
    revision: Option<String>,
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
        self.read(false).await?.key_set.ok_or(Error::ToolKeysMissing)
    }

    /// The published JWK Set with every write that has returned; `None` before the first keys were made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn published_now(&self) -> Result<Option<Value>, StoreError> {
        Ok(self.read(true).await?.key_set)
    }

    /// The published key set, for whoever means to replace it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn to_replace(&self) -> Result<Published, StoreError> {
        self.read(true).await
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

    /// Publishes a JWK Set in place of this one; `false` when another has been published meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn replace(&self, before: &Published, key_set: &Value, random: &dyn Random) -> Result<bool, StoreError> {
        let mut item = schema::key(PK.to_owned(), SK.to_owned());
        item.insert(KEYS.to_owned(), text(key_set.to_string()));
        item.insert(REVISION.to_owned(), text(URL_SAFE_NO_PAD.encode(random::bytes::<12>(random))));
        let request = self.table.put(item).await;
        let request = match (&before.key_set, &before.revision) {
            (None, _) => {
                request.condition_expression("attribute_not_exists(#k)").expression_attribute_names("#k", PARTITION)
            }
            (Some(_), None) => {
                request.condition_expression("attribute_not_exists(#r)").expression_attribute_names("#r", REVISION)
            }
            (Some(_), Some(revision)) => request
                .condition_expression("#r = :r")
                .expression_attribute_names("#r", REVISION)
                .expression_attribute_values(":r", text(revision)),
        };
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(self.table.failed("publish the Tool's keys", &error)),
        }
    }

    /// Since when this key has been `next` in the secret in use, if that was noted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_since(&self, kind: KeyKind, key_id: &str) -> Result<Option<UnixSeconds>, StoreError> {
        let item = self.table.get(schema::key(PK.to_owned(), next_of(kind)), true).await?;
        let item = item.filter(|item| read_text(item, KEY_ID) == Some(key_id));
        Ok(item.and_then(|item| read_number(&item, SINCE)).map(UnixSeconds))
    }

    /// Notes that this key is `next` in the secret in use from now on.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn note_next(&self, kind: KeyKind, key_id: &str, now: UnixSeconds) -> Result<(), StoreError> {
        let mut item = schema::key(PK.to_owned(), next_of(kind));
        item.insert(KEY_ID.to_owned(), text(key_id));
        item.insert(SINCE.to_owned(), number(now.0));
        let request = self.table.put(item).await;
        request.send().await.map(|_| ()).map_err(|error| self.table.failed("note the next key", &error))
    }

    async fn read(&self, consistent: bool) -> Result<Published, StoreError> {
        let item = self.table.get(schema::key(PK.to_owned(), SK.to_owned()), consistent).await?;
        let Some(item) = item else { return Ok(Published { key_set: None, revision: None }) };
        let keys = read_text(&item, KEYS).ok_or_else(|| self.table.broken(PK, "attribute `keys` is missing"))?;
        let key_set = serde_json::from_str(keys).map_err(|error| self.table.broken(PK, error))?;
        Ok(Published { key_set: Some(key_set), revision: read_text(&item, REVISION).map(str::to_owned) })
    }
}

/// The sort key of the note on a kind of keys.
fn next_of(kind: KeyKind) -> String {
    format!("next#{kind}")
}
