//! Doorway beside other LTI Tools: the same Platform, the same people, the same claims and keys, one after another. `docs/performance.md`
//! says what the figures mean; `tools/bench/compare/run` installs the others.
//!
//! Doorway's functions are driven by the Runtime API, as everywhere in this program, the others by HTTP ([`visitor`]); each
//! [`contender`] is a small program of its own. A launch counts when the App was told, by the Tool, who came; a score
//! when the gradebook got it, for that learner.

mod contender;
mod doorway;
mod installed;
mod meter;
mod report;
mod visitor;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use doorway_mock_platform::jwks;

use crate::error::BenchError;
use crate::payload::Payload;
use crate::platform::Platform;
use crate::score::{self, Token};
use crate::stage::Stage;

use contender::{CONTENDERS, Contender, Peer, School};
use doorway::Doorway;
use meter::{Measured, Meter, measure, with_warm_up};

/// What the launches look like. Where a Platform offers storage, the others take other ways.
const PAYLOAD: Payload = Payload::Moodle;
/// How often a new process is started.
const COLD_STARTS: usize = 11;

/// Where the others are.
#[derive(Args)]
pub struct Others {
    /// Where what they need is installed.
    #[arg(long, default_value = "target/compare")]
    installed: PathBuf,
    /// The directory of PostgreSQL's socket; without it, who needs a database is left out.
    #[arg(long, requires = "database_process")]
    database: Option<PathBuf>,
    /// The id of PostgreSQL's first process.
    #[arg(long, requires = "database")]
    database_process: Option<u32>,
    /// Only those whose names have this in them.
    #[arg(long, default_value = "")]
    only: String,
}

/// What one of them cost.
struct Figures {
    name: &'static str,
    launch: Measured,
    /// Scores, by what each did about its token.
    scores: Vec<(&'static str, Measured)>,
    start: Starts,
    installed_bytes: u64,
}

/// What launches of running processes cost, and what they then hold.
struct Running {
    launch: Measured,
    scores: Vec<(&'static str, Measured)>,
}

/// Starts of new processes, shortest first.
#[derive(Default)]
struct Starts {
    /// From exec to the answer to a login.
    login: Vec<Duration>,
    /// From exec until the App knows who came.
    launch: Vec<Duration>,
    /// CPU time of the latter, each.
    cpu: Vec<Duration>,
}

impl Starts {
    fn add(&mut self, login: Duration, launch: Duration, cpu: Duration) {
        self.login.push(login);
        self.launch.push(launch);
        self.cpu.push(cpu);
    }

    fn sorted(mut self) -> Self {
        [&mut self.login, &mut self.launch, &mut self.cpu].into_iter().for_each(|times| times.sort_unstable());
        self
    }
}

/// Measures all, and prints the tables.
pub async fn run(functions: &Path, count: usize, others: &Others) -> Result<(), BenchError> {
    let stage = Stage::set(functions, PAYLOAD).await?;
    let platform = Platform::start(&jwks(&[&stage.platform_key])).await?;
    let school = School::new(PAYLOAD, &stage.platform_key, &platform)?;
    let mut all = Vec::new();
    if "Doorway".contains(&others.only) {
        all.push(of_doorway(functions, &stage, &platform, count).await?);
    }
    for contender in CONTENDERS.iter().filter(|contender| contender.name.contains(&others.only)) {
        if contender.needs_database && others.database.is_none() {
            continue;
        }
        all.push(of_peer(contender, &school, others, count).await?);
    }
    report::print(&all, count)
}

async fn of_doorway(functions: &Path, stage: &Stage, platform: &Platform, count: usize) -> Result<Figures, BenchError> {
    let mut doorway = Doorway::start(stage, platform, PAYLOAD).await?;
    let meter = Meter::new(doorway.process_ids(), None);
    let launch = measure(&meter, count, async |n| doorway.launch(n).await).await?;
    doorway.end().await?;
    let mut scores = Vec::new();
    for (said, token) in [("token in memory", Token::Cached), ("a new token each", Token::New)] {
        let stage = Stage::set(functions, PAYLOAD).await?;
        scores.push((said, score::run(&stage, token, count / 10, count).await?.into()));
    }
    let mut start = Starts::default();
    for n in 0..COLD_STARTS {
        let (login, launch, cpu) = doorway::first_launch(stage, platform, PAYLOAD, n).await?;
        start.add(login, launch, cpu);
    }
    let installed_bytes = doorway::installed_bytes(stage)?;
    Ok(Figures { name: "Doorway", launch, scores, start: start.sorted(), installed_bytes })
}

async fn of_peer(
    contender: &'static Contender,
    school: &School<'_>,
    others: &Others,
    count: usize,
) -> Result<Figures, BenchError> {
    // The first start of some writes what every later one finds: a database's tables, a key, compiled programs.
    Peer::start(contender, school, others).await?.end().await?;
    let mut peer = Peer::start(contender, school, others).await?;
    let running = running(&mut peer, contender, others, count).await;
    peer.end().await?;
    let Running { launch, scores } = running?;
    let mut start = Starts::default();
    for n in 0..COLD_STARTS {
        let mut peer = Peer::start(contender, school, others).await?;
        let (login, launch) = peer.first_launch(n).await?;
        let cpu = Meter::new(vec![peer.process_id], None).cpu()?;
        peer.end().await?;
        start.add(login, launch, cpu);
    }
    let installed_bytes = contender.installed_bytes(others)?;
    Ok(Figures { name: contender.name, launch, scores, start: start.sorted(), installed_bytes })
}

async fn running(
    peer: &mut Peer<'_>,
    contender: &Contender,
    others: &Others,
    count: usize,
) -> Result<Running, BenchError> {
    let database = others.database_process.filter(|_| contender.needs_database);
    let meter = Meter::new(vec![peer.process_id], database);
    let launch = measure(&meter, count, async |n| peer.launch(n).await).await?;
    let mut scores = Vec::new();
    for (token, at_once) in contender.scores {
        let mut publisher = peer.publisher().await?;
        let times = count / at_once;
        let score = measure(&meter, times, async |n| publisher.publish(n * at_once, *at_once).await).await?;
        publisher.require_all(with_warm_up(times) * at_once)?;
        scores.push((*token, score.of_each(*at_once)));
    }
    Ok(Running { launch, scores })
}
