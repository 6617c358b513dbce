//! Registrations as an operator sees them: all of them, whatever their status, and straight from the table.

use super::{DOCUMENT, Registrations, client_sk, issuer_pk};
use crate::registration::{Registration, RegistrationKey};
use crate::store::{StoreError, read_text, schema, text};

/// How adding a Registration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It is there now.
    New,
    /// One with this key was there before, and is unchanged.
    Existing,
}

/// What a look through the table found.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// The Registrations, by issuer and client id.
    pub registrations: Vec<Registration>,
    /// Items that are none, with what is wrong with each.
    pub broken: Vec<StoreError>,
}

impl Registrations {
    /// Adds a Registration, unless one with its key is there.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn create(&self, registration: &Registration) -> Result<Created, StoreError> {
        let request = self.table.put(self.item(registration)?).await;
        match request.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => {
                self.forget(&registration.key());
                Ok(Created::New)
            }
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(Created::Existing)
            }
            Err(error) => Err(self.table.failed("add a registration", &error)),
        }
    }

    /// All Registrations, by a scan.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn all(&self) -> Result<Listed, StoreError> {
        let mut listed = Listed::default();
        let mut after = None;
        loop {
            let request = self.table.client().await.scan().table_name(self.table.name());
            let request = request
                .filter_expression("begins_with(pk, :issuer)")
                .expression_attribute_values(":issuer", text("issuer#"))
                .set_exclusive_start_key(after);
            let page = request.send().await.map_err(|error| self.table.failed("scan for registrations", &error))?;
            for item in page.items() {
                match self.parse_item(read_text(item, schema::PK), read_text(item, DOCUMENT)) {
                    Ok(registration) => listed.registrations.push(registration),
                    Err(error) => listed.broken.push(error),
                }
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                break;
            }
        }
        listed
            .registrations
            .sort_by(|one, other| (&one.issuer, &one.client_id).cmp(&(&other.issuer, &other.client_id)));
        Ok(listed)
    }

    /// Removes a Registration. One that is gone is removed already.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn remove(&self, key: &RegistrationKey) -> Result<(), StoreError> {
        let item = schema::key(issuer_pk(&key.issuer), client_sk(&key.client_id));
        let request = self.table.client().await.delete_item().table_name(self.table.name()).set_key(Some(item));
        request.send().await.map_err(|error| self.table.failed("remove a registration", &error))?;
        self.forget(key);
        Ok(())
    }

    fn parse_item(&self, pk: Option<&str>, document: Option<&str>) -> Result<Registration, StoreError> {
        let pk = pk.unwrap_or_default();
        let issuer = pk.strip_prefix("issuer#").unwrap_or_default();
        let issuer = issuer.try_into().map_err(|_| self.table.broken(pk, "its key names no issuer"))?;
        self.parse(document, &issuer)
    }
}
