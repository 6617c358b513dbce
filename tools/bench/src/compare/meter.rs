//! What a group of processes used, with all that they started: CPU time and memory.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use crate::error::BenchError;
use crate::journey::{BATCH, Cost, count};
use crate::process::{cpu, peak_rss_kib, proportional_kib, stat};
use crate::score::Scores;

/// Processes that work together, and the database that they use.
pub struct Meter {
    roots: Vec<u32>,
    database: Option<u32>,
}

/// What one piece of work costs.
pub struct Measured {
    /// CPU time, each the average of [`BATCH`], least first.
    pub cpu: Vec<Duration>,
    /// CPU time of the database's processes, the average.
    pub database_cpu: Option<Duration>,
    /// Wall time of each, shortest first: that of its requests together, without what the driver does between them.
    pub wall: Vec<Duration>,
    /// The most memory that the largest process ever had, in KiB.
    pub peak_rss_kib: u64,
    /// The memory of all processes together at the end, what they share counted once, in KiB.
    pub together_kib: Option<u64>,
}

impl From<Scores> for Measured {
    fn from(scores: Scores) -> Self {
        let Cost { cpu, wall, peak_rss_kib, .. } = scores.cost;
        Self { cpu, database_cpu: None, wall, peak_rss_kib, together_kib: None }
    }
}

impl Measured {
    /// The CPU time of each, where so many were done at once. Wall times are those of each already.
    pub fn of_each(mut self, at_once: usize) -> Self {
        self.cpu.iter_mut().chain(&mut self.database_cpu).for_each(|time| *time /= count(at_once));
        self
    }
}

impl Meter {
    /// Of these processes and all that they started.
    pub fn new(roots: Vec<u32>, database: Option<u32>) -> Self {
        Self { roots, database }
    }

    /// CPU time so far.
    pub fn cpu(&self) -> Result<Duration, BenchError> {
        cpu_of_all(&self.roots)
    }

    fn database_cpu(&self) -> Result<Option<Duration>, BenchError> {
        self.database.map(|process| cpu_of_all(&[process])).transpose()
    }
}

/// How often work is done of which so much is measured: a tenth more, to warm up.
pub fn with_warm_up(times: usize) -> usize {
    times + times / 10
}

/// Has work done `times` times, after a warm-up. What is done answers with its wall time.
pub async fn measure(
    meter: &Meter,
    times: usize,
    mut work: impl AsyncFnMut(usize) -> Result<Duration, BenchError>,
) -> Result<Measured, BenchError> {
    let warm_up = with_warm_up(times) - times;
    for n in 0..warm_up {
        work(n).await?;
    }
    let (mut cpu, mut wall) = (Vec::new(), Vec::with_capacity(times));
    let database_before = meter.database_cpu()?;
    let numbers: Vec<usize> = (warm_up..warm_up + times).collect();
    for batch in numbers.chunks(BATCH) {
        let before = meter.cpu()?;
        for n in batch {
            wall.push(work(*n).await?);
        }
        cpu.push((meter.cpu()? - before) / count(batch.len()));
    }
    let database_cpu = meter.database_cpu()?.zip(database_before);
    cpu.sort_unstable();
    wall.sort_unstable();
    Ok(Measured {
        cpu,
        database_cpu: database_cpu.map(|(after, before)| after.saturating_sub(before) / count(times)),
        wall,
        peak_rss_kib: of_family(&meter.roots, peak_rss_kib)?.into_iter().max().unwrap_or_default(),
        together_kib: Some(of_family(&meter.roots, proportional_kib)?.into_iter().sum()),
    })
}

/// CPU time of processes, of all that they started, and of those of them that have ended: these are good to 10 ms.
fn cpu_of_all(roots: &[u32]) -> Result<Duration, BenchError> {
    let so_far = |process| Ok(cpu(process)? + stat(process)?.ended_children);
    Ok(of_family(roots, so_far)?.into_iter().sum())
}

/// Asks each process of a family. One that ends meanwhile is left out, unless all depend on it.
fn of_family<T>(roots: &[u32], ask: impl Fn(u32) -> Result<T, BenchError>) -> Result<Vec<T>, BenchError> {
    let answers = family(roots)?.into_iter().map(|process| (process, ask(process)));
    answers.filter(|(process, answer)| answer.is_ok() || roots.contains(process)).map(|(_, answer)| answer).collect()
}

/// Processes and all that they started.
fn family(roots: &[u32]) -> Result<Vec<u32>, BenchError> {
    let mut children = HashMap::<u32, Vec<u32>>::new();
    for entry in fs::read_dir("/proc").map_err(BenchError::system("reading /proc"))? {
        let name = entry.map_err(BenchError::system("reading /proc"))?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that ended meanwhile is nobody's any more.
        if let Ok(stat) = stat(process) {
            children.entry(stat.parent).or_default().push(process);
        }
    }
    let mut family = roots.to_vec();
    let mut next = 0;
    while let Some(process) = family.get(next) {
        family.extend(children.remove(process).unwrap_or_default());
        next += 1;
    }
    Ok(family)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::process::{Command, Stdio};

    #[test]
    fn a_family_is_a_process_with_all_that_it_started() {
        // The second command keeps the shell from becoming the first.
        let mut command = Command::new("sh");
        let mut shell = command
            .args(["-c", "cat; :"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let (mut input, mut output) = shell.stdin.take().zip(shell.stdout.take()).expect("both are pipes");
        input.write_all(b"!").expect("cat reads");
        output.read_exact(&mut [0]).expect("cat writes, so it is there");
        let family = family(&[shell.id()]).expect("/proc can be read");
        // Nothing more to read: cat ends, and so does the shell.
        drop(input);
        shell.wait().expect("the shell ends");
        assert_eq!((family.len(), family[0]), (2, shell.id()));
        assert!(peak_rss_kib(family[1]).is_err(), "it was the shell's, and has ended");
    }

    #[tokio::test]
    async fn only_what_follows_the_warm_up_is_measured() {
        let meter = Meter::new(vec![std::process::id()], None);
        let mut done = Vec::new();
        let measured = measure(&meter, 250, async |n| {
            done.push(n);
            Ok(Duration::from_micros(n as u64))
        });
        let measured = measured.await.expect("this very process can be read");
        assert_eq!(done, (0..275).collect::<Vec<_>>());
        assert_eq!(measured.wall.first(), Some(&Duration::from_micros(25)));
        assert_eq!((measured.wall.len(), measured.cpu.len()), (250, 3));
    }
}
