//! The Tool: the functions' routers over shared stores, dispatched by path as API Gateway does.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use doorway_core::app_target::AppTargets;
use doorway_core::aws::Aws;
use doorway_core::clock::Clock;
use doorway_core::event_bus::EventBus;
use doorway_core::http::{Detour, PlatformClient};
use doorway_core::key_life::KeyKind;
use doorway_core::key_ring::KeyRing;
use doorway_core::migration::{ConsumerRing, OldAccounts};
use doorway_core::platform_keys::PlatformKeys;
use doorway_core::random::Random;
use doorway_core::registration::PlatformTransport;
use doorway_core::secret::{Secret, SecretFormat, SecretSource};
use doorway_core::secret_store::SecretStore;
use doorway_core::service_kit::ServiceKit;
use doorway_core::settings::{CANVAS_JSON_PATH, COMPLETE_PATH, LAUNCH_PATH, REGISTER_PATH, tool_configuration};
use doorway_core::store::Table;
use doorway_core::store::deployments::Deployments;
use doorway_core::store::invites::Invites;
use doorway_core::store::launches::Launches;
use doorway_core::store::registrations::Registrations;
use doorway_core::store::scores::Scores;
use doorway_core::tool_keys::ToolKeys;
use doorway_core::use_case::deep_link::DeepLink;
use doorway_core::use_case::launch::AcceptLaunch;
use doorway_core::use_case::login::Login;
use doorway_core::use_case::register::Register;
use doorway_core::welcome::Welcome;
use doorway_deep_link::DeepLinkApi;
use doorway_deliver_scores::Worker;
use doorway_launches::LaunchesApi;
use doorway_memberships::MembershipsApi;
use doorway_scores::ScoresApi;
use doorway_web::app_api::AppGate;
use tower::ServiceExt as _;
use url::Url;

use crate::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE, SCORES_TABLE};
use crate::queues::Queues;

/// The functions, by the names of their folders, programs and blocks in the template.
pub const FUNCTIONS: [&str; 10] = [
    "login",
    "launch",
    "jwks",
    "register",
    "launches",
    "deep-link",
    "scores",
    "deliver-scores",
    "memberships",
    "rotate-keys",
];

/// What a Tool on this machine is made of.
#[derive(Clone)]
pub struct ToolParts {
    /// Clients for the embedded engine.
    pub aws: Arc<Aws>,
    /// The Tool's own address.
    pub public_url: Url,
    /// The file of the state key.
    pub state_key: PathBuf,
    /// The file of the App API keys' hashes.
    pub app_keys: PathBuf,
    /// The file of the secrets of LTI 1.1 consumers, where there is one.
    pub lti11_secrets: Option<PathBuf>,
    /// Where launches lead by default.
    pub app_url: Url,
    /// Where else they may lead.
    pub app_origins: Vec<Url>,
    /// The file of the signing keys.
    pub signing_keys: PathBuf,
    /// Where scores wait, and where they end that cannot be delivered.
    pub queues: Queues,
    /// How long a score is tried, in days.
    pub score_retry_days: u32,
    /// How long a redeemed launch is kept, in days.
    pub retention_days: u32,
    /// How far a Platform's clock may differ, in seconds.
    pub leeway_seconds: u32,
    /// What Platforms know the Tool by, when it registers with them.
    pub tool_name: String,
    /// Where it is told what happened.
    pub events: EventBus,
    /// How Platforms are reached.
    pub reach: Reach,
    /// How secrets are read.
    pub secrets: SecretsFrom,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// How a Tool on this machine reaches Platforms.
#[derive(Clone, Default)]
pub enum Reach {
    /// Where they are, on http as well.
    #[default]
    Local,
    /// By a detour: for tests.
    Detour(PlatformTransport, Arc<dyn Detour>),
}

/// How a Tool on this machine reads its secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretsFrom {
    /// From their files.
    #[default]
    Files,
    /// From Secrets Manager, where each has its file's path for a name: for tests.
    SecretsManager,
}

/// The functions of one Tool, with the stores that a test or the stack sets up.
#[derive(Clone)]
pub struct Tool {
    login: Router,
    launch: Router,
    jwks: Router,
    launches: Router,
    deep_link: Router,
    scores: Router,
    memberships: Router,
    register: Router,
    worker: Worker,
}

impl Reach {
    fn transport(&self) -> PlatformTransport {
        match self {
            Self::Local => PlatformTransport::HttpAllowed,
            Self::Detour(transport, _) => *transport,
        }
    }

    /// A client. Each function has one of its own.
    fn client(&self) -> PlatformClient {
        match self {
            Self::Local => PlatformClient::new(self.transport()),
            Self::Detour(_, detour) => PlatformClient::with_detour(self.transport(), detour.clone()),
        }
    }
}

impl ToolParts {
    /// The table with this name.
    fn table(&self, name: &str) -> Table {
        Table::new(self.aws.clone(), name)
    }

    /// The Registrations, for whoever sets them up.
    pub fn registrations(&self) -> Registrations {
        Registrations::new(self.table(REGISTRATIONS_TABLE), self.reach.transport())
    }

    /// The Deployments, for whoever sets them up.
    pub fn deployments(&self) -> Deployments {
        Deployments::new(self.table(REGISTRATIONS_TABLE))
    }

    /// The invites, for whoever makes some.
    pub fn invites(&self) -> Invites {
        Invites::new(self.table(REGISTRATIONS_TABLE))
    }

    /// What registers the Tool, by this client.
    pub fn register(&self, client: PlatformClient, transport: PlatformTransport) -> Register {
        Register {
            invites: self.invites(),
            registrations: Arc::new(Registrations::new(self.table(REGISTRATIONS_TABLE), transport)),
            events: self.events.clone(),
            client: Arc::new(client),
            state_keys: self.secret(&self.state_key),
            tool: tool_configuration(self.tool_name.clone(), &self.public_url, self.app_url.clone()),
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    /// The Tool's published keys, for whoever sets them up.
    pub fn tool_keys(&self) -> ToolKeys {
        ToolKeys::new(self.table(REGISTRATIONS_TABLE))
    }

    /// The keys of this kind, for whoever rotates or revokes them.
    pub fn key_ring(&self, kind: KeyKind) -> KeyRing {
        let path = match kind {
            KeyKind::Signing => &self.signing_keys,
            KeyKind::State => &self.state_key,
        };
        let store = SecretStore::of(SecretSource::File(path.clone()));
        KeyRing::new(kind, store, self.tool_keys(), self.clock.clone(), self.random.clone())
    }

    /// The launches, for tests that look into the table.
    pub fn launches(&self) -> Launches {
        Launches::new(self.table(LAUNCHES_TABLE))
    }

    /// The secrets of LTI 1.1 consumers, for whoever changes them, where there is a file of them.
    pub fn consumer_ring(&self) -> Option<ConsumerRing> {
        let store = SecretStore::of(SecretSource::File(self.lti11_secrets.clone()?));
        Some(ConsumerRing::new(store, self.clock.clone(), self.random.clone()))
    }

    fn secret<T: SecretFormat>(&self, path: &std::path::Path) -> Arc<Secret<T>> {
        Arc::new(Secret::new(match self.secrets {
            SecretsFrom::Files => SecretSource::File(path.to_owned()),
            SecretsFrom::SecretsManager => {
                SecretSource::SecretsManager { aws: self.aws.clone(), id: path.display().to_string() }
            }
        }))
    }

    fn login(&self) -> Login {
        let mut redirect_uri = self.public_url.clone();
        redirect_uri.set_path(LAUNCH_PATH);
        Login {
            deployments: self.deployments(),
            registrations: Arc::new(self.registrations()),
            state_keys: self.secret(&self.state_key),
            redirect_uri,
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    fn launch(&self) -> AcceptLaunch {
        let client = Arc::new(self.reach.client());
        AcceptLaunch {
            registrations: Arc::new(self.registrations()),
            deployments: self.deployments(),
            platform_keys: PlatformKeys::new(self.table(REGISTRATIONS_TABLE), client),
            state_keys: self.secret(&self.state_key),
            launches: self.launches(),
            events: self.events.clone(),
            app: self.app_targets(),
            leeway_seconds: self.leeway_seconds,
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    fn welcome(&self) -> Welcome {
        Welcome { registrations: Arc::new(self.registrations()), deployments: Arc::new(self.deployments()) }
    }

    fn launches_api(&self) -> LaunchesApi {
        LaunchesApi::new(
            Arc::new(self.launches()),
            self.welcome(),
            self.secret(&self.app_keys),
            OldAccounts::new(self.lti11_secrets.as_deref().map(|path| self.secret(path))),
            self.retention_days,
            self.clock.clone(),
            self.random.clone(),
        )
    }

    fn gate(&self) -> AppGate {
        AppGate::new(self.secret(&self.app_keys), self.clock.clone())
    }

    /// What a function that asks Platforms is made of. Each function has one of its own, as on AWS.
    pub fn service_kit(&self) -> ServiceKit {
        ServiceKit {
            launches: Arc::new(self.launches()),
            welcome: Arc::new(self.welcome()),
            scores_table: self.table(SCORES_TABLE),
            signing_keys: self.secret(&self.signing_keys),
            client: Arc::new(self.reach.client()),
            transport: self.reach.transport(),
            events: self.events.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    /// The submissions of scores, for whoever looks into the table.
    pub fn scores(&self) -> Scores {
        Scores::new(self.table(SCORES_TABLE))
    }

    fn deep_link_api(&self) -> DeepLinkApi {
        let kit = self.service_kit();
        let deep_link = DeepLink {
            open: kit.open(),
            launches: kit.launches.clone(),
            signer: kit.signer(),
            app: self.app_targets(),
            transport: kit.transport,
            clock: self.clock.clone(),
        };
        DeepLinkApi::new(deep_link, self.gate(), self.random.clone())
    }

    fn scores_api(&self) -> ScoresApi {
        let kit = self.service_kit();
        let services = kit.services();
        let submit = kit.submit_score(&services, self.queues.scores(), self.score_retry_days);
        ScoresApi::new(submit, kit.read_score(), kit.line_items(&services), self.gate(), self.random.clone())
    }

    fn memberships_api(&self) -> MembershipsApi {
        MembershipsApi::new(self.service_kit().memberships(), self.gate(), self.random.clone())
    }

    /// A worker for the queue.
    pub fn worker(&self) -> Worker {
        Worker::new(self.service_kit().deliver_scores(self.queues.scores(), self.queues.dead()))
    }

    fn app_targets(&self) -> AppTargets {
        AppTargets::new(self.app_url.clone(), &self.app_origins, &self.public_url)
    }
}

impl Tool {
    /// Every function, each with caches of its own, as on AWS.
    pub fn new(parts: &ToolParts) -> Self {
        Self {
            login: doorway_login::router(parts.login()),
            launch: doorway_launch::router(parts.launch()),
            jwks: doorway_jwks::router(parts.tool_keys(), parts.random.clone()),
            launches: doorway_launches::router(parts.launches_api()),
            deep_link: doorway_deep_link::router(parts.deep_link_api()),
            scores: doorway_scores::router(parts.scores_api()),
            memberships: doorway_memberships::router(parts.memberships_api()),
            register: doorway_register::router(parts.register(parts.reach.client(), parts.reach.transport())),
            worker: parts.worker(),
        }
    }

    /// The router of the function with this name, as API Gateway invokes it.
    pub fn function(&self, name: &str) -> Option<&Router> {
        match name {
            "login" => Some(&self.login),
            "launch" => Some(&self.launch),
            "jwks" => Some(&self.jwks),
            "launches" => Some(&self.launches),
            "deep-link" => Some(&self.deep_link),
            "scores" => Some(&self.scores),
            "memberships" => Some(&self.memberships),
            "register" => Some(&self.register),
            _ => None,
        }
    }

    /// The function that consumes the queue.
    pub fn worker(&self) -> &Worker {
        &self.worker
    }

    /// One router over all functions.
    pub fn router(self) -> Router {
        Router::new().fallback(move |request: Request| {
            let function = self.by_path(request.uri().path()).clone();
            async move { function.oneshot(request).await }
        })
    }

    fn by_path(&self, path: &str) -> &Router {
        match path {
            path if path.starts_with("/v1/") => self.by_resource(path),
            path if path.starts_with("/.well-known/") => &self.jwks,
            LAUNCH_PATH | COMPLETE_PATH => &self.launch,
            REGISTER_PATH | CANVAS_JSON_PATH => &self.register,
            _ => &self.login,
        }
    }

    /// Which function of the App API answers, by what comes behind the launch.
    fn by_resource(&self, path: &str) -> &Router {
        let mut segments = path.split('/').skip(2);
        match (segments.next(), segments.nth(1)) {
            (Some("scores"), _) | (Some("launches"), Some("scores" | "line-items")) => &self.scores,
            (Some("launches"), Some("deep-link")) => &self.deep_link,
            (Some("launches"), Some("memberships")) => &self.memberships,
            _ => &self.launches,
        }
    }
}
