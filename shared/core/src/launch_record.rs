//! The kept part of a launch, as stored and as read back.

use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::Object;
use doorway_lti::message::Launch;
use doorway_lti::migration::MigrationClaim;
use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_view::LaunchView;
use crate::migration::Migration;
use crate::registration::RegistrationKey;
use crate::retention::{Split, join};
use crate::store::StoreError;
use crate::welcome::CameBy;

/// What stays of a launch until retention ends; before its browser is proven, all of it.
pub struct LaunchRecord {
    document: Document,
}

/// A launch and all claims that there are of it.
pub struct WholeLaunch {
    launch: Launch,
    tenant: Option<String>,
    claims: Object,
}

/// The JSON of the kept part.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    issuer: Issuer,
    client_id: ClientId,
    deployment_id: DeploymentId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    claims: Object,
}

impl LaunchRecord {
    /// The record of a verified launch with these claims of it, ready to be stored.
    pub fn to_stored(launch: &Launch, tenant: Option<String>, claims: Object) -> Object {
        let document = Document {
            issuer: launch.issuer.clone(),
            client_id: launch.client_id.clone(),
            deployment_id: launch.deployment_id.clone(),
            tenant,
            claims,
        };
        match serde_json::to_value(document) {
            Ok(serde_json::Value::Object(object)) => object,
            _ => unreachable!("a struct of texts and objects serialises as an object"),
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when it is not what [`LaunchRecord::to_stored`] writes.
    pub fn parse(stored: Object, key: &str) -> Result<Self, StoreError> {
        // Not the parser's own words: they quote what they find.
        let document = serde_json::from_value(stored.into()).map_err(|_| broken(key, "it is no launch record"))?;
        Ok(Self { document })
    }

    /// What it came by.
    pub fn came_by(&self) -> CameBy {
        let Document { issuer, client_id, deployment_id, tenant, .. } = &self.document;
        let registration = RegistrationKey { issuer: issuer.clone(), client_id: client_id.clone() };
        CameBy { registration, deployment_id: deployment_id.clone(), tenant: tenant.clone() }
    }

    /// The claims that are stored, whichever they are.
    pub fn into_claims(self) -> Object {
        self.document.claims
    }

    /// The vendor's name for the customer.
    pub fn tenant(&self) -> Option<&str> {
        self.document.tenant.as_deref()
    }

    /// The launch, from what is kept of its claims.
    ///
    /// # Errors
    /// [`Error::Store`] when the record lacks a claim that every launch has.
    pub fn launch(&self, id: &LaunchId) -> Result<Launch, Error> {
        let Document { issuer, client_id, deployment_id, claims, .. } = &self.document;
        read_launch((issuer.clone(), client_id.clone(), deployment_id.clone()), claims, id)
    }

    /// The launch with its personal claims, while they are there.
    ///
    /// # Errors
    /// [`Error::Store`] when the record lacks a claim that every launch has.
    pub fn with_personal(self, id: &LaunchId, personal: Option<Object>) -> Result<WholeLaunch, Error> {
        let Document { issuer, client_id, deployment_id, tenant, claims } = self.document;
        let claims = join(Split { kept: claims, personal: personal.unwrap_or_default() });
        let launch = read_launch((issuer, client_id, deployment_id), &claims, id)?;
        Ok(WholeLaunch { launch, tenant, claims })
    }
}

impl WholeLaunch {
    /// What it says of LTI 1.1.
    pub fn migration_claim(&self) -> Option<MigrationClaim> {
        MigrationClaim::read(&self.launch, &self.claims)
    }

    /// Shows it, with what became of that.
    pub fn view(self, id: &LaunchId, migration: Option<Migration>, expires_at: UnixSeconds) -> LaunchView {
        LaunchView::new(id, self.tenant, self.launch, self.claims, migration, expires_at)
    }
}

fn read_launch(
    (issuer, client_id, deployment_id): (Issuer, ClientId, DeploymentId),
    claims: &Object,
    id: &LaunchId,
) -> Result<Launch, Error> {
    let launch = Launch::from_stored_claims(issuer, client_id, deployment_id, claims);
    Ok(launch.map_err(|rejection| broken(&id.log_text(), &rejection.to_string()))?)
}

fn broken(key: &str, fault: &str) -> StoreError {
    StoreError::Broken { table: "launches".to_owned(), key: key.to_owned(), fault: fault.to_owned() }
}
