//! Many people at once through the local stack, and then many one after the other: how long they wait, what fails, and
//! what becomes of memory.
//!
//! The stack is its own program in a process of its own ([`stack`]); the people, their Platform and their App are in this one
//! ([`visit`]). Each person visits again as soon as the visit before has ended, so that so many requests are always under
//! way: a person's wait holds that for all others.

pub mod stack;
pub mod visit;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use doorway_mock_platform::{PlatformKey, jwks};
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::task::JoinSet;

use crate::error::BenchError;
use crate::memory::{Course, SAMPLES, TRANSACTION_TOKENS_BYTES};
use crate::platform::Platform;
use stack::{LocalStack, Tables};
use visit::{Browser, Miss, Step, Way};

/// How many people visit at a time in a long run.
const AT_ONCE_FOR_LONG: usize = 8;
/// How long a request may take before it counts as failed: longer than the Tool lets any take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a number of visits, so many at a time, met.
pub struct Level {
    /// How many at a time.
    pub at_once: usize,
    /// Whole visits.
    pub visits: usize,
    /// From the first request to the last answer.
    pub wall: Duration,
    /// How long each request took, by step, shortest first.
    pub times: BTreeMap<Step, Vec<Duration>>,
    /// What failed, and how often.
    pub misses: BTreeMap<Miss, usize>,
    /// The stack's memory afterwards, in KiB.
    pub rss_kib: u64,
}

/// People and their Platform before a stack of their own.
struct Crowd {
    stack: LocalStack,
    platform: Platform,
    /// The key that it signs with.
    key: PlatformKey,
    client: Client,
    /// The next visit's number: no two people are the same.
    next: AtomicUsize,
}

/// So many visits by each of these numbers of people at once, after a tenth as many to warm up.
///
/// What people met is in the levels; beside them stands what the stack complained of, if it did.
///
/// # Errors
/// When the stack cannot be started, or fails before it is warm.
pub async fn levels(
    program: &Path,
    at_once: &[usize],
    visits: usize,
) -> Result<(Vec<Level>, Result<(), BenchError>), BenchError> {
    let crowd = Arc::new(Crowd::gather(program, Tables::InMemory).await?);
    crowd.visit(AT_ONCE_FOR_LONG, visits.div_ceil(10)).await?.without_misses()?;
    let mut levels = Vec::new();
    for at_once in at_once {
        levels.push(crowd.visit(*at_once, visits.max(*at_once)).await?);
    }
    Ok((levels, Crowd::end(crowd).await))
}

/// So many visits in one run, with memory looked at in between.
///
/// # Errors
/// When a request failed, or the stack cannot be started, or complained.
pub async fn long_run(program: &Path, tables: Tables, visits: usize) -> Result<Course, BenchError> {
    let crowd = Arc::new(Crowd::gather(program, tables).await?);
    let mut samples = Vec::with_capacity(SAMPLES);
    for sample in 1..=SAMPLES {
        let level = crowd.visit(AT_ONCE_FOR_LONG, visits.div_ceil(SAMPLES)).await?.without_misses()?;
        samples.push((sample * level.visits, level.rss_kib));
    }
    Crowd::end(crowd).await?;
    let name = match tables {
        Tables::InMemory => "local stack, tables in memory",
        Tables::OnDisk => "local stack, tables on disk",
    };
    Ok(Course { name: name.to_owned(), samples, kept_for_a_while: TRANSACTION_TOKENS_BYTES })
}

impl Crowd {
    async fn gather(program: &Path, tables: Tables) -> Result<Self, BenchError> {
        let key = PlatformKey::generate();
        let platform = Platform::start(&jwks(&[&key])).await?;
        let stack = LocalStack::start(program, &platform, tables).await?;
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).build();
        let client = client.map_err(|error| BenchError::Load(error.to_string()))?;
        Ok(Self { stack, platform, key, client, next: AtomicUsize::new(0) })
    }

    /// So many visits, `at_once` at a time.
    async fn visit(self: &Arc<Self>, at_once: usize, visits: usize) -> Result<Level, BenchError> {
        let left = Arc::new(AtomicUsize::new(visits));
        let mut people = JoinSet::new();
        let began = Instant::now();
        for _ in 0..at_once {
            people.spawn(person(self.clone(), left.clone()));
        }
        let (mut times, mut misses) = (BTreeMap::<Step, Vec<Duration>>::new(), BTreeMap::new());
        while let Some(person) = people.join_next().await {
            let met = person.map_err(|error| BenchError::Load(error.to_string()))?;
            for took in met.times {
                Step::ALL.into_iter().zip(took).for_each(|(step, time)| times.entry(step).or_default().push(time));
            }
            met.misses.into_iter().for_each(|miss| *misses.entry(miss).or_default() += 1);
        }
        let wall = began.elapsed();
        times.values_mut().for_each(|times| times.sort_unstable());
        Ok(Level { at_once, visits, wall, times, misses, rss_kib: self.stack.rss_kib()? })
    }

    async fn end(crowd: Arc<Self>) -> Result<(), BenchError> {
        match Arc::into_inner(crowd) {
            Some(crowd) => crowd.stack.end().await,
            None => Err(BenchError::Load("somebody still visits".to_owned())),
        }
    }
}

/// What one person met.
#[derive(Default)]
struct Met {
    times: Vec<[Duration; 4]>,
    misses: Vec<Miss>,
}

/// Visits again and again, until no visit is left.
async fn person(crowd: Arc<Crowd>, left: Arc<AtomicUsize>) -> Met {
    let way = Way { client: &crowd.client, stack: &crowd.stack.url, platform: &crowd.platform, key: &crowd.key };
    let (mut browser, mut met) = (Browser::default(), Met::default());
    while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
        match browser.visit(&way, crowd.next.fetch_add(1, Ordering::SeqCst)).await {
            Ok(times) => met.times.push(times),
            Err(miss) => met.misses.push(miss),
        }
    }
    met
}

impl Level {
    /// The level, unless something failed in it.
    pub fn without_misses(self) -> Result<Self, BenchError> {
        if self.misses.is_empty() { Ok(self) } else { Err(self.failure()) }
    }

    /// What failed, and how often.
    pub fn failure(&self) -> BenchError {
        let misses = self.misses.iter().map(|(Miss { step, what }, count)| format!("{count} times {step}: {what}"));
        let misses = misses.collect::<Vec<_>>().join("; ");
        BenchError::Load(format!("of {} visits, {} at once, some failed: {misses}", self.visits, self.at_once))
    }
}
