//! The Tool's JSON Web Key Set: fetched once, kept, and fetched again when a token names a key that is not in it.

use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, redirect};
use serde_json::Value;

use crate::lock::locked;

/// The longest key set that is read, in bytes.
const KEY_SET_LIMIT: usize = 64 * 1024;
/// How long a fetch may take.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Bytes in a modulus of 2048 bits: smaller keys are refused.
const SMALLEST_MODULUS: usize = 256;

/// An RSA public key, as RS256 signatures are verified with.
pub(crate) type PublicKey = RsaPublicKeyComponents<Vec<u8>>;

/// Where the Tool's keys are, and those that were found there.
pub(crate) struct ToolKeys {
    jwks_uri: Mutex<String>,
    client: OnceLock<Option<Client>>,
    kept: Mutex<Kept>,
}

enum Kept {
    /// Nothing was fetched yet.
    Nothing,
    /// What the URI answered last.
    Fetched(Value),
    /// What a test set: the URI is not asked.
    Set(Value),
}

impl ToolKeys {
    pub(crate) fn new(jwks_uri: String) -> Self {
        Self { jwks_uri: Mutex::new(jwks_uri), client: OnceLock::new(), kept: Mutex::new(Kept::Nothing) }
    }

    /// Uses this key set and asks the URI no more.
    pub(crate) fn set(&self, key_set: Value) {
        *locked(&self.kept) = Kept::Set(key_set);
    }

    /// The Tool publishes its keys there from now on; what a test set stays.
    pub(crate) fn move_to(&self, jwks_uri: &str) {
        jwks_uri.clone_into(&mut locked(&self.jwks_uri));
        let mut kept = locked(&self.kept);
        if let Kept::Fetched(_) = *kept {
            *kept = Kept::Nothing;
        }
    }

    /// The key of this id. `None` when the Tool publishes none that is fit to verify RS256, or more than one.
    pub(crate) async fn find(&self, key_id: &str) -> Option<PublicKey> {
        if let Some(key) = self.find_kept(key_id) {
            return Some(key);
        }
        if matches!(*locked(&self.kept), Kept::Set(_)) {
            return None;
        }
        let key_set = self.fetch().await?;
        *locked(&self.kept) = Kept::Fetched(key_set);
        self.find_kept(key_id)
    }

    fn find_kept(&self, key_id: &str) -> Option<PublicKey> {
        match &*locked(&self.kept) {
            Kept::Nothing => None,
            Kept::Fetched(key_set) | Kept::Set(key_set) => find_in(key_set, key_id),
        }
    }

    async fn fetch(&self) -> Option<Value> {
        let client = self.client.get_or_init(client).as_ref()?;
        let jwks_uri = locked(&self.jwks_uri).clone();
        let mut response = client.get(jwks_uri).send().await.ok()?;
        if response.status() != reqwest::StatusCode::OK {
            return None;
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            body.extend_from_slice(&chunk);
            if body.len() > KEY_SET_LIMIT {
                return None;
            }
        }
        serde_json::from_slice(&body).ok()
    }
}

fn client() -> Option<Client> {
    Client::builder()
        .timeout(TIMEOUT)
        .connect_timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .user_agent("maple-learning")
        .build()
        .ok()
}

/// The one key of this id. Spec: Security Framework 1.0, on key sets: every key of a set has its own `kid`.
fn find_in(key_set: &Value, key_id: &str) -> Option<PublicKey> {
    let keys = key_set.get("keys")?.as_array()?;
    let mut named = keys.iter().filter(|key| key.get("kid").and_then(Value::as_str) == Some(key_id));
    match (named.next(), named.next()) {
        (Some(key), None) => public_key(key),
        _ => None,
    }
}

fn public_key(key: &Value) -> Option<PublicKey> {
    let member = |name: &str| key.get(name).and_then(Value::as_str);
    let fits = |name: &str, value: &str| key.get(name).is_none_or(|found| found == value);
    if member("kty") != Some("RSA") || !fits("use", "sig") || !fits("alg", "RS256") || key.get("d").is_some() {
        return None;
    }
    let decoded = |name: &str| URL_SAFE_NO_PAD.decode(member(name)?).ok();
    let n = decoded("n").filter(|modulus| modulus.len() >= SMALLEST_MODULUS)?;
    Some(RsaPublicKeyComponents { n, e: decoded("e")? })
}
