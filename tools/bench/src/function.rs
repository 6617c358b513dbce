//! One function as Lambda runs it: its own binary, its own process, the Runtime API for its company.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStdout, Command};

use crate::error::BenchError;
use crate::process::{cpu, kernel_cpu, peak_rss_kib, rss_kib};
use crate::runtime_api::RuntimeApi;

/// Where the binaries are, and the environment that they share.
pub struct Functions {
    /// The directory of the binaries.
    pub directory: PathBuf,
    /// `DOORWAY_*` and `AWS_*`.
    pub environment: Vec<(&'static str, String)>,
}

/// A running function. It ends with its value.
pub struct Function {
    /// Which.
    pub name: &'static str,
    process: Child,
    process_id: u32,
    api: RuntimeApi,
    log: Arc<Log>,
    /// From exec until it asked for its first invocation.
    pub start: Duration,
}

/// An invocation that was answered.
pub struct Invoked {
    /// The answer, an API Gateway response.
    pub answer: Value,
    /// From the event's leaving to the answer's coming, DynamoDB included.
    pub wall: Duration,
}

/// What the function wrote: how much, and the last of it.
#[derive(Default)]
struct Log {
    bytes: AtomicUsize,
    last: Mutex<Vec<u8>>,
}

impl Functions {
    /// The binary of a function.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Starts a function, and waits until it is ready.
    pub async fn start(&self, name: &'static str) -> Result<Function, BenchError> {
        self.start_program(name, self.binary(name), &[]).await
    }

    /// Starts this very program in the part of a function, and waits until it is ready.
    pub async fn start_own(&self, name: &'static str, part: &'static str) -> Result<Function, BenchError> {
        let own = std::env::current_exe().map_err(BenchError::system("finding this program"))?;
        self.start_program(name, own, &[part]).await
    }

    async fn start_program(
        &self,
        name: &'static str,
        path: PathBuf,
        arguments: &[&str],
    ) -> Result<Function, BenchError> {
        let mut api = RuntimeApi::start().await?;
        let began = Instant::now();
        let mut process =
            self.spawn(name, &path, arguments, &api).map_err(|error| BenchError::Start { path, error })?;
        let log = Arc::new(Log::default());
        if let Some(output) = process.stdout.take() {
            tokio::spawn(read(output, log.clone()));
        }
        let ready = api.polled().await;
        let start = began.elapsed();
        let (Some(()), Some(process_id)) = (ready, process.id()) else {
            return Err(BenchError::Silent { function: name, what: "get ready", log: log.last() });
        };
        Ok(Function { name, process, process_id, api, log, start })
    }

    fn spawn(&self, name: &str, path: &Path, arguments: &[&str], api: &RuntimeApi) -> std::io::Result<Child> {
        Command::new(path)
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "doorway")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "doorway")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}

impl Function {
    /// Has one event handled; the function is idle again when this returns.
    pub async fn invoke(&mut self, event: &Value) -> Result<Invoked, BenchError> {
        let began = Instant::now();
        let answer = self.api.invoke(event).await.ok_or_else(|| self.silent("answer"))?;
        let wall = began.elapsed();
        self.api.polled().await.ok_or_else(|| self.silent("ask for more"))?;
        Ok(Invoked { answer, wall })
    }

    /// The id of its process.
    pub fn process_id(&self) -> u32 {
        self.process_id
    }

    /// CPU time so far.
    pub fn cpu(&self) -> Result<Duration, BenchError> {
        cpu(self.process_id)
    }

    /// The kernel's part of the CPU time so far.
    pub fn kernel_cpu(&self) -> Result<Duration, BenchError> {
        kernel_cpu(self.process_id)
    }

    /// The most memory so far, in KiB.
    pub fn peak_rss_kib(&self) -> Result<u64, BenchError> {
        peak_rss_kib(self.process_id)
    }

    /// The memory that it has now, in KiB.
    pub fn rss_kib(&self) -> Result<u64, BenchError> {
        rss_kib(self.process_id)
    }

    /// Bytes logged so far.
    pub fn log_bytes(&self) -> usize {
        self.log.bytes.load(Ordering::Relaxed)
    }

    /// Ends the process and waits until it has ended.
    pub async fn end(mut self) -> Result<(), BenchError> {
        self.process.kill().await.map_err(BenchError::system("ending a function"))
    }

    fn silent(&self, what: &'static str) -> BenchError {
        BenchError::Silent { function: self.name, what, log: self.log.last() }
    }
}

impl Log {
    fn last(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&last).into_owned()
    }
}

/// Reads what the function writes, as Lambda does: a full pipe would stop it.
async fn read(mut output: ChildStdout, log: Arc<Log>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        log.bytes.fetch_add(length, Ordering::Relaxed);
        *log.last.lock().unwrap_or_else(PoisonError::into_inner) = buffer[length.saturating_sub(2000)..length].to_vec();
    }
}
