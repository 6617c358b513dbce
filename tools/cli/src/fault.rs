//! Why a command was not done, in words for the operator: what is wrong, and what to do.

use std::fmt;

use doorway_core::Error;
use doorway_core::config::ConfigError;
use doorway_core::store::StoreError;
use serde_json::{Value, json};

use crate::exit::Exit;

/// Why a command was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is: its exit code.
    pub exit: Exit,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub todo: String,
}

impl Fault {
    /// A fault of this kind.
    pub fn new(exit: Exit, wrong: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { exit, wrong: wrong.into(), todo: todo.into() }
    }

    /// A value on the command line does not fit.
    pub fn usage(wrong: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Exit::Usage, wrong, todo)
    }

    /// What it is about is not there.
    pub fn not_found(wrong: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, wrong, todo)
    }

    /// It stands against what is there.
    pub fn conflict(wrong: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Exit::Conflict, wrong, todo)
    }

    /// As `--json` shows it.
    pub fn json(&self) -> Value {
        json!({ "error": { "kind": self.exit.word(), "exit": self.exit.code(), "wrong": self.wrong, "do": self.todo } })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "doorway: {}", self.wrong)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, "\n  {}", self.todo) }
    }
}

impl std::error::Error for Fault {}

impl From<ConfigError> for Fault {
    fn from(error: ConfigError) -> Self {
        Self::new(
            Exit::Settings,
            error.to_string(),
            "Say which Tool is meant: --local for the stack of `cargo run -- --data .doorway`, --stack NAME for one in AWS, \
             or set these variables.",
        )
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let todo = match &error {
            StoreError::Unavailable { .. } => {
                "Is the local stack running, are the credentials and the region right, and may they use the table?"
            }
            StoreError::Broken { .. } => "Mend or remove the item; README.md, `record_broken`, says more.",
        };
        Self::new(Exit::Unavailable, error.to_string(), todo)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => error.into(),
            other => {
                let todo = format!("`doorway explain {}` says more.", other.code());
                Self::new(Exit::Unavailable, other.to_string(), todo)
            }
        }
    }
}
