//! Whether what a launch came by is still welcome: asked again on every later request.

use std::sync::Arc;

use doorway_lti::ids::DeploymentId;

use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::registration::RegistrationKey;
use crate::store::deployments::Deployments;
use crate::store::registrations::Registrations;

/// Knows whether a Registration and a Deployment are still active. Switching one off takes effect within
/// [`crate::store::registrations::REGISTRATION_CACHE_SECONDS`].
pub struct Welcome {
    /// The Registrations.
    pub registrations: Arc<Registrations>,
    /// The Deployments.
    pub deployments: Arc<Deployments>,
}

impl Welcome {
    /// Passes if both are active. A Registration that was removed counts as switched off.
    ///
    /// # Errors
    /// [`Error::RegistrationDisabled`], [`Error::DeploymentUnknown`],
    /// [`Error::DeploymentPending`], [`Error::DeploymentDisabled`], [`Error::Store`].
    pub async fn check(
        &self,
        registration: &RegistrationKey,
        deployment_id: &DeploymentId,
        now: UnixSeconds,
    ) -> Result<(), Error> {
        let registration = self.registrations.get(registration, now).await.map_err(|error| match error {
            Error::RegistrationUnknown { .. } => Error::RegistrationDisabled(Box::new(registration.clone())),
            other => other,
        })?;
        self.deployments.require_active(&registration, deployment_id, now).await
    }
}
