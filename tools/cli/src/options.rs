//! The command line.

use std::ffi::OsString;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::command::{
    app_key, deployment, doctor, explain, invite, keys, launch, migration_key, platform, scores, user,
};
use crate::place::Where;

/// Exit codes, for the help.
const EXIT_CODES: &str = "Exit codes: 0 done; 1 doctor found something; 2 wrong command line or value; 3 not found; \
4 exists already, or settled; 5 settings missing; 6 a table, queue, secret or Platform did not serve; 7 not confirmed.";

/// Operate a Doorway Tool: Platforms, Deployments, scores, people's data, troubles.
#[derive(Debug, Parser)]
#[command(name = "doorway", version, after_help = EXIT_CODES)]
pub struct Options {
    /// Which Tool is meant.
    #[command(flatten)]
    pub place: Where,
    /// Answer with JSON on standard output, also when something is wrong.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Options {
    /// Reads a command line, the program's name included.
    ///
    /// # Errors
    /// clap's own, in words.
    pub fn read(line: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        Self::try_parse_from(line)
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Register Platforms and change what is registered.
    #[command(subcommand)]
    Platform(platform::Command),
    /// Decide which installations of the Tool may launch.
    #[command(subcommand)]
    Deployment(deployment::Command),
    /// Make a link by which an administrator installs the Tool in an LMS.
    Invite(invite::Invite),
    /// See, rotate and revoke the keys of the Tool.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Make, see and revoke the App's keys.
    #[command(subcommand)]
    AppKey(app_key::Command),
    /// Keep the secrets of LTI 1.1 consumers, by which old accounts are believed.
    #[command(subcommand)]
    MigrationKey(migration_key::Command),
    /// See scores on their way, and send failed ones again.
    #[command(subcommand)]
    Scores(scores::Command),
    /// Forget single launches.
    #[command(subcommand)]
    Launch(launch::Command),
    /// Show or erase everything that is kept about a person.
    #[command(subcommand)]
    User(user::Command),
    /// Look for everything that can be wrong, and say what to do.
    Doctor(doctor::Doctor),
    /// Say what an error code means, or what happened at a reference.
    Explain(explain::Explain),
    /// Print a script that completes commands in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids of scores and launches are base64url, and those of Platforms are anything.
    #[test]
    fn an_id_may_begin_with_a_dash_and_options_may_stand_behind_it() {
        let id = "-8EdRfv99zr7rCe_wjiLBA6YFDJc65vs";
        for line in [
            format!("scores show {id}"),
            format!("scores retry {id}"),
            format!("launch forget {id}"),
            format!("platform show https://lms.example {id}"),
            format!("deployment activate https://lms.example {id} {id} --tenant x"),
            format!("migration-key remove {id}"),
            format!("migration-key add {id} --issuer https://lms.example --client-id {id} --deployment {id}"),
            format!("user export --issuer https://lms.example --sub {id}"),
            format!("platform add moodle https://lms.example --client-id {id} --deployment {id}"),
        ] {
            let line = format!("doorway {line} --json --local=x");
            let options = Options::read(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert!(options.json && options.place.local.is_some(), "{line}");
        }
    }

    /// Whoever forgets to say which Platform a consumer was would have it accepted from all.
    #[test]
    fn a_consumer_is_of_a_platform_or_of_any_and_never_of_neither_or_both() {
        for (options, is_fine) in [
            ("--issuer https://lms.example", true),
            ("--any-platform", true),
            ("", false),
            ("--issuer https://lms.example --any-platform", false),
            ("--client-id 1 --any-platform", false),
            ("--deployment 1 --any-platform", false),
            ("--client-id 1 --deployment 1 --any-platform", false),
            ("--issuer https://lms.example --deployment 1", false),
            ("--issuer https://lms.example --client-id 1 --deployment 1", true),
            ("--issuer https://lms.example --secret s", false),
        ] {
            let line = format!("doorway migration-key add key {options}");
            assert_eq!(Options::read(line.split_whitespace()).is_ok(), is_fine, "{options}");
        }
    }

    #[test]
    fn the_command_line_is_what_clap_can_make() {
        use clap::CommandFactory as _;
        Options::command().debug_assert();
    }
}
