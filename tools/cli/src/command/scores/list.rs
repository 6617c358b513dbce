//! `doorway scores list`.

use std::cmp::Reverse;

use clap::{Args, ValueEnum};
use doorway_core::clock::UnixSeconds;
use doorway_core::date::rfc3339;
use doorway_core::scores::{State, SubmissionId};
use doorway_core::store::scores::StoredSubmission;
use doorway_lti::ids::Issuer;
use serde_json::{Value, json};

use super::show::summary;
use super::{retrying, scores};
use crate::answer::Answer;
use crate::command::registration_key::issuer;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

/// Which scores.
#[derive(Debug, Args)]
pub struct List {
    /// Only those that stand so [default: all that are not delivered].
    #[arg(long)]
    state: Option<Wanted>,
    /// Only those for this Platform.
    #[arg(long, value_parser = issuer)]
    issuer: Option<Issuer>,
    /// At most so many, the newest first.
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

/// Where scores stand, for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// They will be sent, again if need be.
    Waiting,
    /// They are in the dead-letter queue.
    Dead,
    /// The Platform refused them, or their time was over; in the dead-letter queue or not.
    Failed,
    /// The Platform has taken them.
    Delivered,
}

type Found = (SubmissionId, StoredSubmission);

pub(super) async fn run(list: &List, site: &Site) -> Result<Answer, Fault> {
    let (mut found, mut notes) = match list.state {
        Some(Wanted::Dead) => dead(site).await?,
        Some(Wanted::Waiting) => by_state(&[State::Sending, State::Queued], site).await?,
        Some(Wanted::Failed) => by_state(&[State::Failed], site).await?,
        Some(Wanted::Delivered) => by_state(&[State::Delivered], site).await?,
        None => by_state(&[State::Sending, State::Queued, State::Failed], site).await?,
    };
    if let Some(issuer) = &list.issuer {
        found.retain(|(_, stored)| stored.about.target.registration().issuer == *issuer);
    }
    found.sort_by_key(|(_, stored)| Reverse(stored.about.accepted_at));
    if found.len() > list.limit {
        notes.push(format!("{} more: --limit shows more.", found.len() - list.limit));
        found.truncate(list.limit);
    }
    let rows: Vec<[String; 6]> = found.iter().map(row).collect();
    let mut text = match rows.as_slice() {
        [] => "There are none.".to_owned(),
        rows => table(["score", "state", "accepted", "tries", "last", "issuer"], rows),
    };
    for note in &notes {
        text.push_str(&format!("\n{note}"));
    }
    let shown: Vec<Value> = found.iter().map(|(id, stored)| summary(id, stored)).collect();
    Ok(Answer::done(text, json!({ "scores": shown, "notes": notes })))
}

fn row((id, stored): &Found) -> [String; 6] {
    let last = stored.attempts.last().map(|attempt| json!(attempt.outcome));
    [
        id.to_string(),
        stored.state.word().to_owned(),
        rfc3339(UnixSeconds(stored.about.accepted_at)),
        stored.tries.to_string(),
        last.as_ref().and_then(Value::as_str).unwrap_or("-").to_owned(),
        stored.about.target.registration().issuer.to_string(),
    ]
}

async fn by_state(states: &[State], site: &Site) -> Result<(Vec<Found>, Vec<String>), Fault> {
    let scores = scores(site)?;
    let (mut found, mut notes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = scores.page(states, after, site.now()).await?;
        found.extend(page.found);
        notes.extend(page.broken.iter().map(|broken| format!("broken: {broken}")));
        after = page.next;
        if after.is_none() {
            return Ok((found, notes));
        }
    }
}

/// Those in the dead-letter queue. A letter without a record is told and not shown.
async fn dead(site: &Site) -> Result<(Vec<Found>, Vec<String>), Fault> {
    let (retrying, scores) = (retrying(site)?, scores(site)?);
    let (mut found, mut notes): (Vec<Found>, _) = (Vec::new(), Vec::new());
    for letter in retrying.dead(usize::MAX).await? {
        let Some(id) = letter.id else {
            notes.push("a dead letter is no score's".to_owned());
            continue;
        };
        match scores.get(&id, site.now()).await? {
            Some(_) if found.iter().any(|(known, _)| *known == id) => {}
            Some(stored) => found.push((id, stored)),
            None => notes.push(format!("the dead letter of score {id} has no record any more")),
        }
    }
    Ok((found, notes))
}
