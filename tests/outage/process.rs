//! A worker as a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::mpsc;

/// What a worker is told in its environment.
pub type Settings = Vec<(&'static str, String)>;

/// A running process.
pub struct WorkerProcess {
    input: ChildStdin,
    answers: mpsc::UnboundedReceiver<String>,
    victim: Victim,
}

/// What can be killed.
#[derive(Clone)]
pub struct Victim {
    child: Arc<Mutex<Child>>,
    is_killed: Arc<AtomicBool>,
}

impl WorkerProcess {
    /// Starts one.
    pub fn start(settings: &Settings) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_score-worker"));
        command.envs(settings.iter().map(|(name, value)| (*name, value.as_str())));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the worker was built with this test");
        let input = child.stdin.take().expect("standard input is piped");
        let output = child.stdout.take().expect("standard output is piped");
        let (sender, answers) = mpsc::unbounded_channel();
        // Ends with the process, whose output it reads.
        std::thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let victim = Victim { child: Arc::new(Mutex::new(child)), is_killed: Arc::default() };
        Self { input, answers, victim }
    }

    /// Handles a batch; `None` when it was killed.
    pub async fn handle(&mut self, event: &Value) -> Option<Value> {
        let written = writeln!(self.input, "{event}");
        let answer = match written {
            Ok(()) => self.answers.recv().await,
            Err(_) => None,
        };
        let Some(answer) = answer else {
            assert!(self.victim.is_killed.load(Ordering::SeqCst), "a worker ended by itself");
            return None;
        };
        serde_json::from_str(&answer).ok()
    }

    /// What can be killed, from anywhere.
    pub fn victim(&self) -> Victim {
        self.victim.clone()
    }
}

impl Victim {
    /// `SIGKILL`, at once.
    pub fn kill(&self) {
        self.is_killed.store(true, Ordering::SeqCst);
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.kill().and_then(|()| child.wait()).expect("a child of this process can be killed");
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        self.victim.kill();
    }
}
