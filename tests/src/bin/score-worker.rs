//! The production worker of `deliver-scores` as a process of its own, for tests that kill it.
//!
//! It reads one SQS event (JSON) per line on standard input, and writes the answer about the batch (JSON) per line on
//! standard output. Its clock is a file, which the test writes.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use doorway_core::aws::Aws;
use doorway_core::clock::{Clock, Timestamp};
use doorway_core::event_bus::EventBus;
use doorway_core::http::PlatformClient;
use doorway_core::queue::{Queue, SqsQueue};
use doorway_core::random::SystemRandom;
use doorway_core::registration::PlatformTransport;
use doorway_core::secret::{Secret, SecretSource};
use doorway_core::service_kit::ServiceKit;
use doorway_core::store::Table;
use doorway_core::store::deployments::Deployments;
use doorway_core::store::launches::Launches;
use doorway_core::store::registrations::Registrations;
use doorway_core::welcome::Welcome;
use doorway_deliver_scores::Worker;
use doorway_local::database::{LAUNCHES_TABLE, REGISTRATIONS_TABLE, SCORES_TABLE, local_aws};

/// Shows the time that is in a file, in milliseconds since 1970.
struct FileClock(PathBuf);

impl Clock for FileClock {
    fn timestamp(&self) -> Timestamp {
        let text = fs::read_to_string(&self.0).expect("the test writes the clock before it starts a worker");
        Timestamp::from_millis(text.parse().expect("the test replaces the clock as a whole"))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let worker = runtime.block_on(worker())?;
    for line in io::stdin().lock().lines() {
        let answer = runtime.block_on(worker.handle(serde_json::from_str(&line?)?));
        writeln!(io::stdout().lock(), "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

async fn worker() -> Result<Worker, env::VarError> {
    let aws = local_aws(&env::var("SCORE_WORKER_DYNAMODB")?).await;
    let sqs = local_aws(&env::var("SCORE_WORKER_SQS")?).await;
    let queue = |url: &str| Queue::Sqs(SqsQueue::new(sqs.clone(), url));
    let scores = queue(&env::var("SCORE_WORKER_QUEUE")?);
    let dead = queue(&env::var("SCORE_WORKER_DEAD_QUEUE")?);
    let signing_keys = SecretSource::File(env::var("SCORE_WORKER_SIGNING_KEYS")?.into());
    let clock = Arc::new(FileClock(env::var("SCORE_WORKER_CLOCK")?.into()));
    Ok(Worker::new(service_kit(&aws, signing_keys, clock).deliver_scores(scores, dead)))
}

fn service_kit(aws: &Arc<Aws>, signing_keys: SecretSource, clock: Arc<dyn Clock>) -> ServiceKit {
    let table = |name: &str| Table::new(aws.clone(), name);
    let transport = PlatformTransport::HttpAllowed;
    ServiceKit {
        launches: Arc::new(Launches::new(table(LAUNCHES_TABLE))),
        welcome: Arc::new(Welcome {
            registrations: Arc::new(Registrations::new(table(REGISTRATIONS_TABLE), transport)),
            deployments: Arc::new(Deployments::new(table(REGISTRATIONS_TABLE))),
        }),
        scores_table: table(SCORES_TABLE),
        signing_keys: Arc::new(Secret::new(signing_keys)),
        client: Arc::new(PlatformClient::new(transport)),
        transport,
        events: EventBus::off(),
        clock,
        random: Arc::new(SystemRandom),
    }
}
