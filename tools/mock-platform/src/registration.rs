//! Dynamic Registration: the Platform says who it is, and Tools register themselves.
//!
//! Each profile has its product's habits: whether there is a token and how often it is good, what the configuration looks
//! like, where the answer names the deployment, how it refuses.
//!
//! Spec: LTI Dynamic Registration 1.0.

mod configuration;
mod endpoint;
mod request;
mod update;

pub(crate) use configuration::configuration;
pub(crate) use endpoint::register;
pub(crate) use update::{Update, first_registration};

use serde_json::json;

use crate::client::Client;
use crate::lock::locked;
use crate::platform::Platform;
use crate::profile::Profile;
use crate::random;

/// How long a registration token is good, in seconds.
pub(crate) const TOKEN_SECONDS: u64 = 3600;

/// The member of a registration that is about LTI.
const LTI: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
/// The type of the message that asks to choose content.
const DEEP_LINKING: &str = "LtiDeepLinkingRequest";

/// What a registration token stands for.
#[derive(Debug, Clone, Default)]
pub(crate) struct RegistrationGrant {
    /// The client that is registered anew, if it is not to be a new one.
    pub(crate) client_id: Option<String>,
}

/// A request at the registration endpoint, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationAttempt {
    /// Whether a token came along that was good.
    pub had_good_token: bool,
    /// The body.
    pub body: String,
    /// What was answered.
    pub status: u16,
}

impl Profile {
    /// Whether Tools can register themselves: of Schoology and Open edX nobody has seen it.
    #[must_use]
    pub const fn lets_tools_register(self) -> bool {
        !matches!(self, Self::Schoology | Self::OpenEdx)
    }

    /// Whether Tools are given a token.
    pub(crate) const fn gives_registration_token(self) -> bool {
        !matches!(self, Self::Brightspace | Self::Blackboard)
    }

    /// Whether Tools may read and change their registrations.
    pub(crate) const fn lets_tools_update(self) -> bool {
        matches!(self, Self::Plain | Self::Canvas)
    }
}

impl Platform {
    /// Where the Platform's configuration is.
    #[must_use]
    pub fn configuration_url(&self) -> String {
        format!("{}/openid-configuration", self.base())
    }

    /// A Tool's registration URL as an administrator opens it: with where the configuration is, and with a token where the
    /// profile gives one. `client_id` names the client that is to be registered anew.
    ///
    /// `None` when it is no URL.
    #[must_use]
    pub fn registration_initiation(&self, registration_url: &str, client_id: Option<&str>) -> Option<String> {
        let mut parameters = vec![("openid_configuration".to_owned(), self.configuration_url())];
        if self.profile().gives_registration_token() {
            let token = random::id();
            let grant = RegistrationGrant { client_id: client_id.map(ToOwned::to_owned) };
            self.registration_tokens.put(token.clone(), grant, self.now());
            parameters.push(("registration_token".to_owned(), token));
        }
        crate::initiation::with_query(registration_url, &parameters)
    }

    /// Lets a Tool register by this token, as if an administrator had just opened its registration URL.
    pub fn expect_registration(&self, token: &str) {
        self.registration_tokens.put(token.to_owned(), RegistrationGrant::default(), self.now());
    }

    /// Every Tool that is registered, the newest last. The newest is the one that the course launches.
    #[must_use]
    pub fn clients(&self) -> Vec<Client> {
        locked(&self.clients).clone()
    }

    /// What came to the registration endpoint, oldest first.
    #[must_use]
    pub fn registration_attempts(&self) -> Vec<RegistrationAttempt> {
        locked(&self.registration_attempts).clone()
    }

    /// Answers the Tool that the course launches at a further redirect URI, too.
    pub fn add_redirect_uri(&self, redirect_uri: &str) {
        self.change_newest(|client| {
            client.redirect_uris.push(redirect_uri.to_owned());
            client.registration.insert("redirect_uris".to_owned(), json!(client.redirect_uris));
        });
    }

    /// Lets deep linking lead to an address of its own, and not to where links lead.
    pub fn set_deep_linking_uri(&self, target_link_uri: &str) {
        self.change_newest(|client| {
            client.deep_linking_uri = Some(target_link_uri.to_owned());
            let messages = client.registration.get_mut(LTI).and_then(|tool| tool["messages"].as_array_mut());
            for message in messages.into_iter().flatten().filter(|message| message["type"] == DEEP_LINKING) {
                message["target_link_uri"] = json!(target_link_uri);
            }
        });
    }

    fn change_newest(&self, change: impl FnOnce(&mut Client)) {
        if let Some(client) = locked(&self.clients).last_mut() {
            change(client);
        }
    }

    /// The Tool that the course launches.
    pub(crate) fn client(&self) -> Client {
        locked(&self.clients).last().cloned().expect("there is one from the start")
    }

    /// The Tool of this id.
    pub(crate) fn client_of(&self, client_id: &str) -> Option<Client> {
        locked(&self.clients).iter().find(|client| client.client_id == client_id).cloned()
    }

    /// Registers a Tool, in the place of the one with the same id.
    pub(crate) fn install(&self, client: Client) {
        let mut clients = locked(&self.clients);
        clients.retain(|known| known.client_id != client.client_id);
        clients.push(client);
    }
}
