//! The keys of one secret, and how they change: by rotation, step by step, or by revocation, at once.
//!
//! Whatever is killed at whatever moment, and whatever is repeated, these hold:
//!
//! 1. A key signs only after it has been published, and functions read only versions that were tested.
//! 2. What is published lacks no key that an instance may still sign with, unless that key was revoked.
//! 3. A revoked key does not come back: neither by a rotation that was on its way, nor by one that publishes what it read
//!    before.
//!
//! For 2 the set is published before the secret changes, and is the union of the keys in use and the keys to come. For 3
//! both writes are conditional: *current* moves only from the version that was read, and the set is replaced only if it
//! is the one that was read before the secret was.

mod revocation;
mod rotation;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::key_life::{Found, KeyKind, KeyLife, KeyUnknown};
use crate::random::Random;
use crate::secret_store::{SecretStore, SecretStoreError, VersionId, Versions};
use crate::store::StoreError;
use crate::tool_keys::ToolKeys;

pub use rotation::{Done, Step};

/// How often a write is tried again because somebody else wrote in between.
const TRIES: usize = 10;

/// The keys of one secret.
#[derive(Clone)]
pub struct KeyRing {
    kind: KeyKind,
    store: SecretStore,
    tool_keys: ToolKeys,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// Why keys did not change. Every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The secret's store.
    #[error(transparent)]
    Store(#[from] SecretStoreError),
    /// The registrations table.
    #[error(transparent)]
    Table(#[from] StoreError),
    /// A version's text is none of ours. It is never overwritten: it may be keys that somebody damaged.
    #[error(
        "version `{version}` of secret `{secret}` is not usable: {expected}. Move AWSCURRENT back to a version that is \
         good, or put the text {{}} to have first keys made"
    )]
    Unusable {
        /// The secret.
        secret: String,
        /// The version.
        version: VersionId,
        /// What it must be.
        expected: &'static str,
    },
    /// Another version is pending: this rotation was given up.
    #[error(
        "version `{version}` of secret `{secret}` is not the pending one: another rotation, or a revocation, took its \
         place. Nothing is to be done for this one; call rotate-secret to begin a new one"
    )]
    NotPending {
        /// The secret.
        secret: String,
        /// The version.
        version: VersionId,
    },
    /// A step came before the one that makes the version.
    #[error("version `{version}` of secret `{secret}` has no text yet: the step createSecret must come first")]
    Empty {
        /// The secret.
        secret: String,
        /// The version.
        version: VersionId,
    },
    /// The keys in use changed after the pending version was made from them.
    #[error(
        "version `{version}` of secret `{secret}` was made from keys that are not in use any more, and was set aside: \
         call rotate-secret to begin a new rotation"
    )]
    Outdated {
        /// The secret.
        secret: String,
        /// The version.
        version: VersionId,
    },
    /// A key of the pending version does not do what it is for.
    #[error(
        "version `{version}` of secret `{secret}` failed its test, and was set aside: call rotate-secret to begin a new \
         rotation"
    )]
    Faulty {
        /// The secret.
        secret: String,
        /// The version.
        version: VersionId,
    },
    /// A key would sign that Platforms cannot know.
    #[error("key `{key_id}` of secret `{secret}` is not published: the step setSecret must come first")]
    NotPublished {
        /// The secret.
        secret: String,
        /// The key.
        key_id: String,
    },
    /// There are no keys yet.
    #[error("secret `{secret}` has no keys yet: call rotate-secret to have the first ones made")]
    NoKeys {
        /// The secret.
        secret: String,
    },
    /// No key has this id.
    #[error(transparent)]
    Unknown(#[from] KeyUnknown),
    /// Others wrote all the time.
    #[error("the published keys changed all the time: repeat what you did")]
    Crowded,
}

/// The keys in use.
struct InUse {
    versions: Versions,
    life: Option<KeyLife>,
}

impl KeyRing {
    /// The keys of this kind in this store.
    pub fn new(
        kind: KeyKind,
        store: SecretStore,
        tool_keys: ToolKeys,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { kind, store, tool_keys, clock, random }
    }

    /// Which keys they are.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The keys in use: their ids, and when they were made.
    ///
    /// # Errors
    /// [`KeyError::NoKeys`]; [`KeyError::Unusable`]; those of the store.
    pub async fn keys(&self) -> Result<KeyLife, KeyError> {
        self.in_use().await?.life.ok_or_else(|| KeyError::NoKeys { secret: self.store.name() })
    }

    /// What functions read. Where that is nothing although there was something before, somebody put the template's empty
    /// text over the keys: those are the keys that go on living.
    async fn in_use(&self) -> Result<InUse, KeyError> {
        let versions = self.store.versions().await?;
        let life = match &versions.current {
            Some(current) => self.life(current).await?,
            None => None,
        };
        let life = match (life, &versions.previous) {
            (None, Some(previous)) => match self.life(previous).await {
                Err(KeyError::Unusable { .. }) => None,
                life => life?,
            },
            (life, _) => life,
        };
        Ok(InUse { versions, life })
    }

    /// The keys of a version; `None` when there are none in it.
    async fn life(&self, version: &VersionId) -> Result<Option<KeyLife>, KeyError> {
        let text = self.store.read(version).await?.unwrap_or_default();
        match self.kind.read(&text) {
            Found::Keys(life) => Ok(Some(*life)),
            Found::Nothing => Ok(None),
            Found::Broken => Err(KeyError::Unusable {
                secret: self.store.name(),
                version: version.clone(),
                expected: self.kind.expected(),
            }),
        }
    }

    fn make(&self) -> crate::key_life::LivingKey {
        self.kind.make(&*self.random, self.clock.now())
    }

    /// Notes since when the next key has been in use, unless that is known.
    async fn note_next(&self, life: &KeyLife) -> Result<(), KeyError> {
        let Some(next) = &life.next else { return Ok(()) };
        if self.tool_keys.next_since(self.kind, &next.id).await?.is_none() {
            self.tool_keys.note_next(self.kind, &next.id, self.clock.now()).await?;
        }
        Ok(())
    }
}

/// One JWK Set of all keys of several, each key once.
fn union(key_sets: impl IntoIterator<Item = Value>) -> Value {
    let mut keys: Vec<Value> = Vec::new();
    for key_set in key_sets {
        for key in key_set["keys"].as_array().into_iter().flatten() {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    json!({ "keys": keys })
}
