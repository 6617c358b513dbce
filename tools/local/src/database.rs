//! The embedded DynamoDB engine, on a loopback port of its own.

use std::net::SocketAddr;
use std::path::Path;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::config::Credentials;
use doorway_core::aws::Aws;
use doorway_core::store::{StoreError, Table, schema};
use std::sync::Arc;
use tokio::net::TcpListener;

use crate::stack::StackError;

/// The names of the local tables.
pub const REGISTRATIONS_TABLE: &str = "doorway-registrations";
/// See [`REGISTRATIONS_TABLE`].
pub const LAUNCHES_TABLE: &str = "doorway-launches";
/// See [`REGISTRATIONS_TABLE`].
pub const SCORES_TABLE: &str = "doorway-scores";

/// A running engine. It ends with the process, or with its runtime.
pub struct Database {
    address: SocketAddr,
}

impl Database {
    /// Starts an engine: in `file`, or in memory when there is none.
    ///
    /// # Errors
    /// [`StackError::Database`] when the file is no database of this kind; [`StackError::Listen`].
    pub async fn start(file: Option<&Path>) -> Result<Self, StackError> {
        let engine = match file {
            Some(path) => dynoxide::Database::new(&path.to_string_lossy()),
            None => dynoxide::Database::memory(),
        };
        let engine = engine.map_err(|error| StackError::Database(error.to_string()))?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(StackError::Listen)?;
        let address = listener.local_addr().map_err(StackError::Listen)?;
        tokio::spawn(dynoxide::server::serve_with_shutdown(listener, engine, std::future::pending()));
        Ok(Self { address })
    }

    /// Where the AWS client finds it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// AWS clients for a DynamoDB endpoint on this machine. The credentials are the usual dummies.
pub async fn local_aws(endpoint: &str) -> Arc<Aws> {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "doorway-local"))
        .endpoint_url(endpoint)
        .load()
        .await;
    Arc::new(Aws::with_config(config))
}

/// Makes the tables that are not there yet.
///
/// # Errors
/// [`StoreError`] when the engine refuses.
pub async fn create_tables(aws: &Arc<Aws>) -> Result<(), StoreError> {
    schema::create_registrations_table(&Table::new(aws.clone(), REGISTRATIONS_TABLE)).await?;
    schema::create_expiring_table(&Table::new(aws.clone(), LAUNCHES_TABLE)).await?;
    schema::create_expiring_table(&Table::new(aws.clone(), SCORES_TABLE)).await
}
