//! `doorway`: reads the command line, runs the command, prints what it says.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use doorway_cli::{Options, Surroundings, run};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let as_json = options.json;
    match run(options, &Surroundings::of_process()).await {
        Ok(answer) => {
            let _ignored = write!(std::io::stdout(), "{}", answer.shown(as_json));
            answer.exit.into()
        }
        Err(fault) => {
            let _ignored = if as_json {
                writeln!(std::io::stdout(), "{:#}", fault.json())
            } else {
                writeln!(std::io::stderr(), "{fault}")
            };
            fault.exit.into()
        }
    }
}
