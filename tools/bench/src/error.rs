//! Why a measurement could not be made.

use std::io;
use std::path::PathBuf;

use doorway_core::store::StoreError;
use doorway_local::StackError;
use serde_json::Value;

/// What is in the way, and what to do where something can be done.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A function's binary is not there.
    #[error("cannot start `{}`: {error}; build it first, or name its directory with --functions", path.display())]
    Start {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// A function did not take or answer an invocation in time: it ended, or hangs.
    #[error("`{function}` did not {what} in time; what it wrote last: {log}")]
    Silent {
        /// Which.
        function: &'static str,
        /// What was waited for.
        what: &'static str,
        /// The end of its log.
        log: String,
    },
    /// A function answered, but not as a successful request does.
    #[error("`{function}` answered {answer}")]
    Refused {
        /// Which.
        function: &'static str,
        /// The whole answer.
        answer: Value,
    },
    /// One of the others does not do as it should: what it did would not be what is compared.
    #[error("{name}: {what}")]
    Peer {
        /// Which.
        name: &'static str,
        /// What it did.
        what: String,
    },
    /// The embedded database does not serve.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The embedded database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The embedded database refuses a request of the benchmark's own.
    #[error("the embedded database refuses: {0}")]
    Table(String),
    /// The prepared token was refused: the figures would be those of a refusal.
    #[error("the prepared token is refused: {0}")]
    Token(#[from] doorway_lti::Rejection),
    /// The part of a function was not played to its end.
    #[error("the function ends: {0}")]
    Function(String),
    /// Under load something failed, or memory grew.
    #[error("under load: {0}")]
    Load(String),
    /// `valgrind` did not run.
    #[error("valgrind does not run: {0}")]
    Valgrind(String),
    /// The operating system does not tell, or does not let.
    #[error("{what}: {error}")]
    System {
        /// What was asked of it.
        what: &'static str,
        /// What it answered.
        #[source]
        error: io::Error,
    },
}

impl BenchError {
    /// Says what was asked of the operating system.
    pub fn system(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |error| Self::System { what, error }
    }
}
