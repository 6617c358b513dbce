//! Login: answers a login initiation with an authentication request. Writes nothing.

use std::sync::Arc;

use doorway_lti::authentication::AuthenticationRequest;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::login::{LoginError, LoginInitiation};
use url::Url;

use crate::binding::{BindingSecret, cookie_name, sha256};
use crate::clock::Clock;
use crate::error::Error;
use crate::platform_storage::StoragePlace;
use crate::random::Random;
use crate::registration::Registration;
use crate::secret::Secret;
use crate::state::{LOGIN_LIFETIME_SECONDS, LoginState, Nonce, StateKeySet, short_enough};
use crate::store::deployments::Deployments;
use crate::store::registrations::Registrations;

/// The longest authentication request, in bytes: Platforms and what stands before them take 8 KiB of a URL.
const MAX_REQUEST_BYTES: usize = 8 * 1024;

/// What login needs.
pub struct Login {
    /// Finds the Registration.
    pub registrations: Arc<Registrations>,
    /// Knows which Deployments are switched off.
    pub deployments: Deployments,
    /// Seals the state.
    pub state_keys: Arc<Secret<StateKeySet>>,
    /// Where the Platform posts its answer: our own constant.
    pub redirect_uri: Url,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Nonces and bindings.
    pub random: Arc<dyn Random>,
}

/// Whether a login is the first one, or begun again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginAttempt {
    /// As the Platform asks for it.
    First,
    /// Again, in a window of its own, since the browser kept nothing in a frame. Another window would not help.
    InNewWindow,
}

/// A login that has begun.
pub struct BegunLogin {
    /// The Registration that was found.
    pub registration: Arc<Registration>,
    /// Where to send the browser.
    pub authentication_request: Url,
    /// The name of the cookie to set.
    pub cookie_name: String,
    /// What the cookie holds.
    pub binding: BindingSecret,
    /// How long the cookie lives, in seconds.
    pub lifetime_seconds: u64,
    /// Where the secret is to be put besides, when the Platform offers storage.
    pub storage: Option<StoragePlace>,
}

impl Login {
    /// Begins a login.
    ///
    /// # Errors
    /// [`Error::RegistrationUnknown`], [`Error::RegistrationAmbiguous`], [`Error::RegistrationDisabled`],
    /// [`Error::DeploymentDisabled`]; [`Error::Login`] when the hints are too long to be carried;
    /// [`Error::Store`] and [`Error::Secret`] when a table or the state key cannot be read.
    pub async fn begin(&self, login: &LoginInitiation, attempt: LoginAttempt) -> Result<BegunLogin, Error> {
        let now = self.clock.now();
        let registration = self.registrations.find(&login.issuer, login.client_id.as_ref(), now).await?;
        if let Some(id) = &login.deployment_id {
            self.deployments.refuse_disabled(&registration, id, now).await?;
        }
        let keys = self.state_keys.get(now).await?;
        let binding = BindingSecret::new(&*self.random);
        let mut state = LoginState {
            registration: registration.key(),
            nonce: Nonce::new(&*self.random),
            binding: binding.hash(),
            target_link_uri_hash: short_hash(&login.target_link_uri),
            deployment_id_hash: login.deployment_id.as_ref().map(|id| short_hash(id.as_str())),
            storage_target: login.storage_target.clone(),
            again: match attempt {
                LoginAttempt::First => short_enough(login),
                LoginAttempt::InNewWindow => None,
            },
            expires_at: UnixSeconds(now.0 + LOGIN_LIFETIME_SECONDS),
        };
        let request = |state: &LoginState| self.request(login, &registration, state, &keys);
        let mut authentication_request = request(&state);
        if is_too_long(&authentication_request) && state.again.take().is_some() {
            authentication_request = request(&state);
        }
        if is_too_long(&authentication_request) {
            return Err(
                LoginError::ParameterInvalid("lti_message_hint", "short enough for a request line of 8 KiB").into()
            );
        }
        let offered = login.storage_target.as_deref();
        Ok(BegunLogin {
            authentication_request,
            cookie_name: cookie_name(&state.nonce),
            binding,
            lifetime_seconds: LOGIN_LIFETIME_SECONDS,
            storage: offered.and_then(|target| StoragePlace::new(&registration, target, &state.nonce)),
            registration,
        })
    }

    fn request(
        &self,
        login: &LoginInitiation,
        registration: &Registration,
        state: &LoginState,
        keys: &StateKeySet,
    ) -> Url {
        let request = AuthenticationRequest {
            client_id: &registration.client_id,
            redirect_uri: &self.redirect_uri,
            login_hint: &login.login_hint,
            lti_message_hint: login.lti_message_hint.as_deref(),
            state: &state.seal(keys, &*self.random),
            nonce: &state.nonce.text(),
        };
        request.url(&registration.authorization_endpoint)
    }
}

fn is_too_long(request: &Url) -> bool {
    request.as_str().len() > MAX_REQUEST_BYTES
}

/// Eight bytes of a hash: to notice a change, not to prove anything.
pub(super) fn short_hash(text: &str) -> [u8; 8] {
    *sha256(text.as_bytes()).first_chunk().expect("a SHA-256 has 32 bytes")
}
