//! Faults of the services that can be switched on, so that a Tool meets on purpose what it will meet by chance.
//!
//! A fault either *refuses*, and then nothing of the request is applied; or it *spoils the answer* of a request that
//! was applied. [`ServiceFault`] says which. To add one: a variant, its answer in `answer`, its line in [`presets`].

mod answer;
mod body;
mod generator;

use std::sync::Mutex;

use tokio::sync::{Notify, watch};

use crate::lock::locked;
use generator::Generator;

/// A kind of service endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Access tokens.
    Token,
    /// Scores.
    Score,
    /// The container of line items, and line items.
    LineItems,
    /// Results.
    Results,
    /// Memberships.
    Memberships,
    /// A Tool's own registration.
    Registration,
}

impl Endpoint {
    /// Every kind, in the order of the developer's page.
    pub const ALL: [Self; 6] =
        [Self::Token, Self::Score, Self::LineItems, Self::Results, Self::Memberships, Self::Registration];
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceFault {
    /// Refuses: 401, as if the token were unknown.
    Unauthorized,
    /// Refuses: 403.
    Forbidden,
    /// Refuses: 404.
    NotFound,
    /// Refuses: 429 with `Retry-After`.
    TooManyRequests {
        /// `Retry-After`, in seconds.
        retry_after_seconds: u64,
    },
    /// Refuses as Canvas throttles: 403 with `X-Rate-Limit-Remaining` and words that say so.
    RateLimitExceeded,
    /// Refuses: 500.
    InternalServerError,
    /// Refuses: 503.
    ServiceUnavailable,
    /// Refuses: 302 to this URL.
    Redirect {
        /// `Location`.
        location: String,
    },
    /// Spoils: the answer waits for [`Faults::release`], or for the client to give up.
    Withheld,
    /// Spoils: the connection ends in the middle of the body.
    CutInBody,
    /// Spoils: the connection ends before a byte of the answer; what was asked for is done.
    AppliedButLost,
    /// Spoils: the body is no JSON.
    InvalidJson,
    /// Spoils: the body never ends.
    EndlessBody,
    /// Spoils: the `Link` header's next page is this URL.
    ForeignNext {
        /// Where the next page is said to be.
        url: String,
    },
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// In the next so many requests.
    Next(usize),
    /// In all requests until it is cleared.
    All,
}

/// Faults that happen now and then, the same ones for the same seed.
#[derive(Debug, Clone)]
pub struct FaultMix {
    /// Where they happen.
    pub endpoints: Vec<Endpoint>,
    /// Of a hundred requests, how many go wrong.
    pub percent: u8,
    /// What goes wrong, each as often as the others.
    pub faults: Vec<ServiceFault>,
    /// Where the sequence begins.
    pub seed: u64,
}

/// The faults of a Platform: none, until some are switched on.
pub struct Faults {
    switches: Mutex<Switches>,
    released: Notify,
    withheld: watch::Sender<usize>,
}

#[derive(Default)]
struct Switches {
    /// In the order in which they were switched on, which is the order in which they happen.
    switched: Vec<(Endpoint, ServiceFault, Times)>,
    mix: Option<(FaultMix, Generator)>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        let switches = Mutex::new(Switches::default());
        Self { switches, released: Notify::new(), withheld: watch::Sender::new(0) }
    }

    /// Switches a fault on. Those of the same endpoint that were switched on before happen first.
    pub fn switch_on(&self, endpoint: Endpoint, fault: ServiceFault, times: Times) {
        locked(&self.switches).switched.push((endpoint, fault, times));
    }

    /// Lets faults happen now and then, where no other is switched on.
    pub fn mix(&self, mix: FaultMix) {
        let generator = Generator::new(mix.seed);
        locked(&self.switches).mix = Some((mix, generator));
    }

    /// Switches all faults off. Answers that are withheld stay so until [`Faults::release`].
    pub fn clear(&self) {
        *locked(&self.switches) = Switches::default();
    }

    /// Lets all answers go that are withheld now.
    pub fn release(&self) {
        self.released.notify_waiters();
    }

    /// Waits until so many answers were withheld since the Platform started.
    pub async fn withheld(&self, count: usize) {
        // The sender lives as long as `self`, so that waiting ends by the count alone.
        let _ = self.withheld.subscribe().wait_for(|withheld| *withheld >= count).await;
    }

    /// What is switched on now, in the order in which it happens.
    pub(crate) fn switched(&self) -> Vec<(Endpoint, ServiceFault, Times)> {
        locked(&self.switches).switched.clone()
    }

    /// The fault of the next request at an endpoint.
    pub(crate) fn draw(&self, endpoint: Endpoint) -> Option<ServiceFault> {
        let mut switches = locked(&self.switches);
        let Some(position) = switches.switched.iter().position(|(at, ..)| *at == endpoint) else {
            return switches.mix.as_mut().and_then(|(mix, generator)| mix.draw(endpoint, generator));
        };
        let (_, fault, times) = &mut switches.switched[position];
        let fault = fault.clone();
        match times {
            Times::All => return Some(fault),
            Times::Next(left) => *left = left.saturating_sub(1),
        }
        if *times == Times::Next(0) {
            switches.switched.remove(position);
        }
        Some(fault)
    }

    /// Waits for [`Faults::release`]. The wait begins before it is told, so that no release is missed.
    async fn withhold(&self) {
        let mut released = std::pin::pin!(self.released.notified());
        released.as_mut().enable();
        self.withheld.send_modify(|withheld| *withheld += 1);
        released.await;
    }
}

impl FaultMix {
    fn draw(&self, endpoint: Endpoint, generator: &mut Generator) -> Option<ServiceFault> {
        if !self.endpoints.contains(&endpoint) || generator.below(100) >= usize::from(self.percent) {
            return None;
        }
        let chosen = generator.below(self.faults.len().max(1));
        self.faults.get(chosen).cloned()
    }
}

/// A URL where no Platform is.
const ELSEWHERE: &str = "https://stranger.example/";

/// The faults of the developer's page, by what they are called there.
pub(crate) fn presets() -> [(&'static str, ServiceFault); 14] {
    [
        ("401 unauthorized", ServiceFault::Unauthorized),
        ("403 forbidden", ServiceFault::Forbidden),
        ("404 not found", ServiceFault::NotFound),
        ("429 with Retry-After of 5 seconds", ServiceFault::TooManyRequests { retry_after_seconds: 5 }),
        ("403 rate limit exceeded, as Canvas", ServiceFault::RateLimitExceeded),
        ("500 internal server error", ServiceFault::InternalServerError),
        ("503 service unavailable", ServiceFault::ServiceUnavailable),
        ("302 to a stranger", ServiceFault::Redirect { location: ELSEWHERE.to_owned() }),
        ("Answer withheld until released", ServiceFault::Withheld),
        ("Connection cut in the body", ServiceFault::CutInBody),
        ("Applied, but the answer is lost", ServiceFault::AppliedButLost),
        ("Invalid JSON", ServiceFault::InvalidJson),
        ("Body without end", ServiceFault::EndlessBody),
        ("Next page at a stranger", ServiceFault::ForeignNext { url: ELSEWHERE.to_owned() }),
    ]
}
