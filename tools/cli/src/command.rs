//! The commands, one module per noun.

pub mod app_key;
pub mod deployment;
pub mod doctor;
pub mod explain;
pub mod invite;
pub mod keys;
pub mod launch;
pub mod migration_key;
pub mod platform;
pub mod registration_key;
pub mod scores;
pub mod user;

use clap::CommandFactory as _;
use serde_json::json;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::options::{Command, Options};
use crate::surroundings::Surroundings;

/// Runs a command.
///
/// # Errors
/// [`Fault`]: what is wrong, and what to do.
pub async fn run(options: Options, surroundings: &Surroundings) -> Result<Answer, Fault> {
    let place = options.place;
    match options.command {
        Command::Platform(command) => platform::run(command, &place, surroundings).await,
        Command::Deployment(command) => deployment::run(command, &place.find(surroundings).await?).await,
        Command::Invite(invite) => invite::run(invite, &place.find(surroundings).await?).await,
        Command::Keys(command) => keys::run(command, &place.find(surroundings).await?).await,
        Command::AppKey(command) => app_key::run(command, &place.find(surroundings).await?).await,
        Command::MigrationKey(command) => migration_key::run(command, &place.find(surroundings).await?).await,
        Command::Scores(command) => scores::run(command, &place.find(surroundings).await?).await,
        Command::Launch(command) => launch::run(command, &place.find(surroundings).await?).await,
        Command::User(command) => user::run(command, &place.find(surroundings).await?).await,
        Command::Doctor(doctor) => doctor::run(doctor, &place.find(surroundings).await?).await,
        Command::Explain(explain) => explain::run(&explain, &place, surroundings),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Options::command(), "doorway", &mut script);
            let script = String::from_utf8_lossy(&script).into_owned();
            Ok(Answer::done(script.clone(), json!({ "shell": shell.to_string(), "script": script })))
        }
    }
}
