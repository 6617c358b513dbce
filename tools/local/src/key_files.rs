//! The keys of a local stack, in files that only the owner can read. Made once, then kept.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_core::app_keys::secret_text;
use doorway_core::random::{self, Random};
use doorway_core::secret::SecretFormat as _;
use doorway_core::signing_keys::{self, SigningKeySet};
use doorway_mock_platform::PlatformKey;
use serde_json::{Value, json};

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

    /// The state key's file; a new key when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn state_key(&self, random: &dyn Random) -> Result<PathBuf, StackError> {
        let path = self.directory.join("state-key.json");
        let secret = URL_SAFE_NO_PAD.encode(random::bytes::<48>(random));
        self.keep(&path, || json!({ "id": "1", "secret": secret }).to_string().into_bytes())?;
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
            None => self.keep(&key_path, || URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)).into_bytes())?,
        }
        let key = fs::read_to_string(&key_path).map_err(|error| data(&key_path, error))?;
        let hashes = self.directory.join("app-keys.json");
        write(&hashes, secret_text(&[("local", &key)]).as_bytes())?;
        Ok((key, hashes))
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

    /// The signing keys' file; a new key when there is none.
    ///
    /// # Errors
    /// [`StackError::Data`].
    pub fn signing_keys(&self) -> Result<PathBuf, StackError> {
        let path = self.directory.join("signing-keys.json");
        self.keep(&path, || signing_keys::secret_text(&new_signing_key()).into_bytes())?;
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

fn new_signing_key() -> Vec<u8> {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("the operating system gives randomness for a key");
    let der: Pkcs8V1Der<'static> = key.as_der().expect("a fresh key has a PKCS #8 form");
    der.as_ref().to_vec()
}

/// Readable by the owner alone, from the first byte on.
fn write(path: &Path, bytes: &[u8]) -> Result<(), StackError> {
    let open = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    open.and_then(|mut file| file.write_all(bytes)).map_err(|error| data(path, error))
}

fn data(path: &Path, error: io::Error) -> StackError {
    StackError::Data { path: path.to_owned(), error }
}
