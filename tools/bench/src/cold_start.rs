//! Cold starts: a new process, until it asks for its first invocation. What comes before, the fetching of the
//! image and the making of the sandbox, is AWS's.

use std::time::Duration;

use doorway_local::tool::FUNCTIONS;

use crate::error::BenchError;
use crate::payload::Payload;
use crate::stage::Stage;

/// The cold starts of one function.
pub struct ColdStart {
    /// Which.
    pub function: &'static str,
    /// From exec to the first request for an invocation, shortest first.
    pub starts: Vec<Duration>,
    /// CPU time until then, the average.
    pub cpu: Duration,
    /// The most memory until then, in KiB.
    pub peak_rss_kib: u64,
    /// The size of the binary.
    pub binary_bytes: u64,
}

/// Starts every function `times` times.
pub async fn run(stage: &Stage, times: u32) -> Result<Vec<ColdStart>, BenchError> {
    let mut cold_starts = Vec::new();
    for function in FUNCTIONS {
        cold_starts.push(start(stage, function, times).await?);
    }
    Ok(cold_starts)
}

async fn start(stage: &Stage, function: &'static str, times: u32) -> Result<ColdStart, BenchError> {
    let binary = std::fs::metadata(stage.functions.binary(function));
    let binary_bytes = binary.map_err(BenchError::system("looking at a function's binary"))?.len();
    let (mut starts, mut cpu, mut peak_rss_kib) = (Vec::new(), Duration::ZERO, 0);
    for _ in 0..times {
        let process = stage.functions.start(function).await?;
        starts.push(process.start);
        cpu += process.cpu()?;
        peak_rss_kib = peak_rss_kib.max(process.peak_rss_kib()?);
        process.end().await?;
    }
    starts.sort_unstable();
    Ok(ColdStart { function, starts, cpu: cpu / times, peak_rss_kib, binary_bytes })
}

/// A stage for cold starts: it matters little whose.
pub async fn stage(functions: &std::path::Path) -> Result<Stage, BenchError> {
    Stage::set(functions, Payload::Moodle).await
}
