//! Events as JSON lines on standard output, as CloudWatch takes them.
//!
//! The events of requests, deliveries and rotations also are metrics ([`metrics`]). Only our own events are written below
//! warnings: the debug logs of an HTTP or AWS client show URLs and headers.

mod line;
pub mod metrics;

use std::time::Duration;

use doorway_core::clock::Clock;
use doorway_core::config::Environment;
use doorway_core::key_ring::Done;
use doorway_core::use_case::deliver_scores::Tallies;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::observe::TARGET;
use line::JsonLine;
pub use metrics::TenantMetrics;

/// The target of the events of score deliveries.
const DELIVERIES: &str = "doorway::deliveries";

/// The target of the events of one tenant's score deliveries.
const TENANT_DELIVERIES: &str = "doorway::tenant-deliveries";

/// The target of the events of key rotations.
const ROTATION: &str = "doorway::rotation";

/// A subscriber that writes our events of `level` and above, and the warnings of all others.
pub fn subscriber<W>(
    level: Level,
    tenants: TenantMetrics,
    clock: impl Clock,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // Targets match by their beginning. What is counted is always written: a reference on a page must find its line, and
    // no alarm may fall silent because somebody wanted fewer lines.
    let counted = [TARGET, DELIVERIES, TENANT_DELIVERIES, ROTATION].map(|target| (target, Level::INFO));
    let filter = Targets::new().with_default(Level::WARN).with_target("doorway", level).with_targets(counted);
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLine { clock, tenants }).with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(filter))
}

/// Writes events to standard output from now on.
///
/// `DOORWAY_LOG` is `error`, `warn`, `info` or `debug`; anything else is `info`. For `DOORWAY_TENANT_METRICS` see
/// [`TenantMetrics::asked_for`].
pub fn init(environment: &Environment, clock: impl Clock) {
    let level = environment.optional("DOORWAY_LOG").and_then(|level| level.parse().ok());
    let level = level.unwrap_or(Level::INFO).min(Level::DEBUG);
    let subscriber = subscriber(level, TenantMetrics::asked_for(environment), clock, std::io::stdout);
    // A second call in one process changes nothing: the first subscriber stays.
    let _already_set = tracing::subscriber::set_global_default(subscriber);
}

/// One call site per target, since a target is part of an event's static description.
macro_rules! deliveries {
    ($target:ident, $tally:expr, { $($more:tt)* }, $message:literal) => {
        tracing::info!(
            target: $target,
            function = "deliver-scores",
            messages = $tally.messages,
            delivered = $tally.delivered,
            superseded = $tally.superseded,
            dead = $tally.dead,
            again = $tally.again,
            settled_before = $tally.settled_before,
            $($more)*
            $message
        )
    };
}

/// Writes the event of one batch of score deliveries, and one for each tenant in it: an event has one tenant at most.
pub fn deliveries(tallies: &Tallies, took: Duration) {
    let Tallies { all, by_tenant } = tallies;
    deliveries!(DELIVERIES, all, { duration_ms = milliseconds(took), }, "deliveries");
    for (tenant, tally) in by_tenant {
        deliveries!(TENANT_DELIVERIES, tally, { tenant, }, "deliveries of a tenant");
    }
}

/// Writes the event of one step of a key rotation: `secret` says of which keys.
pub fn rotation(secret: &str, step: &str, done: &Done, took: Duration) {
    let reason = match done {
        Done::Kept(not_yet) => Some(not_yet.to_string()),
        _ => None,
    };
    tracing::info!(
        target: ROTATION,
        function = "rotate-keys",
        secret,
        step,
        outcome = %done,
        reason,
        // The last step of a rotation, when it is taken for the first time.
        rotated = u64::from(*done == Done::InUse),
        kept = u64::from(matches!(done, Done::Kept(_))),
        failed = 0_u64,
        duration_ms = milliseconds(took),
        "rotation"
    );
}

/// Writes the event of a step that failed.
pub fn rotation_failed(secret: &str, step: &str, error: &dyn std::error::Error, took: Duration) {
    tracing::error!(
        target: ROTATION,
        function = "rotate-keys",
        secret,
        step,
        outcome = "failed",
        reason = %error,
        rotated = 0_u64,
        kept = 0_u64,
        failed = 1_u64,
        duration_ms = milliseconds(took),
        "rotation"
    );
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
