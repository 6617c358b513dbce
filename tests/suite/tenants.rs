//! A tenant in lines and metrics: where it is known, where it is counted, and that no label breaks a line.

use std::io::Write;
use std::sync::{Arc, Mutex};

use doorway_core::clock::SystemClock;
use doorway_lti::claim;
use doorway_tests::{FakePlatform, TestTool, last_request_line, refused};
use doorway_web::log::{TenantMetrics, subscriber};
use serde_json::{Value, json};
use tracing::Level;

const ISSUER: &str = "https://lms.example";

/// What one line may have, in bytes: CloudWatch cuts longer events.
const LONGEST_LINE: usize = 256 * 1024;

async fn tool_of(tenant: &str) -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let mut registration = platform.registration();
    registration.tenant = Some(tenant.to_owned());
    let tool = TestTool::start(&[registration]).await;
    (platform, tool)
}

/// By which tenant a line is counted; every line is also counted without one.
fn counted_by(line: &Value) -> Option<String> {
    let directives = line["_aws"]["CloudWatchMetrics"].as_array().expect("a request is counted");
    assert_eq!(directives[0]["Dimensions"], json!([["function"], ["function", "outcome"]]), "{line}");
    let by_tenant = directives.get(1)?;
    assert_eq!((directives.len(), &by_tenant["Namespace"]), (2, &json!("Doorway")), "{line}");
    assert_eq!(by_tenant["Dimensions"], json!([["tenant_ascii", "function"]]), "{line}");
    let names = ["requests", "refusals", "failures"].map(|name| json!({ "Name": name, "Unit": "Count" }));
    assert_eq!(by_tenant["Metrics"], json!(names), "few names: each is a metric for each tenant");
    Some(line["tenant_ascii"].as_str().expect("a dimension is a text").to_owned())
}

#[tokio::test]
async fn launches_and_calls_of_the_app_are_counted_by_tenant_and_logins_are_not() {
    let (platform, tool) = tool_of("Maple School").await;
    let counted = || {
        let line = last_request_line();
        assert_eq!(line["tenant"], "Maple School", "{line}");
        counted_by(&line)
    };
    let maple = || Some("Maple School".to_owned());

    tool.begin(&platform).await;
    assert_eq!(counted(), None, "anybody can begin a login");
    let id = tool.launch(&platform).await;
    assert_eq!(counted(), maple());
    tool.redeem(&id).await;
    assert_eq!(counted(), maple());
    for call in ["", "/memberships", "/line-items"] {
        tool.api("GET", &format!("/v1/launches/{id}{call}")).await;
        assert_eq!(counted(), maple(), "{call}");
    }
    for call in ["/deep-link", "/scores"] {
        tool.api_json("POST", &format!("/v1/launches/{id}{call}"), &json!({}), &[]).await;
        let line = last_request_line();
        assert_eq!((&line["refusals"], counted_by(&line)), (&json!(1), maple()), "refused, and counted: {line}");
    }

    let answer = tool.launch_with(&platform, |claims| claims["exp"] = json!(22_222)).await;
    let line = refused("a school's clock", &answer, 401, "token_expired");
    assert_eq!(counted_by(&line), maple(), "the school whose launches fail is seen");
    let answer = tool.post("/lti/launch", &[("id_token", "x"), ("state", "x")], &[]).await;
    assert_eq!(counted_by(&refused("nobody's", &answer, 400, "state_invalid")), None);
}

#[tokio::test]
async fn without_a_tenant_there_is_no_dimension() {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    tool.launch(&platform).await;
    let line = last_request_line();
    assert_eq!((line.get("tenant"), line.get("tenant_ascii"), counted_by(&line)), (None, None, None));
}

#[tokio::test]
async fn no_label_breaks_a_line() {
    let long = "🏫".repeat(90_000);
    for (label, dimension) in [
        ("Universität Köln", Some("Universit%C3%A4t K%C3%B6ln")),
        ("a\"},\n{\"_aws\":1\r\u{0}\u{2028}", Some("a\"},%0A{\"_aws\":1%0D%00%E2%80%A8")),
        ("100% $Maple {{x}}", Some("100%25 $Maple {{x}}")),
        ("  ", None),
        ("", None),
        (&long, Some(&"%F0%9F%8F%AB".repeat(86)[..1023])),
    ] {
        let (platform, tool) = tool_of(label).await;
        let answer = tool.launch_with(&platform, |claims| claims[claim::VERSION] = json!("9")).await;
        let line = refused("a launch of another version", &answer, 400, "version_unsupported");
        assert_eq!(counted_by(&line).as_deref(), dimension, "{line}");
        assert!(line.to_string().len() < LONGEST_LINE);
        let tenant = line["tenant"].as_str().expect("the label is in the line");
        assert!(tenant == label || label.starts_with(tenant.trim_end_matches("...")), "{tenant}");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics with it").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines of a launch, as this setting has them written.
async fn lines_of_a_launch(level: Level, tenants: TenantMetrics) -> Vec<Value> {
    let (platform, tool) = tool_of("Maple School").await;
    let lines = Lines::default();
    let writer = lines.clone();
    let guard = tracing::subscriber::set_default(subscriber(level, tenants, SystemClock, move || writer.clone()));
    tool.launch(&platform).await;
    drop(guard);
    let bytes = lines.0.lock().expect("no test panics with it").clone();
    let text = String::from_utf8(bytes).expect("lines are text");
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

#[tokio::test]
async fn tenants_are_in_lines_always_and_in_metrics_where_that_is_asked_for() {
    for (tenants, expected) in [(TenantMetrics::Off, None), (TenantMetrics::On, Some("Maple School".to_owned()))] {
        let lines = lines_of_a_launch(Level::ERROR, tenants).await;
        let launch = lines.iter().find(|line| line["function"] == "launch").expect("a request is always written");
        assert_eq!((&launch["tenant"], counted_by(launch)), (&json!("Maple School"), expected));
    }
}
