//! Events as JSON lines on standard output, as CloudWatch takes them.
//!
//! A request event also is a metric: it carries CloudWatch's embedded metric format, so that counts and
//! durations need no agent and no call. Only our own events are written below warnings: the debug logs of an
//! HTTP or AWS client show URLs and headers.

use std::fmt;
use std::time::Duration;

use doorway_core::clock::Clock;
use doorway_core::date::rfc3339;
use doorway_core::use_case::deliver_scores::Tally;
use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::observe::TARGET;

/// The target of the events of score deliveries.
const DELIVERIES: &str = "doorway::deliveries";

/// The target of the events of key rotations.
const ROTATION: &str = "doorway::rotation";

/// The CloudWatch namespace of the metrics.
pub const NAMESPACE: &str = "Doorway";

/// A subscriber that writes our events of `level` and above, and the warnings of all others.
pub fn subscriber<W>(level: Level, clock: impl Clock, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // Targets match by their beginning. Requests are always written: a reference on a page must find its line.
    let filter =
        Targets::new().with_default(Level::WARN).with_target("doorway", level).with_target(TARGET, Level::INFO);
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLine { clock }).with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(filter))
}

/// Writes events to standard output from now on.
///
/// `DOORWAY_LOG` is `error`, `warn`, `info` or `debug`; anything else is `info`.
pub fn init(level: Option<&str>, clock: impl Clock) {
    let level = level.and_then(|level| level.parse().ok()).unwrap_or(Level::INFO).min(Level::DEBUG);
    let subscriber = subscriber(level, clock, std::io::stdout);
    // A second call in one process changes nothing: the first subscriber stays.
    let _already_set = tracing::subscriber::set_global_default(subscriber);
}

/// Writes the event of one batch of score deliveries.
pub fn deliveries(size: usize, tally: &Tally, took: Duration) {
    tracing::info!(
        target: DELIVERIES,
        function = "deliver-scores",
        messages = size,
        delivered = tally.delivered,
        superseded = tally.superseded,
        dead = tally.dead,
        again = tally.again,
        settled_before = tally.settled_before,
        duration_ms = took.as_secs_f64() * 1000.0,
        "deliveries"
    );
}

/// Writes the event of one step of a key rotation: `secret` says of which keys, `outcome` what was done, `reason` why
/// nothing was.
pub fn rotation(secret: &str, step: &str, outcome: &str, reason: Option<&str>, took: Duration) {
    tracing::info!(
        target: ROTATION,
        function = "rotate-keys",
        secret,
        step,
        outcome,
        reason,
        duration_ms = took.as_secs_f64() * 1000.0,
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
        duration_ms = took.as_secs_f64() * 1000.0,
        "rotation"
    );
}

struct JsonLine<C> {
    clock: C,
}

impl<C, S, N> FormatEvent<S, N> for JsonLine<C>
where
    C: Clock,
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let now = self.clock.now();
        let mut line = Line(Map::new());
        line.0.insert("timestamp".to_owned(), rfc3339(now).into());
        line.0.insert("level".to_owned(), event.metadata().level().as_str().into());
        event.record(&mut line);
        match event.metadata().target() {
            TARGET => line.add_request_metrics(now.0 * 1000),
            DELIVERIES => line.add_delivery_metrics(now.0 * 1000),
            _ => {}
        }
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct Line(Map<String, Value>);

impl Line {
    fn add_request_metrics(&mut self, timestamp_ms: u64) {
        let refused = self.0.get("outcome").is_some_and(|outcome| outcome != "ok");
        let failed = self.0.get("http.status").and_then(Value::as_u64).is_some_and(|status| status >= 500);
        self.0.insert("requests".to_owned(), 1.into());
        self.0.insert("refusals".to_owned(), u8::from(refused && !failed).into());
        self.0.insert("failures".to_owned(), u8::from(failed).into());
        let counts = ["requests", "refusals", "failures"];
        self.add_metrics(timestamp_ms, &counts, json!([["function"], ["function", "outcome"]]));
    }

    fn add_delivery_metrics(&mut self, timestamp_ms: u64) {
        let counts = ["messages", "delivered", "superseded", "dead", "again"];
        self.add_metrics(timestamp_ms, &counts, json!([["function"]]));
    }

    /// CloudWatch's embedded metric format: the members named here are read as metrics.
    fn add_metrics(&mut self, timestamp_ms: u64, counts: &[&str], dimensions: Value) {
        let counts = counts.iter().map(|name| json!({ "Name": name, "Unit": "Count" }));
        let metrics: Vec<Value> = counts.chain([json!({ "Name": "duration_ms", "Unit": "Milliseconds" })]).collect();
        let directive = json!({ "Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics });
        self.0.insert("_aws".to_owned(), json!({ "Timestamp": timestamp_ms, "CloudWatchMetrics": [directive] }));
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // Microseconds are finer than anything that is measured.
        self.0.insert(field.name().to_owned(), ((value * 1000.0).round() / 1000.0).into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }
}
