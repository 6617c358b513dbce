//! Adding, listing and removing the secrets of LTI 1.1 consumers.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{AcceptedFrom, ConsumerSecrets, ConsumerText, Text, is_consumer_key};
use crate::clock::Clock;
use crate::date::rfc3339;
use crate::random::{self, Random};
use crate::secret::SecretFormat as _;
use crate::secret_store::{SecretStore, SecretStoreError, VersionId};

/// The longest text that Secrets Manager keeps, in bytes: some three hundred consumers.
pub const MAX_SECRET_BYTES: usize = 65_536;

/// The consumers' secrets, where they are written.
#[derive(Clone)]
pub struct ConsumerRing {
    store: SecretStore,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// A consumer to add.
pub struct NewConsumer {
    /// `oauth_consumer_key`.
    pub key: String,
    /// The secret that it shared with the vendor.
    pub secret: String,
    /// From where it is accepted.
    pub accepted_from: AcceptedFrom,
}

/// A consumer as it is listed: nothing of the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedConsumer {
    /// Its id: what removes it.
    pub id: String,
    /// `oauth_consumer_key`.
    pub key: String,
    /// From where it is accepted.
    pub accepted_from: AcceptedFrom,
    /// When it was added (RFC 3339). Those that were put in by hand do not tell.
    pub added_at: Option<String>,
}

/// Why the consumers' secrets did not change. Every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConsumerRingError {
    /// The secret's store.
    #[error(transparent)]
    Store(#[from] SecretStoreError),
    /// The secret's text is none of ours, and is not overwritten.
    #[error("secret `{secret}` is not usable: {}", ConsumerSecrets::EXPECTED)]
    Unusable {
        /// The secret.
        secret: String,
    },
    /// What was given is no consumer.
    #[error(
        "is no LTI 1.1 consumer: the key must be 1 to 255 bytes without `&` and control characters, the secret not empty"
    )]
    Invalid,
    /// It is there.
    #[error("this secret of the consumer is there already, accepted from the same Platform: its id is `{id}`")]
    Exists {
        /// Its id.
        id: String,
    },
    /// Secrets Manager would not take it.
    #[error(
        "the secret would have more than {MAX_SECRET_BYTES} bytes: remove consumers that have moved ({count} are there)"
    )]
    Full {
        /// How many there are.
        count: usize,
    },
    /// No consumer has this id.
    #[error("no LTI 1.1 secret has the id `{id}`")]
    Unknown {
        /// What was asked for.
        id: String,
    },
}

impl fmt::Debug for NewConsumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewConsumer({}, [redacted])", self.key)
    }
}

impl ConsumerRing {
    /// The consumers in this store.
    pub fn new(store: SecretStore, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { store, clock, random }
    }

    /// Adds a secret of a consumer; its id. Functions know it within [`crate::secret::SECRET_CACHE_SECONDS`].
    ///
    /// # Errors
    /// [`ConsumerRingError::Invalid`]; [`ConsumerRingError::Exists`]; [`ConsumerRingError::Full`];
    /// [`ConsumerRingError::Unusable`]; those of the store.
    pub async fn add(&self, new: NewConsumer) -> Result<String, ConsumerRingError> {
        if !is_consumer_key(&new.key) || new.secret.is_empty() {
            return Err(ConsumerRingError::Invalid);
        }
        let (mut text, from) = self.read().await?;
        let is_same = |known: &&ConsumerText| {
            known.key == new.key
                && known.secret == new.secret
                && known.accepted_from().as_ref() == Some(&new.accepted_from)
        };
        if let Some(known) = text.consumers.iter().find(is_same) {
            return Err(ConsumerRingError::Exists { id: known.id.clone() });
        }
        let id = URL_SAFE_NO_PAD.encode(random::bytes::<6>(&*self.random));
        text.consumers.push(ConsumerText::new(id.clone(), new, rfc3339(self.clock.now())));
        self.write(from.as_ref(), &text).await?;
        Ok(id)
    }

    /// The consumers whose secrets are known.
    ///
    /// # Errors
    /// [`ConsumerRingError::Unusable`]; those of the store.
    pub async fn list(&self) -> Result<Vec<ListedConsumer>, ConsumerRingError> {
        let (text, _) = self.read().await?;
        let listed = |consumer: ConsumerText| {
            let accepted_from = consumer.accepted_from()?;
            Some(ListedConsumer { id: consumer.id, key: consumer.key, accepted_from, added_at: consumer.added_at })
        };
        Ok(text.consumers.into_iter().filter_map(listed).collect())
    }

    /// Takes a secret away. A function that knows it uses it for at most [`crate::secret::SECRET_CACHE_SECONDS`] more.
    ///
    /// # Errors
    /// [`ConsumerRingError::Unknown`]; [`ConsumerRingError::Unusable`]; those of the store.
    pub async fn remove(&self, id: &str) -> Result<(), ConsumerRingError> {
        let (mut text, from) = self.read().await?;
        let before = text.consumers.len();
        text.consumers.retain(|consumer| consumer.id != id);
        if text.consumers.len() == before {
            return Err(ConsumerRingError::Unknown { id: id.to_owned() });
        }
        self.write(from.as_ref(), &text).await
    }

    async fn read(&self) -> Result<(Text, Option<VersionId>), ConsumerRingError> {
        let (text, current) = self.store.current().await?;
        if text.is_empty() {
            return Ok((Text::default(), current));
        }
        let text = Text::parse(&text);
        Ok((text.ok_or_else(|| ConsumerRingError::Unusable { secret: self.store.name() })?, current))
    }

    async fn write(&self, from: Option<&VersionId>, text: &Text) -> Result<(), ConsumerRingError> {
        let count = text.consumers.len();
        let text = serde_json::to_string(text).expect("texts serialise");
        if text.len() > MAX_SECRET_BYTES {
            return Err(ConsumerRingError::Full { count: count.saturating_sub(1) });
        }
        Ok(self.store.replace(from, &text, &*self.random).await?)
    }
}

impl ConsumerText {
    fn new(id: String, new: NewConsumer, added_at: String) -> Self {
        let NewConsumer { key, secret, accepted_from } = new;
        let any_platform = accepted_from == AcceptedFrom::AnyPlatform;
        let (issuer, client_id, deployment_id) = match accepted_from {
            AcceptedFrom::AnyPlatform => (None, None, None),
            AcceptedFrom::Platform { issuer, client_id, deployment_id } => (Some(issuer), client_id, deployment_id),
        };
        Self { id, key, secret, issuer, client_id, deployment_id, any_platform, added_at: Some(added_at) }
    }
}
