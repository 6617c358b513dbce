//! The program of the local stack, for tests that need it as a process of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    doorway_local::program::run().await
}
