//! The time, as an argument.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

pub use doorway_lti::id_token::UnixSeconds;

/// Tells the time. The only place that reads the system's clock is [`SystemClock`].
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> UnixSeconds;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> UnixSeconds {
        let since_epoch = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
        UnixSeconds(since_epoch.map_or(0, |elapsed| elapsed.as_secs()))
    }
}

/// A clock that stands still until it is set: for tests, and for replaying recorded events.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixSeconds) -> Self {
        Self(AtomicU64::new(now.0))
    }

    /// Moves the clock forward.
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixSeconds {
        UnixSeconds(self.0.load(Ordering::SeqCst))
    }
}
