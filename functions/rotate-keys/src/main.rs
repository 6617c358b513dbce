//! The `rotate-keys` function on AWS Lambda.

use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;
use doorway_rotate_keys::{RotationEvent, Rotator};
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    doorway_web::log::init(&environment, SystemClock);
    let rotator = Rotator::from_environment(environment)?;
    let rotator = &rotator;
    let handle = |event: LambdaEvent<RotationEvent>| async move {
        rotator.handle(&event.payload).await.map(drop).map_err(Error::from)
    };
    lambda_runtime::run(service_fn(handle)).await
}
