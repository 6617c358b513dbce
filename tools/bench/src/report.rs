//! The sections of the report: each measures, then prints its tables.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::Load;
use crate::callgrind::instructions;
use crate::cold_start;
use crate::error::BenchError;
use crate::item::write_units;
use crate::journey::{self, Cost, Journey};
use crate::load::stack::Tables;
use crate::load::visit::Step;
use crate::load::{self, Level};
use crate::memory::{self, Course};
use crate::payload::Payload;
use crate::process::thread_cpu;
use crate::requests::Counts;
use crate::score::{self, Scores, Token};
use crate::stage::Stage;
use crate::table::{Table, grouped, mebibytes, micros, millis, quantile};
use crate::table_call;
use crate::validation::{Prepared, Work};

/// How often a cold start is measured.
const COLD_STARTS: u32 = 21;
/// How often DynamoDB is called in one measurement of a call.
const CALLS: u32 = 1000;
/// How often work is repeated in one measurement of its time.
const REPETITIONS: u32 = 4000;
/// How often that is measured; the best is taken, for what disturbs only ever adds.
const ROUNDS: usize = 5;

/// CPU, memory, DynamoDB requests and write units of each function.
pub async fn functions(binaries: &Path, launches: usize) -> Result<(), BenchError> {
    let mut journeys = Vec::new();
    for payload in Payload::ALL {
        let stage = Stage::set(binaries, payload).await?;
        journeys.push((payload, journey::run(&stage, payload, launches / 10, launches).await?));
    }
    print(&cpu_table(&journeys, launches))?;
    print(&call_table()?)?;
    print(&requests_table(&journeys))?;
    print(&sizes_table(&journeys))
}

/// CPU, DynamoDB requests and requests to the Platform of a score.
pub async fn scores(binaries: &Path, scores: usize) -> Result<(), BenchError> {
    let title = format!("Per score, delivered at once, {scores} of each");
    let columns = [
        "",
        "CPU p50, µs",
        "CPU p10",
        "wall p50, µs",
        "wall p99, µs",
        "peak RSS, MiB",
        "requests to the Platform",
        "DynamoDB requests",
    ];
    let mut table = Table::new(title, &columns);
    for token in [Token::Cached, Token::New] {
        let stage = Stage::set(binaries, Payload::Moodle).await?;
        let Scores { cost, token_requests, score_requests } = score::run(&stage, token, scores / 10, scores).await?;
        let quantiled = |times: &[Duration], share| quantile(times, share).map_or_else(String::new, micros);
        let sent = Counts::from([("token".to_owned(), token_requests), ("score".to_owned(), score_requests)]);
        table.row([
            cost.step.to_owned(),
            quantiled(&cost.cpu, 0.5),
            quantiled(&cost.cpu, 0.1),
            quantiled(&cost.wall, 0.5),
            quantiled(&cost.wall, 0.99),
            mebibytes(cost.peak_rss_kib * 1024),
            per_request(&sent.into_iter().filter(|(_, count)| *count > 0).collect(), cost.requests),
            per_request(&cost.warm, cost.requests),
        ]);
    }
    print(&table)
}

fn cpu_table(journeys: &[(Payload, Journey)], launches: usize) -> Table {
    let title = format!("Per request, warm cache, {launches} requests each");
    let columns = [
        "",
        "CPU p50, µs",
        "CPU p10",
        "in the kernel",
        "wall p50, µs",
        "wall p99, µs",
        "peak RSS, MiB",
        "logged, bytes",
    ];
    let mut table = Table::new(title, &columns);
    for (payload, journey) in journeys {
        for cost in &journey.costs {
            table.row(cpu_row(*payload, cost));
        }
    }
    table
}

fn call_table() -> Result<Table, BenchError> {
    let mut table = Table::new("One call of DynamoDB alone", &["", "CPU, µs"]);
    table.row(["PutItem of a launch, answered at once".to_owned(), micros(table_call::put_item(CALLS)?)]);
    Ok(table)
}

fn cpu_row(payload: Payload, cost: &Cost) -> [String; 8] {
    let cpu = |share| quantile(&cost.cpu, share).map_or_else(String::new, micros);
    let wall = |share| quantile(&cost.wall, share).map_or_else(String::new, micros);
    [
        format!("{}, {}", cost.step, payload.name()),
        cpu(0.5),
        cpu(0.1),
        micros(cost.kernel_cpu),
        wall(0.5),
        wall(0.99),
        mebibytes(cost.peak_rss_kib * 1024),
        (cost.log_bytes / cost.requests.max(1)).to_string(),
    ]
}

fn requests_table(journeys: &[(Payload, Journey)]) -> Table {
    let mut table = Table::new("DynamoDB requests", &["", "per warm request", "first request of a new process"]);
    for (payload, journey) in journeys {
        for cost in &journey.costs {
            let warm = per_request(&cost.warm, cost.requests);
            table.row([format!("{}, {}", cost.step, payload.name()), warm, per_request(&cost.first, 1)]);
        }
    }
    table
}

fn per_request(counts: &Counts, requests: usize) -> String {
    if counts.is_empty() {
        return "none".to_owned();
    }
    let share = |count: usize| {
        if count.is_multiple_of(requests) { (count / requests).to_string() } else { format!("{count}/{requests}") }
    };
    counts.iter().map(|(operation, count)| format!("{} {operation}", share(*count))).collect::<Vec<_>>().join(", ")
}

fn sizes_table(journeys: &[(Payload, Journey)]) -> Table {
    let columns = ["", "smallest, bytes", "median", "largest", "within one write unit", "write units of a redeem"];
    let mut table = Table::new("Stored launches", &columns);
    for (payload, journey) in journeys {
        let sizes = &journey.launch_sizes;
        let size = |share| quantile(sizes, share).map_or_else(String::new, |size| size.to_string());
        let fitting = sizes.iter().filter(|size| write_units(**size) == 1).count();
        // An update pays for the larger of the item before and after.
        let redeem = sizes.iter().chain(&journey.redeemed_sizes).copied().map(write_units).max().unwrap_or_default();
        let share = format!("{fitting} of {}", sizes.len());
        table.row([payload.name().to_owned(), size(0.0), size(0.5), size(1.0), share, redeem.to_string()]);
        let redeemed =
            |share| quantile(&journey.redeemed_sizes, share).map_or_else(String::new, |size| size.to_string());
        let name = format!("{}, redeemed", payload.name());
        table.row([name, redeemed(0.0), redeemed(0.5), redeemed(1.0), String::new(), String::new()]);
    }
    table
}

/// Instructions and time of one validation, beside RSA alone.
pub async fn validation() -> Result<(), BenchError> {
    let columns = ["", "token, bytes", "instructions", "CPU, µs"];
    let mut table = Table::new("One launch validation", &columns);
    for payload in Payload::ALL {
        let prepared = Prepared::new(payload);
        let whole = measured(&prepared, Work::Validation).await?;
        let signature = measured(&prepared, Work::Signature).await?;
        let rsa = measured(&prepared, Work::Rsa).await?;
        let packing = measured(&prepared, Work::Packing).await?;
        let bytes = prepared.token_bytes().to_string();
        let mut row = |name: &str, bytes: &str, measured: &Measured| {
            let name = format!("{name}, {}", payload.name());
            table.row([name, bytes.to_owned(), grouped(measured.instructions), micros(measured.cpu)]);
        };
        row("validation", &bytes, &whole);
        row("of it the signature check", "", &signature);
        row("of that SHA-256 and RSA alone", "", &rsa);
        row("of it all other rules", "", &whole.without(&signature));
        row("besides: packing the claims", "", &packing);
    }
    print(&table)
}

/// What one repetition of some work costs.
struct Measured {
    instructions: u64,
    cpu: Duration,
}

impl Measured {
    fn without(&self, part: &Self) -> Self {
        Self {
            instructions: self.instructions.saturating_sub(part.instructions),
            cpu: self.cpu.saturating_sub(part.cpu),
        }
    }
}

async fn measured(prepared: &Prepared, work: Work) -> Result<Measured, BenchError> {
    let instructions = instructions(prepared, work).await?;
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let before = thread_cpu()?;
        prepared.repeat(work, REPETITIONS)?;
        best = best.min(thread_cpu()? - before);
    }
    Ok(Measured { instructions, cpu: best / REPETITIONS })
}

/// Starts of new processes.
pub async fn cold_starts(binaries: &Path) -> Result<(), BenchError> {
    let mut stage = cold_start::stage(binaries).await?;
    let columns = ["", "exec to ready p50, ms", "shortest", "longest", "CPU, ms", "peak RSS, MiB", "binary, MiB"];
    let mut table = Table::new(format!("Cold start, {COLD_STARTS} of each"), &columns);
    for cold in cold_start::run(&stage, COLD_STARTS).await? {
        let binary = mebibytes(cold.binary_bytes);
        table.row(row_of_starts(cold.function, &cold.starts, cold.cpu, cold.peak_rss_kib, binary));
    }
    print(&table)?;
    let columns =
        ["", "exec to answer p50, ms", "shortest", "longest", "CPU, ms", "peak RSS, MiB", "DynamoDB requests"];
    let mut table =
        Table::new(format!("First request of a new process, Moodle-sized, {COLD_STARTS} of each"), &columns);
    for first in journey::first_requests(&mut stage, Payload::Moodle, COLD_STARTS as usize).await? {
        let counts = per_request(&first.counts, 1);
        table.row(row_of_starts(first.step, &first.wall, first.cpu, first.peak_rss_kib, counts));
    }
    print(&table)
}

/// The row of a number of new processes, shortest time first.
fn row_of_starts(name: &str, times: &[Duration], cpu: Duration, peak_rss_kib: u64, last: String) -> [String; 7] {
    let time = |share| quantile(times, share).map_or_else(String::new, millis);
    [name.to_owned(), time(0.5), time(0.0), time(1.0), millis(cpu), mebibytes(peak_rss_kib * 1024), last]
}

/// Waiting times and failures by the number of people at once, and memory in long runs.
pub async fn load(binaries: &Path, visits: usize, options: &Load) -> Result<(), BenchError> {
    let stack = binaries.join("doorway-local");
    let (levels, ended) = load::levels(&stack, &options.at_once, visits).await?;
    print(&waiting_table(&levels, visits))?;
    print(&throughput_table(&levels))?;
    // After the tables, which show how bad it is.
    for level in levels {
        level.without_misses()?;
    }
    ended?;
    let in_memory = load::long_run(&stack, Tables::InMemory, options.long_run).await?;
    let on_disk = load::long_run(&stack, Tables::OnDisk, options.long_run).await?;
    let stage = Stage::set(binaries, Payload::Moodle).await?;
    let functions = memory::run(&stage, options.function_run).await?;
    let scores = score::memory(&stage, options.function_run).await?;
    let attacked = memory::unknown_keys(&stage, options.function_run).await?;
    let flat: Vec<Course> = std::iter::once(on_disk).chain(functions).chain([scores, attacked]).collect();
    print(&memory_table(std::iter::once(&in_memory).chain(&flat)))?;
    flat.iter().try_for_each(Course::is_flat)
}

fn waiting_table(levels: &[Level], visits: usize) -> Table {
    let title = format!("How long people wait, {visits} visits each");
    let mut table = Table::new(title, &["", "p50, ms", "p90, ms", "p99, ms", "longest, ms", "failed"]);
    for level in levels {
        for step in Step::ALL {
            let times = level.times.get(&step).map_or(&[][..], Vec::as_slice);
            let time = |share| quantile(times, share).map_or_else(String::new, millis);
            let failed =
                level.misses.iter().filter(|(miss, _)| miss.step == step).map(|(_, count)| count).sum::<usize>();
            let name = format!("{step}, {} at once", level.at_once);
            table.row([name, time(0.5), time(0.9), time(0.99), time(1.0), failed.to_string()]);
        }
    }
    table
}

fn throughput_table(levels: &[Level]) -> Table {
    let columns = ["", "visits", "a second", "requests a second", "the stack's RSS afterwards, MiB"];
    let mut table = Table::new("How many the local stack serves", &columns);
    for level in levels {
        let a_second = level.visits as f64 / level.wall.as_secs_f64();
        table.row([
            format!("{} at once", level.at_once),
            level.visits.to_string(),
            format!("{a_second:.0}"),
            format!("{:.0}", a_second * Step::ALL.len() as f64),
            mebibytes(level.rss_kib * 1024),
        ]);
    }
    table
}

fn memory_table<'a>(courses: impl Iterator<Item = &'a Course>) -> Table {
    let columns = ["", "launches", "RSS after a fifth, MiB", "RSS at the end, MiB", "kept of each launch since, bytes"];
    let mut table = Table::new("Memory in a long run", &columns);
    for course in courses {
        let (warm, last) = course.warm_and_last_kib();
        let launches = course.samples.last().map_or(0, |(launches, _)| *launches);
        let kept = course.kept_bytes().to_string();
        table.row([course.name.clone(), launches.to_string(), mebibytes(warm * 1024), mebibytes(last * 1024), kept]);
    }
    table
}

/// Prints a table.
pub fn print(table: &Table) -> Result<(), BenchError> {
    write!(std::io::stdout(), "{table}").map_err(BenchError::system("writing the report"))
}
