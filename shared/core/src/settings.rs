//! The settings that functions share, each name in one place. README.md has the table for operators.

use std::sync::Arc;

use url::Url;

use crate::aws::Aws;
use crate::clock::SystemClock;
use crate::config::{
    DEFAULT_LEEWAY_SECONDS, DEFAULT_RETENTION_DAYS, DEFAULT_SCORE_RETRY_DAYS, Environment, MAX_LEEWAY_SECONDS,
    MAX_SCORE_RETRY_DAYS,
};
use crate::http::PlatformClient;
use crate::queue::{Queue, SqsQueue};
use crate::random::SystemRandom;
use crate::registration::PlatformTransport;
use crate::secret::{Secret, SecretFormat, SecretSource};
use crate::service_kit::ServiceKit;
use crate::signing_keys::SigningKeySet;
use crate::store::Table;
use crate::store::deployments::Deployments;
use crate::store::launches::Launches;
use crate::store::registrations::Registrations;
use crate::welcome::Welcome;

/// The path that Platforms begin logins at: part of what is registered with them.
pub const LOGIN_PATH: &str = "/lti/login";

/// The path where a launch is completed that waited for its browser to be proven: our own pages post to it.
pub const COMPLETE_PATH: &str = "/lti/launch/complete";

/// The path that Platforms post launches to: part of what is registered with them.
pub const LAUNCH_PATH: &str = "/lti/launch";

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
        let id = self.environment.required(name, &format!("the ARN of {meaning} in Secrets Manager, or file:<path>"));
        let source = match id.strip_prefix("file:") {
            Some(path) => SecretSource::File(path.into()),
            None => SecretSource::SecretsManager { aws: self.aws.clone(), id },
        };
        Arc::new(Secret::new(source))
    }

    /// `DOORWAY_APP_URL` and `DOORWAY_APP_ORIGINS`: where launches lead.
    pub fn app_urls(&mut self) -> (Url, Vec<Url>) {
        let transport = self.transport;
        let default = self.environment.url("DOORWAY_APP_URL", "the App's address for launches", transport);
        let meaning = "further origins of the App that launches may lead to";
        (default, self.environment.origins("DOORWAY_APP_ORIGINS", meaning, transport))
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
