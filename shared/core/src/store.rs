//! The tables on DynamoDB. One implementation: locally the same client talks to an embedded engine.

pub mod deployments;
pub mod gates;
pub mod invites;
pub mod launches;
pub mod leases;
pub mod registrations;
pub mod schema;
pub mod scores;
pub mod tokens;

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::aws::Aws;

/// Attributes of an item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// One table.
#[derive(Clone)]
pub struct Table {
    aws: Arc<Aws>,
    name: Arc<str>,
}

/// Why a table did not serve.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB did not answer, or refused: throttled, not allowed, no such table.
    #[error("table `{table}` failed to {operation}: {reason}")]
    Unavailable {
        /// The table.
        table: String,
        /// What was tried.
        operation: &'static str,
        /// What DynamoDB, or the way to it, answered.
        reason: String,
    },
    /// A record is not what this version writes or reads.
    #[error("table `{table}` holds a broken record `{key}`: {fault}")]
    Broken {
        /// The table.
        table: String,
        /// The record's key.
        key: String,
        /// What is wrong with it.
        fault: String,
    },
}

impl Table {
    /// The table of this name.
    pub fn new(aws: Arc<Aws>, name: &str) -> Self {
        Self { aws, name: name.into() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) async fn client(&self) -> &aws_sdk_dynamodb::Client {
        self.aws.dynamodb().await
    }

    /// A put of this item into the table, to be given conditions and sent.
    pub(crate) async fn put(&self, item: Item) -> PutItemFluentBuilder {
        self.client().await.put_item().table_name(self.name()).set_item(Some(item))
    }

    /// An update of the item with this key, to be given expressions and sent.
    pub(crate) async fn update(&self, key: Item) -> UpdateItemFluentBuilder {
        self.client().await.update_item().table_name(self.name()).set_key(Some(key))
    }

    /// Looks whether the table is there, and is a table with this key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when DynamoDB has no such table or does not say; [`StoreError::Broken`] when its key
    /// is another.
    pub async fn check(&self, key: &[&str]) -> Result<(), StoreError> {
        let request = self.client().await.describe_table().table_name(self.name());
        let answer = request.send().await.map_err(|error| self.failed("describe itself", &error))?;
        let elements = answer.table.and_then(|table| table.key_schema).unwrap_or_default();
        let names: Vec<&str> = elements.iter().map(|element| element.attribute_name()).collect();
        if names == key {
            return Ok(());
        }
        Err(self.broken("(its key)", format!("the key is `{}`, and must be `{}`", names.join(", "), key.join(", "))))
    }

    pub(crate) fn broken(&self, key: &str, fault: impl ToString) -> StoreError {
        StoreError::Broken { table: self.name.to_string(), key: key.to_owned(), fault: fault.to_string() }
    }

    /// Turns an SDK error into ours. Only `Display` texts are kept: `Debug` would print the items in it.
    pub(crate) fn failed<E>(&self, operation: &'static str, error: &SdkError<E>) -> StoreError
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        StoreError::Unavailable { table: self.name.to_string(), operation, reason: reason(error) }
    }

    /// Reads one item by its full key, eventually consistent unless `consistent`.
    pub(crate) async fn get(&self, key: Item, consistent: bool) -> Result<Option<Item>, StoreError> {
        let request = self.client().await.get_item().table_name(self.name()).set_key(Some(key));
        let answer = request.consistent_read(consistent).send().await;
        answer.map(|answer| answer.item).map_err(|error| self.failed("get an item", &error))
    }

    /// Reads two items by their full keys in one request, consistently; each may be missing. One that DynamoDB leaves out, as
    /// it may when it throttles, is asked for by itself: the client tries that again, which it does not for a part of an answer.
    pub(crate) async fn get_both(&self, keys: [Item; 2]) -> Result<[Option<Item>; 2], StoreError> {
        let failed = |error| self.failed("get items", &error);
        let [first, second] = &keys;
        let both = KeysAndAttributes::builder().keys(first.clone()).keys(second.clone()).consistent_read(true);
        let both = both.build().expect("keys are given");
        let request = self.client().await.batch_get_item().request_items(self.name(), both);
        let answer = request.send().await.map_err(failed)?;
        let found: Vec<Item> = answer.responses.into_iter().flatten().flat_map(|(_, items)| items).collect();
        let left_out: Vec<Item> =
            answer.unprocessed_keys.into_iter().flatten().flat_map(|(_, left_out)| left_out.keys).collect();
        let mut items = [None, None];
        for (item, key) in items.iter_mut().zip(keys) {
            let is_it = |found: &&Item| key.iter().all(|(name, value)| found.get(name) == Some(value));
            *item = match found.iter().find(is_it) {
                None if left_out.contains(&key) => self.get(key, true).await?,
                found => found.cloned(),
            };
        }
        Ok(items)
    }
}

/// The service's own code and message, or the chain of causes on the way to it.
pub(crate) fn reason<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    if let (Some(code), message) = (error.code(), error.message()) {
        return format!("{code}: {}", message.unwrap_or("no message"));
    }
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    reason
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn bytes(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

pub(crate) fn read_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn read_number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(crate) fn read_bytes<'a>(item: &'a Item, name: &str) -> Option<&'a [u8]> {
    item.get(name)?.as_b().ok().map(AsRef::as_ref)
}
