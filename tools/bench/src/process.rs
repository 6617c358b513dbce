//! What the kernel says of a process: CPU time and memory.

use std::fs;
use std::io;
use std::time::Duration;

use crate::error::BenchError;

/// Linux tells `stime` in hundredths of a second, on every architecture that matters here.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU time of a process so far, all its threads together: what the scheduler counted, to the nanosecond.
pub fn cpu(process_id: u32) -> Result<Duration, BenchError> {
    let threads = fs::read_dir(format!("/proc/{process_id}/task")).map_err(BenchError::system("reading /proc"))?;
    let mut total = Duration::ZERO;
    for thread in threads {
        let path = thread.map_err(BenchError::system("reading /proc"))?.path().join("schedstat");
        // A thread that ended meanwhile takes its time along: the runtime's helpers, which have next to none.
        if let Ok(stat) = fs::read_to_string(path) {
            total += on_cpu(&stat)?;
        }
    }
    Ok(total)
}

/// The part of a process's CPU time that the kernel spent for it, so far: good to 10 ms.
pub fn kernel_cpu(process_id: u32) -> Result<Duration, BenchError> {
    let stat = read(&format!("/proc/{process_id}/stat"))?;
    // The second field is the name in parentheses, which may hold anything; `stime` is the 15th.
    let ticks = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(12)?.parse::<f64>().ok());
    ticks.map(|ticks| Duration::from_secs_f64(ticks / TICKS_PER_SECOND)).ok_or_else(unreadable)
}

/// CPU time of the calling thread so far.
pub fn thread_cpu() -> Result<Duration, BenchError> {
    on_cpu(&read("/proc/thread-self/schedstat")?)
}

/// The most memory that the process with this id ever had resident, in KiB.
pub fn peak_rss_kib(process_id: u32) -> Result<u64, BenchError> {
    status(process_id, "VmHWM:")
}

/// The memory that the process with this id has resident now, in KiB.
pub fn rss_kib(process_id: u32) -> Result<u64, BenchError> {
    status(process_id, "VmRSS:")
}

fn status(process_id: u32, name: &str) -> Result<u64, BenchError> {
    let status = read(&format!("/proc/{process_id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).ok_or_else(unreadable)
}

fn on_cpu(schedstat: &str) -> Result<Duration, BenchError> {
    let nanoseconds = schedstat.split_whitespace().next().and_then(|field| field.parse().ok());
    nanoseconds.map(Duration::from_nanos).ok_or_else(unreadable)
}

fn read(path: &str) -> Result<String, BenchError> {
    fs::read_to_string(path).map_err(BenchError::system("reading /proc"))
}

fn unreadable() -> BenchError {
    BenchError::system("reading /proc")(io::Error::other("it is not in the form that Linux writes"))
}
