//! What a Platform registered becomes a Registration, and overwrites nobody's.

use doorway_lti::dynamic_registration::RegistrationResponse;
use url::Url;

use super::{Proposal, Register, RegisterError};
use crate::invite::{Activation, Invite};
use crate::registration::{DeploymentPolicy, Registration, Status, is_safe_endpoint};
use crate::store::StoreError;

/// The longest `registration_client_uri` that is kept, in bytes.
const LONGEST_ADDRESS: usize = 2048;

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
        let RegistrationResponse { client_id, deployment_id, scopes, registration_client_uri } = response;
        let wanted = Registration {
            registration_client_uri: registration_client_uri.filter(|url| self.can_be_kept(url)),
            ..proposal.registration(client_id, deployment_id, invite, Status::Pending)
        };
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

    /// Whether an address can stand in a Registration. One that cannot is passed over: nothing needs it for launches. Whose it
    /// is, is asked when it is used.
    fn can_be_kept(&self, url: &Url) -> bool {
        let can_be_kept = url.as_str().len() <= LONGEST_ADDRESS && is_safe_endpoint(url, self.transport());
        if !can_be_kept {
            tracing::warn!("the platform's `registration_client_uri` is none that can be asked, and was passed over");
        }
        can_be_kept
    }

    /// The Registration as it is stored now, and whether it was there before. `None` where it is not this invite's to
    /// change, or is another Platform's client.
    ///
    /// The client id is the Platform's to say. One that says the id by which the Tool is known elsewhere could have a token
    /// for that Platform's grades asked for and sent to itself: it names that Platform's token endpoint, and its own
    /// services. So a client is registered for one issuer. Where the id alone is the same, an operator decides: there are
    /// Platforms that never look whom an assertion is for.
    async fn put(
        &self,
        invite: &Invite,
        proposal: &Proposal,
        wanted: Registration,
    ) -> Result<Option<(Registration, bool)>, StoreError> {
        let others = self.registrations.all().await?.registrations;
        let namesakes: Vec<&Registration> = others.iter().filter(|other| other.is_namesake_of(&wanted)).collect();
        if namesakes.iter().any(|other| other.is_same_client_as(&wanted)) {
            tracing::warn!("the client that was registered is that of another issuer at the same token endpoint");
            return Ok(None);
        }
        let Some(stored) = self.registrations.stored(&wanted.key()).await? else {
            let is_known_elsewhere = !namesakes.is_empty();
            if is_known_elsewhere {
                tracing::warn!("the client id is known at another issuer too, so that the registration waits");
            }
            let waits = is_known_elsewhere || self.will_wait(invite, proposal).await?;
            let status = if waits { Status::Pending } else { Status::Active };
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
        registration_client_uri: wanted.registration_client_uri.or_else(|| stored.registration_client_uri.clone()),
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
