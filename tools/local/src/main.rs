//! `cargo run`: the local stack, `cargo run -- event <function>.<case>`, or `cargo run -- openapi`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    doorway_local::program::run().await
}
