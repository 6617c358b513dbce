//! The keys of a local stack, in files that only the owner can read. Made once, then kept.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use doorway_core::app_keys::{new_app_key, secret_text};
use doorway_core::clock::{Clock as _, SystemClock};
use doorway_core::key_life::{KeyKind, KeyLife};
use doorway_core::random::{Random, SystemRandom};
use doorway_core::secret::SecretFormat as _;
use doorway_core::signing_keys::SigningKeySet;
use doorway_mock_platform::PlatformKey;
use serde_json::Value;

use crate::stack::StackError;

/// A directory of key files.
pub struct KeyFiles {
    directory: PathBuf,
}

impl KeyFiles {
    /// In this directory, which is made when it is not there.
    ///
    /// # Errors
    /// [`StackError::Data`] when it cannot be made.
    pub fn in_directory(directory: &Path) -> Result<Self, StackError> {
        fs::create_dir_all(directory).map_err(|error| data(directory, error))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// The state key's file; a new key, and the next one, when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn state_key(&self, random: &dyn Random) -> Result<PathBuf, StackError> {
        let path = self.directory.join("state-key.json");
        self.keep(&path, || first_keys(KeyKind::State, random))?;
        Ok(path)
    }

    /// The App API key: `given`, else the one in the file `app-key`, else a new one. Its hash is in the file
    /// whose path is returned with it.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn app_key(&self, given: Option<&str>, random: &dyn Random) -> Result<(String, PathBuf), StackError> {
        let key_path = self.directory.join("app-key");
        match given {
            Some(key) => write(&key_path, key.as_bytes())?,
            None => self.keep(&key_path, || new_app_key(random).into_bytes())?,
        }
        let key = fs::read_to_string(&key_path).map_err(|error| data(&key_path, error))?;
        let hashes = self.directory.join("app-keys.json");
        write(&hashes, secret_text(&[("local", &key)]).as_bytes())?;
        Ok((key, hashes))
    }

    /// The file of the secrets of LTI 1.1 consumers; without any when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn lti11_secrets(&self) -> Result<PathBuf, StackError> {
        let path = self.directory.join("lti11-secrets.json");
        self.keep(&path, || br#"{"consumers":[]}"#.to_vec())?;
        Ok(path)
    }

    /// The mock Platform's key; a new one when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`], also when the file is no key.
    pub fn platform_key(&self) -> Result<PlatformKey, StackError> {
        let path = self.directory.join("mock-platform-key.der");
        self.keep(&path, || PlatformKey::generate().to_pkcs8())?;
        let der = fs::read(&path).map_err(|error| data(&path, error))?;
        PlatformKey::from_pkcs8(&der).map_err(|error| data(&path, io::Error::other(error)))
    }

    /// The signing keys' file; a new key, and the next one, when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn signing_keys(&self) -> Result<PathBuf, StackError> {
        let path = self.directory.join("signing-keys.json");
        self.keep(&path, || first_keys(KeyKind::Signing, &SystemRandom))?;
        Ok(path)
    }

    /// The public set of the signing keys.
    ///
    /// # Errors
    /// [`StackError::Data`], also when the file holds no keys.
    pub fn tool_key_set(&self) -> Result<Value, StackError> {
        let path = self.signing_keys()?;
        let text = fs::read_to_string(&path).map_err(|error| data(&path, error))?;
        let keys = SigningKeySet::parse(&text);
        let keys = keys.ok_or_else(|| data(&path, io::Error::other(SigningKeySet::EXPECTED)))?;
        Ok(keys.public_set())
    }

    /// Writes a text file beside the keys.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, StackError> {
        let path = self.directory.join(name);
        write(&path, text.as_bytes())?;
        Ok(path)
    }

    fn keep(&self, path: &Path, make: impl FnOnce() -> Vec<u8>) -> Result<(), StackError> {
        if path.exists() { Ok(()) } else { write(path, &make()) }
    }
}

fn first_keys(kind: KeyKind, random: &dyn Random) -> Vec<u8> {
    let life = KeyLife::first(|| kind.make(random, SystemClock.now()));
    kind.text(&life).into_bytes()
}

/// Readable by the owner alone, from the first byte on.
fn write(path: &Path, bytes: &[u8]) -> Result<(), StackError> {
    let open = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    open.and_then(|mut file| file.write_all(bytes)).map_err(|error| data(path, error))
}

fn data(path: &Path, error: io::Error) -> StackError {
    StackError::Data { path: path.to_owned(), error }
}
