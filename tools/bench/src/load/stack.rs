//! The local stack as people start it: its own program, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doorway_core::random::{SystemRandom, bytes};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use url::Url;

use crate::error::BenchError;
use crate::platform::Platform;
use crate::process::rss_kib;
use crate::stage::APP_KEY;

/// What the Platform calls the Tool.
pub const CLIENT_ID: &str = "vX3kQm9TbW2fLrZ";
/// Its one Deployment.
pub const DEPLOYMENT_ID: &str = "2";

const READY_LINE: &str = "doorway listening on ";
/// How long the stack may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Where the stack's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// In its memory, as without `--data`.
    InMemory,
    /// In a file, as with `--data`.
    OnDisk,
}

/// A running stack. It ends with its value.
pub struct LocalStack {
    /// Where it listens.
    pub url: Url,
    process: Child,
    process_id: u32,
    complaints: Arc<Complaints>,
    /// Its registrations, and its data where it keeps some.
    directory: PathBuf,
}

/// What the stack logged that is neither a success nor somebody's fault.
#[derive(Default)]
struct Complaints {
    count: AtomicUsize,
    last: Mutex<String>,
}

impl LocalStack {
    /// Starts the program with this Platform registered, and waits until it listens.
    pub async fn start(program: &Path, platform: &Platform, tables: Tables) -> Result<Self, BenchError> {
        let name = u64::from_be_bytes(bytes(&SystemRandom));
        let directory = std::env::temp_dir().join(format!("doorway-load-{name:016x}"));
        std::fs::create_dir(&directory).map_err(BenchError::system("making a directory"))?;
        let registrations = directory.join("registrations.json");
        let text = registration(platform).to_string();
        std::fs::write(&registrations, text).map_err(BenchError::system("writing the registrations"))?;
        let mut command = Command::new(program);
        command
            .args(["--listen", "127.0.0.1:0", "--no-demo", "--allow-http-platforms", "--app-key", APP_KEY])
            .arg("--registrations")
            .arg(&registrations);
        if tables == Tables::OnDisk {
            command.arg("--data").arg(directory.join("data"));
        }
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut process = started.map_err(|error| BenchError::Start { path: program.to_owned(), error })?;
        let (Some(process_id), Some(output)) = (process.id(), process.stdout.take()) else {
            return Err(BenchError::Load("the local stack ended at once".to_owned()));
        };
        let mut lines = BufReader::new(output).lines();
        let url = match timeout(START_TIMEOUT, lines.next_line()).await {
            Ok(Ok(Some(line))) => line.strip_prefix(READY_LINE).and_then(|url| Url::parse(url).ok()),
            _ => None,
        };
        let url = url.ok_or_else(|| BenchError::Load("the local stack does not say where it listens".to_owned()))?;
        let complaints = Arc::new(Complaints::default());
        tokio::spawn(listen(lines, complaints.clone()));
        Ok(Self { url, process, process_id, complaints, directory })
    }

    /// The memory that it has resident now, in KiB.
    pub fn rss_kib(&self) -> Result<u64, BenchError> {
        rss_kib(self.process_id)
    }

    /// Ends the process and waits until it has ended.
    ///
    /// # Errors
    /// What it complained of, if it did: under load nothing may fail, not even what nobody was told.
    pub async fn end(mut self) -> Result<(), BenchError> {
        self.process.kill().await.map_err(BenchError::system("ending the local stack"))?;
        match self.complaints.count.load(Ordering::SeqCst) {
            0 => Ok(()),
            count => {
                let last = self.complaints.last.lock().unwrap_or_else(PoisonError::into_inner);
                Err(BenchError::Load(format!("the local stack complained {count} times, at last: {last}")))
            }
        }
    }
}

impl Drop for LocalStack {
    fn drop(&mut self) {
        // What cannot be removed is in the system's temporary directory.
        let _ignored = std::fs::remove_dir_all(&self.directory);
    }
}

/// Reads what the stack logs: a full pipe would stop it.
async fn listen(mut lines: Lines<BufReader<ChildStdout>>, complaints: Arc<Complaints>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let event: Value = serde_json::from_str(&line).unwrap_or_default();
        if matches!(event["level"].as_str(), Some("WARN" | "ERROR")) {
            complaints.count.fetch_add(1, Ordering::SeqCst);
            *complaints.last.lock().unwrap_or_else(PoisonError::into_inner) = line;
        }
    }
}

/// The file for `--registrations`.
fn registration(platform: &Platform) -> Value {
    let at = |path: &str| format!("http://{}{path}", platform.address);
    json!([{
        "issuer": at(""), "clientId": CLIENT_ID, "deployments": [DEPLOYMENT_ID],
        "authorizationEndpoint": at("/auth"), "tokenEndpoint": at("/token"), "jwksUri": at("/jwks"),
    }])
}
