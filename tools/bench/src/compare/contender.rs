//! The others: which they are, how each is started, and one that runs.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::registration::Registration;
use doorway_mock_platform::{PlatformKey, jwks};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use url::Url;

use crate::error::BenchError;
use crate::journey::count;
use crate::payload::{APP_URL, Payload};
use crate::platform::Platform;

use super::visitor::{Arrived, Visitor, client, failed};
use super::{Others, installed};

const AGS_ENDPOINT: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
/// How long a Tool may take to start or to end: some make keys first.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a Tool that starts is tried: the grain of a cold start.
const GRAIN: Duration = Duration::from_millis(1);
/// Characters in a line of a PEM document (RFC 7468, section 2).
const PEM_LINE: usize = 64;

/// Which program a Tool is.
enum Program {
    /// Node runs the script.
    Node,
    /// Python runs the script, which is told on its command line.
    Python,
    /// It is a binary.
    Binary,
}

/// One Tool, in one of its variants.
pub struct Contender {
    /// For a table's row.
    pub name: &'static str,
    /// What scores do about their access token, and how many of them the App publishes at once.
    pub scores: &'static [(&'static str, usize)],
    /// Whether it needs PostgreSQL.
    pub needs_database: bool,
    program: Program,
    /// The script or binary, in the clone or below what is installed.
    path: &'static str,
    /// The directory of what it needs, below what is installed.
    directory: &'static str,
    /// What its program is told.
    variant: &'static str,
    /// What the browser has from an earlier visit: it spares a returning visitor a page.
    cookie: Option<(&'static str, &'static str)>,
}

const LTIJS: Contender = Contender {
    name: "ltijs, keys fetched at each launch",
    scores: &[("token in its database", 1)],
    needs_database: true,
    program: Program::Node,
    path: "tools/bench/compare/ltijs/tool.js",
    directory: "ltijs",
    variant: "keys-fetched",
    cookie: None,
};
const PYLTI1P3: Contender = Contender {
    name: "PyLTI1p3",
    scores: &[("a new token each", 1), ("one token for a hundred", 100)],
    needs_database: false,
    program: Program::Python,
    path: "tests/peers/pylti1p3/tool.py",
    directory: "pylti1p3",
    variant: "",
    cookie: None,
};
const ATOMIC_LTI: Contender = Contender {
    name: "atomic-lti, session signed by RSA",
    scores: &[("token in memory", 1)],
    needs_database: false,
    program: Program::Binary,
    path: "atomic-lti/release/compared-atomic-lti",
    directory: "atomic-lti",
    variant: "rsa",
    cookie: Some(("open_id_storage", "1")),
};

/// All of them. Where a library leaves a choice that matters, it is there twice.
pub const CONTENDERS: &[Contender] = &[
    LTIJS,
    Contender { name: "ltijs, key given", variant: "key-given", ..LTIJS },
    PYLTI1P3,
    ATOMIC_LTI,
    Contender { name: "atomic-lti, session signed by HMAC", variant: "hmac", ..ATOMIC_LTI },
];

impl Contender {
    /// What is installed for it, without the interpreter.
    pub fn installed_bytes(&self, others: &Others) -> Result<u64, BenchError> {
        let directory = others.installed.join(self.directory);
        match self.program {
            Program::Node => installed::bytes(&directory.join("node_modules"), &[]),
            Program::Python => installed::bytes(&directory.join("lib"), &["pip", "setuptools", "__pycache__"]),
            Program::Binary => installed::bytes(&others.installed.join(self.path), &[]),
        }
    }

    fn command(&self, others: &Others, told: &Told) -> Result<(PathBuf, Command), BenchError> {
        let absolute = |path: PathBuf| fs::canonicalize(&path).map_err(|error| BenchError::Start { path, error });
        let installed = others.installed.join(self.directory);
        let (path, mut command) = match self.program {
            Program::Node => {
                let path = PathBuf::from("node");
                let mut command = Command::new(&path);
                command.arg(self.path).env("NODE_PATH", absolute(installed.join("node_modules"))?);
                (path, command)
            }
            Program::Python => {
                let path = installed.join("bin/python");
                let mut command = Command::new(&path);
                command.arg(self.path).args(told.flags());
                (path, command)
            }
            Program::Binary => {
                let path = absolute(others.installed.join(self.path))?;
                (path.clone(), Command::new(path))
            }
        };
        command.env("NODE_ENV", "production").env("COMPARE_VARIANT", self.variant).envs(told.environment());
        Ok((path, command))
    }
}

/// The Platform as the Tools are told of it, and the people who come from there.
pub struct School<'a> {
    /// Whose claims they are.
    pub payload: Payload,
    /// What id_tokens are signed with.
    pub key: &'a PlatformKey,
    /// Its token endpoint, key set and gradebook.
    pub platform: &'a Platform,
    /// The Tools' own key, as PEM.
    tool_key: KeyFile,
}

/// A key in a file that is removed in the end.
struct KeyFile(PathBuf);

impl KeyFile {
    fn new() -> Result<Self, BenchError> {
        let path = std::env::temp_dir().join(format!("doorway-bench-{}.pem", std::process::id()));
        let text = STANDARD.encode(PlatformKey::generate().to_pkcs8());
        let lines: Vec<String> =
            text.as_bytes().chunks(PEM_LINE).map(|line| String::from_utf8_lossy(line).into()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        fs::write(&path, pem).map_err(BenchError::system("writing the Tools' key"))?;
        Ok(Self(path))
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        // It opens nothing: no Platform but the benchmark's knows it.
        let _ignored = fs::remove_file(&self.0);
    }
}

impl<'a> School<'a> {
    /// A school with a fresh key for the Tools.
    pub fn new(payload: Payload, key: &'a PlatformKey, platform: &'a Platform) -> Result<Self, BenchError> {
        Ok(Self { payload, key, platform, tool_key: KeyFile::new()? })
    }

    fn told(&self, others: &Others, listen: SocketAddr) -> Told {
        Told {
            listen,
            platform: format!("http://{}", self.platform.address),
            registration: self.payload.registration(),
            deployment_id: self.payload.deployment_id(),
            key_file: self.tool_key.0.display().to_string(),
            key_set: jwks(&[self.key]).to_string(),
            database: others.database.iter().map(|path| path.display().to_string()).collect(),
        }
    }
}

/// What a Tool is told: where it listens, what it must know of its Platform, its own key.
struct Told {
    listen: SocketAddr,
    platform: String,
    registration: Registration,
    deployment_id: &'static str,
    key_file: String,
    key_set: String,
    database: String,
}

impl Told {
    /// On the command line.
    fn flags(&self) -> Vec<String> {
        let at = |path: &str| format!("{}{path}", self.platform);
        let app = Url::parse(APP_URL).expect("a constant URL parses").origin().ascii_serialization();
        let flags = [
            ("--listen", self.listen.to_string()),
            ("--public-url", app),
            ("--issuer", self.registration.issuer.as_ref().to_owned()),
            ("--client-id", self.registration.client_id.as_ref().to_owned()),
            ("--deployment-id", self.deployment_id.to_owned()),
            ("--authorization-endpoint", at("/auth")),
            ("--token-endpoint", at("/token")),
            ("--jwks-uri", at("/jwks")),
            ("--key-file", self.key_file.clone()),
            // Nobody comes before the one before has been answered.
            ("--threads", "1".to_owned()),
        ];
        flags.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect()
    }

    /// In the environment: the Platform's endpoints are below its address.
    fn environment(&self) -> [(&'static str, String); 7] {
        [
            ("COMPARE_PORT", self.listen.port().to_string()),
            ("COMPARE_PLATFORM", self.platform.clone()),
            ("COMPARE_ISSUER", self.registration.issuer.as_ref().to_owned()),
            ("COMPARE_CLIENT_ID", self.registration.client_id.as_ref().to_owned()),
            ("COMPARE_KEY", self.key_file.clone()),
            ("COMPARE_KEY_SET", self.key_set.clone()),
            ("COMPARE_DATABASE", self.database.clone()),
        ]
    }
}

/// The claims with the Platform's own gradebook in them, so that scores find it.
pub fn with_gradebook(mut claims: Value, platform: &Platform) -> Value {
    let line_items = format!("http://{}/line-items", platform.address);
    claims[AGS_ENDPOINT]["lineitem"] = json!(format!("{line_items}/1"));
    claims[AGS_ENDPOINT]["lineitems"] = json!(line_items);
    claims
}

/// A Tool that runs.
pub struct Peer<'a> {
    /// The id of its first process.
    pub process_id: u32,
    contender: &'static Contender,
    school: &'a School<'a>,
    process: Child,
    address: SocketAddr,
    client: reqwest::Client,
    /// From exec until it accepted a connection.
    start: Duration,
}

impl<'a> Peer<'a> {
    /// Starts it, and waits until it listens.
    pub async fn start(
        contender: &'static Contender,
        school: &'a School<'a>,
        others: &Others,
    ) -> Result<Self, BenchError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port().await?));
        let (path, mut command) = contender.command(others, &school.told(others, address))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(complaints(contender, others)?).kill_on_drop(true);
        // Before the clock runs: it reads certificate roots.
        let client = client();
        let began = Instant::now();
        let process = command.spawn().map_err(|error| BenchError::Start { path, error })?;
        let process_id = process.id().unwrap_or_default();
        let mut peer = Self { process_id, contender, school, process, address, client, start: Duration::ZERO };
        peer.listens().await?;
        peer.start = began.elapsed();
        Ok(peer)
    }

    async fn listens(&mut self) -> Result<(), BenchError> {
        let listening = timeout(PATIENCE, async {
            while TcpStream::connect(self.address).await.is_err() {
                sleep(GRAIN).await;
            }
        });
        let ended = self.process.wait();
        let listens = tokio::select! {
            listening = listening => listening.map_err(|_| "it does not listen"),
            _ = ended => Err("it ended"),
        };
        listens
            .map_err(|what| failed(self.contender.name, &format!("{what}; its log is beside what is installed for it")))
    }

    /// One person's way, until the App knows who it is; how long its requests took.
    pub async fn launch(&mut self, n: usize) -> Result<Duration, BenchError> {
        let mut visitor = self.visitor();
        let login = visitor.log_in(self.school, n).await?;
        visitor.launch(self.school, n, &login).await?;
        Ok(visitor.wall())
    }

    /// The first launch of the new process: from exec to the answer to the login, and until the App knows who came.
    pub async fn first_launch(&mut self, n: usize) -> Result<(Duration, Duration), BenchError> {
        let mut visitor = self.visitor();
        let login = visitor.log_in(self.school, n).await?;
        let until_login = self.start + visitor.wall();
        visitor.launch(self.school, n, &login).await?;
        Ok((until_login, self.start + visitor.wall()))
    }

    /// Somebody who launched once and now publishes scores.
    pub async fn publisher(&mut self) -> Result<Publisher<'_>, BenchError> {
        let mut visitor = self.visitor();
        let login = visitor.log_in(self.school, 0).await?;
        let arrived = visitor.launch(self.school, 0, &login).await?;
        self.school.platform.take();
        Ok(Publisher { name: self.contender.name, platform: self.school.platform, visitor, arrived })
    }

    fn visitor(&self) -> Visitor {
        Visitor::new(self.contender.name, self.client.clone(), self.address, self.contender.cookie)
    }

    /// Asks it to end, and waits until it has.
    pub async fn end(mut self) -> Result<(), BenchError> {
        let ending = BenchError::system("ending a Tool");
        let asked = Command::new("kill").arg(self.process_id.to_string()).status().await.map_err(&ending)?;
        if !asked.success() || timeout(PATIENCE, self.process.wait()).await.is_err() {
            self.process.kill().await.map_err(&ending)?;
        }
        Ok(())
    }
}

/// The App's scores, by one launch.
pub struct Publisher<'a> {
    name: &'static str,
    platform: &'a Platform,
    visitor: Visitor,
    arrived: Arrived,
}

impl Publisher<'_> {
    /// Publishes the scores of so many learners, from the one with this number; how long it took for each.
    pub async fn publish(&mut self, n: usize, at_once: usize) -> Result<Duration, BenchError> {
        Ok(self.visitor.publish(&self.arrived, n, at_once).await? / count(at_once))
    }

    /// Fails unless the gradebook has as many scores, of as many learners.
    pub fn require_all(&self, scores: usize) -> Result<(), BenchError> {
        let taken = self.platform.take();
        if (taken.scores, taken.learners) == (scores, scores) {
            return Ok(());
        }
        let said = format!("{} scores of {} learners arrived, of {scores}", taken.scores, taken.learners);
        Err(failed(self.name, &said))
    }
}

/// Where its standard error goes: into a file beside what is installed for it, where it costs least.
fn complaints(contender: &Contender, others: &Others) -> Result<fs::File, BenchError> {
    let path = others.installed.join(format!("{}.log", contender.directory));
    fs::File::create(path).map_err(BenchError::system("making a file for what a Tool complains of"))
}

/// A port that nobody listens on at this moment.
async fn free_port() -> Result<u16, BenchError> {
    let listen = BenchError::system("listening on loopback");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(&listen)?;
    Ok(listener.local_addr().map_err(&listen)?.port())
}
