//! Register: a Platform and the Tool come to know each other, by an invite (Dynamic Registration).
//!
//! 1. [`Register::invited`]: somebody opens the link of an invite: is it good?
//! 2. [`Register::begin`]: a Platform opens it and names its configuration, which is fetched and judged. A person is
//!    shown who asks, and a form.
//! 3. [`Register::confirm`]: the form comes back. The request is sent, once, and what came of it is stored.
//!
//! What is confirmed is what was shown: it travels in the form, sealed, and is not fetched again.

mod confirm;
mod error;
mod form;
mod proposal;
mod storing;

use std::sync::Arc;
use std::time::Duration;

use doorway_lti::access_token::AccessToken;
use doorway_lti::dynamic_registration::{PlatformConfiguration, RegistrationRequest, Schemes, ToolConfiguration};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::parameters::Parameters;
use reqwest::{Method, StatusCode};

use crate::binding::{BindingSecret, cookie_name};
use crate::clock::Clock;
use crate::error::Error;
use crate::event_bus::EventBus;
use crate::http::{FetchError, PlatformClient, Request};
use crate::invite::{INVITE_PARAMETER, Invite, InviteCode, InviteState, POSTING_SECONDS};
use crate::random::Random;
use crate::registration::PlatformTransport;
use crate::registration_url::RegistrationUrl;
use crate::secret::Secret;
use crate::state::{Nonce, StateKeySet};
use crate::store::invites::Invites;
use crate::store::registrations::Registrations;

pub use error::RegisterError;
pub use form::{FORM_LIFETIME_SECONDS, FormProof};
pub use proposal::{AskedMessage, Proposal};
pub use storing::Registered;

use form::Form;

/// The longest configuration that is read, in bytes.
const CONFIGURATION_LIMIT: usize = 256 * 1024;
/// How long a Platform may take to give it.
const CONFIGURATION_TIMEOUT: Duration = Duration::from_secs(8);

/// What registering needs.
pub struct Register {
    /// The invites.
    pub invites: Invites,
    /// Where the Registration goes.
    pub registrations: Arc<Registrations>,
    /// Where it is told that a Platform registered.
    pub events: EventBus,
    /// Asks the Platform.
    pub client: Arc<PlatformClient>,
    /// Seals the form.
    pub state_keys: Arc<Secret<StateKeySet>>,
    /// What Platforms are asked to register.
    pub tool: ToolConfiguration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Form secrets.
    pub random: Arc<dyn Random>,
}

/// What is known of a registration while it is judged, whatever the end: for the log and the page.
#[derive(Debug, Default, Clone)]
pub struct Learned {
    /// The Platform, once its configuration is believed.
    pub issuer: Option<String>,
    /// What it calls the Tool, once it says so.
    pub client_id: Option<String>,
    /// The invite's customer.
    pub tenant: Option<String>,
    /// Whose pages are around ours, once that is known.
    pub framed_by: Option<Vec<String>>,
    /// What the Platform said when it refused.
    pub platform_words: Option<String>,
}

/// A registration that waits for a person to confirm it.
pub struct Confirmation {
    /// Who asks, and for what.
    pub proposal: Proposal,
    /// The sealed form.
    pub form: String,
    /// The name of the cookie to set.
    pub cookie_name: String,
    /// What it holds.
    pub binding: BindingSecret,
    /// Whether the Registration will wait for an operator.
    pub will_wait: bool,
}

/// What a Platform brings when it opens the registration URL.
pub struct RegistrationInitiation {
    configuration: RegistrationUrl,
    token: Option<AccessToken>,
}

impl RegistrationInitiation {
    /// Whether a Platform opened the URL, or a person who wants to know what it is.
    pub fn is_there(parameters: &Parameters) -> bool {
        ["openid_configuration", "registration_token"].iter().any(|name| parameters.non_empty(name).is_some())
    }

    /// Reads the parameters.
    ///
    /// # Errors
    /// [`RegisterError::ConfigurationAddress`], [`RegisterError::RegistrationToken`].
    ///
    /// Spec: Dynamic Registration 1.0, "Registration Initiation"; the digest, section 1.
    pub fn parse(parameters: &Parameters, transport: PlatformTransport) -> Result<Self, RegisterError> {
        let address = parameters.non_empty("openid_configuration").ok_or(RegisterError::ConfigurationAddress)?;
        let configuration =
            RegistrationUrl::of_configuration(address, transport).ok_or(RegisterError::ConfigurationAddress)?;
        let token = parameters.non_empty("registration_token").map(|token| AccessToken::new(token.to_owned()));
        Ok(Self { configuration, token: token.transpose().map_err(|_| RegisterError::RegistrationToken)? })
    }
}

impl Register {
    /// Which Platforms are allowed.
    pub fn transport(&self) -> PlatformTransport {
        self.registrations.transport()
    }

    /// The invite that somebody brings, if a registration can begin with it now.
    ///
    /// # Errors
    /// [`RegisterError::InviteUnknown`], [`RegisterError::InviteExpired`], [`RegisterError::InviteUsed`], [`RegisterError::InviteUnderWay`],
    /// [`RegisterError::InviteSpent`]; [`Error::Store`].
    pub async fn invited(&self, parameters: &Parameters, learned: &mut Learned) -> Result<Invite, Error> {
        let code =
            parameters.non_empty(INVITE_PARAMETER).and_then(InviteCode::parse).ok_or(RegisterError::InviteUnknown)?;
        let invite = self.invites.find(&code.hash()).await?.ok_or(RegisterError::InviteUnknown)?;
        learned.tenant.clone_from(&invite.tenant);
        usable(&invite, self.clock.now())?;
        Ok(invite)
    }

    /// Begins a registration: who asks is found out, and nothing is sent but the question.
    ///
    /// # Errors
    /// [`RegisterError::ConfigurationUnavailable`], [`RegisterError::Configuration`]; [`Error::Store`], [`Error::Secret`].
    pub async fn begin(
        &self,
        invite: &Invite,
        initiation: &RegistrationInitiation,
        learned: &mut Learned,
    ) -> Result<Confirmation, Error> {
        let platform = self.fetch(initiation).await?;
        let request = RegistrationRequest::new(&self.tool, &platform);
        let proposal = Proposal::new(&platform, request, &initiation.configuration);
        learned.issuer = Some(platform.issuer.to_string());
        learned.framed_by = Some(proposal.framing_origins());
        let will_wait = self.will_wait(invite, &proposal).await?;
        let now = self.clock.now();
        let (binding, nonce) = (BindingSecret::new(&*self.random), Nonce::new(&*self.random));
        let form = Form {
            invite: invite.hash.as_str().to_owned(),
            attempts: invite.attempts,
            nonce: *nonce.bytes(),
            binding: binding.hash().bytes(),
            expires_at: now.0 + FORM_LIFETIME_SECONDS,
            token: initiation.token.as_ref().map(|token| token.secret().to_owned()),
            proposal,
        };
        let sealed = form.seal(&*self.state_keys.get(now).await?, &*self.random);
        let cookie_name = cookie_name(&nonce);
        Ok(Confirmation { proposal: form.proposal, form: sealed, cookie_name, binding, will_wait })
    }

    /// The configuration. The token goes along, since Canvas wants it, to the origin that it came with.
    async fn fetch(&self, initiation: &RegistrationInitiation) -> Result<PlatformConfiguration, Error> {
        let RegistrationInitiation { configuration, token } = initiation;
        let request = Request::to_registration(Method::GET, configuration, token.as_ref())
            .accept("application/json")
            .limit(CONFIGURATION_LIMIT)
            .timeout(CONFIGURATION_TIMEOUT);
        let answer = self.client.send(request).await.map_err(RegisterError::ConfigurationUnavailable)?;
        if answer.status != StatusCode::OK {
            return Err(RegisterError::ConfigurationUnavailable(FetchError::Status(answer.status)).into());
        }
        let schemes = match self.transport() {
            PlatformTransport::HttpsOnly => Schemes::Https,
            PlatformTransport::HttpAllowed => Schemes::HttpToo,
        };
        let parsed = PlatformConfiguration::parse(&answer.body, configuration.url(), schemes);
        Ok(parsed.map_err(RegisterError::Configuration)?)
    }
}

/// Passes if a registration can begin with this invite.
fn usable(invite: &Invite, now: UnixSeconds) -> Result<(), RegisterError> {
    match &invite.state {
        InviteState::Open if now < invite.usable_until => Ok(()),
        InviteState::Open => Err(RegisterError::InviteExpired),
        InviteState::Posting { since } if now.0 < since.0 + POSTING_SECONDS => Err(RegisterError::InviteUnderWay),
        InviteState::Posting { .. } | InviteState::Failed => Err(RegisterError::InviteSpent),
        InviteState::Done(key) => Err(RegisterError::InviteUsed(Box::new(key.clone()))),
    }
}
