//! Making, listing and revoking App keys.
//!
//! No schedule rotates them, since the App must learn a new one. Whoever replaces a key makes the new one, gives it to the
//! App, and revokes the old one when the App uses the new one: in between both are valid.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{AppKeySet, hex, new_app_key, unhex};
use crate::binding::sha256;
use crate::clock::Clock;
use crate::date::rfc3339;
use crate::random::{self, Random};
use crate::secret::SecretFormat as _;
use crate::secret_store::{SecretStore, SecretStoreError, VersionId};

/// The most keys that are valid at a time: two while one replaces the other, and as many for a second App, such as one that
/// is being tried. More are keys that somebody forgot to revoke.
pub const MOST_APP_KEYS: usize = 4;

/// The App's keys, where they are written.
#[derive(Clone)]
pub struct AppKeyRing {
    store: SecretStore,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// A key that was made. This is the only time that it is seen.
pub struct NewAppKey {
    /// Its id: what revokes it.
    pub id: String,
    /// The key, for the App alone.
    pub key: String,
}

/// A key as it is listed: nothing of the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAppKey {
    /// Its id.
    pub id: String,
    /// When it was made (RFC 3339). Keys that were put in by hand do not tell.
    pub created_at: Option<String>,
}

/// Why App keys did not change. Every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AppKeyError {
    /// The secret's store.
    #[error(transparent)]
    Store(#[from] SecretStoreError),
    /// The secret's text is none of ours, and is not overwritten.
    #[error("secret `{secret}` is not usable: {}", AppKeySet::EXPECTED)]
    Unusable {
        /// The secret.
        secret: String,
    },
    /// There are as many keys as there may be.
    #[error("there are {MOST_APP_KEYS} App keys already: revoke one that is not used any more ({known})")]
    TooMany {
        /// The ids that there are.
        known: String,
    },
    /// No key has this id.
    #[error("no App key has the id `{id}`: the ids are {known}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// The ids that there are.
        known: String,
    },
}

#[derive(Default, Serialize, Deserialize)]
struct Text {
    keys: Vec<KeyText>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyText {
    #[serde(default)]
    id: String,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

impl Text {
    fn ids(&self) -> String {
        let ids: Vec<String> = self.keys.iter().map(|key| format!("`{}`", key.id)).collect();
        if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
    }
}

impl fmt::Debug for NewAppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewAppKey({}, [redacted])", self.id)
    }
}

impl AppKeyRing {
    /// The keys in this store.
    pub fn new(store: SecretStore, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { store, clock, random }
    }

    /// Makes a key. Functions accept it from their next request on.
    ///
    /// # Errors
    /// [`AppKeyError::TooMany`] at [`MOST_APP_KEYS`]; [`AppKeyError::Unusable`]; those of the store.
    pub async fn create(&self) -> Result<NewAppKey, AppKeyError> {
        let (mut text, from) = self.read().await?;
        if text.keys.len() >= MOST_APP_KEYS {
            return Err(AppKeyError::TooMany { known: text.ids() });
        }
        let id = URL_SAFE_NO_PAD.encode(random::bytes::<6>(&*self.random));
        let key = new_app_key(&*self.random);
        let sha256 = hex(&sha256(key.as_bytes()));
        text.keys.push(KeyText { id: id.clone(), sha256, created_at: Some(rfc3339(self.clock.now())) });
        self.write(from.as_ref(), &text).await?;
        Ok(NewAppKey { id, key })
    }

    /// The keys that are valid.
    ///
    /// # Errors
    /// [`AppKeyError::Unusable`]; those of the store.
    pub async fn list(&self) -> Result<Vec<ListedAppKey>, AppKeyError> {
        let (text, _) = self.read().await?;
        let listed = |key: KeyText| ListedAppKey { id: key.id, created_at: key.created_at };
        Ok(text.keys.into_iter().map(listed).collect())
    }

    /// Takes a key away. A function that knows it accepts it for at most [`crate::secret::SECRET_CACHE_SECONDS`] more.
    ///
    /// # Errors
    /// [`AppKeyError::Unknown`]; [`AppKeyError::Unusable`]; those of the store.
    pub async fn revoke(&self, id: &str) -> Result<(), AppKeyError> {
        let (mut text, from) = self.read().await?;
        let known = text.ids();
        let before = text.keys.len();
        text.keys.retain(|key| key.id != id);
        if text.keys.len() == before {
            return Err(AppKeyError::Unknown { id: id.to_owned(), known });
        }
        self.write(from.as_ref(), &text).await
    }

    async fn read(&self) -> Result<(Text, Option<VersionId>), AppKeyError> {
        let (text, current) = self.store.current().await?;
        if text.is_empty() {
            return Ok((Text::default(), current));
        }
        let text = serde_json::from_str(&text).ok().filter(|text: &Text| {
            let is_hash = |key: &KeyText| unhex(&key.sha256).is_some();
            text.keys.iter().all(is_hash)
        });
        Ok((text.ok_or_else(|| AppKeyError::Unusable { secret: self.store.name() })?, current))
    }

    async fn write(&self, from: Option<&VersionId>, text: &Text) -> Result<(), AppKeyError> {
        let text = serde_json::to_string(text).expect("texts serialise");
        Ok(self.store.replace(from, &text, &*self.random).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::app_keys::secret_text;
    use crate::clock::{ManualClock, UnixSeconds};
    use crate::random::SystemRandom;
    use crate::secret::SecretSource;

    /// A secret in a folder of its own, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let name = u64::from_be_bytes(random::bytes(&SystemRandom));
            let path = std::env::temp_dir().join(format!("doorway-app-keys-{name:016x}"));
            std::fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn path(&self) -> PathBuf {
            self.0.join("app-keys.json")
        }

        fn ring(&self) -> AppKeyRing {
            let clock = Arc::new(ManualClock::at(UnixSeconds(1_795_420_800)));
            AppKeyRing::new(SecretStore::of(SecretSource::File(self.path())), clock, Arc::new(SystemRandom))
        }

        fn accepts(&self, key: &str) -> bool {
            AppKeySet::parse(&std::fs::read_to_string(self.path()).unwrap()).unwrap().accepts(key)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ignored = std::fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn one_key_replaces_another_while_both_are_valid() {
        let folder = Folder::new();
        std::fs::write(folder.path(), secret_text(&[("old", "by-hand")])).unwrap();
        let ring = folder.ring();
        let made = ring.create().await.unwrap();
        assert!(made.key.starts_with("dwk_") && made.key.len() == 47, "{}", made.key.len());
        assert!(folder.accepts("by-hand") && folder.accepts(&made.key));
        let listed = ring.list().await.unwrap();
        let listed: Vec<_> = listed.iter().map(|key| (key.id.as_str(), key.created_at.as_deref())).collect();
        assert_eq!(listed, [("old", None), (made.id.as_str(), Some("2026-11-23T08:00:00Z"))]);
        ring.revoke("old").await.unwrap();
        assert!(!folder.accepts("by-hand") && folder.accepts(&made.key));
        let error = ring.revoke("old").await.unwrap_err().to_string();
        assert_eq!(error, format!("no App key has the id `old`: the ids are `{}`", made.id));
    }

    #[tokio::test]
    async fn the_first_key_is_made_where_there_is_nothing_and_only_a_few_are() {
        let folder = Folder::new();
        let ring = folder.ring();
        assert_eq!(ring.list().await.unwrap(), []);
        let mut keys = Vec::new();
        for _ in 0..MOST_APP_KEYS {
            keys.push(ring.create().await.unwrap());
        }
        assert!(keys.iter().all(|key| folder.accepts(&key.key)));
        let error = ring.create().await.unwrap_err().to_string();
        assert!(
            error.starts_with("there are 4 App keys already: revoke one") && error.contains(&keys[3].id),
            "{error}"
        );
    }

    #[tokio::test]
    async fn what_is_no_list_of_keys_is_not_overwritten() {
        for text in ["x", "[]", r#"{"keys":[{"id":"1","sha256":"zz"}]}"#] {
            let folder = Folder::new();
            std::fs::write(folder.path(), text).unwrap();
            assert!(matches!(folder.ring().create().await, Err(AppKeyError::Unusable { .. })), "{text}");
            assert_eq!(std::fs::read_to_string(folder.path()).unwrap(), text);
        }
    }

    #[tokio::test]
    async fn a_key_stands_nowhere_and_does_not_print() {
        let folder = Folder::new();
        let made = folder.ring().create().await.unwrap();
        assert!(!std::fs::read_to_string(folder.path()).unwrap().contains(&made.key[4..]));
        assert!(!format!("{made:?}").contains(&made.key));
    }
}
