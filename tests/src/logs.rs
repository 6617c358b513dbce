//! Where the logs of the suite go: one file per process, for the check that nothing personal is in them.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use doorway_core::clock::SystemClock;
use doorway_web::log::TenantMetrics;

/// The directory of the log files; the check after the suite reads all of them.
pub fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/suite-logs")
}

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let directory = directory();
    std::fs::create_dir_all(&directory).expect("the target directory can be written");
    // Process ids come round again: a later test must not overwrite what an earlier one logged.
    let unique = u64::from_be_bytes(doorway_core::random::bytes(&doorway_core::random::SystemRandom));
    let path = directory.join(format!("{}-{unique:016x}.jsonl", std::process::id()));
    let file = File::create(&path).expect("the target directory can be written");
    let (level, tenants) = (tracing::Level::DEBUG, TenantMetrics::On);
    let subscriber = doorway_web::log::subscriber(level, tenants, SystemClock, Mutex::new(file));
    tracing::subscriber::set_global_default(subscriber).expect("no test sets another subscriber");
    path
});

/// Starts writing logs, at the most talkative level that can be set.
pub(crate) fn start() {
    LazyLock::force(&FILE);
}

/// The log lines of this process so far, as JSON.
pub fn log_lines() -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(&*FILE).expect("the log file is there");
    text.lines().map(|line| serde_json::from_str(line).expect("every log line is JSON")).collect()
}
