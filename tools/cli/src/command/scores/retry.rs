//! `doorway scores retry` and `redrive`.

use doorway_core::date::rfc3339;
use doorway_core::scores::{AttemptOutcome, SubmissionId};
use doorway_core::use_case::retry_score::{Redriven, Retried};
use serde_json::{Value, json};

use super::show::unknown;
use super::{retrying, scores};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

pub(super) async fn retry(id: &SubmissionId, site: &Site) -> Result<Answer, Fault> {
    let stored = scores(site)?.get(id, site.now()).await?;
    let is_stale = stored
        .is_some_and(|stored| stored.attempts.last().is_some_and(|attempt| attempt.outcome == AttemptOutcome::Stale));
    match retrying(site)?.retry(id).await? {
        Retried::Queued(until) => {
            let until = rfc3339(until);
            let mut text = format!("Score {id} waits in the queue again, and is tried until {until}.");
            if is_stale {
                text.push_str(
                    "\nThe Platform had a newer result when it refused. If it has it still, it will refuse again: then \
                     have the App send the score anew.",
                );
            }
            Ok(Answer::done(text, json!({ "id": id.as_str(), "state": "queued", "retryUntil": until })))
        }
        Retried::Unknown => Err(unknown(id)),
        Retried::Overtaken => Err(Fault::conflict(
            format!("score {id} was overtaken: the Platform has a newer one of this learner at this line item"),
            "There is nothing to send.",
        )),
        Retried::Settled(state) => {
            Err(Fault::conflict(format!("score {id} is {}", state.word()), "There is nothing to send."))
        }
        Retried::Erased => {
            Err(Fault::conflict(format!("the body of score {id} was erased"), "Have the App send the score anew."))
        }
        Retried::UnderWay => Err(Fault::conflict(
            format!("score {id} is being sent in this moment"),
            "See `doorway scores show` in a minute.",
        )),
    }
}

pub(super) async fn redrive(limit: usize, site: &Site) -> Result<Answer, Fault> {
    let redriven = retrying(site)?.redrive(limit).await?;
    let mut text = String::new();
    for one in &redriven {
        text.push_str(&format!("{}\n", line(one)));
    }
    let queued = redriven.iter().filter(|one| matches!(one.retried, Retried::Queued(_))).count();
    let left = redriven.iter().filter(|one| !one.is_done).count();
    text.push_str(&format!("{queued} score(s) wait again; {left} dead letter(s) were left where they are."));
    let shown: Vec<Value> = redriven.iter().map(shown).collect();
    Ok(Answer::done(text, json!({ "deadLetters": shown, "queued": queued, "left": left })))
}

fn line(one: &Redriven) -> String {
    let id = one.id.as_ref().map_or_else(|| "(no score)".to_owned(), ToString::to_string);
    let what = match one.retried {
        Retried::Queued(until) => format!("waits again, until {}", rfc3339(until)),
        Retried::Overtaken => "was overtaken by a newer one that is delivered: the letter is gone".to_owned(),
        Retried::Settled(state) => format!("is {} already: the letter is gone", state.word()),
        Retried::Erased => "was erased: the letter is gone".to_owned(),
        Retried::UnderWay => "is being sent in this moment: the letter stays".to_owned(),
        Retried::Unknown => "has no record any more: the letter stays, and ends by itself".to_owned(),
    };
    format!("{id}  {what}")
}

fn shown(one: &Redriven) -> Value {
    let outcome = match one.retried {
        Retried::Queued(_) => "queued",
        Retried::Overtaken => "overtaken",
        Retried::Settled(state) => state.word(),
        Retried::Erased => "erased",
        Retried::UnderWay => "underWay",
        Retried::Unknown => "unknown",
    };
    json!({ "id": one.id.as_ref().map(SubmissionId::as_str), "outcome": outcome, "isDone": one.is_done })
}
