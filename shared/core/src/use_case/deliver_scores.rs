//! Deliver scores that wait: again and again for days, in the order of each lane, sparing Platforms that fail.
//!
//! Messages come in batches. Those for one Platform are sent one after another, in one of its few slots; Platforms side by
//! side. A message is done when its submission is settled. Killed at any moment, nothing is lost: the message comes again,
//! the lane's lease ends, and the same bytes with the same timestamp are sent again.

mod one;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::event_bus::EventBus;
use crate::queue::Queue;
use crate::random::Random;
use crate::scores::backoff::{jittered, patience_seconds};
use crate::scores::delivery::Delivery;
use crate::scores::sparing::Sparing;
use crate::scores::{State, SubmissionId, read_message};
use crate::store::gates::Gate;
use crate::store::scores::{Scores, StoredSubmission};
use one::Step;

/// No attempt begins later than this after its batch came, in seconds: the function must end before it is ended.
const BATCH_SECONDS: u64 = 45;
/// How long a message waits when its Platform has no free slot, in seconds.
const CROWDED_SECONDS: u32 = 20;
/// How long a message waits when a table failed, in seconds.
const TABLE_FAILED_SECONDS: u32 = 30;

/// What delivering needs.
pub struct DeliverScores {
    /// The submissions.
    pub scores: Arc<Scores>,
    /// Spares Platforms.
    pub sparing: Sparing,
    /// Makes the attempts.
    pub delivery: Arc<Delivery>,
    /// Where messages wait that come again.
    pub queue: Queue,
    /// Where messages end whose score cannot be delivered.
    pub dead_letters: Queue,
    /// Where it is told what became of scores.
    pub events: EventBus,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// A message of a batch.
#[derive(Debug, Clone)]
pub struct Message {
    /// Names it in the answer about the batch.
    pub message_id: String,
    /// What changes its visibility.
    pub receipt: String,
    /// What was sent.
    pub body: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Delivered,
    Superseded,
    Dead,
    SettledBefore,
    /// It comes again in so many seconds.
    Again(u32),
}

/// What became of some messages, for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub messages: u32,
    /// The Platform has taken them.
    pub delivered: u32,
    /// A newer score had overtaken them.
    pub superseded: u32,
    /// They are in the dead-letter queue now.
    pub dead: u32,
    /// They come again.
    pub again: u32,
    /// Nothing was left to do.
    pub settled_before: u32,
}

impl Tally {
    fn count(&mut self, end: End) {
        self.messages += 1;
        let counted = match end {
            End::Delivered => &mut self.delivered,
            End::Superseded => &mut self.superseded,
            End::Dead => &mut self.dead,
            End::SettledBefore => &mut self.settled_before,
            End::Again(_) => &mut self.again,
        };
        *counted += 1;
    }
}

/// What became of a whole batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Of all its messages.
    pub all: Tally,
    /// Of those whose score is of a tenant, by tenant.
    pub by_tenant: BTreeMap<String, Tally>,
}

/// A message, and whose score it is, as far as that was read.
struct Letter {
    message: Message,
    tenant: Option<String>,
}

/// A message whose submission was read.
struct Waiting {
    letter: Letter,
    id: SubmissionId,
    stored: StoredSubmission,
}

impl DeliverScores {
    /// Handles a batch; the ids of the messages that come again.
    pub async fn deliver(self: &Arc<Self>, batch: Vec<Message>) -> (Vec<String>, Tallies) {
        let until = UnixSeconds(self.clock.now().0 + BATCH_SECONDS);
        let mut tallies = Tallies::default();
        let mut again = Vec::new();
        let mut by_origin: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
        for message in batch {
            match self.read(message).await {
                Ok(waiting) => by_origin.entry(waiting.stored.about.target.origin()).or_default().push(waiting),
                Err((letter, step)) => self.finish(letter, step, &mut tallies, &mut again).await,
            }
        }
        let mut groups = JoinSet::new();
        for (origin, waiting) in by_origin {
            let this = self.clone();
            groups.spawn(async move { this.deliver_to(&origin, waiting, until).await });
        }
        while let Some(group) = groups.join_next().await {
            for (letter, step) in group.expect("no delivery panics, and none is aborted") {
                self.finish(letter, step, &mut tallies, &mut again).await;
            }
        }
        (again, tallies)
    }

    /// The submission of a message, or what becomes of the message without it.
    async fn read(&self, message: Message) -> Result<Waiting, (Letter, Step)> {
        let Some(id) = read_message(&message.body) else {
            tracing::error!(message_id = message.message_id, "a message is no score's");
            return Err((Letter { message, tenant: None }, Step::Bury));
        };
        let now = self.clock.now();
        let stored = match self.scores.get(&id, now).await {
            Ok(Some(stored)) => stored,
            Ok(None) => {
                tracing::error!(score.id = id.log_text(), "a queued score has no record");
                return Err((Letter { message, tenant: None }, Step::Bury));
            }
            Err(error) => {
                return Err((Letter { message, tenant: None }, self.after_table_error(&id, &error.into())));
            }
        };
        let letter = Letter { message, tenant: stored.about.tenant.clone() };
        match stored.state {
            // Killed after it was buried, or moved back by hand: what failed is seen among the dead, and not lost.
            State::Failed => Err((letter, Step::Bury)),
            state if state.is_settled() => Err((letter, Step::SettledBefore)),
            // Before any gate: nobody may wait for ever.
            _ if stored.about.is_overdue(now) => {
                let step = self.give_up(&id, &stored).await;
                Err((letter, step.unwrap_or_else(|error| self.after_table_error(&id, &error))))
            }
            _ => Ok(Waiting { letter, id, stored }),
        }
    }

    /// Delivers the scores for one Platform, one after another.
    async fn deliver_to(&self, origin: &str, waiting: Vec<Waiting>, until: UnixSeconds) -> Vec<(Letter, Step)> {
        let now = self.clock.now();
        let entered = match self.sparing.gates.get(origin).await {
            Ok(gate) if gate.is_closed(now) => return self.all_later(waiting, gate, now),
            Ok(gate) => self.sparing.gates.enter(origin, &*self.random, now).await.map(|slot| (gate, slot)),
            Err(error) => Err(error),
        };
        let (gate, slot) = match entered {
            Ok((gate, Some(slot))) => (gate, slot),
            Ok((_, None)) => return self.all_again(waiting, CROWDED_SECONDS),
            Err(error) => {
                tracing::error!(error = %error, "a Platform's gate cannot be read");
                return self.all_again(waiting, TABLE_FAILED_SECONDS);
            }
        };
        let handled = self.one_by_one(origin, gate, waiting, until).await;
        if let Err(error) = self.sparing.gates.leave(slot).await {
            tracing::warn!(error = %error, "a slot was not left; it is free again in a while");
        }
        handled
    }

    async fn one_by_one(
        &self,
        origin: &str,
        mut gate: Gate,
        waiting: Vec<Waiting>,
        until: UnixSeconds,
    ) -> Vec<(Letter, Step)> {
        let mut handled = Vec::new();
        let mut waiting = waiting.into_iter();
        while let Some(Waiting { letter, id, stored }) = waiting.next() {
            let now = self.clock.now();
            if gate.is_closed(now) {
                handled.push((letter, Step::Again(self.until_open(&stored, gate, now))));
                handled.extend(self.all_later(waiting.collect(), gate, now));
                break;
            }
            if now >= until {
                handled.push((letter, Step::Again(1)));
                handled.extend(self.all_again(waiting.collect(), 1));
                break;
            }
            let step = self.step(&id, stored, origin, &mut gate).await;
            let step = step.unwrap_or_else(|error| self.after_table_error(&id, &error));
            handled.push((letter, step));
        }
        handled
    }

    /// Makes what was decided true in the queue. What fails here comes again by itself.
    async fn finish(&self, letter: Letter, step: Step, tallies: &mut Tallies, again: &mut Vec<String>) {
        let Letter { message, tenant } = letter;
        let end = match step {
            Step::Delivered => End::Delivered,
            Step::Superseded => End::Superseded,
            Step::SettledBefore => End::SettledBefore,
            Step::Dead => End::Dead,
            Step::Bury => match self.dead_letters.send(&message.body, 0).await {
                Ok(()) => End::Dead,
                Err(error) => {
                    tracing::error!(error = %error, "a dead score was not moved to the dead-letter queue");
                    End::Again(TABLE_FAILED_SECONDS)
                }
            },
            Step::Again(seconds) => End::Again(seconds),
        };
        tallies.all.count(end);
        if let Some(tenant) = tenant {
            tallies.by_tenant.entry(tenant).or_default().count(end);
        }
        if let End::Again(seconds) = end {
            if let Err(error) = self.queue.change_visibility(&message.receipt, seconds.max(1)).await {
                tracing::warn!(error = %error, "a message comes again sooner than it should");
            }
            again.push(message.message_id);
        }
    }

    fn after_table_error(&self, id: &SubmissionId, error: &Error) -> Step {
        tracing::error!(score.id = id.log_text(), error = %error, "a table or queue failed under a score");
        Step::Again(jittered(TABLE_FAILED_SECONDS, &*self.random))
    }

    /// Everything waits until the gate opens, and does not come back all at once.
    fn all_later(&self, waiting: Vec<Waiting>, gate: Gate, now: UnixSeconds) -> Vec<(Letter, Step)> {
        let until_open = |stored: &StoredSubmission| Step::Again(self.until_open(stored, gate, now));
        waiting.into_iter().map(|Waiting { letter, stored, .. }| (letter, until_open(&stored))).collect()
    }

    fn all_again(&self, waiting: Vec<Waiting>, seconds: u32) -> Vec<(Letter, Step)> {
        let later = |stored: &StoredSubmission| Step::Again(self.patience(stored, seconds));
        waiting.into_iter().map(|Waiting { letter, stored, .. }| (letter, later(&stored))).collect()
    }

    /// How long a score waits that was not tried, in seconds: the older it is, the longer.
    fn patience(&self, stored: &StoredSubmission, seconds: u32) -> u32 {
        let age = self.clock.now().0.saturating_sub(stored.about.accepted_at);
        patience_seconds(seconds, age, &*self.random)
    }

    fn until_open(&self, stored: &StoredSubmission, gate: Gate, now: UnixSeconds) -> u32 {
        let closed = u32::try_from(gate.closed_until.0.saturating_sub(now.0)).unwrap_or(u32::MAX);
        closed.saturating_add(self.patience(stored, closed.clamp(2, 60)))
    }
}
