//! What a launch costs, measured on the functions' own binaries. `tools/bench/run` builds and runs everything;
//! `docs/performance.md` holds the figures and says what they mean.
//!
//! * [`journey`]: CPU, memory, DynamoDB requests and write units of login, launch and redeem, each in the process
//!   that Lambda would run, behind a Runtime API of ours ([`runtime_api`]);
//! * [`score`]: the same of a score, and what it asks of the Platform;
//! * [`validation`] and [`callgrind`]: what of a launch is the verifier's own work, and what is RSA;
//! * [`compare`]: launches and scores beside other Tools, which `tools/bench/compare/run` installs;
//! * [`load`] and [`memory`]: many people at once through the local stack, and memory in the course of many launches;
//! * [`cold_start`]: from exec to the first request for an invocation; [`first_launch`]: to the first launch.
//!
//! It is a benchmark, not a test: it fails when a request fails, or when memory grows with the launches served, never because
//! of any other figure.

mod browser;
mod callgrind;
mod cold_start;
mod compare;
mod error;
mod first_launch;
mod function;
mod item;
mod journey;
mod load;
mod memory;
mod payload;
mod platform;
mod process;
mod report;
mod requests;
mod runtime_api;
mod score;
mod stage;
mod table;
mod table_call;
mod validation;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use compare::Others;
use error::BenchError;
use validation::{Prepared, Work};

/// Measures what a launch costs.
#[derive(Parser)]
struct Options {
    /// Where the functions' binaries are.
    #[arg(long, default_value = "target/release")]
    functions: PathBuf,
    /// How many launches and scores are measured, after a tenth as many to warm up.
    #[arg(long, default_value_t = 2000)]
    launches: usize,
    #[command(subcommand)]
    section: Option<Section>,
}

/// What is measured; everything unless said.
#[derive(Subcommand)]
enum Section {
    /// CPU, memory, DynamoDB requests and write units per request.
    Functions,
    /// CPU and requests per score, with a token in memory and without.
    Scores,
    /// Plays the `scores` function for the benchmark.
    #[command(hide = true)]
    ScoreFunction,
    /// Plays the `launch` function for the benchmark.
    #[command(hide = true)]
    LaunchFunction,
    /// Instructions and time of one validation.
    Validation,
    /// Starts of new processes.
    ColdStart,
    /// Launches and scores beside other Tools. `tools/bench/compare/run` installs them first.
    Compare(Others),
    /// Many people at once through the local stack, and memory in the course of many launches.
    Load(Load),
    /// Repeats one piece of work and says nothing: what callgrind looks at.
    #[command(hide = true)]
    Repeat {
        /// The prepared token.
        prepared: PathBuf,
        /// What to do.
        work: Work,
        /// How often.
        times: u32,
    },
}

/// How many people visit at once, and how long the runs are in which memory is looked at.
#[derive(Args, Clone)]
struct Load {
    /// How many people visit the local stack at once; each number is measured for itself.
    #[arg(long, value_delimiter = ',', default_values_t = Load::default().at_once)]
    at_once: Vec<usize>,
    /// How many visits the local stack has in a long run.
    #[arg(long, default_value_t = Load::default().long_run)]
    long_run: usize,
    /// How many launches the functions have in a long run.
    #[arg(long, default_value_t = Load::default().function_run)]
    function_run: usize,
}

impl Default for Load {
    fn default() -> Self {
        Self { at_once: vec![1, 8, 64, 256], long_run: 20_000, function_run: 50_000 }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.section {
        Some(Section::Repeat { prepared, work, times }) => repeat(prepared, *work, *times),
        Some(Section::ScoreFunction) => as_function(score::function()),
        Some(Section::LaunchFunction) => as_function(first_launch::function()),
        _ => measure(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when standard error is closed.
            let _closed = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Without the async runtime, whose threads callgrind would count too.
fn repeat(prepared: &PathBuf, work: Work, times: u32) -> Result<(), BenchError> {
    let text = std::fs::read(prepared).map_err(BenchError::system("reading the prepared token"))?;
    let prepared: Prepared = serde_json::from_slice(&text).map_err(|error| BenchError::Valgrind(error.to_string()))?;
    prepared.repeat(work, times)
}

/// As `main` of the function itself.
#[tokio::main(flavor = "current_thread")]
async fn as_function(function: impl Future<Output = Result<(), lambda_http::Error>>) -> Result<(), BenchError> {
    function.await.map_err(|error| BenchError::Function(error.to_string()))
}

#[tokio::main]
async fn measure(options: &Options) -> Result<(), BenchError> {
    let all = options.section.is_none();
    if all || matches!(options.section, Some(Section::Functions)) {
        report::functions(&options.functions, options.launches).await?;
    }
    if all || matches!(options.section, Some(Section::Scores)) {
        report::scores(&options.functions, options.launches).await?;
    }
    if all || matches!(options.section, Some(Section::Validation)) {
        report::validation().await?;
    }
    if all || matches!(options.section, Some(Section::ColdStart)) {
        report::cold_starts(&options.functions).await?;
    }
    // Only where it is asked for: the others are not there otherwise.
    if let Some(Section::Compare(others)) = &options.section {
        compare::run(&options.functions, options.launches, others).await?;
    }
    let load = match &options.section {
        None => Some(Load::default()),
        Some(Section::Load(load)) => Some(load.clone()),
        Some(_) => None,
    };
    if let Some(load) = load {
        report::load(&options.functions, options.launches, &load).await?;
    }
    Ok(())
}
