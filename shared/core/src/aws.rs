//! AWS clients, made on first use: a request that needs none pays for none.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use tokio::sync::OnceCell;

/// How long one try of an AWS call may take, and all its tries together: a person is waiting, and the function
/// must still have time to show a page.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1500);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);

/// The same for an operator's command, which may be far from AWS and looks through whole tables.
const PATIENT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
const PATIENT_OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Who waits for an answer.
#[derive(Clone, Copy, Default)]
enum Patience {
    /// A person before a page.
    #[default]
    Little,
    /// An operator before a terminal.
    Much,
}

impl Patience {
    fn timeouts(self) -> TimeoutConfig {
        let (attempt, operation) = match self {
            Self::Little => (ATTEMPT_TIMEOUT, OPERATION_TIMEOUT),
            Self::Much => (PATIENT_ATTEMPT_TIMEOUT, PATIENT_OPERATION_TIMEOUT),
        };
        TimeoutConfig::builder().operation_attempt_timeout(attempt).operation_timeout(operation).build()
    }
}

/// How long a function waits for AWS, for configurations that are made elsewhere.
pub fn timeouts() -> TimeoutConfig {
    Patience::Little.timeouts()
}

/// The AWS SDK's configuration and clients of one function.
#[derive(Default)]
pub struct Aws {
    patience: Patience,
    config: OnceCell<aws_config::SdkConfig>,
    dynamodb: OnceCell<aws_sdk_dynamodb::Client>,
    eventbridge: OnceCell<aws_sdk_eventbridge::Client>,
    secrets_manager: OnceCell<aws_sdk_secretsmanager::Client>,
    sqs: OnceCell<aws_sdk_sqs::Client>,
}

impl Aws {
    /// Clients for a configuration that is already known: the local stack, tests.
    pub fn with_config(config: aws_config::SdkConfig) -> Self {
        Self { config: OnceCell::new_with(Some(config)), ..Self::default() }
    }

    /// Clients for an operator's command: they wait longer.
    pub fn patient() -> Self {
        Self { patience: Patience::Much, ..Self::default() }
    }

    /// Clients for engines on this machine, at these addresses, with the usual dummies for credentials: the stack of
    /// `cargo run`.
    pub async fn local(dynamodb: &str, sqs: &str) -> Self {
        let credentials = aws_sdk_dynamodb::config::Credentials::new("local", "local", None, None, "doorway");
        let loading = aws_config::defaults(BehaviorVersion::latest()).region(Region::new("local"));
        let config = loading.credentials_provider(credentials).load().await;
        let tables = aws_sdk_dynamodb::config::Builder::from(&config).endpoint_url(dynamodb).build();
        let queues = aws_sdk_sqs::config::Builder::from(&config).endpoint_url(sqs).build();
        Self {
            dynamodb: OnceCell::new_with(Some(aws_sdk_dynamodb::Client::from_conf(tables))),
            sqs: OnceCell::new_with(Some(aws_sdk_sqs::Client::from_conf(queues))),
            ..Self::with_config(config)
        }
    }

    /// The configuration, for clients that are not made here.
    pub async fn config(&self) -> &aws_config::SdkConfig {
        let timeouts = || self.patience.timeouts();
        self.config
            .get_or_init(|| aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts()).load())
            .await
    }

    /// The DynamoDB client.
    pub async fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.dynamodb.get_or_init(|| async { aws_sdk_dynamodb::Client::new(self.config().await) }).await
    }

    /// The EventBridge client.
    pub async fn eventbridge(&self) -> &aws_sdk_eventbridge::Client {
        self.eventbridge.get_or_init(|| async { aws_sdk_eventbridge::Client::new(self.config().await) }).await
    }

    /// The Secrets Manager client.
    pub async fn secrets_manager(&self) -> &aws_sdk_secretsmanager::Client {
        self.secrets_manager.get_or_init(|| async { aws_sdk_secretsmanager::Client::new(self.config().await) }).await
    }

    /// The SQS client.
    pub async fn sqs(&self) -> &aws_sdk_sqs::Client {
        self.sqs.get_or_init(|| async { aws_sdk_sqs::Client::new(self.config().await) }).await
    }
}
