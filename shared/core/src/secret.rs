//! Secrets: where they are kept, and how long a function trusts what it read.
//!
//! A deployed function reads from AWS Secrets Manager; the local stack reads a file with the same JSON. Both
//! are [`SecretSource`]; whoever uses a secret cannot tell them apart.

use std::path::PathBuf;
use std::sync::Arc;

use doorway_lti::id_token::UnixSeconds;
use tokio::sync::Mutex;

use crate::aws::Aws;
use crate::store::reason;

/// How long a secret is used before it is read again, in seconds: so long a rotation takes to arrive everywhere.
pub const SECRET_CACHE_SECONDS: u64 = 300;

/// How soon after a try a secret may be read again, because a value was unknown or the try failed, in seconds.
pub const SECRET_REREAD_SECONDS: u64 = 2;

/// The longest that an old secret is used while its store fails or holds nonsense, in seconds: a key that was taken
/// away must not live on.
pub const SECRET_MAX_STALE_SECONDS: u64 = 3600;

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
                let answer = request.send().await.map_err(|e| unreadable(reason(&e)))?;
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
    /// When it was read.
    at: UnixSeconds,
    /// When it was last tried to be read.
    tried_at: UnixSeconds,
}

impl<T> Read<T> {
    /// Whether it need not, or should not, be read again now.
    fn serves(&self, at_most_seconds: u64, now: UnixSeconds) -> bool {
        now.0 < self.at.0 + at_most_seconds || now.0 < self.tried_at.0 + SECRET_REREAD_SECONDS
    }
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
    /// [`SecretError`] when it cannot be read now and was not read within [`SECRET_MAX_STALE_SECONDS`].
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
        if let Some(known) = read.as_ref().filter(|known| known.serves(seconds, now)) {
            return Ok(known.value.clone());
        }
        match (self.read_now().await, read.as_mut()) {
            (Ok(value), _) => {
                let value = Arc::new(value);
                *read = Some(Read { value: value.clone(), at: now, tried_at: now });
                Ok(value)
            }
            (Err(error), Some(known)) if now.0 < known.at.0 + SECRET_MAX_STALE_SECONDS => {
                tracing::error!(error = %error, "secret is used although it is old");
                known.tried_at = now;
                Ok(known.value.clone())
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn read_now(&self) -> Result<T, SecretError> {
        let text = self.source.read().await?;
        T::parse(&text).ok_or_else(|| SecretError::Malformed { name: self.source.name(), expected: T::EXPECTED })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Number(u32);

    impl SecretFormat for Number {
        const EXPECTED: &'static str = "it must be a number";

        fn parse(text: &str) -> Option<Self> {
            text.parse().ok().map(Self)
        }
    }

    /// A secret in a file of its own, removed at the end.
    struct File(PathBuf);

    impl File {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("doorway-secret-{}-{name}", std::process::id())))
        }

        fn write(&self, text: &str) {
            std::fs::write(&self.0, text).unwrap();
        }

        fn secret(&self) -> Secret<Number> {
            Secret::new(SecretSource::File(self.0.clone()))
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ignored = std::fs::remove_file(&self.0);
        }
    }

    async fn value(secret: &Secret<Number>, now: u64) -> u32 {
        secret.get(UnixSeconds(now)).await.unwrap().0
    }

    #[tokio::test]
    async fn a_changed_secret_arrives_when_the_old_one_is_old() {
        let file = File::new("changed");
        file.write("1");
        let secret = file.secret();
        assert_eq!(value(&secret, 0).await, 1);
        file.write("2");
        assert_eq!(value(&secret, SECRET_CACHE_SECONDS - 1).await, 1);
        assert_eq!(value(&secret, SECRET_CACHE_SECONDS).await, 2);
    }

    #[tokio::test]
    async fn an_unknown_value_reads_again_but_not_at_once() {
        let file = File::new("fresh");
        file.write("1");
        let secret = file.secret();
        assert_eq!(value(&secret, 0).await, 1);
        file.write("2");
        assert_eq!(secret.get_fresh(UnixSeconds(SECRET_REREAD_SECONDS - 1)).await.unwrap().0, 1);
        assert_eq!(secret.get_fresh(UnixSeconds(SECRET_REREAD_SECONDS)).await.unwrap().0, 2);
    }

    #[tokio::test]
    async fn an_old_secret_serves_while_its_store_fails() {
        let file = File::new("outage");
        file.write("1");
        let secret = file.secret();
        assert_eq!(value(&secret, 0).await, 1);
        file.write("broken");
        assert_eq!(value(&secret, 1_000).await, 1);
        file.write("2");
        assert_eq!(value(&secret, 1_000 + SECRET_REREAD_SECONDS - 1).await, 1, "not tried again at once");
        assert_eq!(value(&secret, 1_000 + SECRET_REREAD_SECONDS).await, 2);
    }

    #[tokio::test]
    async fn an_old_secret_does_not_serve_for_ever() {
        let file = File::new("stale");
        file.write("1");
        let secret = file.secret();
        assert_eq!(value(&secret, 0).await, 1);
        file.write("broken");
        assert_eq!(value(&secret, SECRET_MAX_STALE_SECONDS - 1).await, 1);
        assert!(secret.get(UnixSeconds(SECRET_MAX_STALE_SECONDS + SECRET_REREAD_SECONDS)).await.is_err());
    }

    #[tokio::test]
    async fn what_was_never_read_is_an_error_that_shows_nothing_of_it() {
        let file = File::new("broken");
        file.write("hunter2");
        let error = file.secret().get(UnixSeconds(0)).await.unwrap_err().to_string();
        assert!(error.contains("it must be a number") && !error.contains("hunter2"), "{error}");
        drop(file);
        assert!(File::new("absent").secret().get(UnixSeconds(0)).await.is_err());
    }
}
