//! A stack in AWS, by its outputs.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use doorway_core::aws::Aws;

use crate::exit::Exit;
use crate::fault::Fault;

/// Which output of the template is which setting of the functions.
pub const OUTPUTS: [(&str, &str); 10] = [
    ("ApiUrl", "DOORWAY_PUBLIC_URL"),
    ("RegistrationsTableName", "DOORWAY_REGISTRATIONS_TABLE"),
    ("LaunchesTableName", "DOORWAY_LAUNCHES_TABLE"),
    ("ScoresTableName", "DOORWAY_SCORES_TABLE"),
    ("StateKeyArn", "DOORWAY_STATE_KEY"),
    ("AppKeysArn", "DOORWAY_APP_KEYS"),
    ("Lti11SecretsArn", "DOORWAY_LTI11_SECRETS"),
    ("SigningKeysArn", "DOORWAY_SIGNING_KEYS"),
    ("ScoreQueueUrl", "DOORWAY_SCORE_QUEUE_URL"),
    ("DeadScoreQueueUrl", "DOORWAY_DEAD_SCORE_QUEUE_URL"),
];

/// The settings that the stack's outputs say. One that lacks an output lacks the setting, which is named when it is needed.
pub(super) async fn variables(aws: &Aws, name: &str) -> Result<BTreeMap<String, String>, Fault> {
    let client = aws_sdk_cloudformation::Client::new(aws.config().await);
    let answer = client.describe_stacks().stack_name(name).send().await.map_err(|error| {
        let exit = if error.code() == Some("ValidationError") { Exit::Settings } else { Exit::Unavailable };
        let reason = error.message().map_or_else(|| DisplayErrorContext(&error).to_string(), str::to_owned);
        let todo = "See whether the name, AWS_REGION (or AWS_PROFILE) and the credentials are those of the stack.";
        Fault::new(exit, format!("the stack `{name}` cannot be described: {reason}"), todo)
    })?;
    let outputs = answer.stacks().first().map(|stack| stack.outputs()).unwrap_or_default();
    let outputs = outputs.iter().filter_map(|output| output.output_key().zip(output.output_value()));
    Ok(outputs.filter_map(|(key, value)| setting(key).map(|setting| (setting.to_owned(), value.to_owned()))).collect())
}

fn setting(output: &str) -> Option<&'static str> {
    OUTPUTS.iter().find(|(key, _)| *key == output).map(|(_, setting)| *setting)
}
