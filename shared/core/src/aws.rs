//! AWS clients, made on first use: a request that needs none pays for none.

use aws_config::BehaviorVersion;
use tokio::sync::OnceCell;

/// The AWS SDK's configuration and clients of one function.
#[derive(Default)]
pub struct Aws {
    config: OnceCell<aws_config::SdkConfig>,
    dynamodb: OnceCell<aws_sdk_dynamodb::Client>,
    secrets_manager: OnceCell<aws_sdk_secretsmanager::Client>,
}

impl Aws {
    /// Clients for a configuration that is already known: the local stack, tests.
    pub fn with_config(config: aws_config::SdkConfig) -> Self {
        Self { config: OnceCell::new_with(Some(config)), ..Self::default() }
    }

    async fn config(&self) -> &aws_config::SdkConfig {
        self.config.get_or_init(|| aws_config::load_defaults(BehaviorVersion::latest())).await
    }

    /// The DynamoDB client.
    pub async fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.dynamodb.get_or_init(|| async { aws_sdk_dynamodb::Client::new(self.config().await) }).await
    }

    /// The Secrets Manager client.
    pub async fn secrets_manager(&self) -> &aws_sdk_secretsmanager::Client {
        self.secrets_manager.get_or_init(|| async { aws_sdk_secretsmanager::Client::new(self.config().await) }).await
    }
}
