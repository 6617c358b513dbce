//! What a command says: as text for a person, and as JSON for a program.

use serde_json::Value;

use crate::exit::Exit;

/// What a command says.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// For a person.
    pub text: String,
    /// For a program: the same.
    pub json: Value,
    /// How it ended.
    pub exit: Exit,
}

impl Answer {
    /// An answer of a command that was done.
    pub fn done(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, exit: Exit::Done }
    }

    /// As it is printed, with a line end.
    pub fn shown(&self, as_json: bool) -> String {
        if as_json { format!("{:#}\n", self.json) } else { format!("{}\n", self.text.trim_end()) }
    }
}
