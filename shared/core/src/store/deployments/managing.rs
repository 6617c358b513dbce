//! Deployments as an operator sees them: all of a Registration, straight from the table.

use doorway_lti::ids::DeploymentId;

use super::{Deployments, key, pk};
use crate::registration::{Deployment, RegistrationKey};
use crate::store::{StoreError, read_text, schema, text};

impl Deployments {
    /// The recorded Deployments of a Registration, by their ids. Those on its list have no record.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses, or holds something else.
    pub async fn all(&self, registration: &RegistrationKey) -> Result<Vec<Deployment>, StoreError> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let request = self.table.client().await.query().table_name(self.table.name());
            let request = request
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text(pk(registration)))
                .consistent_read(true)
                .set_exclusive_start_key(after);
            let page = request.send().await.map_err(|error| self.table.failed("query deployments", &error))?;
            for item in page.items() {
                let id = read_text(item, schema::SK).unwrap_or_default();
                let id = DeploymentId::try_from(id).map_err(|error| self.table.broken(id, error))?;
                found.push(self.parse(&id, item)?);
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    /// Removes the record of a Deployment: it is unknown then.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn remove(&self, registration: &RegistrationKey, id: &DeploymentId) -> Result<(), StoreError> {
        let request = self.table.client().await.delete_item().table_name(self.table.name());
        let request = request.set_key(Some(key(registration, id)));
        request.send().await.map_err(|error| self.table.failed("remove a deployment", &error))?;
        self.cache.remove(&(registration.clone(), id.clone()));
        Ok(())
    }
}
