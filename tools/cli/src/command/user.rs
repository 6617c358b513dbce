//! `doorway user`: everything that is kept about a person.

use std::sync::Arc;

use clap::{Args, Subcommand};
use doorway_core::scores::SubmissionId;
use doorway_core::store::launches::Launches;
use doorway_core::store::scores::Scores;
use doorway_core::use_case::user_data::UserData;
use doorway_lti::ids::{Issuer, UserId};
use serde_json::json;

use super::registration_key::issuer;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

/// What to do with a person's data.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print everything that is kept about a person, as JSON.
    Export(Person),
    /// Erase a person: launches, and what scores say of them. Scores that wait are withdrawn.
    Erase {
        /// Whom.
        #[command(flatten)]
        person: Person,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// A person, as a Platform knows them.
#[derive(Debug, Args)]
pub struct Person {
    /// The Platform's issuer.
    #[arg(long, value_parser = issuer)]
    issuer: Issuer,
    /// The user id (`sub`).
    #[arg(long, value_parser = user_id, allow_hyphen_values = true)]
    sub: UserId,
}

fn user_id(text: &str) -> Result<UserId, String> {
    UserId::try_from(text).map_err(|error| error.to_string())
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    let data = site.with(|settings| UserData {
        launches: Arc::new(Launches::new(settings.launches_table())),
        scores: Arc::new(Scores::new(settings.scores_table())),
        clock: site.clock.clone(),
    })?;
    match command {
        Command::Export(Person { issuer, sub }) => {
            let export = data.export(&issuer, &sub).await?;
            Ok(Answer::done(format!("{export:#}"), export))
        }
        Command::Erase { person: Person { issuer, sub }, yes } => {
            site.confirm("Everything about this person is erased for good; scores that wait are withdrawn.", yes)?;
            erase(&data, &issuer, &sub).await
        }
    }
}

async fn erase(data: &UserData, issuer: &Issuer, sub: &UserId) -> Result<Answer, Fault> {
    let erased = data.erase(issuer, sub).await?;
    let mut text = format!(
        "{} launch(es) forgotten; {} settled score(s) name nobody any more.\n",
        erased.launches,
        erased.anonymised.len()
    );
    for id in &erased.withdrawn {
        text.push_str(&format!("Score {id} waited, and was withdrawn: the Platform will not get it.\n"));
    }
    for id in &erased.under_way {
        text.push_str(&format!("Score {id} is on its way in this moment: erase again in two minutes.\n"));
    }
    let ids = |ids: &[SubmissionId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let json = json!({
        "launches": erased.launches, "withdrawn": ids(&erased.withdrawn), "anonymised": ids(&erased.anonymised),
        "underWay": ids(&erased.under_way),
    });
    let exit = if erased.under_way.is_empty() { crate::Exit::Done } else { crate::Exit::Conflict };
    Ok(Answer { exit, ..Answer::done(text, json) })
}
