//! Instructions, counted by callgrind: the same on every day and under any load.
//!
//! This program is run under valgrind twice, with two numbers of repetitions: the difference between the counts
//! is the work alone, without the start of the process.

use std::path::PathBuf;

use tokio::process::Command;

use crate::error::BenchError;
use crate::validation::{Prepared, Work};

/// The smaller number of repetitions: everything that happens once has happened.
const FEW: u64 = 20;
/// The larger one.
const MANY: u64 = 220;

/// Instructions of one repetition of the work.
pub async fn instructions(prepared: &Prepared, work: Work) -> Result<u64, BenchError> {
    let file = std::env::temp_dir().join(format!("doorway-bench-{}.json", std::process::id()));
    let text = serde_json::to_string(prepared).expect("texts serialise");
    std::fs::write(&file, text).map_err(BenchError::system("writing the prepared token"))?;
    let counted = difference(&file, work).await;
    // It holds nothing but a token of the benchmark's own.
    let _ignored = std::fs::remove_file(&file);
    counted
}

async fn difference(prepared: &PathBuf, work: Work) -> Result<u64, BenchError> {
    let few = count(prepared, work, FEW).await?;
    let many = count(prepared, work, MANY).await?;
    Ok(many.saturating_sub(few) / (MANY - FEW))
}

async fn count(prepared: &PathBuf, work: Work, times: u64) -> Result<u64, BenchError> {
    let program = std::env::current_exe().map_err(BenchError::system("finding this program"))?;
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg("repeat")
        .arg(prepared)
        .args([work.word(), times.to_string()])
        .kill_on_drop(true)
        .output();
    let run =
        run.await.map_err(|error| BenchError::Valgrind(format!("{error}; install it, or leave `validation` out")))?;
    let told = String::from_utf8_lossy(&run.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    collected.ok_or_else(|| BenchError::Valgrind(told.into_owned()))
}
