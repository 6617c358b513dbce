//! The Platform: its settings, its keys, and what it remembers.

mod config;
mod controls;
mod cookie_reach;

pub use config::{PlatformConfig, ServicesConfig};

use std::sync::{Arc, Mutex, OnceLock};

use url::Url;

use crate::claims::LaunchClaims;
use crate::client::Client;
use crate::course::{Course, CourseLink, columns};
use crate::deep_linking::{DeepLinkingSettings, PendingChoice, RESPONSE_SECONDS};
use crate::faults::Faults;
use crate::gradebook::Gradebook;
use crate::keep::Keep;
use crate::key::PlatformKey;
use crate::message::Message;
use crate::random;
use crate::registration::{RegistrationAttempt, RegistrationGrant, TOKEN_SECONDS, Update, first_registration};
use crate::requests::RequestLog;
use crate::return_log::ReturnLog;
use crate::roster::Roster;
use crate::services::{ACCESS_TOKEN_SECONDS, ASSERTION_SECONDS, Grant};
use crate::tool::ToolKeys;
use crate::user::{User, find_user};
use crate::wrong::WrongLaunch;
use controls::Settings;

/// Sessions kept in memory at a time.
const SESSION_CAPACITY: usize = 1_000;
/// A school day.
const SESSION_SECONDS: u64 = 8 * 60 * 60;
/// Message hints kept in memory at a time.
const HINT_CAPACITY: usize = 10_000;
/// As long as Canvas's message hints live.
const HINT_SECONDS: u64 = 5 * 60;
/// As long as a teacher may take to choose.
const CHOICE_SECONDS: u64 = 60 * 60;
/// Access tokens kept in memory at a time, and client assertions.
const TOKEN_CAPACITY: usize = 10_000;

/// A launch that was started and not answered yet.
#[derive(Clone)]
pub(crate) struct PendingLaunch {
    /// Who clicked.
    pub(crate) user_id: String,
    /// What was clicked.
    pub(crate) link: Arc<CourseLink>,
    /// How the launch is to be spoiled.
    pub(crate) wrong: Option<&'static WrongLaunch>,
    /// The language that the launch asks for, if not the usual one.
    pub(crate) locale: Option<String>,
}

/// A running Platform with one course.
pub struct Platform {
    pub(crate) config: PlatformConfig,
    pub(crate) key: PlatformKey,
    stranger: OnceLock<PlatformKey>,
    base_path: String,
    sessions: Keep<String>,
    hints: Keep<PendingLaunch>,
    course: Course,
    gradebook: Gradebook,
    roster: Roster,
    faults: Faults,
    settings: Mutex<Settings>,
    pub(crate) requests: RequestLog,
    pub(crate) returns: ReturnLog,
    /// The Tools, the newest last.
    pub(crate) clients: Mutex<Vec<Client>>,
    pub(crate) registration_tokens: Keep<RegistrationGrant>,
    /// Those that were good once.
    pub(crate) used_registration_tokens: Keep<()>,
    pub(crate) registration_attempts: Mutex<Vec<RegistrationAttempt>>,
    /// Changes of registrations that wait for an administrator.
    pub(crate) updates: Mutex<Vec<Update>>,
    pub(crate) tool_keys: ToolKeys,
    pub(crate) access_tokens: Keep<Grant>,
    /// The `jti` of every client assertion that may still be good.
    pub(crate) assertion_ids: Keep<()>,
    /// Deep Linking requests by their ids.
    pub(crate) choices: Keep<PendingChoice>,
    /// The nonce of every Deep Linking response that may still be good.
    pub(crate) response_nonces: Keep<()>,
}

impl Platform {
    /// A Platform with these settings that signs with this key. Nobody is signed in.
    #[must_use]
    pub fn new(config: PlatformConfig, key: PlatformKey) -> Self {
        Self {
            base_path: path_of(config.base()),
            course: Course::new(),
            gradebook: Gradebook::new(columns()),
            roster: Roster::new(),
            faults: Faults::new(),
            settings: Mutex::new(Settings::new(config.services.profile)),
            requests: RequestLog::new(),
            returns: ReturnLog::new(),
            clients: Mutex::new(vec![first_client(&config)]),
            registration_tokens: Keep::new(HINT_CAPACITY, TOKEN_SECONDS),
            used_registration_tokens: Keep::new(HINT_CAPACITY, TOKEN_SECONDS),
            registration_attempts: Mutex::default(),
            updates: Mutex::default(),
            tool_keys: ToolKeys::new(config.tool_jwks_uri.clone()),
            access_tokens: Keep::new(TOKEN_CAPACITY, ACCESS_TOKEN_SECONDS),
            assertion_ids: Keep::new(TOKEN_CAPACITY, ASSERTION_SECONDS),
            choices: Keep::new(HINT_CAPACITY, CHOICE_SECONDS),
            response_nonces: Keep::new(TOKEN_CAPACITY, RESPONSE_SECONDS),
            config,
            key,
            stranger: OnceLock::new(),
            sessions: Keep::new(SESSION_CAPACITY, SESSION_SECONDS),
            hints: Keep::new(HINT_CAPACITY, HINT_SECONDS),
        }
    }

    /// What launches name as their issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Where authentication requests go.
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        match (self.config.product, &self.config.sso_base) {
            (Some(product), _) => product.authorization_endpoint.to_owned(),
            (None, Some(base)) => format!("{base}/sso/auth"),
            (None, None) => self.issuers_authorization_endpoint(),
        }
    }

    /// Where authentication requests are decided: the session cookie is the issuer's.
    pub(crate) fn issuers_authorization_endpoint(&self) -> String {
        format!("{}/auth", self.base())
    }

    /// A URL at the authorization endpoint's host.
    pub(crate) fn sso_url(&self, path: &str) -> String {
        format!("{}{path}", self.config.sso_base.as_deref().unwrap_or_else(|| self.base()))
    }

    /// The base URL of the Platform's pages, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        self.config.base()
    }

    /// The origin of the Platform's pages.
    pub(crate) fn origin(&self) -> String {
        Url::parse(self.base()).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// Where access tokens for services come from.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        self.config
            .product
            .map_or_else(|| format!("{}/token", self.base()), |product| product.token_endpoint.to_owned())
    }

    /// Where the public keys are.
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        self.config.product.map_or_else(|| format!("{}/jwks.json", self.base()), |product| product.jwks_uri.to_owned())
    }

    /// The audience that client assertions must have.
    #[must_use]
    pub fn token_audience(&self) -> String {
        let set = self.config.services.token_audience.clone();
        let product = self.config.product.map(|product| product.token_audience);
        let known = || product.or_else(|| self.profile().token_audience()).map(ToOwned::to_owned);
        set.or_else(known).unwrap_or_else(|| self.token_endpoint())
    }

    pub(crate) fn course(&self) -> &Course {
        &self.course
    }

    /// The key that signs, to sign more with it in a test.
    #[must_use]
    pub fn key(&self) -> &PlatformKey {
        &self.key
    }

    /// A key that the JWKS does not publish, made at first use.
    pub(crate) fn stranger(&self) -> &PlatformKey {
        self.stranger.get_or_init(PlatformKey::generate)
    }

    pub(crate) fn now(&self) -> u64 {
        (self.config.clock)()
    }

    /// A path of the Platform as browsers see it.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }

    /// Signs somebody in; the session's id.
    pub(crate) fn open_session(&self, user: &User) -> String {
        let id = random::id();
        self.sessions.put(id.clone(), user.id.clone(), self.now());
        id
    }

    /// Who is signed in under this id.
    pub(crate) fn session_user(&self, session_id: &str) -> Option<User> {
        find_user(&self.sessions.find(session_id, self.now())?)
    }

    /// Signs out.
    pub(crate) fn close_session(&self, session_id: &str) {
        self.sessions.take(session_id, self.now());
    }

    /// Remembers a launch; the id that its message hint carries.
    pub(crate) fn remember(&self, launch: PendingLaunch) -> String {
        let id = random::id();
        self.hints.put(id.clone(), launch, self.now());
        id
    }

    /// Remembers a Deep Linking request; its id.
    pub(crate) fn remember_choice(&self, settings: DeepLinkingSettings) -> String {
        let id = random::id();
        self.choices.put(id.clone(), PendingChoice { settings }, self.now());
        id
    }

    /// The launch of a message hint: once, unless the profile is one of a product whose hints last.
    pub(crate) fn launch_of_hint(&self, launch_id: &str) -> Option<PendingLaunch> {
        if self.profile().hints_last() {
            self.hints.find(launch_id, self.now())
        } else {
            self.hints.take(launch_id, self.now())
        }
    }

    /// What the claims of a launch by this user are written from.
    pub(crate) fn launch_claims<'a>(
        &'a self,
        client: &'a Client,
        user: &'a User,
        nonce: &'a str,
        link: &'a CourseLink,
    ) -> LaunchClaims<'a> {
        LaunchClaims {
            issuer: &self.config.issuer,
            client_id: &client.client_id,
            deployment_id: &client.deployment_id,
            nonce,
            issued_at: self.now(),
            target_link_uri: target_link_uri(client, link),
            user,
        }
    }
}

/// Where a link leads.
pub(crate) fn target_link_uri<'a>(client: &'a Client, link: &'a CourseLink) -> &'a str {
    let chooser = client.deep_linking_uri.as_deref().filter(|_| link.message == Message::DeepLinking);
    link.target_link_uri.as_deref().or(chooser).unwrap_or(&client.target_link_uri)
}

/// The Tool that the Platform knows from the start.
fn first_client(config: &PlatformConfig) -> Client {
    Client {
        client_id: config.client_id.clone(),
        deployment_id: config.deployment_id.clone(),
        initiate_login_uri: config.initiate_login_uri.clone(),
        redirect_uris: vec![config.redirect_uri.clone()],
        target_link_uri: config.target_link_uri.clone(),
        deep_linking_uri: None,
        name: config.tool_name.clone(),
        registration: first_registration(config),
    }
}

/// The path of a base URL, without a slash at its end; empty at the root, and for an issuer that is no URL.
fn path_of(base: &str) -> String {
    Url::parse(base).map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default()
}
