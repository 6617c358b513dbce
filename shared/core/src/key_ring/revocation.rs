//! A revocation: a key is gone at once.

use super::{KeyError, KeyRing, TRIES, union};
use crate::key_life::KeyLife;
use crate::signer::key_ids;

impl KeyRing {
    /// Takes a key out of the secret and out of the published set. In place of the key that signs, `next` signs from now
    /// on, which Platforms know. What is published lacks no key that may sign, at any moment: a function that still works
    /// with the secret from before finds its key missing there and takes the next one ([`crate::signer::Signer`]).
    ///
    /// What the key signed before is void as soon as a Platform asks for the set again. What a state key sealed is void within
    /// [`crate::secret::SECRET_CACHE_SECONDS`]: logins under way begin anew.
    ///
    /// It may be repeated, also after it was killed half-way: the keys that remain.
    ///
    /// # Errors
    /// [`KeyError::Unknown`]; [`KeyError::NoKeys`]; [`crate::secret_store::SecretStoreError::Moved`] when a rotation was
    /// finished in that moment; those of the stores.
    pub async fn revoke(&self, key_id: &str) -> Result<KeyLife, KeyError> {
        let in_use = self.in_use().await?;
        let life = in_use.life.ok_or_else(|| KeyError::NoKeys { secret: self.store.name() })?;
        let remaining = match life.revoke(key_id, || self.make()) {
            Ok(remaining) => {
                // Whatever signs from now on is published before, also if it was made a moment ago.
                self.publish_besides(&remaining).await?;
                let from = in_use.versions.current.as_ref();
                if let Err(error) = self.store.replace(from, &self.kind.text(&remaining), &*self.random).await {
                    self.publish_in_use().await?;
                    return Err(error.into());
                }
                remaining
            }
            // It was revoked before, by somebody who was killed before the set was published.
            Err(_) if self.is_published(key_id).await? => life,
            Err(unknown) => return Err(unknown.into()),
        };
        self.publish_in_use().await?;
        self.note_next(&remaining).await?;
        Ok(remaining)
    }

    async fn is_published(&self, key_id: &str) -> Result<bool, KeyError> {
        if self.kind.public_set(&self.keys().await?).is_none() {
            return Ok(false);
        }
        Ok(self.tool_keys.published_now().await?.is_some_and(|key_set| key_ids(&key_set).contains(key_id)))
    }

    /// Publishes the keys in use, and no other.
    async fn publish_in_use(&self) -> Result<(), KeyError> {
        for _ in 0..TRIES {
            let published = self.tool_keys.to_replace().await?;
            let Some(key_set) = self.kind.public_set(&self.keys().await?) else { return Ok(()) };
            if published.key_set.as_ref() == Some(&key_set)
                || self.tool_keys.replace(&published, &key_set, &*self.random).await?
            {
                return Ok(());
            }
        }
        Err(KeyError::Crowded)
    }

    /// Publishes these keys beside those that are published.
    async fn publish_besides(&self, life: &KeyLife) -> Result<(), KeyError> {
        let Some(keys) = self.kind.public_set(life) else { return Ok(()) };
        for _ in 0..TRIES {
            let published = self.tool_keys.to_replace().await?;
            let key_set = union(published.key_set.clone().into_iter().chain([keys.clone()]));
            if published.key_set.as_ref() == Some(&key_set)
                || self.tool_keys.replace(&published, &key_set, &*self.random).await?
            {
                return Ok(());
            }
        }
        Err(KeyError::Crowded)
    }
}
