//! Which key signs: never one that is not published any more.
//!
//! An instance works with a secret that it read minutes ago, so by itself it would go on signing with a key that was revoked
//! since. Before each signature it therefore looks at the published key set, where a revoked key is gone at once. That
//! is one read for each token request and each deep-linking response, and neither is frequent.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::json::Object;
use serde_json::Value;

use crate::error::Error;
use crate::secret::Secret;
use crate::signing_keys::{SigningKey, SigningKeySet};
use crate::tool_keys::ToolKeys;

/// Signs for the Tool.
#[derive(Clone)]
pub struct Signer {
    keys: Arc<Secret<SigningKeySet>>,
    published: ToolKeys,
}

/// The key that signs now.
pub struct Picked {
    keys: Arc<SigningKeySet>,
    key_id: String,
}

impl Picked {
    /// Its id.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Signs claims as a JWT.
    pub fn sign(&self, claims: &Object) -> String {
        let key = self.keys.published_signer(|id| id == self.key_id);
        key.unwrap_or_else(|| self.keys.current()).sign(claims)
    }
}

impl Signer {
    /// Signs with these keys as far as they are published.
    pub fn new(keys: Arc<Secret<SigningKeySet>>, published: ToolKeys) -> Self {
        Self { keys, published }
    }

    /// The key to sign with now: the current one. If that is not published any more the secret is read again; an instance
    /// that still does not know better takes the next key, which is what a revocation promotes.
    ///
    /// Where nothing is published, or the table does not answer, the current key signs: that must stop neither a score nor
    /// a deep link.
    ///
    /// # Errors
    /// [`Error::Secret`] when there are no keys.
    pub async fn pick(&self, now: UnixSeconds) -> Result<Picked, Error> {
        let keys = self.keys.get(now).await?;
        let Some(published) = self.published_ids().await else { return Ok(picked(&keys, keys.current())) };
        if published.contains(keys.current_id()) {
            return Ok(picked(&keys, keys.current()));
        }
        let keys = self.keys.get_fresh(now).await?;
        let key = keys.published_signer(|id| published.contains(id));
        let key = key.unwrap_or_else(|| {
            tracing::error!(
                key = keys.current_id().get(..8), // enough to tell keys apart
                "no signing key is published: Platforms cannot verify what is signed"
            );
            keys.current()
        });
        Ok(picked(&keys, key))
    }

    async fn published_ids(&self) -> Option<BTreeSet<String>> {
        match self.published.published_now().await {
            Ok(key_set) => key_set.as_ref().map(key_ids),
            Err(error) => {
                tracing::warn!(error = %error, "the published keys were passed over");
                None
            }
        }
    }
}

fn picked(keys: &Arc<SigningKeySet>, key: &SigningKey) -> Picked {
    Picked { keys: keys.clone(), key_id: key.id().to_owned() }
}

/// The ids of the keys of a JWK Set.
pub(crate) fn key_ids(key_set: &Value) -> BTreeSet<String> {
    let keys = key_set["keys"].as_array().into_iter().flatten();
    keys.filter_map(|key| key["kid"].as_str()).map(str::to_owned).collect()
}
