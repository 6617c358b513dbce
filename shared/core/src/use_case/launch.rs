//! Launch: verifies an authentication response and stores the Launch, in the order of the launch digest §4.

use std::sync::Arc;

use doorway_lti::authentication::{AuthenticationResponse, PlatformErrorCode};
use doorway_lti::id_token::{Expected, UnverifiedIdToken, VerifiedIdToken};
use doorway_lti::message::{Launch, MessageType};
use doorway_lti::role::Role;
use url::Url;

use super::login::short_hash;
use crate::app_target::AppTargets;
use crate::binding::{BindingSecret, cookie_name};
use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::platform_keys::PlatformKeys;
use crate::random::{self, Random};
use crate::registration::{Registration, RegistrationKey};
use crate::retention::{Split, split};
use crate::secret::Secret;
use crate::state::{LoginState, StateError, StateKeySet};
use crate::store::deployments::Deployments;
use crate::store::launches::{Launches, NewLaunch, Stored};
use crate::store::registrations::Registrations;

/// What launch needs.
pub struct AcceptLaunch {
    /// Finds the Registration that the state names.
    pub registrations: Arc<Registrations>,
    /// Knows which Deployments may launch.
    pub deployments: Deployments,
    /// The Platform's keys.
    pub platform_keys: PlatformKeys,
    /// Opens the state.
    pub state_keys: Arc<Secret<StateKeySet>>,
    /// Burns the nonce and stores the Launch.
    pub launches: Launches,
    /// Where launches lead.
    pub app: AppTargets,
    /// How far a Platform's clock may differ, in seconds.
    pub leeway_seconds: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// To know one's own write again.
    pub random: Arc<dyn Random>,
}

/// What is known of a launch while it is judged: for the log, whatever the end.
#[derive(Debug, Default, Clone)]
pub struct Judged {
    /// The Registration, once the state has opened.
    pub registration: Option<RegistrationKey>,
    /// The Deployment, once the token is verified.
    pub deployment_id: Option<String>,
    /// The message type, once the token is verified.
    pub message_type: Option<MessageType>,
    /// The tenant, once the Deployment is known.
    pub tenant: Option<String>,
    /// What was understood of an accepted launch: context roles and services, nothing personal.
    pub understood: Option<String>,
    /// What is odd and was let pass.
    pub oddities: Vec<&'static str>,
    /// The cookie of this login, to be removed once it has served.
    pub cookie_name: Option<String>,
    /// The launch's id, shortened.
    pub launch: Option<String>,
}

/// The binding cookies of a request, by name.
pub trait Bindings {
    /// The value of the cookie with this name.
    fn get(&self, cookie_name: &str) -> Option<&str>;
}

impl AcceptLaunch {
    /// Accepts a launch: the URL to send the browser to, with the one-time code.
    ///
    /// `judged` learns what is known on the way, also when the launch is refused.
    ///
    /// # Errors
    /// [`Error`] with the first rule that is broken. Nothing is burned unless the launch is accepted.
    pub async fn accept(
        &self,
        response: &AuthenticationResponse,
        bindings: &impl Bindings,
        judged: &mut Judged,
    ) -> Result<Url, Error> {
        let now = self.clock.now();
        let (id_token, state) = match response {
            AuthenticationResponse::Success { id_token, state } => (id_token, state),
            AuthenticationResponse::Refused { error, state } => {
                return Err(self.refused_by_platform(error.clone(), state.as_deref(), judged).await);
            }
        };
        // A. The state opens and is not too old. The Registration is the one it names, never the token's.
        let (login, launch_id) = self.open(state, now).await?;
        judged.registration = Some(login.registration.clone());
        let registration = self.registrations.get(&login.registration, now).await?;
        // B to I. The token.
        let token = self.verify(id_token, &registration, &login.nonce.text(), now).await?;
        judged.deployment_id = Some(token.deployment_id().to_string());
        judged.message_type = Some(token.message_type());
        // K. The message and its required claims.
        let launch = Launch::from_token(&token)?;
        // L. The browser is the one that began. Checked before anything is written, so that who stole a post can
        // neither spoil it nor have a Deployment recorded.
        let cookie_name = cookie_name(&login.nonce);
        self.require_binding(&login, bindings.get(&cookie_name), &launch_id).await?;
        judged.cookie_name = Some(cookie_name);
        // K. The Deployment.
        let deployment = self.deployments.accept(&registration, &launch.deployment_id, now).await?;
        judged.tenant = deployment.tenant.or_else(|| registration.tenant.clone());
        let target = launch.target_link_uri.as_deref();
        judged.oddities.extend(oddities(&login, &launch));
        // J. One conditional write burns the nonce and stores the Launch.
        let Split { kept, personal } = split(token.into_claims());
        let new = NewLaunch {
            id: &launch_id,
            issuer: &launch.issuer,
            user_id: launch.user_id.as_ref(),
            kept: LaunchRecord::to_stored(&launch, judged.tenant.clone(), kept),
            personal,
            state_expires_at: login.expires_at,
            attempt: random::bytes(&*self.random),
        };
        match self.launches.store(&new, now).await? {
            Stored::AlreadyUsed => Err(Error::LaunchAlreadyUsed),
            Stored::New => {
                judged.understood = Some(understood(&launch));
                judged.launch = Some(launch_id.log_text());
                Ok(self.app.landing(target, &launch_id))
            }
        }
    }

    async fn open(&self, state: &str, now: UnixSeconds) -> Result<(LoginState, LaunchId), Error> {
        let keys = self.state_keys.get(now).await?;
        match open(state, &keys, now) {
            // The key may be newer than what this instance has read.
            Err(StateError::UnknownKey) => {
                let keys = self.state_keys.get_fresh(now).await?;
                Ok(open(state, &keys, now)?)
            }
            opened => Ok(opened?),
        }
    }

    async fn verify(
        &self,
        id_token: &str,
        registration: &Registration,
        nonce: &str,
        now: UnixSeconds,
    ) -> Result<VerifiedIdToken, Error> {
        let token = UnverifiedIdToken::parse(id_token, &registration.algorithms)?;
        let keys = self.platform_keys.set_for(&registration.jwks_uri, token.unverified_key_id(), now).await?;
        let expected = Expected {
            issuer: &registration.issuer,
            client_id: &registration.client_id,
            nonce,
            anonymous: registration.anonymous_launches(),
            now,
            leeway_seconds: self.leeway_seconds,
        };
        Ok(token.verify(&keys, &expected)?)
    }

    /// The browser must hold the secret whose hash the state holds.
    ///
    /// A launch that succeeded took its cookie away: who goes back, reloads or clicks twice has none, and is told
    /// that the launch was used rather than something about cookies. The one read is paid by refusals alone.
    async fn require_binding(&self, login: &LoginState, cookie: Option<&str>, id: &LaunchId) -> Result<(), Error> {
        let Some(cookie) = cookie else {
            let used = self.launches.is_used(id).await?;
            return Err(if used { Error::LaunchAlreadyUsed } else { Error::BindingMissing });
        };
        match BindingSecret::parse(cookie) {
            Some(secret) if secret.hash() == login.binding => Ok(()),
            _ => Err(Error::BindingMismatch),
        }
    }

    /// The Platform said no. Whoever posts can say so, so nothing follows from it but a page; a state of ours tells
    /// the log which Registration it was.
    pub async fn refused_by_platform(
        &self,
        error: PlatformErrorCode,
        state: Option<&str>,
        judged: &mut Judged,
    ) -> Error {
        let now = self.clock.now();
        if let Some(state) = state
            && let Ok((login, _)) = self.open(state, now).await
        {
            judged.registration = Some(login.registration);
        }
        Error::AuthenticationRefused(error)
    }
}

fn open(state: &str, keys: &StateKeySet, now: UnixSeconds) -> Result<(LoginState, LaunchId), StateError> {
    let opened = LoginState::open(state, keys, now)?;
    let id = LaunchId::derive(opened.key, &opened.login.registration, &opened.login.nonce);
    Ok((opened.login, id))
}

/// What certification asks the log of an accepted launch to show: how it was understood.
fn understood(launch: &Launch) -> String {
    let roles = launch.roles.iter().map(|role| match role {
        Role::Context { principal, sub_role } => sub_role.unwrap_or(principal.name()),
        Role::Institution(_) => "(institution)",
        Role::System(_) => "(system)",
        Role::TestUser => "TestUser",
        Role::Unrecognised(_) => "(unrecognised)",
    });
    let granted = [
        launch.context.as_ref().map(|_| "context"),
        launch.user_id.as_ref().map(|_| "user"),
        launch.ags.as_ref().map(|_| "AGS"),
        launch.nrps.as_ref().map(|_| "NRPS"),
    ];
    let roles: Vec<&str> = roles.collect();
    let granted: Vec<&str> = granted.into_iter().flatten().collect();
    format!("roles: {}; with: {}", roles.join(", "), granted.join(", "))
}

/// What does not fit the login and is let pass: the signed claims count, the login was only a hint.
fn oddities(login: &LoginState, launch: &Launch) -> Vec<&'static str> {
    let mut oddities = launch.ignored_claims.clone();
    let target = launch.target_link_uri.as_deref();
    if target.is_some_and(|uri| short_hash(uri) != login.target_link_uri_hash) {
        oddities.push("target_link_uri differs from the login's");
    }
    if login.deployment_id_hash.is_some_and(|hash| short_hash(launch.deployment_id.as_str()) != hash) {
        oddities.push("deployment_id differs from the login's");
    }
    oddities
}
