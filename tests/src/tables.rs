//! The tables under a test: in the embedded engine, or in somebody else's.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::config::Credentials;
use doorway_core::aws::Aws;
use doorway_core::random::{self, SystemRandom};
use doorway_local::database::{Database, create_tables, local_aws};

/// Names another engine: the address of a running ministack. Then every test that uses the tables runs on it.
const OTHER_ENGINE: &str = "DOORWAY_TEST_DYNAMODB";

/// The tables of one test, which nobody else sees.
pub(crate) struct Tables {
    /// Clients for them.
    pub(crate) aws: Arc<Aws>,
    /// Where they are.
    pub(crate) endpoint: String,
}

impl Tables {
    /// New and empty.
    pub(crate) async fn start() -> Self {
        let tables = match std::env::var(OTHER_ENGINE) {
            Ok(endpoint) => Self { aws: in_account_of_its_own(&endpoint).await, endpoint },
            Err(_) => {
                let endpoint = Database::start(None).await.unwrap().endpoint();
                Self { aws: local_aws(&endpoint).await, endpoint }
            }
        };
        create_tables(&tables.aws).await.unwrap();
        tables
    }
}

/// ministack takes a key id of twelve digits for the number of an account, and accounts share nothing.
async fn in_account_of_its_own(endpoint: &str) -> Arc<Aws> {
    let account = u64::from_be_bytes(random::bytes(&SystemRandom)) % 1_000_000_000_000;
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(format!("{account:012}"), "test", None, None, "doorway-tests"))
        .endpoint_url(endpoint)
        .load()
        .await;
    Arc::new(Aws::with_config(config))
}
