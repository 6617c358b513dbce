//! Launch: verifies an authentication response and stores the Launch, in the order of the launch digest §4.
//!
//! The browser is the one that began the login when it holds the login's secret: in a cookie, or, where the Platform
//! offers storage and the browser kept no cookie, there. In the second case the verified launch waits ([`AcceptLaunch::accept`])
//! until a page of ours has asked the Platform ([`AcceptLaunch::complete`]). Nothing is issued before, and nothing burned.

mod completing;
mod judged;

use std::sync::Arc;

use doorway_lti::authentication::{AuthenticationResponse, PlatformErrorCode};
use doorway_lti::id_token::{Expected, UnverifiedIdToken, VerifiedIdToken};
use doorway_lti::json::Object;
use doorway_lti::message::Launch;
use url::Url;

use crate::app_target::AppTargets;
use crate::binding::{BindingSecret, cookie_name};
use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::event_bus::{BusEvent, EventBus};
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::platform_keys::PlatformKeys;
use crate::platform_storage::StoragePlace;
use crate::random::{self, Random};
use crate::registration::Registration;
use crate::retention::{Split, split};
use crate::secret::Secret;
use crate::state::{LoginState, StateError, StateKeySet};
use crate::store::deployments::Deployments;
use crate::store::launches::awaiting::NewAwaiting;
use crate::store::launches::{Launches, NewLaunch, Stored};
use crate::store::registrations::Registrations;

pub use completing::Completion;
pub use judged::{Judged, PageFacts, ProvenBy};

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
    /// Where it is told that there was a launch.
    pub events: EventBus,
    /// Where launches lead.
    pub app: AppTargets,
    /// How far a Platform's clock may differ, in seconds.
    pub leeway_seconds: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// To know one's own write again.
    pub random: Arc<dyn Random>,
}

/// The binding cookies of a request, by name.
pub trait Bindings {
    /// The value of the cookie with this name.
    fn get(&self, cookie_name: &str) -> Option<&str>;
}

/// What becomes of a verified launch.
pub enum Accepted {
    /// It is stored: where to send the browser, with the one-time code.
    Landed(Url),
    /// It waits for its browser to be proven: what a page has to ask the Platform.
    Awaiting {
        /// Where the launch waits.
        handle: LaunchId,
        /// The state of its login.
        state: String,
        /// What to ask for.
        storage: StoragePlace,
    },
}

/// Whether the browser that posts is the one that began.
enum Browser {
    Proven,
    /// It kept no cookie, and the Platform offers storage.
    MayAsk(StoragePlace),
}

impl AcceptLaunch {
    /// Accepts a launch, or keeps it until its browser is proven.
    ///
    /// `judged` learns what is known on the way, also when the launch is refused.
    ///
    /// # Errors
    /// [`Error`] with the first rule that is broken. Nothing is burned unless the launch has landed.
    pub async fn accept(
        &self,
        response: &AuthenticationResponse,
        bindings: &impl Bindings,
        judged: &mut Judged,
    ) -> Result<Accepted, Error> {
        let now = self.clock.now();
        let (id_token, state) = match response {
            AuthenticationResponse::Success { id_token, state } => (id_token, state),
            AuthenticationResponse::Refused { error, state } => {
                return Err(self.refused_by_platform(error.clone(), state.as_deref(), judged).await);
            }
        };
        // A. The state opens and is not too old. The Registration is the one it names, never the token's.
        let (login, launch_id) = self.open(state, now).await?;
        let registration = self.registration(&login, judged, now).await?;
        // B to I. The token.
        let token = self.verify(id_token, &registration, &login.nonce.text(), now).await?;
        judged.deployment_id = Some(token.deployment_id().to_string());
        judged.message_type = Some(token.message_type());
        // K. The message and its required claims.
        let launch = Launch::from_token(&token)?;
        judged.learn(&launch, self.registrations.transport());
        // L. The browser is the one that began. Checked before a launch is stored, so that who stole a post can
        // neither spoil it nor have a Deployment recorded.
        let cookie_name = cookie_name(&login.nonce);
        let browser = self.browser(&login, &registration, bindings.get(&cookie_name), &launch_id, judged).await?;
        let claims = token.into_claims();
        match browser {
            Browser::Proven => {
                judged.binding = Some(ProvenBy::Cookie);
                judged.cookie_name = Some(cookie_name);
                self.admit(&login, &registration, launch, claims, &launch_id, judged).await.map(Accepted::Landed)
            }
            Browser::MayAsk(storage) => {
                self.deployments.refuse_unwelcome(&registration, &launch.deployment_id, now).await?;
                let handle = launch_id.awaiting(id_token);
                let awaiting = NewAwaiting {
                    id: &handle,
                    launch_id: &launch_id,
                    issuer: &launch.issuer,
                    user_id: launch.user_id.as_ref(),
                    record: LaunchRecord::to_stored(&launch, None, claims),
                    expires_at: login.expires_at,
                };
                self.launches.keep_awaiting(&awaiting).await?;
                Ok(Accepted::Awaiting { handle, state: state.clone(), storage })
            }
        }
    }

    /// K and J, once token and browser are proven: the Deployment may launch; one conditional write burns the nonce and
    /// stores the Launch.
    async fn admit(
        &self,
        login: &LoginState,
        registration: &Registration,
        launch: Launch,
        claims: Object,
        launch_id: &LaunchId,
        judged: &mut Judged,
    ) -> Result<Url, Error> {
        let now = self.clock.now();
        let deployment = self.deployments.accept(registration, &launch.deployment_id, now).await?;
        judged.tenant = deployment.tenant.or_else(|| registration.tenant.clone());
        judged.compare(login, &launch);
        let Split { kept, personal } = split(claims);
        let new = NewLaunch {
            id: launch_id,
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
                judged.understand(&launch);
                judged.launch = Some(launch_id.log_text());
                let verified = || Some(BusEvent::launch_verified(&login.registration, &launch.deployment_id, judged));
                self.events.publish(now, verified).await;
                Ok(self.app.landing(launch.target_link_uri.as_deref(), launch_id))
            }
        }
    }

    /// The Registration that a state names.
    async fn registration(
        &self,
        login: &LoginState,
        judged: &mut Judged,
        now: UnixSeconds,
    ) -> Result<Arc<Registration>, Error> {
        judged.registration = Some(login.registration.clone());
        let registration = self.registrations.get(&login.registration, now).await?;
        judged.tenant.clone_from(&registration.tenant);
        judged.page.registration = Some(registration.clone());
        judged.page.transport = self.registrations.transport();
        Ok(registration)
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
    /// that the launch was used rather than something about cookies. The one read is paid where there is no cookie.
    async fn browser(
        &self,
        login: &LoginState,
        registration: &Registration,
        cookie: Option<&str>,
        id: &LaunchId,
        judged: &mut Judged,
    ) -> Result<Browser, Error> {
        let Some(cookie) = cookie else {
            if self.launches.is_used(id).await? {
                return Err(Error::LaunchAlreadyUsed);
            }
            // This browser keeps no cookie of ours where it is: a new window may.
            judged.page.again = login.again.clone();
            let offered = login.storage_target.as_deref();
            let storage = offered.and_then(|target| StoragePlace::new(registration, target, &login.nonce));
            return storage.map(Browser::MayAsk).ok_or(Error::BindingMissing);
        };
        if is_bound(login, cookie) { Ok(Browser::Proven) } else { Err(Error::BindingMismatch) }
    }

    /// The Platform said no. Whoever posts can say so, so nothing follows from it but a page; a state of ours tells
    /// the log and the page which Registration it was.
    pub async fn refused_by_platform(
        &self,
        error: PlatformErrorCode,
        state: Option<&str>,
        judged: &mut Judged,
    ) -> Error {
        let now = self.clock.now();
        if let Some(state) = state
            && let Ok((login, _)) = self.open(state, now).await
            && self.registration(&login, judged, now).await.is_ok()
            // The Platform, too, may miss its cookie in a frame.
            && matches!(error, PlatformErrorCode::SignInAgain(_))
        {
            judged.page.again = login.again;
        }
        Error::AuthenticationRefused(error)
    }
}

fn open(state: &str, keys: &StateKeySet, now: UnixSeconds) -> Result<(LoginState, LaunchId), StateError> {
    let opened = LoginState::open(state, keys, now)?;
    let id = LaunchId::derive(opened.key, &opened.login.registration, &opened.login.nonce);
    Ok((opened.login, id))
}

/// Whether this is the secret of the login, in constant time.
fn is_bound(login: &LoginState, secret: &str) -> bool {
    BindingSecret::parse(secret).is_some_and(|secret| secret.hash() == login.binding)
}
