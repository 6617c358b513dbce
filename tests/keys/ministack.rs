//! The contract of secrets on somebody else's Secrets Manager: ministack (PyPI), a server of its own on a free port.
//!
//! Not moto: after AWSCURRENT moved it goes on answering the old text.

use std::sync::Arc;

use doorway_core::aws::Aws;
use doorway_core::secret::SecretSource;
use doorway_core::secret_store::SecretStore;
use doorway_local::database::local_aws;
use doorway_tests::Emulator;
use http::StatusCode;
use serde_json::{Value, json};

use crate::contract;

/// A running server, and clients for it.
struct Ministack {
    server: Emulator,
    aws: Arc<Aws>,
}

impl Ministack {
    async fn start() -> Self {
        let server = Emulator::ministack().await;
        Self { aws: local_aws(&server.endpoint).await, server }
    }

    async fn store(&self, name: &str) -> SecretStore {
        let body: Value = json!({ "Name": name, "SecretString": "zero", "ClientRequestToken": "0".repeat(32) });
        let request = reqwest::Client::new()
            .post(&self.server.endpoint)
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

/// Of the contract what ministack plays: it lets the label of a pending version stay on the one before, and it writes another
/// text under an id that is taken, which AWS's documentation rules out. For those two there is our own fake alone.
#[tokio::test]
#[ignore = "needs ministack: tools/test runs it"]
async fn ministack_keeps_the_contract() {
    let server = Ministack::start().await;
    contract::a_version_is_written_once_and_is_pending(&server.store("once").await).await;
    contract::current_moves_from_where_it_was_seen_and_from_nowhere_else(&server.store("moves").await).await;
    contract::a_version_without_a_text_does_not_become_current(&server.store("empty").await).await;
}
