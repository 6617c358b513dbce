//! What the kernel says of a process: CPU time and memory.

use std::fs;
use std::io;
use std::iter::Sum;
use std::ops::Sub;
use std::time::Duration;

use crate::error::BenchError;

/// Linux counts CPU time for user space in hundredths of a second, on every architecture that matters here.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU time of a process, all its threads together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cpu {
    /// In its own code.
    pub user: Duration,
    /// In the kernel on its behalf: sockets, mostly.
    pub system: Duration,
}

impl Cpu {
    /// Of the process with this id, so far: good to 10 ms each.
    pub fn of(process_id: u32) -> Result<Self, BenchError> {
        let stat = read(&format!("/proc/{process_id}/stat"))?;
        // The second field is the name in parentheses, which may hold anything; `utime` and `stime` are 14 and 15.
        let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace());
        let mut ticks = fields.into_iter().flatten().skip(11).map_while(|field| field.parse::<f64>().ok());
        match (ticks.next(), ticks.next()) {
            (Some(user), Some(system)) => Ok(Self { user: seconds(user), system: seconds(system) }),
            _ => Err(unreadable()),
        }
    }

    /// Both together.
    pub fn total(self) -> Duration {
        self.user + self.system
    }
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { user: self.user - earlier.user, system: self.system - earlier.system }
    }
}

impl Sum for Cpu {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), |sum, cpu| Self { user: sum.user + cpu.user, system: sum.system + cpu.system })
    }
}

/// CPU time of the calling thread so far, in nanoseconds.
pub fn thread_cpu_ns() -> Result<u64, BenchError> {
    let stat = read("/proc/thread-self/schedstat")?;
    stat.split_whitespace().next().and_then(|field| field.parse().ok()).ok_or_else(unreadable)
}

/// The most memory that the process with this id ever had resident, in KiB.
pub fn peak_rss_kib(process_id: u32) -> Result<u64, BenchError> {
    let status = read(&format!("/proc/{process_id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).ok_or_else(unreadable)
}

fn seconds(ticks: f64) -> Duration {
    Duration::from_secs_f64(ticks / TICKS_PER_SECOND)
}

fn read(path: &str) -> Result<String, BenchError> {
    fs::read_to_string(path).map_err(BenchError::system("reading /proc"))
}

fn unreadable() -> BenchError {
    BenchError::system("reading /proc")(io::Error::other("it is not in the form that Linux writes"))
}
