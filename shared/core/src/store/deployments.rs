//! Deployments: recorded when a verified launch first names them.

mod managing;

use std::num::NonZeroUsize;

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::DeploymentId;

use super::registrations::REGISTRATION_CACHE_SECONDS;
use super::{Item, StoreError, Table, number, read_text, schema, text};
use crate::cache::Cache;
use crate::error::Error;
use crate::registration::{Deployment, DeploymentPolicy, Registration, RegistrationKey, Status};

const CACHE_ENTRIES: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

type CacheKey = (RegistrationKey, DeploymentId);

/// Knows which Deployments may launch. Cached like Registrations.
pub struct Deployments {
    table: Table,
    cache: Cache<CacheKey, Deployment>,
}

impl Deployments {
    /// Over the registrations table.
    pub fn new(table: Table) -> Self {
        Self { table, cache: Cache::new(CACHE_ENTRIES) }
    }

    /// The Deployment of a verified launch, if it may launch. By policy an unknown one is refused, or recorded.
    ///
    /// A list in the Registration is the whole truth for that Registration; otherwise the record decides.
    ///
    /// # Errors
    /// [`Error::DeploymentUnknown`], [`Error::DeploymentPending`], [`Error::DeploymentDisabled`] or
    /// [`Error::Store`].
    pub async fn accept(
        &self,
        registration: &Registration,
        id: &DeploymentId,
        now: UnixSeconds,
    ) -> Result<Deployment, Error> {
        let first_status = match policy_for(registration, id)? {
            Policy::Listed(deployment) => return Ok(deployment),
            Policy::Recorded { first_status } => first_status,
        };
        let cache_key = (registration.key(), id.clone());
        let deployment = match self.known(&cache_key, now).await? {
            Some(known) => known,
            None => {
                let recorded = self.record(&cache_key.0, id, first_status, now).await?;
                self.keep(cache_key, recorded, now)
            }
        };
        if_active(deployment)
    }

    /// Refuses early what is known to be switched off. The login's hint is unsigned: about everything else the
    /// signed claim decides.
    ///
    /// # Errors
    /// [`Error::DeploymentDisabled`] or [`Error::Store`].
    pub async fn refuse_disabled(
        &self,
        registration: &Registration,
        id: &DeploymentId,
        now: UnixSeconds,
    ) -> Result<(), Error> {
        if matches!(registration.deployments, DeploymentPolicy::Listed(_)) {
            return Ok(());
        }
        match self.known(&(registration.key(), id.clone()), now).await? {
            Some(Deployment { status: Status::Disabled, .. }) => Err(Error::DeploymentDisabled),
            _ => Ok(()),
        }
    }

    /// Refuses what is known not to be welcome, before anything of a launch is kept. One that is not recorded yet is let
    /// pass: [`Deployments::accept`] decides about it. Records nothing.
    ///
    /// # Errors
    /// [`Error::DeploymentUnknown`], [`Error::DeploymentDisabled`] or [`Error::Store`].
    pub async fn refuse_unwelcome(
        &self,
        registration: &Registration,
        id: &DeploymentId,
        now: UnixSeconds,
    ) -> Result<(), Error> {
        policy_for(registration, id)?;
        self.refuse_disabled(registration, id, now).await
    }

    /// Passes if a Deployment that once launched is still active. Records nothing.
    ///
    /// # Errors
    /// As for [`Deployments::accept`]; one whose record is gone is unknown.
    pub async fn require_active(
        &self,
        registration: &Registration,
        id: &DeploymentId,
        now: UnixSeconds,
    ) -> Result<(), Error> {
        if let Policy::Listed(_) = policy_for(registration, id)? {
            return Ok(());
        }
        let key = (registration.key(), id.clone());
        let known = match self.known(&key, now).await? {
            Some(known) => Some(known),
            // Recorded by the launch a moment ago, perhaps, and not yet everywhere: asked again, consistently.
            None => self.read(&key.0, id, true).await?.map(|deployment| self.keep(key, deployment, now)),
        };
        if_active(known.ok_or(Error::DeploymentUnknown)?).map(drop)
    }

    /// Sets a Deployment's status: an operator's decision.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn put(
        &self,
        registration: &RegistrationKey,
        deployment: &Deployment,
        now: UnixSeconds,
    ) -> Result<(), StoreError> {
        let item = item(registration, deployment, now);
        let request = self.table.put(item).await;
        request.send().await.map_err(|error| self.table.failed("put a deployment", &error))?;
        self.cache.remove(&(registration.clone(), deployment.id.clone()));
        Ok(())
    }

    /// What is recorded, from the cache or the table.
    async fn known(&self, key: &CacheKey, now: UnixSeconds) -> Result<Option<Deployment>, StoreError> {
        if let Some(known) = self.cache.get(key, now) {
            return Ok(Some(known));
        }
        let read = self.read(&key.0, &key.1, false).await?;
        Ok(read.map(|deployment| self.keep(key.clone(), deployment, now)))
    }

    fn keep(&self, key: CacheKey, deployment: Deployment, now: UnixSeconds) -> Deployment {
        self.cache.put(key, deployment.clone(), UnixSeconds(now.0 + REGISTRATION_CACHE_SECONDS));
        deployment
    }

    async fn read(
        &self,
        registration: &RegistrationKey,
        id: &DeploymentId,
        consistent: bool,
    ) -> Result<Option<Deployment>, StoreError> {
        let item = self.table.get(key(registration, id), consistent).await?;
        item.map(|item| self.parse(id, &item)).transpose()
    }

    /// Records a Deployment that was not there. When another launch or an operator was faster, theirs stands.
    async fn record(
        &self,
        registration: &RegistrationKey,
        id: &DeploymentId,
        status: Status,
        now: UnixSeconds,
    ) -> Result<Deployment, StoreError> {
        let deployment = Deployment { id: id.clone(), status, tenant: None };
        let request =
            self.table.put(item(registration, &deployment, now)).await.condition_expression("attribute_not_exists(pk)");
        match request.send().await {
            Ok(_) => {
                tracing::info!(lti.issuer = %registration.issuer, lti.client_id = %registration.client_id,
                    lti.deployment_id = %id, status = status.word(), "deployment recorded on first sight");
                Ok(deployment)
            }
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(self.read(registration, id, true).await?.unwrap_or(deployment))
            }
            Err(error) => Err(self.table.failed("record a deployment", &error)),
        }
    }

    fn parse(&self, id: &DeploymentId, item: &Item) -> Result<Deployment, StoreError> {
        let status = match read_text(item, "status") {
            Some("active") => Status::Active,
            Some("pending") => Status::Pending,
            Some("disabled") => Status::Disabled,
            _ => return Err(self.table.broken(id.as_str(), "attribute `status` must be active, pending or disabled")),
        };
        Ok(Deployment { id: id.clone(), status, tenant: read_text(item, "tenant").map(str::to_owned) })
    }
}

/// What decides about a Deployment.
enum Policy {
    /// The Registration's list, and it is on it.
    Listed(Deployment),
    /// Its record, which an unknown one gets with this status.
    Recorded { first_status: Status },
}

/// A list in the Registration is the whole truth: who is not on it is unknown. Otherwise the record decides.
fn policy_for(registration: &Registration, id: &DeploymentId) -> Result<Policy, Error> {
    match &registration.deployments {
        DeploymentPolicy::Listed(ids) if ids.contains(id) => {
            Ok(Policy::Listed(Deployment { id: id.clone(), status: Status::Active, tenant: None }))
        }
        DeploymentPolicy::Listed(_) => Err(Error::DeploymentUnknown),
        DeploymentPolicy::Any => Ok(Policy::Recorded { first_status: Status::Active }),
        DeploymentPolicy::Pending => Ok(Policy::Recorded { first_status: Status::Pending }),
    }
}

fn if_active(deployment: Deployment) -> Result<Deployment, Error> {
    match deployment.status {
        Status::Active => Ok(deployment),
        Status::Pending => Err(Error::DeploymentPending),
        Status::Disabled => Err(Error::DeploymentDisabled),
    }
}

fn key(registration: &RegistrationKey, id: &DeploymentId) -> Item {
    schema::key(pk(registration), id.to_string())
}

fn pk(registration: &RegistrationKey) -> String {
    // As JSON, so that no issuer and client id together read like another pair.
    let pair = serde_json::json!([registration.issuer.as_str(), registration.client_id.as_str()]);
    format!("deployments#{pair}")
}

fn item(registration: &RegistrationKey, deployment: &Deployment, now: UnixSeconds) -> Item {
    let mut item = key(registration, &deployment.id);
    item.insert("status".to_owned(), text(deployment.status.word()));
    item.insert("recorded_at".to_owned(), number(now.0));
    if let Some(tenant) = &deployment.tenant {
        item.insert("tenant".to_owned(), text(tenant));
    }
    item
}
