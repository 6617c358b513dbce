//! One event as one line of JSON.

use std::fmt;

use doorway_core::clock::Clock;
use doorway_core::date::rfc3339;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::metrics::{self, TenantMetrics};
use super::{DELIVERIES, ROTATION, TENANT_DELIVERIES};
use crate::observe::TARGET;

/// The longest text of a field, in bytes. CloudWatch cuts an event of more than 256 KiB, and half a line is no JSON:
/// then neither the reference nor the metrics in it are found.
const LONGEST_TEXT: usize = 8 * 1024;

/// Writes lines.
pub(super) struct JsonLine<C> {
    pub(super) clock: C,
    pub(super) tenants: TenantMetrics,
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
        let timestamp_ms = now.0 * 1000;
        match event.metadata().target() {
            TARGET => metrics::of_request(&mut line.0, self.tenants, timestamp_ms),
            DELIVERIES => metrics::of_deliveries(&mut line.0, timestamp_ms),
            TENANT_DELIVERIES => metrics::of_tenant_deliveries(&mut line.0, self.tenants, timestamp_ms),
            ROTATION => metrics::of_rotation(&mut line.0, timestamp_ms),
            _ => {}
        }
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct Line(Map<String, Value>);

impl Line {
    fn record_text(&mut self, field: &Field, text: &str) {
        let cut = text.floor_char_boundary(LONGEST_TEXT);
        let text = if cut < text.len() { format!("{}...", &text[..cut]) } else { text.to_owned() };
        self.0.insert(field.name().to_owned(), text.into());
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_text(field, value);
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
        self.record_text(field, &format!("{value:?}"));
    }
}
