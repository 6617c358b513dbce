//! The tables' keys, and how to make the tables where no template does: the local stack and the tests.
//!
//! `infra/template.yaml` states the same keys for AWS.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TimeToLiveSpecification,
};

use super::{Item, StoreError, Table, text};

/// Partition key of the registrations table.
pub const PK: &str = "pk";
/// Sort key of the registrations table.
pub const SK: &str = "sk";
/// Key of the launches table and of the scores table.
pub const ID: &str = "id";
/// The attribute after which DynamoDB may delete an item, in Unix seconds.
pub const EXPIRES_AT: &str = "expires_at";

pub(crate) fn key(pk: String, sk: String) -> Item {
    Item::from([(PK.to_owned(), text(pk)), (SK.to_owned(), text(sk))])
}

/// Makes the registrations table, unless it is there. Of its items invites alone have a time to live.
///
/// # Errors
/// [`StoreError::Unavailable`] when DynamoDB refuses.
pub async fn create_registrations_table(table: &Table) -> Result<(), StoreError> {
    create(table, &[(PK, KeyType::Hash), (SK, KeyType::Range)]).await?;
    let_expire(table).await
}

/// Makes the launches table or the scores table, with its time to live, unless it is there.
///
/// # Errors
/// [`StoreError::Unavailable`] when DynamoDB refuses.
pub async fn create_expiring_table(table: &Table) -> Result<(), StoreError> {
    create(table, &[(ID, KeyType::Hash)]).await?;
    let_expire(table).await
}

async fn let_expire(table: &Table) -> Result<(), StoreError> {
    let ttl = TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true).build();
    let ttl = ttl.expect("attribute name and flag are given");
    let request = table.client().await.update_time_to_live().table_name(table.name()).time_to_live_specification(ttl);
    match request.send().await {
        Ok(_) => Ok(()),
        // A reopened table has it already.
        Err(error) if error.as_service_error().is_some_and(|e| e.meta().code() == Some("ValidationException")) => {
            Ok(())
        }
        Err(error) => Err(table.failed("set its time to live", &error)),
    }
}

async fn create(table: &Table, keys: &[(&str, KeyType)]) -> Result<(), StoreError> {
    let mut request =
        table.client().await.create_table().table_name(table.name()).billing_mode(BillingMode::PayPerRequest);
    for (name, key_type) in keys {
        let element = KeySchemaElement::builder().attribute_name(*name).key_type(key_type.clone()).build();
        let attribute =
            AttributeDefinition::builder().attribute_name(*name).attribute_type(ScalarAttributeType::S).build();
        request = request
            .key_schema(element.expect("name and type are given"))
            .attribute_definitions(attribute.expect("name and type are given"));
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(table.failed("be created", &error)),
    }
}
