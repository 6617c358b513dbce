//! `doorway launch`.

use clap::Subcommand;
use doorway_core::launch_id::LaunchId;
use doorway_core::store::launches::Launches;
use serde_json::json;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

/// What to do with launches.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Forget a launch, as the App API does. To forget what is not there is done.
    Forget {
        /// Its whole id, as the App knows it.
        #[arg(allow_hyphen_values = true)]
        id: String,
    },
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    let Command::Forget { id } = command;
    let id = LaunchId::try_from(id.as_str()).map_err(|_| {
        Fault::usage(
            "this is no launch id",
            "It has 32 letters, digits, dashes and underscores; logs show the first 8 alone.",
        )
    })?;
    let launches = site.with(|settings| Launches::new(settings.launches_table()))?;
    launches.forget(&id, site.now()).await?;
    Ok(Answer::done(format!("Launch {} is forgotten.", id.log_text()), json!({ "forgotten": id.log_text() })))
}
