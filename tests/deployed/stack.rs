//! The deployed stack: `stack.py` deploys it, and here is what came of it.

use std::collections::BTreeMap;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::world::{folder, variable};

/// Its name.
pub(crate) const NAME: &str = "doorway";
/// Where launches lead: the one parameter of the template that has no default.
pub(crate) const APP_URL: &str = "https://app.example.com";

/// What the worker is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worker {
    /// Deliver what is in the queue.
    Work,
    /// Nothing, until it is to work again.
    Rest,
}

/// A rotation schedule of the template; by logical ids.
#[derive(Debug, Deserialize)]
pub(crate) struct Rotation {
    secret: String,
    /// The function that rotates, or an alias of it.
    function: String,
    /// Whether the secret is rotated as soon as the schedule is deployed.
    pub(crate) immediately: bool,
}

/// What came of the deployment.
pub(crate) struct Stack {
    endpoint: String,
    deployed: Value,
}

impl Stack {
    /// Deploys the template. `endpoints` is where each function finds AWS.
    pub(crate) async fn deploy(endpoint: &str, endpoints: &BTreeMap<&'static str, String>) -> Self {
        let settings = json!({
            // A bus is named, so that the right to tell it is used, too.
            "parameters": { "AppUrl": APP_URL, "EventBusName": "default" },
            "endpoints": endpoints,
            // The roots that a function trusts are the image's; here they are those of this network.
            "variables": { "SSL_CERT_FILE": folder().join("ca.pem") },
        });
        let mut stack = Self { endpoint: endpoint.to_owned(), deployed: Value::Null };
        let arguments = ["deploy", NAME, &variable("DOORWAY_BINARIES"), &settings.to_string()];
        stack.deployed = stack.run(&arguments).await;
        stack
    }

    /// An output of the stack.
    #[track_caller]
    pub(crate) fn output(&self, name: &str) -> &str {
        self.deployed["outputs"][name].as_str().unwrap_or_else(|| panic!("the stack has no output {name}"))
    }

    /// What CloudFormation called a resource.
    #[track_caller]
    pub(crate) fn physical_id(&self, resource: &str) -> &str {
        self.deployed["resources"][resource].as_str().unwrap_or_else(|| panic!("the stack has no resource {resource}"))
    }

    /// What is rotated by schedule.
    pub(crate) fn rotations(&self) -> Vec<Rotation> {
        serde_json::from_value(self.deployed["rotations"].clone()).expect("schedules are listed")
    }

    /// Rotates a secret, as Secrets Manager calls for it.
    pub(crate) async fn rotate(&self, Rotation { secret, function, .. }: &Rotation) {
        self.run(&["rotate", NAME, secret, function]).await;
    }

    /// A day passes for keys: nothing else is noted.
    pub(crate) async fn let_a_day_pass(&self) {
        let notes = self.run(&["let-a-day-pass", NAME]).await;
        assert_eq!(notes["notes"], 2, "one note of each kind of keys");
    }

    /// Switches the event source of the worker, as an operator may.
    pub(crate) async fn let_the_worker(&self, worker: Worker) {
        let word = if worker == Worker::Work { "work" } else { "rest" };
        self.run(&["worker", NAME, word]).await;
    }

    /// Ends the running instances of a function: the next call starts one.
    pub(crate) async fn start_anew(&self, function: &str) {
        self.run(&["start-anew", NAME, &format!("{NAME}-{function}")]).await;
    }

    /// The policy documents of each function's role.
    pub(crate) async fn policies(&self) -> Value {
        self.run(&["policies", NAME]).await
    }

    async fn run(&self, arguments: &[&str]) -> Value {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let program = std::env::var("DOORWAY_PYTHON").unwrap_or_else(|_| format!("{root}/.tools/python/bin/python"));
        let mut command = self.at_emulator(Command::new(program));
        command.arg(format!("{root}/tests/deployed/stack.py")).args(arguments).stderr(Stdio::inherit());
        let output = command.output().await.expect("tools/setup installs Python's packages");
        assert!(output.status.success(), "stack.py {arguments:?} failed");
        serde_json::from_slice(&output.stdout).expect("stack.py prints JSON")
    }

    /// A program that finds the emulator where it looks for AWS.
    pub(crate) fn at_emulator(&self, mut command: Command) -> Command {
        command.env("AWS_ENDPOINT_URL", &self.endpoint).env("AWS_DEFAULT_REGION", "us-east-1");
        command.env("AWS_REGION", "us-east-1").env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}
