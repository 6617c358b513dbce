//! The queue's contract on SQS itself, played by moto: a server of its own on a free port, by the real clock.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use doorway_core::aws::Aws;
use doorway_core::queue::{Queue, SqsQueue};
use doorway_local::database::local_aws;
use tokio::net::{TcpListener, TcpStream};

use crate::queue_contract::{Bench, MAX_RECEIVES, Time, VISIBILITY_SECONDS, promises};

/// Names the server's program.
const PROGRAM: &str = "DOORWAY_MOTO";
/// How often a server that starts is asked whether it listens, and the pause in between.
const MOST_ASKS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// A running server. It ends with this.
struct Moto {
    process: Child,
    aws: Arc<Aws>,
}

impl Moto {
    async fn start() -> Self {
        let port = free_port().await;
        let process = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            // The region of local clients is none of Amazon's.
            .env("MOTO_ALLOW_NONEXISTENT_REGION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto is installed: see tools/test");
        let moto = Self { process, aws: local_aws(&format!("http://127.0.0.1:{port}")).await };
        for _ in 0..MOST_ASKS {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return moto;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("moto does not listen");
    }

    /// A queue of this name with a dead-letter queue.
    async fn bench(&self, name: &str) -> Bench {
        let dead = self.create(&format!("{name}-dead"), HashMap::new()).await;
        let redrive = serde_json::json!({
            "deadLetterTargetArn": format!("arn:aws:sqs:local:123456789012:{name}-dead"),
            "maxReceiveCount": MAX_RECEIVES,
        });
        let url = self.create(name, HashMap::from([("RedrivePolicy", redrive.to_string())])).await;
        let queue = |url: &str| Queue::Sqs(SqsQueue::new(self.aws.clone(), url));
        Bench { queue: queue(&url), dead_letters: queue(&dead), time: Time::Real }
    }

    /// The URL of a new queue with these attributes.
    async fn create(&self, name: &str, attributes: HashMap<&str, String>) -> String {
        let mut request = self.aws.sqs().await.create_queue().queue_name(name);
        request = request.attributes("VisibilityTimeout".into(), VISIBILITY_SECONDS.to_string());
        for (attribute, value) in attributes {
            request = request.attributes(attribute.into(), value);
        }
        let created = request.send().await.expect("moto creates any queue");
        created.queue_url.expect("a queue has a URL")
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _it_ended_by_itself = self.process.kill();
        let _status = self.process.wait();
    }
}

/// As the environment says, or in the workspace.
fn program() -> PathBuf {
    let in_workspace = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.tools/python/bin/moto_server");
    std::env::var_os(PROGRAM).map_or_else(in_workspace, PathBuf::from)
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// The name of a queue: SQS allows 80 characters.
fn queue_name(promise: &str) -> &str {
    &promise[..promise.len().min(70)]
}

macro_rules! on_sqs {
    ($($promise:ident),*) => {
        #[tokio::test]
        #[ignore = "needs moto: tools/test runs it"]
        async fn sqs_keeps_the_contract() {
            let moto = Moto::start().await;
            $(
                let bench = moto.bench(queue_name(stringify!($promise))).await;
                crate::queue_contract::$promise(&bench).await;
            )*
        }
    };
}
promises!(on_sqs);

#[tokio::test]
#[ignore = "needs moto: tools/test runs it"]
async fn a_queue_that_is_not_there_is_an_error() {
    let moto = Moto::start().await;
    let real = moto.create("real", HashMap::new()).await;
    let queue = Queue::Sqs(SqsQueue::new(moto.aws.clone(), &real.replace("real", "no-such-queue")));
    let error = queue.send("x", 0).await.unwrap_err();
    assert!(error.reason.contains("NonExistentQueue") || error.reason.contains("QueueDoesNotExist"), "{error}");
    assert!(queue.receive().await.is_err());
}
