//! CloudWatch's embedded metric format: a line says which of its members are metrics, and by what they are counted. Counts
//! and durations so need no agent and no call.
//!
//! Each name with each combination of dimensions is a metric of its own, and is paid for by the hour in which it was
//! written. So tenants are counted only where that is asked for, by few names, and where they were not made up by a
//! stranger.
//!
//! Spec: [Embedded metric format](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).

use std::fmt::Write as _;

use doorway_core::config::Environment;
use serde_json::{Map, Value, json};

/// The CloudWatch namespace of the metrics.
pub const NAMESPACE: &str = "Doorway";

/// The member with a tenant as CloudWatch takes it.
const TENANT: &str = "tenant_ascii";

/// The longest value of a dimension, in characters.
const LONGEST_VALUE: usize = 1024;

/// Whether there are metrics for each tenant, beside those for all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TenantMetrics {
    /// None.
    #[default]
    Off,
    /// Counts of requests and deliveries.
    On,
}

impl TenantMetrics {
    /// `DOORWAY_TENANT_METRICS`: they cost, so anything but `true` is no.
    pub fn asked_for(environment: &Environment) -> Self {
        match environment.optional("DOORWAY_TENANT_METRICS").as_deref() {
            Some("true") => Self::On,
            _ => Self::Off,
        }
    }
}

/// A list of metrics, all counted by the same dimensions.
struct Directive<'a> {
    dimensions: Value,
    counts: &'a [&'a str],
    has_duration: bool,
}

/// What is counted of a request.
const OF_REQUEST: [&str; 3] = ["requests", "refusals", "failures"];

/// The event of a request.
pub(super) fn of_request(line: &mut Map<String, Value>, tenants: TenantMetrics, timestamp_ms: u64) {
    let refused = line.get("outcome").is_some_and(|outcome| outcome != "ok");
    let failed = line.get("http.status").and_then(Value::as_u64).is_some_and(|status| status >= 500);
    line.insert("requests".to_owned(), 1.into());
    line.insert("refusals".to_owned(), u8::from(refused && !failed).into());
    line.insert("failures".to_owned(), u8::from(failed).into());
    let dimensions = json!([["function"], ["function", "outcome"]]);
    let mut directives = vec![Directive { dimensions, counts: &OF_REQUEST, has_duration: true }];
    // Anybody can begin a login in anybody's name.
    let is_login = line.get("function").is_some_and(|function| function == "login");
    if !is_login {
        directives.extend(of_tenant(line, tenants, &OF_REQUEST));
    }
    add(line, timestamp_ms, &directives);
}

/// The event of a batch of deliveries.
pub(super) fn of_deliveries(line: &mut Map<String, Value>, timestamp_ms: u64) {
    let counts = &["messages", "delivered", "superseded", "dead", "again"];
    add(line, timestamp_ms, &[Directive { dimensions: json!([["function"]]), counts, has_duration: true }]);
}

/// The event of one tenant's part of a batch.
pub(super) fn of_tenant_deliveries(line: &mut Map<String, Value>, tenants: TenantMetrics, timestamp_ms: u64) {
    if let Some(directive) = of_tenant(line, tenants, &["delivered", "dead", "again"]) {
        add(line, timestamp_ms, &[directive]);
    }
}

/// The event of a step of a rotation.
pub(super) fn of_rotation(line: &mut Map<String, Value>, timestamp_ms: u64) {
    let dimensions = json!([["function"], ["function", "secret"]]);
    let counts = &["rotated", "kept", "failed"];
    add(line, timestamp_ms, &[Directive { dimensions, counts, has_duration: true }]);
}

/// The same counts by tenant, if these are wanted and there is one that can be a dimension.
fn of_tenant<'a>(
    line: &mut Map<String, Value>,
    tenants: TenantMetrics,
    counts: &'a [&'a str],
) -> Option<Directive<'a>> {
    if tenants == TenantMetrics::Off {
        return None;
    }
    let tenant = dimension(line.get("tenant")?.as_str()?)?;
    line.insert(TENANT.to_owned(), tenant.into());
    Some(Directive { dimensions: json!([[TENANT, "function"]]), counts, has_duration: false })
}

/// A label as the value of a dimension: printable ASCII, of 1024 characters at most, and not blank. What is not is written
/// as in URLs, `%` itself too, so that no two labels become one. Longer ones are cut.
fn dimension(label: &str) -> Option<String> {
    let mut value = String::new();
    for byte in label.bytes() {
        let before = value.len();
        match byte {
            b' '..=b'~' if byte != b'%' => value.push(char::from(byte)),
            _ => write!(value, "%{byte:02X}").expect("a text takes what is written"),
        }
        if value.len() > LONGEST_VALUE {
            value.truncate(before);
            break;
        }
    }
    (!value.trim().is_empty()).then_some(value)
}

fn add(line: &mut Map<String, Value>, timestamp_ms: u64, directives: &[Directive<'_>]) {
    let directives: Vec<Value> = directives.iter().map(Directive::to_json).collect();
    line.insert("_aws".to_owned(), json!({ "Timestamp": timestamp_ms, "CloudWatchMetrics": directives }));
}

impl Directive<'_> {
    fn to_json(&self) -> Value {
        let counts = self.counts.iter().map(|name| json!({ "Name": name, "Unit": "Count" }));
        let duration = self.has_duration.then(|| json!({ "Name": "duration_ms", "Unit": "Milliseconds" }));
        let metrics: Vec<Value> = counts.chain(duration).collect();
        json!({ "Namespace": NAMESPACE, "Dimensions": self.dimensions, "Metrics": metrics })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_are_counted_where_somebody_says_true() {
        let asked_for = |value: &str| {
            let variables = [("DOORWAY_TENANT_METRICS".to_owned(), value.to_owned())];
            TenantMetrics::asked_for(&Environment::new(variables))
        };
        assert_eq!(asked_for("true"), TenantMetrics::On);
        for value in ["", "false", "1", "TRUE"] {
            assert_eq!(asked_for(value), TenantMetrics::Off, "{value}");
        }
        assert_eq!(TenantMetrics::asked_for(&Environment::new([])), TenantMetrics::Off);
    }

    #[test]
    fn a_label_becomes_what_cloudwatch_takes_as_a_dimension() {
        assert_eq!(dimension("Maple School").as_deref(), Some("Maple School"));
        assert_eq!(dimension("Universität").as_deref(), Some("Universit%C3%A4t"));
        assert_eq!(dimension("a\n\"b\"\u{0}%").as_deref(), Some("a%0A\"b\"%00%25"));
        assert_ne!(dimension("ä"), dimension("%C3%A4"), "no two labels become one");
        assert_eq!((dimension(""), dimension("   ")), (None, None));
    }

    #[test]
    fn a_long_label_is_cut_and_no_escape_is() {
        assert_eq!(dimension(&"a".repeat(2000)).map(|value| value.len()), Some(1024));
        let value = dimension(&format!("aa{}", "ä".repeat(2000))).unwrap();
        let bytes = value.strip_prefix("aa").unwrap();
        assert!(value.len() <= 1024 && bytes.len() > 1000 && bytes.len().is_multiple_of(3), "whole escapes: {value}");
    }
}
