//! All that the functions need around them: an engine with tables, a Registration, a Platform's keys where the
//! functions look for them before they would fetch any, key files.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use doorway_core::aws::Aws;
use doorway_core::clock::{Clock as _, SystemClock};
use doorway_core::random::{SystemRandom, bytes};
use doorway_core::registration::{PlatformTransport, Registration};
use doorway_core::store::Table;
use doorway_core::store::registrations::Registrations;
use doorway_local::database::{Database, LAUNCHES_TABLE, REGISTRATIONS_TABLE, SCORES_TABLE, create_tables, local_aws};
use doorway_local::key_files::KeyFiles;
use doorway_mock_platform::{PlatformKey, jwks};

use crate::error::BenchError;
use crate::function::Functions;
use crate::item;
use crate::payload::{APP_URL, Payload};
use crate::requests::Requests;

/// The Tool's own address. Nothing listens there.
pub const PUBLIC_URL: &str = "https://lti.vendor.example";
/// The key that the App calls with.
pub const APP_KEY: &str = "a-key-of-the-benchmark";
/// How long the Platform's keys stay fresh in the table, in seconds: longer than a run.
const KEYS_FRESH_SECONDS: u64 = 3600;

/// A stage for one Platform.
pub struct Stage {
    /// The functions' binaries and environment.
    pub functions: Functions,
    /// The way to the engine.
    pub requests: Requests,
    /// The key that the Platform signs with.
    pub platform_key: PlatformKey,
    aws: Arc<Aws>,
    directory: PathBuf,
}

impl Stage {
    /// Sets the stage: tables in memory, keys in a temporary directory.
    pub async fn set(functions: &Path, payload: Payload) -> Result<Self, BenchError> {
        let name = u64::from_be_bytes(bytes(&SystemRandom));
        let directory = std::env::temp_dir().join(format!("doorway-bench-{name:016x}"));
        let keys = KeyFiles::in_directory(&directory)?;
        let database = Database::start(None).await?;
        let aws = local_aws(&database.endpoint()).await;
        create_tables(&aws).await?;
        let registrations = Table::new(aws.clone(), REGISTRATIONS_TABLE);
        Registrations::new(registrations, PlatformTransport::HttpsOnly).put(&payload.registration()).await?;
        let requests = Requests::count(engine_address(&database)?).await?;
        let environment = vec![
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{}", requests.address)),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("DOORWAY_PUBLIC_URL", PUBLIC_URL.to_owned()),
            ("DOORWAY_REGISTRATIONS_TABLE", REGISTRATIONS_TABLE.to_owned()),
            ("DOORWAY_LAUNCHES_TABLE", LAUNCHES_TABLE.to_owned()),
            ("DOORWAY_SCORES_TABLE", SCORES_TABLE.to_owned()),
            // Nothing listens there: a score that had to wait would be refused, and end the benchmark.
            ("DOORWAY_SCORE_QUEUE_URL", "http://127.0.0.1:9/0/scores".to_owned()),
            ("DOORWAY_DEAD_SCORE_QUEUE_URL", "http://127.0.0.1:9/0/dead".to_owned()),
            ("DOORWAY_SIGNING_KEYS", file(&keys.signing_keys()?)),
            ("DOORWAY_STATE_KEY", file(&keys.state_key(&SystemRandom)?)),
            ("DOORWAY_APP_KEYS", file(&keys.app_key(Some(APP_KEY), &SystemRandom)?.1)),
            ("DOORWAY_APP_URL", APP_URL.to_owned()),
        ];
        let functions = Functions { directory: functions.to_owned(), environment };
        let stage = Self { functions, requests, platform_key: PlatformKey::generate(), aws, directory };
        stage.publish_keys(&payload.jwks_uri()).await?;
        Ok(stage)
    }

    /// Clients for the engine that are not counted.
    pub fn aws(&self) -> &Arc<Aws> {
        &self.aws
    }

    /// Registers another Platform.
    pub async fn register(&self, registration: &Registration) -> Result<(), BenchError> {
        let table = Table::new(self.aws.clone(), REGISTRATIONS_TABLE);
        Ok(Registrations::new(table, PlatformTransport::HttpAllowed).put(registration).await?)
    }

    /// Takes the Platform's keys from the table: the next launch fetches them.
    pub async fn forget_keys(&self, jwks_uri: &str) -> Result<(), BenchError> {
        let request = self.aws.dynamodb().await.delete_item().table_name(REGISTRATIONS_TABLE);
        let request = request.key("pk", AttributeValue::S(format!("platform-keys#{jwks_uri}")));
        let request = request.key("sk", AttributeValue::S("keys".to_owned()));
        request.send().await.map(drop).map_err(|error| BenchError::Table(error.to_string()))
    }

    /// Puts the Platform's keys into the table, as a function does that has fetched them.
    async fn publish_keys(&self, jwks_uri: &str) -> Result<(), BenchError> {
        let now = SystemClock.now().0;
        let text = |text: String| AttributeValue::S(text);
        let number = |number: u64| AttributeValue::N(number.to_string());
        let request = self.aws.dynamodb().await.put_item().table_name(REGISTRATIONS_TABLE);
        request
            .item("pk", text(format!("platform-keys#{jwks_uri}")))
            .item("sk", text("keys".to_owned()))
            .item("keys", text(jwks(&[&self.platform_key]).to_string()))
            .item("fetched_at", number(now))
            .item("fresh_until", number(now + KEYS_FRESH_SECONDS))
            .send()
            .await
            .map_err(|error| BenchError::Table(error.to_string()))?;
        Ok(())
    }

    /// The sizes of all launches in the table, in bytes, smallest first.
    pub async fn launch_sizes(&self) -> Result<Vec<usize>, BenchError> {
        let scan = self.aws.dynamodb().await.scan().table_name(LAUNCHES_TABLE).into_paginator().items().send();
        let items: Result<Vec<_>, _> = scan.collect().await;
        let items = items.map_err(|error| BenchError::Table(error.to_string()))?;
        let mut sizes: Vec<usize> = items.iter().map(item::size_bytes).collect();
        sizes.sort_unstable();
        Ok(sizes)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed is in the system's temporary directory.
        let _ignored = std::fs::remove_dir_all(&self.directory);
    }
}

fn engine_address(database: &Database) -> Result<SocketAddr, BenchError> {
    let endpoint = database.endpoint();
    let address = endpoint.strip_prefix("http://").and_then(|address| address.parse().ok());
    address.ok_or_else(|| BenchError::Table(format!("`{endpoint}` is no address")))
}

fn file(path: &Path) -> String {
    format!("file:{}", path.display())
}
