//! The program of the local stack.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;
use doorway_mock_platform::stopped;

use crate::options::{Command, Options, Serve};
use crate::patience::Patience;
use crate::{Stack, events, openapi};

/// How many files the program may have open, where the system lets it.
const MOST_OPEN_FILES: u64 = 16 * 1024;

/// Does what the command line says: serves until it is stopped, or prints an event or the description of the App API.
pub async fn run() -> ExitCode {
    let options = Options::parse();
    let done = match options.command {
        Some(Command::Event { case, data }) => events::print(case.as_deref(), &data).await,
        Some(Command::Openapi) => describe(),
        None => serve(options.serve).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ignored = writeln!(std::io::stderr(), "doorway: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the description of the App API.
fn describe() -> Result<(), Box<dyn std::error::Error>> {
    Ok(std::io::stdout().lock().write_all(openapi::text().as_bytes())?)
}

async fn serve(options: Serve) -> Result<(), Box<dyn std::error::Error>> {
    // A request has up to four open files: its own connection, both ends of that to the database, and one to the Platform.
    // Many systems begin with 1024 or fewer, and allow far more. Where they do not, fewer people are served at once.
    let _as_many_as_may_be = rlimit::increase_nofile_limit(MOST_OPEN_FILES);
    let (demo, platform_url) = (!options.no_demo, options.platform_url.clone());
    let stack = Stack::start(options).await?;
    let url = stack.public_url().as_str().trim_end_matches('/').to_owned();
    let mut out = std::io::stdout().lock();
    writeln!(out, "doorway listening on {url}")?;
    if demo {
        let url = platform_url.as_ref().map_or(url.as_str(), |url| url.as_str().trim_end_matches('/'));
        writeln!(out, "open {url} in a browser, sign in to the mock Platform, and click a link")?;
    }
    out.flush()?;
    drop(out);
    doorway_web::log::init(&Environment::of_process(), SystemClock);
    Ok(stack.serve(Patience::default(), stopped()).await?)
}
