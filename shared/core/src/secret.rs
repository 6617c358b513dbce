//! Secrets: where they are kept, and how long a function trusts what it read.
//!
//! A deployed function reads from AWS Secrets Manager; the local stack reads a file with the same JSON. Both
//! are [`SecretSource`]; whoever uses a secret cannot tell them apart.

use std::path::PathBuf;
use std::sync::Arc;

use aws_sdk_secretsmanager::error::DisplayErrorContext;
use doorway_lti::id_token::UnixSeconds;
use tokio::sync::Mutex;

use crate::aws::Aws;

/// How long a secret is used before it is read again, in seconds: so long a rotation takes to arrive everywhere.
pub const SECRET_CACHE_SECONDS: u64 = 300;

/// How soon after a read a secret may be read again because a value was unknown, in seconds.
pub const SECRET_REREAD_SECONDS: u64 = 10;

/// Where a secret is kept.
#[derive(Clone)]
pub enum SecretSource {
    /// AWS Secrets Manager, by ARN or name.
    SecretsManager {
        /// The lazily made client.
        aws: Arc<Aws>,
        /// ARN or name.
        id: String,
    },
    /// A file: the local stack.
    File(PathBuf),
}

/// Why a secret cannot be had. Never contains any of it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretError {
    /// It could not be read.
    #[error("secret `{name}` cannot be read: {reason}")]
    Unreadable {
        /// ARN, name or path.
        name: String,
        /// What the store answered.
        reason: String,
    },
    /// It is not in the form that is expected.
    #[error("secret `{name}` is not usable: {expected}")]
    Malformed {
        /// ARN, name or path.
        name: String,
        /// What it must be.
        expected: &'static str,
    },
}

impl SecretSource {
    /// The name that errors and logs use.
    pub fn name(&self) -> String {
        match self {
            Self::SecretsManager { id, .. } => id.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }

    async fn read(&self) -> Result<String, SecretError> {
        let unreadable = |reason: String| SecretError::Unreadable { name: self.name(), reason };
        match self {
            Self::SecretsManager { aws, id } => {
                let request = aws.secrets_manager().await.get_secret_value().secret_id(id);
                let answer = request.send().await.map_err(|e| unreadable(DisplayErrorContext(e).to_string()))?;
                answer.secret_string.ok_or_else(|| unreadable("it has no text".to_owned()))
            }
            Self::File(path) => std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string())),
        }
    }
}

/// How a secret's text becomes what is used.
pub trait SecretFormat: Send + Sync + Sized + 'static {
    /// What the text must be, for the operator.
    const EXPECTED: &'static str;

    /// Reads the text; `None` when it is not in this form.
    fn parse(text: &str) -> Option<Self>;
}

struct Read<T> {
    value: Arc<T>,
    at: UnixSeconds,
}

/// A secret, read when first needed and again when it grows old. One read at a time; an old value is used when
/// a later read fails, so that an outage of the store does not stop what already runs.
pub struct Secret<T> {
    source: SecretSource,
    read: Mutex<Option<Read<T>>>,
}

impl<T: SecretFormat> Secret<T> {
    /// A secret that has not been read yet.
    pub fn new(source: SecretSource) -> Self {
        Self { source, read: Mutex::new(None) }
    }

    /// The secret, at most [`SECRET_CACHE_SECONDS`] old unless its store fails.
    ///
    /// # Errors
    /// [`SecretError`] when it was never read and cannot be read now.
    pub async fn get(&self, now: UnixSeconds) -> Result<Arc<T>, SecretError> {
        self.at_most(SECRET_CACHE_SECONDS, now).await
    }

    /// The secret, at most [`SECRET_REREAD_SECONDS`] old: for a key that [`Secret::get`]'s value does not know.
    ///
    /// # Errors
    /// [`SecretError`] as for [`Secret::get`].
    pub async fn get_fresh(&self, now: UnixSeconds) -> Result<Arc<T>, SecretError> {
        self.at_most(SECRET_REREAD_SECONDS, now).await
    }

    async fn at_most(&self, seconds: u64, now: UnixSeconds) -> Result<Arc<T>, SecretError> {
        let mut read = self.read.lock().await;
        if let Some(known) = read.as_ref().filter(|known| now.0 < known.at.0 + seconds) {
            return Ok(known.value.clone());
        }
        match (self.read_now().await, read.as_mut()) {
            (Ok(value), _) => {
                let value = Arc::new(value);
                *read = Some(Read { value: value.clone(), at: now });
                Ok(value)
            }
            (Err(error), Some(known)) => {
                tracing::warn!(error = %error, "secret is used although it is old");
                known.at = UnixSeconds(now.0.saturating_sub(seconds - seconds.min(SECRET_REREAD_SECONDS)));
                Ok(known.value.clone())
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read_now(&self) -> Result<T, SecretError> {
        let text = self.source.read().await?;
        T::parse(&text).ok_or_else(|| SecretError::Malformed { name: self.source.name(), expected: T::EXPECTED })
    }
}
