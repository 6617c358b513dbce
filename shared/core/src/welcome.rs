//! Whether what a launch came by is still welcome: asked again on every later request.

use std::sync::Arc;

use doorway_lti::ids::DeploymentId;

use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::registration::{Registration, RegistrationKey};
use crate::store::deployments::Deployments;
use crate::store::registrations::Registrations;

/// What a launch came by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameBy {
    /// The Registration.
    pub registration: RegistrationKey,
    /// The Deployment.
    pub deployment_id: DeploymentId,
    /// The vendor's name for the customer, as it was at the launch: where the launch itself is at hand.
    pub tenant: Option<String>,
}

/// Knows whether a Registration and a Deployment are still active. Switching one off takes effect within
/// [`crate::store::registrations::REGISTRATION_CACHE_SECONDS`].
pub struct Welcome {
    /// The Registrations.
    pub registrations: Arc<Registrations>,
    /// The Deployments.
    pub deployments: Arc<Deployments>,
}

impl Welcome {
    /// The Registration, if both are active. A Registration that was removed counts as switched off.
    ///
    /// # Errors
    /// [`Error::RegistrationDisabled`], [`Error::DeploymentUnknown`],
    /// [`Error::DeploymentPending`], [`Error::DeploymentDisabled`], [`Error::Store`].
    pub async fn check(&self, came_by: &CameBy, now: UnixSeconds) -> Result<Arc<Registration>, Error> {
        let CameBy { registration, deployment_id, .. } = came_by;
        let registration = self.registrations.get(registration, now).await.map_err(|error| match error {
            Error::RegistrationUnknown { .. } => Error::RegistrationDisabled(Box::new(registration.clone())),
            other => other,
        })?;
        self.deployments.require_active(&registration, deployment_id, now).await?;
        Ok(registration)
    }
}
