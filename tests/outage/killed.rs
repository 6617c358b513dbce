//! Worker processes that are killed with `SIGKILL`, again and again, through an outage of hours.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use doorway_mock_platform::Profile;
use doorway_tests::TestTool;

use crate::app::App;
use crate::dice::Dice;
use crate::front::Sky;
use crate::hold::Hold;
use crate::schools::{self, Outpost};
use crate::source::Source;
use crate::time::SimulatedTime;
use crate::verdict::{self, Counts};

const SEED: u64 = 20_261_123;
const PROFILES: [Profile; 3] = [Profile::Plain, Profile::Moodle, Profile::Canvas];
/// Learners at each Platform, scores of each, and learners whom the Platform does not know, with theirs.
const LEARNERS: usize = 84;
const SCORES_EACH: usize = 8;
const STRANGERS: usize = 8;
const SCORES_OF_STRANGERS: usize = 2;
/// Of a hundred scores, how many come before the outage while the Platforms are well, and while they are half well, and
/// after it.
const WELL_PERCENT: usize = 5;
const HALF_WELL_PERCENT: usize = 15;
const AFTER_PERCENT: usize = 5;
const HALF_WELL_SECONDS: u64 = 2 * 3600;
const OUTAGE_SECONDS: u64 = 6 * 3600;
/// Longer than Platforms that were out have asked for patience.
const PATIENCE_SECONDS: u64 = 3600;
const RECOVERY_SECONDS: u64 = 600;
/// All retries of a score end before: it is tried for seven days.
const LAST_SECONDS: u64 = 2 * 24 * 3600;
/// How many scores come between two looks at the queue, and how many rounds of batches a look has.
const SCORES_BETWEEN: usize = 100;
const ROUNDS_BETWEEN: usize = 3;
/// More rounds than any phase takes.
const ROUNDS: usize = 20_000;
/// Fewer kills would say little.
const KILLS: u32 = 30;

struct Outage {
    tool: TestTool,
    outposts: Vec<Outpost>,
    app: App,
    source: Source,
    time: Arc<SimulatedTime>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_accepted_score_is_lost_though_workers_are_killed_through_an_outage() {
    let (began, clock) = (Instant::now(), ClockFile::new());
    let mut outage = Outage::prepare(&clock.0).await;
    let begins_at = outage.time.now();

    let mut turns = outage.app.turns(true, SCORES_EACH);
    let all = turns.len();
    let mut split_off = |percent: usize| turns.split_off(turns.len() - percent * all / 100);
    let (well, half_well, afterwards) =
        (split_off(WELL_PERCENT), split_off(HALF_WELL_PERCENT), split_off(AFTER_PERCENT));
    turns.extend(outage.app.turns(false, SCORES_OF_STRANGERS));

    outage.submit_all(&well, 600, Sky::Clear).await;
    outage.submit_all(&half_well, HALF_WELL_SECONDS, Sky::HalfWell).await;
    outage.submit_all(&turns, OUTAGE_SECONDS, Sky::Out).await;
    let waiting = outage.tool.parts.queues.scores.len();
    outage.time.advance_millis(PATIENCE_SECONDS * 1000);
    outage.submit_all(&afterwards, RECOVERY_SECONDS, Sky::Recovering).await;
    outage.source.run(outage.time.now() + RECOVERY_SECONDS, ROUNDS).await;
    schools::turn(&outage.outposts, Sky::Clear);
    outage.source.run(outage.time.now() + LAST_SECONDS, ROUNDS).await;

    let Outage { tool, outposts, app, source, time } = outage;
    let counts = verdict::reach(&tool, &app, &outposts).await;
    let report = report(&counts, &app, &source, &outposts)
        + &format!(
            "outage: waiting-when-it-ended={waiting} simulated-hours={:.1} seed={SEED} seconds={:.0}\n",
            (time.now() - begins_at) as f64 / 3600.0,
            began.elapsed().as_secs_f64(),
        );
    print!("{report}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/outage.txt");
    std::fs::write(path, report).unwrap();
    assert!(source.kills >= KILLS, "only {} workers were killed", source.kills);
    assert_eq!(counts.dead, PROFILES.len() * STRANGERS * SCORES_OF_STRANGERS);
    assert!(waiting > app.lanes.len(), "the outage was none: {waiting} messages waited");
}

impl Outage {
    async fn prepare(clock: &Path) -> Self {
        let mut dice = Dice::new(SEED);
        let (tool, tables) = schools::start_tool().await;
        let time = SimulatedTime::new(tool.clock.clone(), Some(clock.to_owned()));
        let hold = Arc::new(Hold::new());
        let outposts = schools::open(&tool, &PROFILES, &time, &hold, &mut dice).await;
        let app = App::new(PROFILES.len(), LEARNERS, STRANGERS, dice.split());
        let clock = clock.display().to_string();
        let source = Source::start(&tool, tables, &clock, time.clone(), hold, dice).await;
        Self { tool, outposts, app, source, time }
    }

    /// Submits these scores, evenly over so many seconds, with looks at the queue in between.
    async fn submit_all(&mut self, lanes: &[usize], seconds: u64, sky: Sky) {
        schools::turn(&self.outposts, sky);
        for (number, lane) in lanes.iter().enumerate() {
            self.app.submit(&self.tool, &self.outposts, &self.time, *lane).await;
            self.time.advance_millis(seconds * 1000 / lanes.len() as u64);
            if number % SCORES_BETWEEN == SCORES_BETWEEN - 1 {
                self.source.drain(ROUNDS_BETWEEN).await;
            }
        }
    }
}

fn report(counts: &Counts, app: &App, source: &Source, outposts: &[Outpost]) -> String {
    let Counts { accepted, delivered, superseded, dead, attempts } = counts;
    let requests: u64 = outposts.iter().map(|outpost| outpost.front.scores()).sum();
    format!(
        "outage: accepted={accepted} delivered={delivered} superseded={superseded} dead={dead} attempts={attempts} \
         requests={requests}\n\
         outage: kills={} submissions-cut-short={} repeated={} refused-at-once={}\n",
        source.kills, app.cut_short, app.repeated, app.refused,
    )
}

/// The file of the clock; gone with the test.
struct ClockFile(PathBuf);

impl ClockFile {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("doorway-outage-{}.clock", std::process::id())))
    }
}

impl Drop for ClockFile {
    fn drop(&mut self) {
        let _ignored = std::fs::remove_file(&self.0);
    }
}
