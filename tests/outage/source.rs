//! Lambda's event source, which hands batches to worker processes, and whoever kills them meanwhile.

use std::sync::Arc;

use doorway_core::queue::Received;
use doorway_local::queues::Queues;
use doorway_local::sqs::SqsEndpoint;
use doorway_tests::TestTool;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::dice::Dice;
use crate::hold::Hold;
use crate::process::{Settings, WorkerProcess};
use crate::tap::{Moment, Tap};
use crate::time::SimulatedTime;

/// How many workers run at a time.
const WORKERS: usize = 3;
/// Of a hundred batches, in how many the worker is killed.
const KILL_PERCENT: u64 = 12;
/// At which request to its tables a worker is killed at the latest: most batches make as many.
const REQUESTS: u64 = 24;

/// The event source.
pub struct Source {
    seats: Vec<Seat>,
    queues: Queues,
    time: Arc<SimulatedTime>,
    hold: Arc<Hold>,
    dice: Dice,
    /// How many workers were killed while they handled a batch.
    pub kills: u32,
}

/// A worker, and the means to start another in its place.
struct Seat {
    process: WorkerProcess,
    settings: Arc<Settings>,
    tap: Tap,
}

/// How a worker is killed while it handles a batch.
enum Kill {
    /// At a request to its tables.
    AtTable(u64, Moment),
    /// While a score is at a Platform.
    AtPlatform,
}

impl Source {
    /// Workers for the queues of this Tool, whose tables are behind this port.
    pub async fn start(
        tool: &TestTool,
        tables: u16,
        clock: &str,
        time: Arc<SimulatedTime>,
        hold: Arc<Hold>,
        dice: Dice,
    ) -> Self {
        let queues = tool.parts.queues.clone();
        let sqs = SqsEndpoint::start(queues.clone()).await.expect("loopback can be listened on");
        let mut seats = Vec::new();
        for _ in 0..WORKERS {
            let tap = Tap::start(tables).await;
            let settings = Arc::new(vec![
                ("SCORE_WORKER_DYNAMODB", tap.endpoint()),
                ("SCORE_WORKER_SQS", sqs.endpoint()),
                ("SCORE_WORKER_QUEUE", sqs.scores_url()),
                ("SCORE_WORKER_DEAD_QUEUE", sqs.dead_url()),
                ("SCORE_WORKER_SIGNING_KEYS", tool.parts.signing_keys.display().to_string()),
                ("SCORE_WORKER_CLOCK", clock.to_owned()),
            ]);
            seats.push(Seat { process: WorkerProcess::start(&settings), settings, tap });
        }
        Self { seats, queues, time, hold, dice, kills: 0 }
    }

    /// Hands out what is visible, until nothing is, but in so many rounds at most.
    pub async fn drain(&mut self, rounds: usize) {
        for _ in 0..rounds {
            if self.round().await == 0 {
                break;
            }
        }
    }

    /// Hands out messages until this moment, and moves the time there; or until the queue is empty.
    ///
    /// # Panics
    /// When it is not empty or the moment has not come after so many rounds.
    pub async fn run(&mut self, until: u64, rounds: usize) {
        for _ in 0..rounds {
            if self.round().await > 0 {
                continue;
            }
            let now = self.time.now();
            let Some(next) = self.queues.scores.next_visible_at() else { return };
            let next = next.0.min(until);
            self.time.advance_millis(next.saturating_sub(now) * 1000);
            if self.time.now() >= until {
                return;
            }
        }
        panic!("{} messages wait after {rounds} rounds", self.queues.scores.len());
    }

    /// A batch for every worker, side by side; how many messages there were.
    async fn round(&mut self) -> usize {
        self.time.begin_round();
        let mut handed = 0;
        let mut working = JoinSet::new();
        let mut may_hold = true;
        for seat in std::mem::take(&mut self.seats) {
            let batch = self.queues.scores.receive();
            if batch.is_empty() {
                self.seats.push(seat);
                continue;
            }
            handed += batch.len();
            let kill = self.dice.percent(KILL_PERCENT).then(|| self.plan(may_hold));
            may_hold &= !matches!(kill, Some(Kill::AtPlatform));
            let (queues, hold) = (self.queues.clone(), self.hold.clone());
            working.spawn(seat.work(batch, kill, queues, hold));
        }
        while let Some(done) = working.join_next().await {
            let (seat, was_killed) = done.expect("the event source does not panic");
            self.kills += u32::from(was_killed);
            self.seats.push(seat);
        }
        handed
    }

    fn plan(&mut self, may_hold: bool) -> Kill {
        let moment = if self.dice.percent(50) { Moment::Before } else { Moment::After };
        let requests = self.dice.below(REQUESTS);
        if may_hold && self.dice.percent(40) { Kill::AtPlatform } else { Kill::AtTable(requests, moment) }
    }
}

impl Seat {
    /// Has a batch handled. Whether the worker was killed; another has its place then.
    async fn work(mut self, batch: Vec<Received>, kill: Option<Kill>, queues: Queues, hold: Arc<Hold>) -> (Self, bool) {
        let event = event(&batch);
        let victim = self.process.victim();
        let answer = match kill {
            None => self.process.handle(&event).await,
            Some(Kill::AtTable(requests, moment)) => {
                self.tap.plan(requests, moment, move || victim.kill());
                let answer = self.process.handle(&event).await;
                self.tap.forget();
                answer
            }
            Some(Kill::AtPlatform) => {
                hold.want();
                let answer = tokio::select! {
                    answer = self.process.handle(&event) => answer,
                    () = hold.held() => {
                        victim.kill();
                        None
                    }
                };
                hold.release();
                answer
            }
        };
        match answer {
            Some(answer) => {
                delete_done(&queues, &batch, &answer);
                (self, false)
            }
            None => {
                self.process = WorkerProcess::start(&self.settings);
                (self, true)
            }
        }
    }
}

/// A batch as Lambda hands it out.
fn event(batch: &[Received]) -> Value {
    let records = batch.iter().map(|received| {
        json!({
            "messageId": received.message_id, "receiptHandle": received.receipt, "body": received.body,
            "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "local",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

/// Deletes what the worker does not want again.
fn delete_done(queues: &Queues, batch: &[Received], answer: &Value) {
    let failures = answer["batchItemFailures"].as_array().expect("the answer about a batch has a list");
    let comes_again = |id: &str| failures.iter().any(|failure| failure["itemIdentifier"] == id);
    for done in batch.iter().filter(|received| !comes_again(&received.message_id)) {
        queues.scores.delete(&done.receipt);
    }
}
