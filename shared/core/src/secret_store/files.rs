//! Files that only their owner can read.
//!
//! The secret's path leads to the current version: it is a link into the folder `<path>.versions`, where each version is a
//! file of its own, and labels are files with a version's id in them. A link, like a file, is replaced by a rename, in one
//! step. A secret that nobody has rotated yet is a plain file; its version is called `initial`.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::{Put, SecretStoreError, VersionId, Versions};

const PREVIOUS: &str = "label.previous";
const PENDING: &str = "label.pending";
const INITIAL: &str = "initial";

/// One secret.
#[derive(Clone)]
pub struct SecretFiles {
    path: PathBuf,
}

impl SecretFiles {
    /// The secret that is read at this path.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn versions(&self) -> Result<Versions, SecretStoreError> {
        let found = || {
            Ok(Versions { current: self.current()?, previous: self.label(PREVIOUS)?, pending: self.label(PENDING)? })
        };
        found().map_err(|error| self.failed("be described", &error))
    }

    pub(super) fn read(&self, version: &VersionId) -> Result<Option<String>, SecretStoreError> {
        let is_plain = version.as_str() == INITIAL && self.path.is_file() && !self.path.is_symlink();
        let path = if is_plain { self.path.clone() } else { self.version(version) };
        found(fs::read_to_string(path)).map_err(|error| self.failed("be read", &error))
    }

    pub(super) fn put_pending(&self, version: &VersionId, text: &str) -> Result<Put, SecretStoreError> {
        if let Some(known) = self.read(version)?
            && known != text
        {
            return Ok(Put::Taken);
        }
        let put = || {
            replace(&self.version(version), text.as_bytes())?;
            replace(&self.file(PENDING), version.as_str().as_bytes())
        };
        put().map(|()| Put::Done).map_err(|error| self.failed("be written", &error))
    }

    pub(super) fn make_current(&self, version: &VersionId, from: Option<&VersionId>) -> Result<(), SecretStoreError> {
        let current = self.current().map_err(|error| self.failed("be described", &error))?;
        if current.as_ref() == Some(version) {
            return Ok(());
        }
        if current.as_ref() != from {
            return Err(SecretStoreError::Moved { name: self.name() });
        }
        if self.read(version)?.is_none() {
            return Err(self.failed("change", &io::Error::from(ErrorKind::NotFound)));
        }
        let make_current = || {
            if let Some(from) = from {
                // What was a plain file becomes a version.
                if !self.path.is_symlink() {
                    replace(&self.version(from), &fs::read(&self.path)?)?;
                }
                replace(&self.file(PREVIOUS), from.as_str().as_bytes())?;
            }
            let link = self.file("link");
            found(fs::remove_file(&link))?;
            symlink(self.version(version), &link)?;
            fs::rename(&link, &self.path)
        };
        make_current().map_err(|error| self.failed("change", &error))
    }

    pub(super) fn drop_pending(&self, version: &VersionId) -> Result<(), SecretStoreError> {
        let drop = || match self.label(PENDING)? {
            Some(pending) if pending == *version => found(fs::remove_file(self.file(PENDING))).map(|_| ()),
            _ => Ok(()),
        };
        drop().map_err(|error| self.failed("be set aside", &error))
    }

    fn current(&self) -> io::Result<Option<VersionId>> {
        match fs::read_link(&self.path) {
            Ok(target) => {
                let name = target.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                VersionId::try_from(name).map(Some).map_err(io::Error::other)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            // A plain file.
            Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(Some(VersionId(INITIAL.to_owned()))),
            Err(error) => Err(error),
        }
    }

    fn label(&self, name: &str) -> io::Result<Option<VersionId>> {
        let text = found(fs::read_to_string(self.file(name)))?;
        text.map(|text| VersionId::try_from(text.as_str()).map_err(io::Error::other)).transpose()
    }

    fn version(&self, version: &VersionId) -> PathBuf {
        self.file(version.as_str())
    }

    /// A file of the folder. A version's id has no dot, so it is none of the other names.
    fn file(&self, name: &str) -> PathBuf {
        let mut folder = self.path.clone().into_os_string();
        folder.push(".versions");
        PathBuf::from(folder).join(name)
    }

    fn failed(&self, operation: &'static str, error: &io::Error) -> SecretStoreError {
        SecretStoreError::Failed { name: self.name(), operation, reason: error.to_string() }
    }
}

/// `None` for what is not there.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a file in one step: whoever reads sees the old bytes or the new ones. Readable by the owner alone, from the first
/// byte on, in a folder that is the owner's.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let written = path.with_extension("written");
    found(fs::remove_file(&written))?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&written)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&written, path)
}
