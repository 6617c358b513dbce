//! AWS Secrets Manager.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;

use super::{Put, SecretStoreError, VersionId, Versions};
use crate::aws::Aws;
use crate::store::reason;

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
const PENDING: &str = "AWSPENDING";

/// One secret.
#[derive(Clone)]
pub struct SecretsManager {
    aws: Arc<Aws>,
    id: String,
}

impl SecretsManager {
    /// By ARN or name.
    pub fn new(aws: Arc<Aws>, id: String) -> Self {
        Self { aws, id }
    }

    pub(super) fn name(&self) -> &str {
        &self.id
    }

    pub(super) async fn versions(&self) -> Result<Versions, SecretStoreError> {
        let answer = self.client().await.describe_secret().secret_id(&self.id).send().await;
        let answer = answer.map_err(|error| self.failed("be described", reason(&error)))?;
        let mut versions = Versions::default();
        for (id, labels) in answer.version_ids_to_stages.unwrap_or_default() {
            let id = VersionId(id);
            for label in labels {
                match label.as_str() {
                    CURRENT => versions.current = Some(id.clone()),
                    PREVIOUS => versions.previous = Some(id.clone()),
                    PENDING => versions.pending = Some(id.clone()),
                    _ => {}
                }
            }
        }
        Ok(versions)
    }

    pub(super) async fn read(&self, version: &VersionId) -> Result<Option<String>, SecretStoreError> {
        let request = self.client().await.get_secret_value().secret_id(&self.id).version_id(version.as_str());
        match request.send().await {
            Ok(answer) => Ok(answer.secret_string),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(None),
            Err(error) => Err(self.failed("be read", reason(&error))),
        }
    }

    pub(super) async fn put_pending(&self, version: &VersionId, text: &str) -> Result<Put, SecretStoreError> {
        let request = self.client().await.put_secret_value().secret_id(&self.id).secret_string(text);
        let request = request.client_request_token(version.as_str()).version_stages(PENDING);
        match request.send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_exists_exception()) => Ok(Put::Taken),
            Err(error) => Err(self.failed("be written", reason(&error))),
        }
    }

    /// Secrets Manager itself refuses to move a label from a version that does not have it.
    pub(super) async fn make_current(
        &self,
        version: &VersionId,
        from: Option<&VersionId>,
    ) -> Result<(), SecretStoreError> {
        if from == Some(version) {
            return Ok(());
        }
        let request = self.client().await.update_secret_version_stage().secret_id(&self.id).version_stage(CURRENT);
        let request = request
            .move_to_version_id(version.as_str())
            .set_remove_from_version_id(from.map(|from| from.as_str().to_owned()));
        let Err(error) = request.send().await else { return Ok(()) };
        // Its answer may have been lost, or somebody else was faster.
        let versions = self.versions().await?;
        match versions.current {
            Some(current) if current == *version => Ok(()),
            current if current.as_ref() == from => Err(self.failed("change", reason(&error))),
            _ => Err(SecretStoreError::Moved { name: self.id.clone() }),
        }
    }

    pub(super) async fn drop_pending(&self, version: &VersionId) -> Result<(), SecretStoreError> {
        let request = self.client().await.update_secret_version_stage().secret_id(&self.id).version_stage(PENDING);
        match request.remove_from_version_id(version.as_str()).send().await {
            Ok(_) => Ok(()),
            // Secrets Manager refuses to take away what is not there.
            Err(error) if error.code() == Some("InvalidParameterException") => Ok(()),
            Err(error) => Err(self.failed("be set aside", reason(&error))),
        }
    }

    async fn client(&self) -> &Client {
        self.aws.secrets_manager().await
    }

    fn failed(&self, operation: &'static str, reason: String) -> SecretStoreError {
        SecretStoreError::Failed { name: self.id.clone(), operation, reason }
    }
}
