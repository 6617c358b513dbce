//! `cargo run`: the local stack, or `cargo run -- event <function>.<case>`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    doorway_local::program::run().await
}
