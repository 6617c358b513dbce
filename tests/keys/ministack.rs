//! The contract of secrets on somebody else's Secrets Manager: ministack (PyPI), a server of its own on a free port.
//!
//! Not moto: after AWSCURRENT moved it goes on answering the old text.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use doorway_core::aws::Aws;
use doorway_core::secret::SecretSource;
use doorway_core::secret_store::SecretStore;
use doorway_local::database::local_aws;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::contract;

/// Names the server's program.
const PROGRAM: &str = "DOORWAY_MINISTACK";
/// How often a server that starts is asked whether it listens, and the pause in between.
const MOST_ASKS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// A running server. It ends with this.
struct Ministack {
    process: Child,
    endpoint: String,
    aws: Arc<Aws>,
}

impl Ministack {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        drop(listener);
        let program = std::env::var_os(PROGRAM).expect("DOORWAY_MINISTACK names the program `ministack`");
        let process = Command::new(program)
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ministack is installed");
        let endpoint = format!("http://127.0.0.1:{port}");
        let server = Self { process, aws: local_aws(&endpoint).await, endpoint };
        for _ in 0..MOST_ASKS {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("ministack does not listen");
    }

    async fn store(&self, name: &str) -> SecretStore {
        let body: Value = json!({ "Name": name, "SecretString": "zero", "ClientRequestToken": "0".repeat(32) });
        let request = reqwest::Client::new()
            .post(&self.endpoint)
            .header("x-amz-target", "secretsmanager.CreateSecret")
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=local/20261123/local/secretsmanager/aws4_request, SignedHeaders=host, Signature=0",
            )
            .body(body.to_string());
        let answer = request.send().await.expect("ministack answers");
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap_or_default());
        let created: Value = serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON");
        let id = created["ARN"].as_str().expect("a secret has an ARN").to_owned();
        SecretStore::of(SecretSource::SecretsManager { aws: self.aws.clone(), id })
    }
}

impl Drop for Ministack {
    fn drop(&mut self) {
        let _it_ended_by_itself = self.process.kill();
        let _status = self.process.wait();
    }
}

/// Of the contract what ministack plays: it lets the label of a pending version stay on the one before, and it writes another
/// text under an id that is taken, which AWS's documentation rules out. For those two there is our own fake alone.
#[tokio::test]
#[ignore = "needs ministack, in DOORWAY_MINISTACK"]
async fn ministack_keeps_the_contract() {
    let server = Ministack::start().await;
    contract::a_version_is_written_once_and_is_pending(&server.store("once").await).await;
    contract::current_moves_from_where_it_was_seen_and_from_nowhere_else(&server.store("moves").await).await;
    contract::a_version_without_a_text_does_not_become_current(&server.store("empty").await).await;
}
