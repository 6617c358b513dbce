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

/// Which parameter of the template is which setting of the functions: what the Tool says of itself.
pub const PARAMETERS: [(&str, &str); 4] = [
    ("AppUrl", "DOORWAY_APP_URL"),
    ("ToolName", "DOORWAY_TOOL_NAME"),
    ("ToolDescription", "DOORWAY_TOOL_DESCRIPTION"),
    ("ToolLogo", "DOORWAY_TOOL_LOGO"),
];

/// The settings that the stack's outputs and parameters say. One that lacks an output lacks the setting, which is named when it is needed.
pub(super) async fn variables(aws: &Aws, name: &str) -> Result<BTreeMap<String, String>, Fault> {
    let client = aws_sdk_cloudformation::Client::new(aws.config().await);
    let answer = client.describe_stacks().stack_name(name).send().await.map_err(|error| {
        let exit = if error.code() == Some("ValidationError") { Exit::Settings } else { Exit::Unavailable };
        let reason = error.message().map_or_else(|| DisplayErrorContext(&error).to_string(), str::to_owned);
        let todo = "See whether the name, AWS_REGION (or AWS_PROFILE) and the credentials are those of the stack.";
        Fault::new(exit, format!("the stack `{name}` cannot be described: {reason}"), todo)
    })?;
    let Some(stack) = answer.stacks().first() else { return Ok(BTreeMap::new()) };
    let outputs = stack.outputs().iter().map(|output| (output.output_key(), output.output_value()));
    let parameters = stack.parameters().iter().map(|given| (given.parameter_key(), given.parameter_value()));
    Ok(settings(&OUTPUTS, outputs).chain(settings(&PARAMETERS, parameters)).collect())
}

fn settings<'a>(
    known: &'a [(&str, &str)],
    given: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>,
) -> impl Iterator<Item = (String, String)> {
    let setting = |name: &str| known.iter().find(|(key, _)| *key == name).map(|(_, setting)| (*setting).to_owned());
    given.filter_map(move |(name, value)| setting(name?).zip(value.map(str::to_owned)))
}
