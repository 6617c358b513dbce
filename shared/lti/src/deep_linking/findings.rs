//! What was found while a selection was checked: faults, which refuse it, and notes, which do not.

use url::Url;

use crate::fault::Faults;

use super::MAX_FINDINGS;

/// What was left out of a response, or may not have its effect.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Note {
    /// The member, as a path from the root of the request: `contentItems[0].lineItem`.
    pub field: String,
    /// What became of it, and why.
    pub note: String,
}

/// A URL that launches will lead to: right by itself, and still to be compared with the App's addresses.
pub(super) struct LaunchUrl {
    pub(super) field: String,
    pub(super) url: Url,
}

/// Faults and notes, both bounded, and the URLs of launches.
#[derive(Default)]
pub(super) struct Findings {
    faults: Faults,
    notes: Vec<Note>,
    launch_urls: Vec<LaunchUrl>,
}

impl Findings {
    /// Goes on from the notes of an earlier check.
    pub(super) fn with_notes(notes: Vec<Note>) -> Self {
        Self { notes, ..Self::default() }
    }

    pub(super) fn fault(&mut self, field: impl Into<String>, expected: impl Into<String>) {
        if self.faults.iter().len() < MAX_FINDINGS {
            self.faults.add(field, expected);
        }
    }

    pub(super) fn note(&mut self, field: impl Into<String>, note: impl Into<String>) {
        if self.notes.len() < MAX_FINDINGS {
            self.notes.push(Note { field: field.into(), note: note.into() });
        }
    }

    pub(super) fn launch_url(&mut self, field: String, url: Url) {
        self.launch_urls.push(LaunchUrl { field, url });
    }

    /// What was found, when there is no fault in it.
    pub(super) fn finish(self) -> Result<(Vec<Note>, Vec<LaunchUrl>), Faults> {
        self.faults.or((self.notes, self.launch_urls))
    }
}
