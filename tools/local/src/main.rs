//! `cargo run`: the local stack, `cargo run -- event <function>.<case>`, or `cargo run -- openapi`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;
use doorway_local::options::{Command, Options, Serve};
use doorway_local::{Stack, events, openapi};

#[tokio::main]
async fn main() -> ExitCode {
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
    Ok(stack.serve(stopped()).await?)
}

/// Ctrl-C, or the signal that process managers send.
async fn stopped() {
    let mut terminated = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminated) => terminated,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
