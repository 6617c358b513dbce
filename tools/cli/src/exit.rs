//! The exit codes: for scripts. Never renumbered, only added.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It was done.
    Done,
    /// `doctor` found something to mend.
    Findings,
    /// The command line is wrong, or a value in it does not fit. (clap's own code for its faults.)
    Usage,
    /// What it is about is not there: a Registration, a Deployment, a score, a code, a reference.
    NotFound,
    /// It stands against what is there: it exists already, or is settled.
    Conflict,
    /// It is not said which Tool is meant, or its settings are missing or unusable.
    Settings,
    /// A table, a queue, a secret or a Platform did not serve. Nothing is known to be wrong with the command.
    Unavailable,
    /// It asked, and nobody said yes.
    NotConfirmed,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Conflict => 4,
            Self::Settings => 5,
            Self::Unavailable => 6,
            Self::NotConfirmed => 7,
        }
    }

    /// The word in `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Findings => "findings",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Settings => "settings",
            Self::Unavailable => "unavailable",
            Self::NotConfirmed => "not_confirmed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
