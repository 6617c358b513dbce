//! The `deliver-scores` function on AWS Lambda.

use aws_lambda_events::sqs::SqsEvent;
use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;
use doorway_deliver_scores::Worker;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    doorway_web::log::init(&environment, SystemClock);
    let worker = Worker::from_environment(environment)?;
    let handle = |event: LambdaEvent<SqsEvent>| async { Ok::<_, Error>(worker.handle(event.payload).await) };
    lambda_runtime::run(service_fn(handle)).await
}
