//! Where secrets are written: versions of a text, and labels that say which of them is which.
//!
//! Two implementations of one port behave alike, and the same contract tests run on both: AWS Secrets Manager, and files
//! for the local stack and the tests. The contract is that of a rotation in Secrets Manager:
//!
//! * A version has an id and a text that never changes. Writing the same again changes nothing; writing another text under
//!   the same id is refused.
//! * The version that is labelled *current* is what functions read. At most one version is labelled *pending*: what a
//!   rotation, or an operator, prepares. Who prepares another one takes that label away from the one before.
//! * *Current* moves from one version to another in one step, and only if it still is where the caller saw it. The version
//!   that it leaves becomes *previous*.

mod files;
mod secrets_manager;

pub use files::SecretFiles;
pub use secrets_manager::SecretsManager;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::random::{self, Random};
use crate::secret::SecretSource;

/// The id of a version: 1 to 64 letters, digits, `-` and `_`. Secrets Manager's tokens have 32 and more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionId(String);

/// The text is no version id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no version id: it must be 1 to 64 letters, digits, `-` and `_`")]
pub struct NotAVersionId;

/// Which version is which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// What functions read.
    pub current: Option<VersionId>,
    /// What they read before.
    pub previous: Option<VersionId>,
    /// What is being prepared. It may have no text yet.
    pub pending: Option<VersionId>,
}

/// What became of a version that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is there, and pending.
    Done,
    /// There is another text under this id. Nothing was changed.
    Taken,
}

/// Why a secret was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretStoreError {
    /// The store does not serve.
    #[error("secret `{name}` failed to {operation}: {reason}")]
    Failed {
        /// ARN, name or path.
        name: String,
        /// What was tried.
        operation: &'static str,
        /// What the store answered. Never contains any of the secret.
        reason: String,
    },
    /// Somebody else moved *current* meanwhile.
    #[error("secret `{name}` was changed by somebody else meanwhile: look at it and repeat what you did")]
    Moved {
        /// ARN, name or path.
        name: String,
    },
}

/// A secret's store.
#[derive(Clone)]
pub enum SecretStore {
    /// AWS Secrets Manager.
    SecretsManager(SecretsManager),
    /// Files.
    Files(SecretFiles),
}

impl VersionId {
    /// A new id, as Secrets Manager's clients make them: 43 random characters.
    pub fn new(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for VersionId {
    type Error = NotAVersionId;

    fn try_from(text: &str) -> Result<Self, NotAVersionId> {
        let is_id = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_id { Ok(Self(text.to_owned())) } else { Err(NotAVersionId) }
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SecretStore {
    /// The store of the secret that is read from there.
    pub fn of(source: SecretSource) -> Self {
        match source {
            SecretSource::SecretsManager { aws, id } => Self::SecretsManager(SecretsManager::new(aws, id)),
            SecretSource::File(path) => Self::Files(SecretFiles::new(path)),
        }
    }

    /// The name that errors and logs use.
    pub fn name(&self) -> String {
        match self {
            Self::SecretsManager(store) => store.name().to_owned(),
            Self::Files(store) => store.name(),
        }
    }

    /// Which version is which.
    ///
    /// # Errors
    /// [`SecretStoreError::Failed`].
    pub async fn versions(&self) -> Result<Versions, SecretStoreError> {
        let mut versions = match self {
            Self::SecretsManager(store) => store.versions().await?,
            Self::Files(store) => store.versions()?,
        };
        // A version that came into use keeps the label, and is not prepared any more.
        versions.pending = versions.pending.filter(|pending| versions.current.as_ref() != Some(pending));
        Ok(versions)
    }

    /// The text of a version; `None` when it has none yet.
    ///
    /// # Errors
    /// [`SecretStoreError::Failed`].
    pub async fn read(&self, version: &VersionId) -> Result<Option<String>, SecretStoreError> {
        match self {
            Self::SecretsManager(store) => store.read(version).await,
            Self::Files(store) => store.read(version),
        }
    }

    /// The text of the current version, without blanks around it, and which version that is: `None` and nothing where a
    /// secret has none.
    ///
    /// # Errors
    /// [`SecretStoreError::Failed`].
    pub async fn current(&self) -> Result<(String, Option<VersionId>), SecretStoreError> {
        let Some(version) = self.versions().await?.current else { return Ok((String::new(), None)) };
        let text = self.read(&version).await?.unwrap_or_default();
        Ok((text.trim().to_owned(), Some(version)))
    }

    /// Writes a version and labels it pending.
    ///
    /// # Errors
    /// [`SecretStoreError::Failed`].
    pub async fn put_pending(&self, version: &VersionId, text: &str) -> Result<Put, SecretStoreError> {
        match self {
            Self::SecretsManager(store) => store.put_pending(version, text).await,
            Self::Files(store) => store.put_pending(version, text),
        }
    }

    /// Moves *current* to a version that was written, from where it was seen. If it is there already, that is done.
    ///
    /// # Errors
    /// [`SecretStoreError::Moved`] when it was elsewhere; [`SecretStoreError::Failed`].
    pub async fn make_current(&self, version: &VersionId, from: Option<&VersionId>) -> Result<(), SecretStoreError> {
        match self {
            Self::SecretsManager(store) => store.make_current(version, from).await,
            Self::Files(store) => store.make_current(version, from),
        }
    }

    /// Takes the label *pending* from a version. If it does not have it, that is done.
    ///
    /// # Errors
    /// [`SecretStoreError::Failed`].
    pub async fn drop_pending(&self, version: &VersionId) -> Result<(), SecretStoreError> {
        match self {
            Self::SecretsManager(store) => store.drop_pending(version).await,
            Self::Files(store) => store.drop_pending(version),
        }
    }

    /// Puts a text in place of the current version. A rotation that is on its way loses its pending version by that, since
    /// it was made from what is replaced.
    ///
    /// # Errors
    /// [`SecretStoreError::Moved`] when `from` is not current any more; [`SecretStoreError::Failed`].
    pub async fn replace(
        &self,
        from: Option<&VersionId>,
        text: &str,
        random: &dyn Random,
    ) -> Result<(), SecretStoreError> {
        let version = VersionId::new(random);
        self.put_pending(&version, text).await?;
        self.make_current(&version, from).await
    }
}
