//! Access tokens for services: in memory, then in the table, then asked of the Platform.
//!
//! * One request at a time per Registration, Deployment and set of scopes; who waited uses its result.
//! * A token ends early by a tenth of its life, a minute at most, so that none expires on its way.
//! * A token that a service refuses is replaced once: by another instance's, or by a new one.
//! * A request that is refused since its key was revoked meanwhile is made once more, with the key that took its place.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::access_token::{AccessToken, Grant, GrantError, Refusal, assertion_claims, audience, request_body};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::DeploymentId;
use lru::LruCache;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::Error;
use crate::fingerprint::fingerprint;
use crate::http::{FetchError, PlatformClient, Request};
use crate::random::{self, Random};
use crate::registration::Registration;
use crate::secret::Secret;
use crate::signer::{Picked, Signer};
use crate::signing_keys::SigningKeySet;
use crate::store::tokens::{SealedToken, SealedTokens};

const CACHED_TOKENS: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// Why there is no token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// The Platform refused: a matter of configuration.
    #[error("the token endpoint answered {status}{}", code(refusal))]
    Refused {
        /// The status.
        status: StatusCode,
        /// Its words.
        refusal: Refusal,
    },
    /// The token endpoint did not answer in time, or asked for patience.
    #[error("the token endpoint cannot be reached: {0}")]
    Unavailable(FetchError),
    /// It asked for patience, for so many seconds if it said so.
    #[error("the token endpoint answered {status}")]
    Later {
        /// The status.
        status: StatusCode,
        /// `Retry-After`.
        retry_after_seconds: Option<u64>,
    },
    /// It answered success without a token.
    #[error("the token endpoint's answer is no token: {0}")]
    NotAToken(#[from] GrantError),
    /// It granted less than was asked.
    #[error("the platform did not grant scope `{0}`")]
    ScopeNotGranted(String),
}

impl TokenError {
    /// What the App is told: the Platform's own words, made presentable, where it has some.
    pub fn words(&self) -> String {
        match self {
            Self::Refused { refusal, .. } if !refusal.words.is_empty() => format!("{self}: {}", refusal.words),
            other => other.to_string(),
        }
    }

    /// Whether the Platform refused the scope, and would give a token for another.
    pub fn is_about_scope(&self) -> bool {
        match self {
            Self::ScopeNotGranted(_) => true,
            Self::Refused { refusal, .. } => refusal.code.as_deref() == Some("invalid_scope"),
            _ => false,
        }
    }
}

/// The standard's code, for the log. What is no code of the standard's kind may be anything.
fn code(refusal: &Refusal) -> String {
    let is_code =
        |code: &&String| code.len() <= 40 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    refusal.code.as_ref().filter(is_code).map_or_else(String::new, |code| format!(" `{code}`"))
}

/// A token and what it is good for.
pub struct Granted {
    /// The token.
    pub token: AccessToken,
    use_until: UnixSeconds,
    scopes: Option<Vec<String>>,
}

/// Whom a token is asked for.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// The Registration.
    pub registration: &'a Registration,
    /// The Deployment: told in the assertion.
    pub deployment_id: &'a DeploymentId,
}

/// A token as it is sealed.
#[derive(Serialize, Deserialize)]
struct Plain {
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Granted>>>>;

/// All tokens.
pub struct AccessTokens {
    client: Arc<PlatformClient>,
    signing_keys: Arc<Secret<SigningKeySet>>,
    signer: Signer,
    sealed: SealedTokens,
    random: Arc<dyn Random>,
    slots: Mutex<LruCache<String, Slot>>,
}

impl AccessTokens {
    /// Asked with `client`, by assertions that `signer` signs, kept in `sealed`, sealed with `signing_keys`.
    pub fn new(
        client: Arc<PlatformClient>,
        signing_keys: Arc<Secret<SigningKeySet>>,
        signer: Signer,
        sealed: SealedTokens,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { client, signing_keys, signer, sealed, random, slots: Mutex::new(LruCache::new(CACHED_TOKENS)) }
    }

    /// A token for these scopes, of which one must be granted: any of them opens the service.
    ///
    /// # Errors
    /// [`Error::AccessToken`]; [`Error::Secret`] when there is no key to sign with.
    pub async fn get(&self, holder: Holder<'_>, scopes: &[&str], now: UnixSeconds) -> Result<Arc<Granted>, Error> {
        let name = name(holder, scopes);
        let slot = self.slot(&name);
        let mut known = slot.lock().await;
        if let Some(granted) = known.as_ref().filter(|granted| now < granted.use_until) {
            return Ok(granted.clone());
        }
        let granted = match self.stored(&name, now).await? {
            Some(granted) => granted,
            None => self.ask(&name, holder, scopes, now).await?,
        };
        Ok(known.insert(Arc::new(granted)).clone())
    }

    /// Another token, in place of one that a service refused.
    ///
    /// # Errors
    /// As for [`AccessTokens::get`].
    pub async fn replace(
        &self,
        refused: &Granted,
        holder: Holder<'_>,
        scopes: &[&str],
        now: UnixSeconds,
    ) -> Result<Arc<Granted>, Error> {
        let name = name(holder, scopes);
        let slot = self.slot(&name);
        let mut known = slot.lock().await;
        let differs = |granted: &Granted| granted.token.secret() != refused.token.secret();
        if let Some(granted) = known.as_ref().filter(|granted| now < granted.use_until && differs(granted)) {
            return Ok(granted.clone());
        }
        let granted = match self.stored(&name, now).await?.filter(differs) {
            Some(granted) => granted,
            None => self.ask(&name, holder, scopes, now).await?,
        };
        Ok(known.insert(Arc::new(granted)).clone())
    }

    async fn ask(&self, name: &str, holder: Holder<'_>, scopes: &[&str], now: UnixSeconds) -> Result<Granted, Error> {
        let grant = self.request(holder.registration, Some(holder.deployment_id), scopes, now).await?;
        if !scopes.iter().any(|scope| grant.has(scope)) {
            return Err(TokenError::ScopeNotGranted(scopes.join(" ")).into());
        }
        let granted = Granted { use_until: grant.use_until(now), token: grant.token, scopes: grant.scopes };
        self.store(name, &granted, now).await;
        Ok(granted)
    }

    /// Asks the Platform for a token now, whatever is known, and keeps nothing. The request is made once more if the key that
    /// signed the first was revoked while it was on its way.
    ///
    /// # Errors
    /// As for [`AccessTokens::get`], but for scopes that are not granted: the grant says which are.
    pub async fn request(
        &self,
        registration: &Registration,
        deployment_id: Option<&DeploymentId>,
        scopes: &[&str],
        now: UnixSeconds,
    ) -> Result<Grant, Error> {
        let signer = self.signer.pick(now).await?;
        let refused = match self.request_signed(&signer, (registration, deployment_id), scopes, now).await {
            Err(Error::AccessToken(error)) if matches!(*error, TokenError::Refused { .. }) => Error::AccessToken(error),
            done => return done,
        };
        let other = self.signer.pick(now).await?;
        if other.key_id() == signer.key_id() {
            return Err(refused);
        }
        self.request_signed(&other, (registration, deployment_id), scopes, now).await
    }

    /// One token request (services digest §1).
    async fn request_signed(
        &self,
        signer: &Picked,
        (registration, deployment_id): (&Registration, Option<&DeploymentId>),
        scopes: &[&str],
        now: UnixSeconds,
    ) -> Result<Grant, Error> {
        let audience = audience(registration.token_audience.as_deref(), &registration.token_endpoint);
        let jti = URL_SAFE_NO_PAD.encode(random::bytes::<16>(&*self.random));
        let claims = assertion_claims(&registration.client_id, audience, deployment_id, &jti, now);
        let body = request_body(&signer.sign(&claims), scopes).into_bytes();
        let request = Request::post(&registration.token_endpoint)
            .accept("application/json")
            .body("application/x-www-form-urlencoded", body);
        let answer = self.client.send(request).await.map_err(TokenError::Unavailable)?;
        let status = answer.status;
        match status.as_u16() {
            200..=299 => Ok(Grant::parse(&answer.body).map_err(TokenError::NotAToken)?),
            408 | 425 | 429 | 500.. => {
                Err(TokenError::Later { status, retry_after_seconds: answer.retry_after_seconds() }.into())
            }
            _ => Err(TokenError::Refused { status, refusal: Refusal::parse(&answer.body) }.into()),
        }
    }

    fn slot(&self, name: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.get_or_insert(name.to_owned(), Slot::default).clone()
    }

    /// The token in the table. A table that fails is no reason to fail a score: the Platform has tokens.
    async fn stored(&self, name: &str, now: UnixSeconds) -> Result<Option<Granted>, Error> {
        let keys = self.signing_keys.get(now).await?;
        let stored = self.sealed.get(name, now).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the table of tokens was passed over");
            None
        });
        Ok(stored.and_then(|stored| {
            let plain: Plain = serde_json::from_slice(&keys.open(name.as_bytes(), &stored.sealed)?).ok()?;
            let token = AccessToken::new(plain.token).ok()?;
            Some(Granted { token, use_until: stored.use_until, scopes: plain.scopes })
        }))
    }

    async fn store(&self, name: &str, granted: &Granted, now: UnixSeconds) {
        let Ok(keys) = self.signing_keys.get(now).await else { return };
        let plain = Plain { token: granted.token.secret().to_owned(), scopes: granted.scopes.clone() };
        let plain = serde_json::to_vec(&plain).expect("texts serialise");
        let sealed = keys.seal(name.as_bytes(), plain, &*self.random);
        if let Err(error) = self.sealed.put(name, SealedToken { sealed, use_until: granted.use_until }).await {
            tracing::warn!(error = %error, "a token was not put into the table");
        }
    }
}

/// What a token is found by: nothing of it can be read from the name.
fn name(holder: Holder<'_>, scopes: &[&str]) -> String {
    let Holder { registration, deployment_id } = holder;
    let scopes: BTreeSet<&str> = scopes.iter().copied().collect();
    fingerprint(&json!([
        registration.issuer.as_str(),
        registration.client_id.as_str(),
        registration.token_endpoint.as_str(),
        deployment_id.as_str(),
        scopes,
    ]))
}
