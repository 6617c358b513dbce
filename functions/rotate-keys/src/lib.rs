//! Makes and rotates the signing keys and the state key, as AWS Secrets Manager calls for it.
//!
//! A rotation is four calls, each with the secret and the id of the version that is to come. Each may come twice, or again
//! after it was killed; see `doorway_core::key_ring` for what holds in between.

use std::sync::Arc;
use std::time::Instant;

use doorway_core::aws::Aws;
use doorway_core::clock::{Clock, SystemClock};
use doorway_core::config::{ConfigError, Environment};
use doorway_core::event_bus::{BusEvent, EventBus};
use doorway_core::key_ring::{Done, KeyError, KeyRing, Step};
use doorway_core::random::{Random, SystemRandom};
use doorway_core::secret_store::{NotAVersionId, VersionId};
use doorway_core::settings::Settings;
use serde::Deserialize;

/// What Secrets Manager sends. What else is in it, such as `RotationToken`, is for rotations across accounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RotationEvent {
    /// The step.
    pub step: String,
    /// The ARN of the secret.
    pub secret_id: String,
    /// The id of the version to come.
    pub client_request_token: String,
}

/// Why a step was not taken. Secrets Manager tries again; every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The secret is none of those that this function rotates.
    #[error(
        "secret `{0}` is neither the one of DOORWAY_SIGNING_KEYS nor that of DOORWAY_STATE_KEY: take its rotation away, or \
         set one of them to it"
    )]
    SecretUnknown(String),
    /// The step is none of the protocol's.
    #[error("step `{0}` is none of createSecret, setSecret, testSecret and finishSecret")]
    StepUnknown(String),
    /// The token is no id of a version.
    #[error("ClientRequestToken {0}")]
    Token(#[from] NotAVersionId),
    /// The keys did not change.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

/// Takes the steps of rotations.
#[derive(Clone)]
pub struct Rotator {
    rings: Arc<Vec<(String, KeyRing)>>,
    events: EventBus,
    clock: Arc<dyn Clock>,
}

impl Rotator {
    /// For these secrets, each by its id as Secrets Manager names it; `events` is told of keys that come into use.
    pub fn new(rings: Vec<(String, KeyRing)>, events: EventBus, clock: Arc<dyn Clock>) -> Self {
        Self { rings: Arc::new(rings), events, clock }
    }

    /// A rotator, set up from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names every setting that is missing or not usable.
    pub fn from_environment(environment: Environment) -> Result<Self, ConfigError> {
        let mut settings = Settings::new(environment, Arc::new(Aws::default()));
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let rings = settings.key_rings(&clock, &random);
        let events = settings.event_bus();
        settings.finish(Self::new(rings, events, clock))
    }

    /// Takes one step and logs it.
    ///
    /// # Errors
    /// [`RotationError`]: the step may be repeated.
    pub async fn handle(&self, event: &RotationEvent) -> Result<Done, RotationError> {
        let began = Instant::now();
        let ring = self.rings.iter().find(|(id, _)| *id == event.secret_id).map(|(_, ring)| ring);
        let secret = ring.map_or("(unknown)".to_owned(), |ring| ring.kind().to_string());
        let done = Box::pin(step(ring, event)).await;
        if let (Some(ring), Ok(Done::InUse)) = (ring, &done) {
            self.events.publish(self.clock.now(), || Some(BusEvent::key_rotated(ring.kind()))).await;
        }
        match &done {
            Ok(done) => doorway_web::log::rotation(&secret, &event.step, done, began.elapsed()),
            Err(error) => doorway_web::log::rotation_failed(&secret, &event.step, error, began.elapsed()),
        }
        done
    }
}

async fn step(ring: Option<&KeyRing>, event: &RotationEvent) -> Result<Done, RotationError> {
    let ring = ring.ok_or_else(|| RotationError::SecretUnknown(event.secret_id.clone()))?;
    let step = Step::from_name(&event.step).ok_or_else(|| RotationError::StepUnknown(event.step.clone()))?;
    let version = VersionId::try_from(event.client_request_token.as_str())?;
    Ok(ring.step(step, &version).await?)
}
