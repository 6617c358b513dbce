//! The same, smaller and faster: workers in this process, whose futures are dropped.

use std::sync::Arc;

use doorway_local::database::local_aws;
use doorway_local::queues::Poller;
use doorway_mock_platform::Profile;
use doorway_tests::TestTool;
use tokio::sync::Notify;

use crate::app::App;
use crate::cut_short::CutShort;
use crate::dice::Dice;
use crate::front::Sky;
use crate::hold::Hold;
use crate::schools;
use crate::tap::{Moment, Tap};
use crate::time::SimulatedTime;
use crate::verdict::{self, Counts};

const PROFILES: [Profile; 3] = [Profile::Plain, Profile::Moodle, Profile::Canvas];
const LEARNERS: usize = 10;
const SCORES_EACH: usize = 4;
/// How many batches are handled at most.
const BATCHES: usize = 5_000;
/// More requests to the tables than a batch makes.
const REQUESTS: u64 = 60;
/// More polls than the handling of a batch takes, without those of the tasks that it spawns.
const POLLS: u64 = 30;

/// A worker that is dropped now and then, and another takes its place.
struct Mortal {
    poller: Poller,
    tap: Tap,
    dropped: u32,
}

#[tokio::test]
async fn no_accepted_score_is_lost_though_workers_are_dropped_at_any_await() {
    for seed in 1..=5 {
        let (counts, dropped) = survive(seed).await;
        println!("outage, seed {seed}: {counts:?}, dropped {dropped}");
        assert!(dropped >= 5, "seed {seed}: only {dropped} workers were dropped");
        assert_eq!(counts.dead, PROFILES.len() * 2, "seed {seed}");
        assert_eq!(counts.accepted, counts.delivered + counts.superseded + counts.dead, "seed {seed}");
    }
}

/// An outage with this seed; the counts, and how many workers were dropped.
async fn survive(seed: u64) -> (Counts, u32) {
    let mut dice = Dice::new(seed);
    let (tool, tables) = schools::start_tool().await;
    let time = SimulatedTime::new(tool.clock.clone(), None);
    let outposts = schools::open(&tool, &PROFILES, &time, &Arc::new(Hold::new()), &mut dice).await;
    let mut app = App::new(PROFILES.len(), LEARNERS, 1, dice.split());
    let mut worker = Mortal::start(&tool, tables).await;

    let mut turns = app.turns(true, SCORES_EACH);
    let well = turns.split_off(turns.len() * 3 / 4);
    turns.extend(app.turns(false, 2));
    let half_well = turns.split_off(turns.len() * 3 / 4);
    for (sky, turns) in [(Sky::Clear, well), (Sky::Out, turns), (Sky::HalfWell, half_well)] {
        for (number, lane) in turns.into_iter().enumerate() {
            // What the Platform refuses at once is not accepted: strangers' scores are to wait.
            schools::turn(&outposts, if app.lanes[lane].is_known { sky } else { Sky::Out });
            app.submit(&tool, &outposts, &time, lane).await;
            time.advance_millis(60_000);
            if number % 10 == 9 {
                worker.work(&tool, &time, &mut dice).await;
            }
        }
    }
    schools::turn(&outposts, Sky::HalfWell);
    let mut batches = 0;
    while let Some(next) = tool.parts.queues.scores.next_visible_at() {
        batches += 1;
        assert!(batches < BATCHES, "seed {seed}: {} messages still wait", tool.parts.queues.scores.len());
        time.advance_millis(next.0.saturating_sub(time.now()) * 1000);
        worker.work(&tool, &time, &mut dice).await;
    }
    (verdict::reach(&tool, &app, &outposts).await, worker.dropped)
}

impl Mortal {
    async fn start(tool: &TestTool, tables: u16) -> Self {
        let tap = Tap::start(tables).await;
        Self { poller: poller(tool, &tap).await, tap, dropped: 0 }
    }

    /// Handles one batch, perhaps not to its end.
    async fn work(&mut self, tool: &TestTool, time: &SimulatedTime, dice: &mut Dice) {
        time.begin_round();
        let is_whole = match dice.below(6) {
            0 => CutShort::after(1 + dice.below(POLLS), self.poller.poll()).await.is_some(),
            1 | 2 => {
                let moment = if dice.percent(50) { Moment::Before } else { Moment::After };
                self.until_struck(dice.below(REQUESTS), moment).await
            }
            _ => {
                self.poller.poll().await;
                true
            }
        };
        if !is_whole {
            self.dropped += 1;
            self.poller = poller(tool, &self.tap).await;
        }
    }

    /// Handles one batch until so many requests went to the tables; whether it ended before.
    async fn until_struck(&self, requests: u64, moment: Moment) -> bool {
        let struck = Arc::new(Notify::new());
        let strike = struck.clone();
        self.tap.plan(requests, moment, move || strike.notify_one());
        let is_whole = tokio::select! {
            biased;
            () = struck.notified() => false,
            _ = self.poller.poll() => true,
        };
        self.tap.forget();
        is_whole
    }
}

/// A worker with nothing in its memory, whose tables are behind the tap.
async fn poller(tool: &TestTool, tap: &Tap) -> Poller {
    let mut parts = tool.parts.clone();
    parts.aws = local_aws(&tap.endpoint()).await;
    Poller::new(parts.queues.clone(), parts.worker())
}
