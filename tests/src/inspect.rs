//! Looking behind a Tool: its tables, and what it logged last.

use std::collections::{BTreeMap, HashMap};

pub use aws_sdk_dynamodb::types::AttributeValue;
use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE};
use serde_json::Value;

use crate::logs::log_lines;
use crate::tool::{Answer, TestTool};

/// Attributes of an item by name.
pub type Item = HashMap<String, AttributeValue>;

impl Answer {
    /// The reference on an error page or in a problem document.
    pub fn reference(&self) -> String {
        if self.header("content-type") == "application/problem+json" {
            return self.json()["reference"].as_str().expect("a problem has a reference").to_owned();
        }
        let (_, rest) = self.body.split_once("Reference <strong>").expect("an error page has a reference");
        rest.split('<').next().unwrap_or_default().to_owned()
    }

    /// The log line that the reference leads to.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn log_line(&self) -> Value {
        let reference = self.reference();
        let mut lines = log_lines().into_iter().filter(|line| line["reference"] == reference);
        let line = lines.next().unwrap_or_else(|| panic!("no log line has the reference {reference}"));
        assert_eq!(lines.next(), None, "two log lines have the reference {reference}");
        line
    }
}

/// The log line of the latest request of this process.
pub fn last_request_line() -> Value {
    let request = log_lines().into_iter().rfind(|line| line["message"] == "request");
    request.expect("a request was logged")
}

impl TestTool {
    /// All items of a table.
    pub async fn items(&self, table: &str) -> Vec<Item> {
        let client = self.parts.aws.dynamodb().await;
        let answer = client.scan().table_name(table).consistent_read(true).send().await.expect("the table is there");
        answer.items().to_vec()
    }

    /// All launches.
    pub async fn stored_launches(&self) -> Vec<Item> {
        self.items(LAUNCHES_TABLE).await
    }

    /// Everything in all tables, in an order that can be compared.
    pub async fn all_items(&self) -> Vec<String> {
        let mut items = self.items(REGISTRATIONS_TABLE).await;
        items.extend(self.stored_launches().await);
        let mut texts: Vec<String> =
            items.into_iter().map(|item| format!("{:?}", item.into_iter().collect::<BTreeMap<_, _>>())).collect();
        texts.sort();
        texts
    }

    /// Writes an item as it is.
    pub async fn put_item(&self, table: &str, item: Item) {
        let client = self.parts.aws.dynamodb().await;
        client.put_item().table_name(table).set_item(Some(item)).send().await.expect("the engine takes any item");
    }

    /// Removes a table.
    pub async fn drop_table(&self, table: &str) {
        let client = self.parts.aws.dynamodb().await;
        client.delete_table().table_name(table).send().await.expect("the table is there");
    }
}
