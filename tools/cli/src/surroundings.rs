//! What a command finds around it: time, randomness, environment, terminal. A test gives its own.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal as _, Write as _};
use std::sync::Arc;

use doorway_core::clock::{Clock, SystemClock};
use doorway_core::random::{Random, SystemRandom};

/// The person, or what stands in their place.
pub trait Console: Send + Sync {
    /// What somebody types to a question; `None` where nobody can be asked.
    fn ask(&self, question: &str) -> Option<String>;

    /// Standard input.
    fn input(&self) -> Box<dyn BufRead>;
}

/// What a command finds around it.
#[derive(Clone)]
pub struct Surroundings {
    /// The environment's variables.
    pub variables: BTreeMap<String, String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Whom it can ask.
    pub console: Arc<dyn Console>,
}

/// The terminal that the process was started from.
struct Terminal;

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars().collect(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            console: Arc::new(Terminal),
        }
    }
}

impl Console for Terminal {
    fn ask(&self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let mut out = io::stderr().lock();
        write!(out, "{question} ").and_then(|()| out.flush()).ok()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok()?;
        Some(line.trim().to_owned())
    }

    fn input(&self) -> Box<dyn BufRead> {
        Box::new(io::BufReader::new(io::stdin()))
    }
}
