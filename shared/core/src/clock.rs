//! The time, as an argument.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

pub use doorway_lti::id_token::UnixSeconds;
pub use doorway_lti::timestamp::Timestamp;

/// Tells the time. The only place that reads the system's clock is [`SystemClock`].
pub trait Clock: Send + Sync + 'static {
    /// The time now, in milliseconds.
    fn timestamp(&self) -> Timestamp;

    /// The time now, in whole seconds.
    fn now(&self) -> UnixSeconds {
        UnixSeconds(self.timestamp().seconds())
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn timestamp(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
        let millis = since_epoch.map_or(0, |elapsed| elapsed.as_millis());
        Timestamp::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}

/// A clock that stands still until it is set: for tests, and for replaying recorded events.
#[derive(Debug)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixSeconds) -> Self {
        Self(AtomicU64::new(now.0 * 1000))
    }

    /// Moves the clock forward.
    pub fn advance(&self, seconds: u64) {
        self.advance_millis(seconds * 1000);
    }

    /// Moves the clock forward by less than seconds.
    pub fn advance_millis(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
