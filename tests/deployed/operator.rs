//! The operator: the program `doorway`, which finds the stack by its name.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::school::{CLIENT_ID, DEPLOYMENT_ID, ISSUER, School};
use crate::stack::{NAME, Stack};
use crate::world::variable;

/// Runs `doorway --stack` with these words; its exit code and its JSON.
pub(crate) async fn doorway(stack: &Stack, words: &[&str]) -> (i32, Value) {
    let mut command = stack.at_emulator(Command::new(program()));
    command.args(["--stack", NAME, "--json"]).args(words).stderr(Stdio::inherit());
    let output = command.output().await.expect("the operator's program starts");
    let answer = serde_json::from_slice(&output.stdout);
    let answer = answer.unwrap_or_else(|error| panic!("{words:?}: {error}: {output:?}"));
    (output.status.code().expect("nobody kills it"), answer)
}

/// As [`doorway`], for what must be done.
pub(crate) async fn done(stack: &Stack, words: &[&str]) -> Value {
    let (exit, answer) = doorway(stack, words).await;
    assert_eq!(exit, 0, "{words:?}: {answer}");
    answer
}

/// Registers the school.
pub(crate) async fn register(stack: &Stack, school: &School) {
    let platform = &school.platform;
    let endpoints = [platform.authorization_endpoint(), platform.token_endpoint(), platform.jwks_uri()];
    let [authorization, token, jwks] = endpoints.each_ref().map(String::as_str);
    let words = ["platform", "add", "custom", ISSUER, "--client-id", CLIENT_ID, "--deployment", DEPLOYMENT_ID];
    let addresses = ["--authorization-endpoint", authorization, "--token-endpoint", token, "--jwks-uri", jwks];
    done(stack, &[&words[..], &addresses].concat()).await;
}

/// The doctor finds nothing to mend. Tables, secrets and queues are the stack's, the key set is asked for at its address.
pub(crate) async fn see_the_doctor(stack: &Stack) {
    let (exit, report) = doorway(stack, &["doctor", ISSUER, CLIENT_ID]).await;
    assert_eq!((exit, &report["findings"]), (0, &Value::Array(vec![])), "{report:#}");
    assert!(report["passed"].as_array().is_some_and(|passed| passed.len() > 5), "{report:#}");
}

/// Beside the functions, or in a folder of its own as `cargo lambda build` leaves it.
fn program() -> PathBuf {
    let folder = variable("DOORWAY_BINARIES");
    let candidates = ["doorway", "doorway/bootstrap"].map(|name| Path::new(&folder).join(name));
    let found = candidates.into_iter().find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{folder} has no `doorway`: build it (cargo build --workspace --bins)"))
}
