//! Sparing a Platform that fails or asks for patience: one failure speaks for all scores that wait for it.

use std::sync::Arc;

use super::AttemptOutcome;
use super::backoff::spare_seconds;
use super::delivery::Ended;
use crate::clock::UnixSeconds;
use crate::store::gates::{Gate, Gates};

/// Spares Platforms.
#[derive(Clone)]
pub struct Sparing {
    /// Their gates.
    pub gates: Arc<Gates>,
}

impl Sparing {
    /// Takes note of an attempt at the Platform whose gate stood like this. What was our own fault, or a token endpoint's,
    /// says nothing about the service that others use. When it cannot be noted, the Platform is
    /// asked once more than it need be.
    pub async fn note(&self, origin: &str, gate: Gate, ended: &Ended, now: UnixSeconds) -> Gate {
        if !ended.is_of_service {
            return gate;
        }
        let (noted, after) = match ended.outcome {
            AttemptOutcome::Unavailable | AttemptOutcome::Throttled => {
                let failures = gate.failures.saturating_add(1);
                let seconds = spare_seconds(failures, ended.retry_after_seconds);
                let closed = Gate { closed_until: UnixSeconds(now.0 + u64::from(seconds)), failures };
                (self.gates.close(origin, closed, now).await, closed)
            }
            _ if gate.failures > 0 => (self.gates.open(origin).await, Gate::default()),
            _ => (Ok(()), gate),
        };
        if let Err(error) = noted {
            tracing::warn!(error = %error, "a Platform's gate was not changed");
        }
        after
    }
}
