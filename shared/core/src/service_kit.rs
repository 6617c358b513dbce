//! What functions that ask Platforms are made of, put together in one place: on AWS from settings, in the local stack
//! and the tests from what they have.

use std::sync::Arc;
use std::time::Duration;

use crate::access_tokens::AccessTokens;
use crate::clock::Clock;
use crate::event_bus::EventBus;
use crate::http::PlatformClient;
use crate::launch_services::LaunchServices;
use crate::queue::Queue;
use crate::random::Random;
use crate::registration::PlatformTransport;
use crate::scores::delivery::Delivery;
use crate::scores::sparing::Sparing;
use crate::secret::Secret;
use crate::services::PlatformServices;
use crate::signer::Signer;
use crate::signing_keys::SigningKeySet;
use crate::store::Table;
use crate::store::gates::Gates;
use crate::store::launches::Launches;
use crate::store::leases::Leases;
use crate::store::scores::Scores;
use crate::store::tokens::SealedTokens;
use crate::tool_keys::ToolKeys;
use crate::use_case::deliver_scores::DeliverScores;
use crate::use_case::line_items::LineItems;
use crate::use_case::memberships::Memberships;
use crate::use_case::open::OpenLaunch;
use crate::use_case::read_score::ReadScore;
use crate::use_case::submit_score::SubmitScore;
use crate::welcome::Welcome;

/// How long the App waits for one request to the Platform, and for the whole attempt.
const FIRST_REQUEST: Duration = Duration::from_secs(8);
const FIRST_ATTEMPT: Duration = Duration::from_secs(14);
/// A worker has more patience. An attempt must end before [`crate::store::scores::LANE_LEASE_SECONDS`].
const LATER_REQUEST: Duration = Duration::from_secs(20);
const LATER_ATTEMPT: Duration = Duration::from_secs(40);

/// The parts. Clients and caches in it are shared by everything that is made from it.
pub struct ServiceKit {
    /// The launches.
    pub launches: Arc<Launches>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// The scores table.
    pub scores_table: Table,
    /// The keys that sign.
    pub signing_keys: Arc<Secret<SigningKeySet>>,
    /// The client that talks to Platforms.
    pub client: Arc<PlatformClient>,
    /// Whether Platforms may be on http.
    pub transport: PlatformTransport,
    /// Where it is told what became of scores.
    pub events: EventBus,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl ServiceKit {
    /// Opens launches.
    pub fn open(&self) -> OpenLaunch {
        OpenLaunch { launches: self.launches.clone(), welcome: self.welcome.clone(), clock: self.clock.clone() }
    }

    /// Signs for the Tool. The public keys stand in the same table as the Registrations.
    pub fn signer(&self) -> Signer {
        let published = ToolKeys::new(self.welcome.registrations.table().clone());
        Signer::new(self.signing_keys.clone(), published)
    }

    /// The Platforms' services, with a cache of tokens.
    pub fn services(&self) -> Arc<PlatformServices> {
        let tokens = AccessTokens::new(
            self.client.clone(),
            self.signing_keys.clone(),
            self.signer(),
            SealedTokens::new(self.scores_table.clone()),
            self.random.clone(),
        );
        Arc::new(PlatformServices::new(self.client.clone(), tokens))
    }

    /// Submits scores, which wait in `queue`, for so many days at most.
    pub fn submit_score(&self, services: &Arc<PlatformServices>, queue: Queue, retry_days: u32) -> SubmitScore {
        SubmitScore {
            open: self.open(),
            scores: self.scores(),
            sparing: self.sparing(),
            delivery: self.delivery(services, FIRST_REQUEST, FIRST_ATTEMPT),
            queue,
            events: self.events.clone(),
            retry_days,
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    /// Reads submissions.
    pub fn read_score(&self) -> ReadScore {
        ReadScore { scores: self.scores(), clock: self.clock.clone() }
    }

    /// Delivers scores that wait in `queue`; what cannot be delivered ends in `dead_letters`.
    pub fn deliver_scores(&self, queue: Queue, dead_letters: Queue) -> DeliverScores {
        DeliverScores {
            scores: self.scores(),
            sparing: self.sparing(),
            delivery: self.delivery(&self.services(), LATER_REQUEST, LATER_ATTEMPT),
            queue,
            dead_letters,
            events: self.events.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
        }
    }

    /// Line items and results.
    pub fn line_items(&self, services: &Arc<PlatformServices>) -> LineItems {
        LineItems { services: self.launch_services(services), leases: Leases::new(self.scores_table.clone()) }
    }

    /// The roster.
    pub fn memberships(&self) -> Memberships {
        Memberships { services: self.launch_services(&self.services()) }
    }

    fn launch_services(&self, services: &Arc<PlatformServices>) -> LaunchServices {
        LaunchServices {
            open: self.open(),
            services: services.clone(),
            signing_keys: self.signing_keys.clone(),
            transport: self.transport,
            random: self.random.clone(),
        }
    }

    fn delivery(&self, services: &Arc<PlatformServices>, request: Duration, attempt: Duration) -> Arc<Delivery> {
        Arc::new(Delivery {
            services: services.clone(),
            welcome: self.welcome.clone(),
            transport: self.transport,
            request_timeout: request,
            attempt_timeout: attempt,
        })
    }

    fn scores(&self) -> Arc<Scores> {
        Arc::new(Scores::new(self.scores_table.clone()))
    }

    fn sparing(&self) -> Sparing {
        Sparing { gates: Arc::new(Gates::new(self.scores_table.clone())) }
    }
}
