//! The tables of the comparison.

use std::time::Duration;

use crate::error::BenchError;
use crate::report;
use crate::table::{Table, mebibytes, micros, millis, quantile};

use super::meter::Measured;
use super::{COLD_STARTS, Figures};

/// Prints them.
pub fn print(all: &[Figures], count: usize) -> Result<(), BenchError> {
    report::print(&launches(all, count))?;
    report::print(&scores(all, count))?;
    report::print(&starts(all))
}

fn launches(all: &[Figures], count: usize) -> Table {
    let columns = [
        "",
        "CPU p50, µs",
        "CPU p10",
        "its database's CPU, µs",
        "wall p50, µs",
        "wall p99",
        "peak RSS of the largest process, MiB",
        "all processes together, MiB",
    ];
    let mut table = Table::new(format!("Launches beside others, {count} each"), &columns);
    for figures in all {
        let [peak, together] = memory(&figures.launch);
        let [cpu, low, database, wall, worst] = times(&figures.launch);
        table.row([figures.name.to_owned(), cpu, low, database, wall, worst, peak, together]);
    }
    table
}

fn scores(all: &[Figures], count: usize) -> Table {
    let columns = ["", "CPU p50, µs", "CPU p10", "its database's CPU, µs", "wall p50, µs", "wall p99"];
    let mut table = Table::new(format!("Scores beside others, {count} each"), &columns);
    for figures in all {
        for (token, score) in &figures.scores {
            let [cpu, low, database, wall, worst] = times(score);
            table.row([format!("{}: {token}", figures.name), cpu, low, database, wall, worst]);
        }
    }
    table
}

fn starts(all: &[Figures]) -> Table {
    let columns = [
        "",
        "exec to the answer to a login p50, ms",
        "longest",
        "exec to the first launch p50, ms",
        "longest",
        "CPU of both, ms",
        "installed, MiB",
    ];
    let mut table = Table::new(format!("Starts beside others, {COLD_STARTS} of each"), &columns);
    for Figures { name, start, installed_bytes, .. } in all {
        let time = |times: &[Duration], share| quantile(times, share).map_or_else(String::new, millis);
        table.row([
            (*name).to_owned(),
            time(&start.login, 0.5),
            time(&start.login, 1.0),
            time(&start.launch, 0.5),
            time(&start.launch, 1.0),
            time(&start.cpu, 0.5),
            mebibytes(*installed_bytes),
        ]);
    }
    table
}

fn times(measured: &Measured) -> [String; 5] {
    let time = |times: &[Duration], share| quantile(times, share).map_or_else(String::new, micros);
    [
        time(&measured.cpu, 0.5),
        time(&measured.cpu, 0.1),
        measured.database_cpu.map_or_else(String::new, micros),
        time(&measured.wall, 0.5),
        time(&measured.wall, 0.99),
    ]
}

fn memory(measured: &Measured) -> [String; 2] {
    let together = measured.together_kib.map_or_else(String::new, |kib| mebibytes(kib * 1024));
    [mebibytes(measured.peak_rss_kib * 1024), together]
}
