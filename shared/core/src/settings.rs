//! The settings that functions share, each name in one place. README.md has the table for operators.

use std::sync::Arc;

use doorway_lti::dynamic_registration::ToolConfiguration;
use url::Url;

use crate::aws::Aws;
use crate::clock::{Clock, SystemClock};
use crate::config::{
    DEFAULT_LEEWAY_SECONDS, DEFAULT_RETENTION_DAYS, DEFAULT_SCORE_RETRY_DAYS, Environment, MAX_LEEWAY_SECONDS,
    MAX_SCORE_RETRY_DAYS,
};
use crate::event_bus::{self, EventBus};
use crate::http::PlatformClient;
use crate::key_life::KeyKind;
use crate::key_ring::KeyRing;
use crate::migration::ConsumerSecrets;
use crate::queue::{Queue, SqsQueue};
use crate::random::{Random, SystemRandom};
use crate::registration::PlatformTransport;
use crate::secret::{Secret, SecretFormat, SecretSource};
use crate::secret_store::SecretStore;
use crate::service_kit::ServiceKit;
use crate::signing_keys::SigningKeySet;
use crate::store::Table;
use crate::store::deployments::Deployments;
use crate::store::launches::Launches;
use crate::store::registrations::Registrations;
use crate::tool_keys::ToolKeys;
use crate::welcome::Welcome;

/// The path that Platforms begin logins at: part of what is registered with them.
pub const LOGIN_PATH: &str = "/lti/login";

/// The path where a launch is completed that waited for its browser to be proven: our own pages post to it.
pub const COMPLETE_PATH: &str = "/lti/launch/complete";

/// The path where Platforms register the Tool: it stands in invites.
pub const REGISTER_PATH: &str = "/lti/register";

/// The path of the JSON for Canvas's developer keys.
pub const CANVAS_JSON_PATH: &str = "/lti/config.json";

/// The path of the Tool's public keys: part of what is registered with Platforms.
pub const JWKS_PATH: &str = "/.well-known/jwks.json";

/// The path that Platforms post launches to: part of what is registered with them.
pub const LAUNCH_PATH: &str = "/lti/launch";

const LTI11_SECRETS: &str = "DOORWAY_LTI11_SECRETS";
const LTI11_SECRETS_MEANING: &str = "the secrets of LTI 1.1 consumers";

/// Reads one function's settings. Faults collect in the [`Environment`].
pub struct Settings {
    environment: Environment,
    aws: Arc<Aws>,
    transport: PlatformTransport,
}

impl Settings {
    /// Settings from this environment; AWS clients are shared by everything that is made from them.
    pub fn new(environment: Environment, aws: Arc<Aws>) -> Self {
        let transport = environment.platform_transport();
        Self { environment, aws, transport }
    }

    /// Settings of a stack on this machine, for tools beside it: Platforms may be on http whatever the build.
    pub fn of_local_stack(environment: Environment, aws: Arc<Aws>) -> Self {
        Self { environment, aws, transport: PlatformTransport::HttpAllowed }
    }

    /// `DOORWAY_PUBLIC_URL`: the Tool's own address, the base of everything registered with Platforms.
    pub fn public_url(&mut self) -> Url {
        let transport = self.transport;
        self.environment.origin(
            "DOORWAY_PUBLIC_URL",
            "the Tool's own address, for example https://lti.example.com",
            transport,
        )
    }

    /// `DOORWAY_REGISTRATIONS_TABLE`.
    pub fn registrations_table(&mut self) -> Table {
        self.table("DOORWAY_REGISTRATIONS_TABLE", "the name of the registrations table")
    }

    /// The Registrations in that table.
    pub fn registrations(&mut self) -> Arc<Registrations> {
        let transport = self.transport;
        Arc::new(Registrations::new(self.registrations_table(), transport))
    }

    /// `DOORWAY_LAUNCHES_TABLE`.
    pub fn launches_table(&mut self) -> Table {
        self.table("DOORWAY_LAUNCHES_TABLE", "the name of the launches table")
    }

    /// `DOORWAY_SCORES_TABLE`.
    pub fn scores_table(&mut self) -> Table {
        self.table("DOORWAY_SCORES_TABLE", "the name of the scores table")
    }

    /// `DOORWAY_SCORE_QUEUE_URL`: where scores wait that a Platform has not taken yet.
    pub fn score_queue(&mut self) -> Queue {
        self.queue("DOORWAY_SCORE_QUEUE_URL", "the URL of the queue of score deliveries")
    }

    /// `DOORWAY_DEAD_SCORE_QUEUE_URL`: where scores end that cannot be delivered.
    pub fn dead_score_queue(&mut self) -> Queue {
        self.queue("DOORWAY_DEAD_SCORE_QUEUE_URL", "the URL of the dead-letter queue of score deliveries")
    }

    /// `DOORWAY_EVENT_BUS`: the EventBridge bus that is told what happened; nobody is told when it is not set.
    pub fn event_bus(&self) -> EventBus {
        match self.environment.optional("DOORWAY_EVENT_BUS") {
            Some(name) => EventBus::on(self.aws.clone(), name, event_bus::PATIENCE),
            None => EventBus::off(),
        }
    }

    /// `DOORWAY_SCORE_RETRY_DAYS`.
    pub fn score_retry_days(&mut self) -> u32 {
        self.environment.number("DOORWAY_SCORE_RETRY_DAYS", DEFAULT_SCORE_RETRY_DAYS, 1..=MAX_SCORE_RETRY_DAYS)
    }

    /// `DOORWAY_SIGNING_KEYS`.
    pub fn signing_keys(&mut self) -> Arc<Secret<SigningKeySet>> {
        self.secret("DOORWAY_SIGNING_KEYS", "the signing keys")
    }

    /// The parts of a function that asks Platforms: of `DOORWAY_REGISTRATIONS_TABLE`, `DOORWAY_LAUNCHES_TABLE`,
    /// `DOORWAY_SCORES_TABLE` and `DOORWAY_SIGNING_KEYS`.
    pub fn service_kit(&mut self) -> ServiceKit {
        let transport = self.transport;
        ServiceKit {
            launches: Arc::new(Launches::new(self.launches_table())),
            welcome: Arc::new(self.welcome()),
            scores_table: self.scores_table(),
            signing_keys: self.signing_keys(),
            client: Arc::new(PlatformClient::new(transport)),
            transport,
            events: self.event_bus(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }

    /// Who is still welcome.
    pub fn welcome(&mut self) -> Welcome {
        let registrations = self.registrations();
        let deployments = Arc::new(Deployments::new(registrations.table().clone()));
        Welcome { registrations, deployments }
    }

    /// A secret by the name of its setting: an ARN or name in Secrets Manager, or `file:` and a path.
    pub fn secret<T: SecretFormat>(&mut self, name: &str, meaning: &str) -> Arc<Secret<T>> {
        Arc::new(Secret::new(self.secret_source(name, meaning).1))
    }

    /// `DOORWAY_LTI11_SECRETS`, where it is set: the secrets of LTI 1.1 consumers.
    pub fn lti11_secrets(&mut self) -> Option<Arc<Secret<ConsumerSecrets>>> {
        let is_set = self.environment.optional(LTI11_SECRETS).is_some();
        is_set.then(|| self.secret(LTI11_SECRETS, LTI11_SECRETS_MEANING))
    }

    /// Where the secrets of LTI 1.1 consumers are kept, for whoever changes them.
    pub fn lti11_secrets_source(&mut self) -> SecretSource {
        self.secret_source(LTI11_SECRETS, LTI11_SECRETS_MEANING).1
    }

    /// The keys that rotate, each with the id of its secret as it is set: `DOORWAY_SIGNING_KEYS`, `DOORWAY_STATE_KEY` and
    /// `DOORWAY_REGISTRATIONS_TABLE`.
    pub fn key_rings(&mut self, clock: &Arc<dyn Clock>, random: &Arc<dyn Random>) -> Vec<(String, KeyRing)> {
        let tool_keys = ToolKeys::new(self.registrations_table());
        let kinds = [
            (KeyKind::Signing, "DOORWAY_SIGNING_KEYS", "the signing keys"),
            (KeyKind::State, "DOORWAY_STATE_KEY", "the state key"),
        ];
        let ring = |(kind, name, meaning)| {
            let (id, source) = self.secret_source(name, meaning);
            let store = SecretStore::of(source);
            (id, KeyRing::new(kind, store, tool_keys.clone(), clock.clone(), random.clone()))
        };
        kinds.into_iter().map(ring).collect()
    }

    /// Where the secret of this setting is kept: its ARN, name or `file:` path, and the store.
    pub fn secret_source(&mut self, name: &str, meaning: &str) -> (String, SecretSource) {
        let id = self.environment.required(name, &format!("the ARN of {meaning} in Secrets Manager, or file:<path>"));
        let source = match id.strip_prefix("file:") {
            Some(path) => SecretSource::File(path.into()),
            None => SecretSource::SecretsManager { aws: self.aws.clone(), id: id.clone() },
        };
        (id, source)
    }

    /// `DOORWAY_APP_URL` and `DOORWAY_APP_ORIGINS`: where launches lead.
    pub fn app_urls(&mut self) -> (Url, Vec<Url>) {
        let transport = self.transport;
        let default = self.environment.url("DOORWAY_APP_URL", "the App's address for launches", transport);
        let meaning = "further origins of the App that launches may lead to";
        (default, self.environment.origins("DOORWAY_APP_ORIGINS", meaning, transport))
    }

    /// What Platforms are asked to register: of `DOORWAY_PUBLIC_URL`, `DOORWAY_APP_URL`, and
    /// `DOORWAY_TOOL_NAME` (by which people know the Tool; unless set, the host of the App's address),
    /// `DOORWAY_TOOL_DESCRIPTION` (a sentence about it) and `DOORWAY_TOOL_LOGO` (the address of a picture).
    pub fn tool_configuration(&mut self) -> ToolConfiguration {
        let transport = self.transport;
        let public_url = self.public_url();
        let app_url = self.environment.url("DOORWAY_APP_URL", "the App's address for launches", transport);
        let name = self.environment.optional("DOORWAY_TOOL_NAME");
        let name = name.unwrap_or_else(|| app_url.host_str().unwrap_or("Doorway").to_owned());
        let logo = self.environment.optional_url("DOORWAY_TOOL_LOGO", "the address of the Tool's picture", transport);
        ToolConfiguration {
            description: self.environment.optional("DOORWAY_TOOL_DESCRIPTION"),
            logo,
            ..tool_configuration(name, &public_url, app_url)
        }
    }

    /// `DOORWAY_LAUNCH_RETENTION_DAYS`.
    pub fn retention_days(&mut self) -> u32 {
        self.environment.number("DOORWAY_LAUNCH_RETENTION_DAYS", DEFAULT_RETENTION_DAYS, 1..=3650)
    }

    /// `DOORWAY_LEEWAY_SECONDS`.
    pub fn leeway_seconds(&mut self) -> u32 {
        self.environment.number("DOORWAY_LEEWAY_SECONDS", DEFAULT_LEEWAY_SECONDS, 0..=MAX_LEEWAY_SECONDS)
    }

    /// Whether http Platforms are allowed.
    pub fn platform_transport(&self) -> PlatformTransport {
        self.transport
    }

    /// `value` if nothing was wrong.
    ///
    /// # Errors
    /// [`crate::config::ConfigError`] with every fault.
    pub fn finish<T>(self, value: T) -> Result<T, crate::config::ConfigError> {
        self.environment.finish(value)
    }

    fn queue(&mut self, name: &str, meaning: &str) -> Queue {
        Queue::Sqs(SqsQueue::new(self.aws.clone(), &self.environment.required(name, meaning)))
    }

    fn table(&mut self, name: &str, meaning: &str) -> Table {
        Table::new(self.aws.clone(), &self.environment.required(name, meaning))
    }
}

/// A Tool of this name that uses all of Doorway, at this address, with its App at that one.
pub fn tool_configuration(name: String, public_url: &Url, app_url: Url) -> ToolConfiguration {
    let at = |path: &str| {
        let mut url = public_url.clone();
        url.set_path(path);
        url
    };
    let (claims, scopes, custom_parameters) = ToolConfiguration::wishes();
    ToolConfiguration {
        name,
        description: None,
        logo: None,
        initiate_login_uri: at(LOGIN_PATH),
        redirect_uri: at(LAUNCH_PATH),
        jwks_uri: at(JWKS_PATH),
        target_link_uri: app_url,
        claims,
        scopes,
        custom_parameters,
    }
}
