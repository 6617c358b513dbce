//! A folder for one browser.

use std::path::{Path, PathBuf};

use doorway_core::random::{self, SystemRandom};

/// Processes of a browser that ends may write for a moment longer.
const MOST_TRIES: usize = 50;

/// A new folder in the system's temporary one, removed with all that is in it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        let name = u64::from_be_bytes(random::bytes(&SystemRandom));
        let path = std::env::temp_dir().join(format!("doorway-chromium-{name:016x}"));
        std::fs::create_dir(&path).expect("the temporary folder can be written to");
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays after so many tries is in the temporary folder, which the system empties.
        let _removed = (0..MOST_TRIES).any(|_| std::fs::remove_dir_all(&self.0).is_ok());
    }
}
