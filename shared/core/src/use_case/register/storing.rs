//! What a Platform registered becomes a Registration, and overwrites nobody's.

use doorway_lti::dynamic_registration::RegistrationResponse;

use super::{Proposal, Register, RegisterError};
use crate::invite::{Activation, Invite};
use crate::registration::{DeploymentPolicy, Registration, Status};
use crate::store::StoreError;

/// What came of it.
pub struct Registered {
    /// The Registration.
    pub registration: Registration,
    /// Whether it was there before.
    pub is_update: bool,
    /// Scopes that the Platform says it did not grant.
    pub refused_scopes: Vec<String>,
    /// Who was registered, as they were shown.
    pub proposal: Proposal,
}

impl Register {
    pub(super) async fn store(
        &self,
        invite: &Invite,
        proposal: &Proposal,
        response: RegistrationResponse,
    ) -> Result<Registered, RegisterError> {
        let RegistrationResponse { client_id, deployment_id, scopes } = response;
        let wanted = proposal.registration(client_id, deployment_id, invite, Status::Pending);
        let key = Box::new(wanted.key());
        let stored = match self.put(invite, proposal, wanted).await {
            Ok(stored) => stored,
            Err(error) => return Err(RegisterError::RegistrationNotStored { key, error }),
        };
        let (registration, is_update) = stored.ok_or(RegisterError::RegistrationExists(key))?;
        let granted = scopes.unwrap_or_else(|| proposal.scopes.clone());
        let refused_scopes = proposal.scopes.iter().filter(|scope| !granted.contains(scope)).cloned().collect();
        Ok(Registered { registration, is_update, refused_scopes, proposal: proposal.clone() })
    }

    /// The Registration as it is stored now, and whether it was there before. `None` where it is not this invite's to
    /// change.
    async fn put(
        &self,
        invite: &Invite,
        proposal: &Proposal,
        wanted: Registration,
    ) -> Result<Option<(Registration, bool)>, StoreError> {
        let Some(stored) = self.registrations.stored(&wanted.key()).await? else {
            let status = if self.will_wait(invite, proposal).await? { Status::Pending } else { Status::Active };
            let new = Registration { status, ..wanted };
            return Ok(self.registrations.put_if(&new, None).await?.then_some((new, false)));
        };
        if !may_change(invite, &stored.registration, &wanted) {
            return Ok(None);
        }
        let changed = changed(&stored.registration, wanted);
        Ok(self.registrations.put_if(&changed, Some(&stored)).await?.then_some((changed, true)))
    }

    /// Whether a new Registration waits for an operator: unless the invite says otherwise; and whatever it says, where
    /// the issuer is known by other endpoints.
    ///
    /// Users are known by issuer and user id. Who can publish a document anywhere on a Platform's host could else have
    /// another key set believed for that issuer, and sign in as anybody of it.
    pub(super) async fn will_wait(&self, invite: &Invite, proposal: &Proposal) -> Result<bool, StoreError> {
        if invite.activation == Activation::Pending {
            return Ok(true);
        }
        let known = self.registrations.of_issuer(&proposal.issuer).await?;
        let is_same = |known: &Registration| {
            known.jwks_uri == proposal.jwks_uri && known.authorization_endpoint == proposal.authorization_endpoint
        };
        Ok(!known.is_empty() && !known.iter().any(is_same))
    }
}

/// Whether this invite may change a Registration that is there: an operator said so, or it is the same customer's and
/// stays where it is. Never one of another customer.
fn may_change(invite: &Invite, stored: &Registration, wanted: &Registration) -> bool {
    let is_of_customer = stored.tenant == invite.tenant;
    let stays = stored.jwks_uri == wanted.jwks_uri
        && stored.token_endpoint == wanted.token_endpoint
        && stored.authorization_endpoint == wanted.authorization_endpoint;
    match (&stored.tenant, invite.may_update) {
        (None, may_update) => may_update,
        (Some(_), true) => is_of_customer || invite.tenant.is_none(),
        (Some(_), false) => is_of_customer && stays,
    }
}

/// The stored one with what the Platform says now. What an operator decided stays: status, customer, policy, origins.
fn changed(stored: &Registration, wanted: Registration) -> Registration {
    let mut changed = Registration {
        authorization_endpoint: wanted.authorization_endpoint,
        token_endpoint: wanted.token_endpoint,
        jwks_uri: wanted.jwks_uri,
        token_audience: wanted.token_audience.or_else(|| stored.token_audience.clone()),
        ..stored.clone()
    };
    if let (DeploymentPolicy::Listed(listed), DeploymentPolicy::Listed(named)) =
        (&mut changed.deployments, wanted.deployments)
    {
        listed.extend(named.into_iter().filter(|id| !stored.deployments.lists(id)));
    }
    for (kept, new) in
        [(&mut changed.service_origins, wanted.service_origins), (&mut changed.frame_origins, wanted.frame_origins)]
    {
        let new: Vec<_> = new.into_iter().filter(|origin| !kept.contains(origin)).collect();
        kept.extend(new);
    }
    changed
}
