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
    Ok(stat(process_id)?.kernel_cpu)
}

/// What `/proc/<id>/stat` says of a process.
pub struct Stat {
    /// Who started it, or has adopted it.
    pub parent: u32,
    /// The kernel's part of its CPU time.
    pub kernel_cpu: Duration,
    /// CPU time of its children that have ended.
    pub ended_children: Duration,
}

/// Reads it. Times are good to 10 ms.
pub fn stat(process_id: u32) -> Result<Stat, BenchError> {
    let stat = read(&format!("/proc/{process_id}/stat"))?;
    // The second field is the name in parentheses, which may hold anything. `ppid` is the 4th, `stime` the 15th, `cutime` and
    // `cstime` come after it.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let parent = fields.get(1).and_then(|field| field.parse().ok()).ok_or_else(unreadable)?;
    let ticks = |field: usize| {
        let ticks = fields.get(field).and_then(|field| field.parse::<f64>().ok()).ok_or_else(unreadable);
        ticks.map(|ticks| Duration::from_secs_f64(ticks / TICKS_PER_SECOND))
    };
    Ok(Stat { parent, kernel_cpu: ticks(12)?, ended_children: ticks(13)? + ticks(14)? })
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
    kib_of(&read(&format!("/proc/{process_id}/status"))?, name)
}

/// The memory of a process now, in KiB; what it shares with others is divided among them.
pub fn proportional_kib(process_id: u32) -> Result<u64, BenchError> {
    kib_of(&read(&format!("/proc/{process_id}/smaps_rollup"))?, "Pss:")
}

fn kib_of(text: &str, name: &str) -> Result<u64, BenchError> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
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
