//! What Tools write for the log when they send people back.
//!
//! Spec: LTI Core 1.3, section 5.4.4 (launch presentation): `lti_log` and `lti_errorlog` in the query of the return URL.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::lock::locked;

/// Notes kept at a time; the oldest goes first.
const CAPACITY: usize = 20;

/// Which parameter brought a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoteKind {
    Log,
    Error,
}

impl NoteKind {
    pub(crate) const ALL: [Self; 2] = [Self::Log, Self::Error];

    /// The parameter.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Log => "lti_log",
            Self::Error => "lti_errorlog",
        }
    }
}

/// A note of a Tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) kind: NoteKind,
    pub(crate) text: String,
}

/// The newest notes.
pub(crate) struct ReturnLog(Mutex<VecDeque<Note>>);

impl ReturnLog {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    pub(crate) fn record(&self, note: Note) {
        let mut notes = locked(&self.0);
        if notes.len() >= CAPACITY {
            notes.pop_front();
        }
        notes.push_back(note);
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Note> {
        locked(&self.0).iter().cloned().collect()
    }
}
