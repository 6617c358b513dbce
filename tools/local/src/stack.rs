//! The running stack: database, keys, Tool, and what is around it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use doorway_core::clock::{Clock, SystemClock};
use doorway_core::config::{DEFAULT_LEEWAY_SECONDS, DEFAULT_RETENTION_DAYS, DEFAULT_SCORE_RETRY_DAYS, is_origin};
use doorway_core::event_bus::EventBus;
use doorway_core::migration::ConsumerRingError;
use doorway_core::random::{Random, SystemRandom};
use doorway_core::registration::Registration;
use doorway_core::store::StoreError;
use tokio::net::TcpListener;
use url::Url;

use crate::database::{Database, LAUNCHES_TABLE, REGISTRATIONS_TABLE, SCORES_TABLE, create_tables, local_aws};
use crate::key_files::KeyFiles;
use crate::options::Serve;
use crate::patience::{Patience, PatientListener};
use crate::queues::{Poller, Queues};
use crate::sqs::SqsEndpoint;
use crate::tool::{Reach, SecretsFrom, Tool, ToolParts};
use crate::{demo, registrations_file};

/// Why the stack does not start: what to mend.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// The address is taken, or not ours.
    #[error("cannot listen: {0}; choose another address with --listen")]
    Listen(#[source] io::Error),
    /// A file or directory cannot be used.
    #[error("cannot use `{}`: {error}", path.display())]
    Data {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// The registrations file has faults.
    #[error("`{}` has {} fault(s):\n  {}", path.display(), faults.len(), faults.join("\n  "))]
    Registrations {
        /// Which file.
        path: PathBuf,
        /// Every fault.
        faults: Vec<String>,
    },
    /// The embedded database does not start.
    #[error("the embedded database does not start: {0}")]
    Database(String),
    /// The secrets of LTI 1.1 consumers cannot be changed.
    #[error(transparent)]
    Consumers(#[from] ConsumerRingError),
    /// The embedded database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Command-line values that do not fit.
    #[error("{} option(s) to mend:\n  {}", .0.len(), .0.join("\n  "))]
    Options(Vec<String>),
}

/// A stack that is ready to serve.
pub struct Stack {
    listener: TcpListener,
    router: Router,
    poller: Poller,
    public_url: Url,
    /// Where nothing outlives the process.
    _temporary: Option<TemporaryDirectory>,
}

/// A directory that is removed, with everything in it, when the stack ends.
struct TemporaryDirectory(PathBuf);

impl Stack {
    /// Starts everything but the answering of requests.
    ///
    /// # Errors
    /// [`StackError`] says what to mend.
    pub async fn start(options: Serve) -> Result<Self, StackError> {
        let registrations = checked(&options)?;
        let listener = TcpListener::bind(options.listen).await.map_err(StackError::Listen)?;
        let self_url = format!("http://{}", listener.local_addr().map_err(StackError::Listen)?);
        let listening = || Url::parse(&self_url).expect("an address makes a URL");
        let public_url = options.public_url.clone().unwrap_or_else(listening);
        let app_url = options.app_url.clone().unwrap_or_else(|| joined(&public_url, "/app"));
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);

        let temporary = options.data.is_none().then(|| TemporaryDirectory::new(&*random));
        let directory = options.data.as_ref().or(temporary.as_ref().map(|directory| &directory.0));
        let keys = KeyFiles::in_directory(directory.expect("one is given or made"))?;
        let (app_key, app_keys) = keys.app_key(options.app_key.as_deref(), &*random)?;
        let file = options.data.as_ref().map(|directory| directory.join("dynamodb.sqlite"));
        let database = Database::start(file.as_deref()).await?;
        let aws = local_aws(&database.endpoint()).await;
        create_tables(&aws).await?;
        let queues = Queues::new(&clock);
        let sqs = SqsEndpoint::start(queues.clone()).await?;
        let parts = ToolParts {
            aws,
            signing_keys: keys.signing_keys()?,
            queues: queues.clone(),
            score_retry_days: DEFAULT_SCORE_RETRY_DAYS,
            public_url: public_url.clone(),
            state_key: keys.state_key(&*random)?,
            app_keys,
            lti11_secrets: Some(keys.lti11_secrets()?),
            app_url: app_url.clone(),
            app_origins: options.app_origins.clone(),
            retention_days: DEFAULT_RETENTION_DAYS,
            leeway_seconds: DEFAULT_LEEWAY_SECONDS,
            tool_name: demo::TOOL_NAME.to_owned(),
            events: EventBus::off(),
            reach: Reach::Local,
            secrets: SecretsFrom::Files,
            clock: clock.clone(),
            random,
        };
        parts.tool_keys().publish(&keys.tool_key_set()?).await?;
        let store = parts.registrations();
        for registration in &registrations {
            store.put(registration).await?;
        }
        let tool = Tool::new(&parts);
        queues.refill(&parts.scores()).await?;
        let poller = Poller::new(queues, tool.worker().clone());
        let mut router = tool.router();
        if !options.no_demo {
            let addresses = demo::Addresses {
                tool: public_url.clone(),
                platform: options.platform_url.clone().unwrap_or_else(|| public_url.clone()),
                sso: None,
                app: app_url.clone(),
            };
            let platform = demo::platform(&addresses, keys.platform_key()?, clock.clone());
            store.put(&demo::registration(&addresses.platform, &platform)).await?;
            if let Some(ring) = parts.consumer_ring() {
                demo::accept_old_consumer(&ring, &addresses.platform).await?;
            }
            router = demo::mount(router, platform, demo::app(&public_url, &self_url, app_key, clock));
        }
        keys.write("lambda.env", &lambda_environment(&parts, &database.endpoint(), &sqs))?;
        Ok(Self { listener, router, poller, public_url, _temporary: temporary })
    }

    /// Where browsers find it.
    pub fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// Answers requests, and delivers scores that wait, until `end`. No connection is waited for longer than `patience` says.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve(self, patience: Patience, end: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let poller = tokio::spawn(self.poller.run());
        let served =
            axum::serve(PatientListener::new(self.listener, patience), self.router).with_graceful_shutdown(end).await;
        poller.abort();
        served
    }
}

impl TemporaryDirectory {
    fn new(random: &dyn Random) -> Self {
        let name = u64::from_be_bytes(doorway_core::random::bytes(random));
        Self(std::env::temp_dir().join(format!("doorway-{name:016x}")))
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        // What cannot be removed is in the system's temporary directory, which the system empties.
        let _ignored = std::fs::remove_dir_all(&self.0);
    }
}

/// Everything about the options that can be wrong, named at once.
fn checked(options: &Serve) -> Result<Vec<Registration>, StackError> {
    let mut faults = Vec::new();
    for (name, url) in [
        ("--public-url", &options.public_url),
        ("--platform-url", &options.platform_url),
        ("--app-url", &options.app_url),
    ] {
        if url.as_ref().is_some_and(|url| !is_web(url)) {
            faults.push(format!("{name} must be an http or https URL without fragment"));
        }
    }
    for origin in options.app_origins.iter().filter(|url| !is_web(url) || !is_origin(url)) {
        faults.push(format!("--app-origin {origin} must be an http or https URL without path, query and fragment"));
    }
    for (name, url) in [("--public-url", &options.public_url), ("--platform-url", &options.platform_url)] {
        if url.as_ref().is_some_and(|url| !is_origin(url)) {
            faults.push(format!("{name} must have neither path nor query"));
        }
    }
    if options.app_key.as_ref().is_some_and(|key| key.trim() != key || key.is_empty()) {
        faults.push("--app-key must be a text without white space around it".to_owned());
    }
    let registrations = match options.registrations.as_deref().map(registrations_file::read) {
        None => Vec::new(),
        Some(Ok(registrations)) => registrations,
        Some(Err(error)) => {
            faults.push(format!("--registrations: {error}"));
            Vec::new()
        }
    };
    if faults.is_empty() { Ok(registrations) } else { Err(StackError::Options(faults)) }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.fragment().is_none()
}

fn joined(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

/// The environment in which the functions themselves run against this stack, with this address of its database: for
/// `cargo lambda watch` and for `doorway --local`.
pub fn lambda_environment(parts: &ToolParts, database: &str, sqs: &SqsEndpoint) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let origins: Vec<String> = parts.app_origins.iter().map(ToString::to_string).collect();
    let lti11_secrets =
        parts.lti11_secrets.as_deref().map(|path| format!("file:{}", absolute(path))).unwrap_or_default();
    let variables = [
        ("AWS_ENDPOINT_URL_DYNAMODB", database.to_owned()),
        ("AWS_ENDPOINT_URL_SQS", sqs.endpoint()),
        ("AWS_REGION", "local".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("DOORWAY_ALLOW_HTTP_PLATFORMS", "true".to_owned()),
        ("DOORWAY_PUBLIC_URL", parts.public_url.to_string()),
        ("DOORWAY_REGISTRATIONS_TABLE", REGISTRATIONS_TABLE.to_owned()),
        ("DOORWAY_LAUNCHES_TABLE", LAUNCHES_TABLE.to_owned()),
        ("DOORWAY_SCORES_TABLE", SCORES_TABLE.to_owned()),
        ("DOORWAY_SCORE_QUEUE_URL", sqs.scores_url()),
        ("DOORWAY_DEAD_SCORE_QUEUE_URL", sqs.dead_url()),
        ("DOORWAY_SIGNING_KEYS", format!("file:{}", absolute(&parts.signing_keys))),
        ("DOORWAY_STATE_KEY", format!("file:{}", absolute(&parts.state_key))),
        ("DOORWAY_APP_KEYS", format!("file:{}", absolute(&parts.app_keys))),
        ("DOORWAY_LTI11_SECRETS", lti11_secrets),
        ("DOORWAY_APP_URL", parts.app_url.to_string()),
        ("DOORWAY_APP_ORIGINS", origins.join(",")),
        ("DOORWAY_TOOL_NAME", parts.tool_name.clone()),
    ];
    variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
