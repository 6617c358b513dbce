//! The `register` function on AWS Lambda.

use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    doorway_web::log::init(&environment, SystemClock);
    let router = doorway_register::from_environment(environment)?;
    lambda_http::run(router).await
}
