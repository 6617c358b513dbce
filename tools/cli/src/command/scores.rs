//! `doorway scores`: scores on their way, and those that did not arrive.

mod list;
mod retry;
mod show;

use std::sync::Arc;

use clap::{Args, Subcommand};
use doorway_core::scores::SubmissionId;
use doorway_core::store::scores::Scores;
use doorway_core::use_case::retry_score::RetryScores;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

/// What to do with scores.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List scores. They name nobody.
    List(list::List),
    /// Show where a score stands, with every attempt.
    Show(One),
    /// Send a failed score again, after mending what refused it. It keeps its timestamp: what a newer score has overtaken
    /// is not sent, and what arrived unseen has no second effect.
    Retry(One),
    /// Send all dead letters again that can be.
    Redrive {
        /// At most so many.
        #[arg(long, default_value_t = 1000)]
        limit: usize,
    },
}

/// One score.
#[derive(Debug, Args)]
pub struct One {
    /// Its id.
    #[arg(value_parser = submission_id, allow_hyphen_values = true)]
    id: SubmissionId,
}

fn submission_id(text: &str) -> Result<SubmissionId, String> {
    SubmissionId::try_from(text).map_err(|_| "it must be the id of a score, of 32 characters".to_owned())
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    match command {
        Command::List(list) => list::run(&list, site).await,
        Command::Show(one) => show::run(&one.id, site).await,
        Command::Retry(one) => retry::retry(&one.id, site).await,
        Command::Redrive { limit } => retry::redrive(limit, site).await,
    }
}

fn scores(site: &Site) -> Result<Arc<Scores>, Fault> {
    site.with(|settings| Arc::new(Scores::new(settings.scores_table())))
}

fn retrying(site: &Site) -> Result<RetryScores, Fault> {
    site.with(|settings| RetryScores {
        scores: Arc::new(Scores::new(settings.scores_table())),
        queue: settings.score_queue(),
        dead_letters: settings.dead_score_queue(),
        retry_days: settings.score_retry_days(),
        clock: site.clock.clone(),
    })
}
