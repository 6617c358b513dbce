//! AWS on a bad day, for every function: DynamoDB throttles, stalls or is gone; Secrets Manager stalls or is throttled.

use doorway_core::secret::SECRET_CACHE_SECONDS;
use doorway_local::database::local_aws;
use doorway_local::tool::SecretsFrom;
use doorway_tests::{AwsFront, Mood};

use super::everything::{Everything, all_refused, only};
use super::*;

/// What DynamoDB says when a table or partition, or the account, is asked for more than it may be.
const THROTTLED: [&str; 2] = ["ProvisionedThroughputExceededException", "ThrottlingException"];
/// How often the client tries: once and twice again.
const TRIES: u32 = 3;
/// The calls that read a secret: the state key, the App's keys, the signing keys.
const WITH_SECRETS: [&str; 15] = [
    "login",
    "launch",
    "launches, redeem",
    "launches, read",
    "launches, forget",
    "launches, forget a user",
    "deep-link",
    "scores, a score",
    "scores, where a score stands",
    "scores, line items",
    "scores, a line item",
    "scores, results",
    "memberships",
    "register, asked",
    "register, confirmed",
];

#[tokio::test]
async fn a_throttled_table_that_recovers_is_not_noticed() {
    let everything = Everything::start().await;
    // All functions share a client here, and a client tries again only so often for all its calls.
    everything.front.tables(Mood::Refusing { code: THROTTLED[1], tries: 1 });
    everything.works().await;
    let tries = everything.front.take_tries();
    assert!(tries["PutItem"] >= 2 && tries["UpdateItem"] >= 2, "each was tried again: {tries:?}");

    let (platform, mut tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let front = tool.put_behind_front().await;
    front.tables(Mood::Refusing { code: THROTTLED[0], tries: TRIES - 1 });
    finish(&tool, &platform, &begun).await.launch_id();
    assert_eq!(front.take_tries()["PutItem"] as u32 % TRIES, 0, "it is accepted at the last try");
}

#[tokio::test]
async fn a_table_that_stays_throttled_is_said_by_every_function_and_loses_nothing() {
    let everything = Everything::start().await;
    let code = THROTTLED[0];
    everything.front.tables(Mood::Refusing { code, tries: u32::MAX });
    let answers = everything.calls().await;
    all_refused(&answers, "storage_unavailable", code);
    everything.deliver().await.comes_again_because(code);
    everything.front.tables(Mood::Well);
    everything.works().await;
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_given_up_while_there_is_time_for_a_page() {
    let mut everything = Everything::start().await;
    everything.hurry().await;
    everything.front.tables(Mood::Stalled);
    let answers = everything.calls().await;
    all_refused(&answers, "storage_unavailable", "timeout");
    everything.deliver().await.comes_again_because("timeout");
    everything.front.tables(Mood::Well);
    everything.take_time().await;
    everything.works().await;
}

#[tokio::test]
async fn without_a_database_every_function_says_so_and_goes_on_when_it_is_back() {
    let mut everything = Everything::start().await;
    let working = everything.tool.parts.aws.clone();
    everything.tool.parts.aws = local_aws(&closed_endpoint().await).await;
    // Its secrets are still there.
    everything.tool.parts.secrets = SecretsFrom::Files;
    everything.tool.restart();
    let answers = everything.calls().await;
    all_refused(&answers, "storage_unavailable", "table `doorway-");
    everything.deliver().await.comes_again_because("table `doorway-scores`");
    everything.tool.parts.aws = working;
    everything.tool.restart();
    everything.works().await;
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_at_first_is_said_by_every_function_that_needs_it() {
    for (mood, reason) in [
        (Mood::Stalled, "timeout"),
        (Mood::Refusing { code: "ThrottlingException", tries: u32::MAX }, "ThrottlingException"),
    ] {
        let mut everything = Everything::start().await;
        everything.hurry().await;
        everything.front.secrets(mood);
        let answers = everything.calls().await;
        let without: Vec<_> = answers.iter().filter(|(case, _)| !WITH_SECRETS.contains(case)).collect();
        assert_eq!(without.len(), 1);
        for (case, answer) in without {
            assert_eq!(answer.status.as_u16(), 200, "{case} needs no secret: {}", answer.body);
        }
        all_refused(&only(answers, &WITH_SECRETS), "secret_unavailable", reason);
        everything.deliver().await.comes_again_because(reason);
        everything.front.secrets(Mood::Well);
        everything.take_time().await;
        everything.works().await;
    }
}

#[tokio::test]
async fn a_secret_that_was_read_serves_while_secrets_manager_does_not() {
    for mood in [Mood::Stalled, Mood::Refusing { code: "InternalServiceError", tries: u32::MAX }] {
        let (platform, mut tool) = set_up().await;
        let front = AwsFront::start(tool.database()).await;
        tool.parts.aws = front.hurried_aws().await;
        tool.parts.secrets = SecretsFrom::SecretsManager;
        tool.restart();
        let id = tool.launch(&platform).await;
        assert_eq!(tool.redeem(&id).await.status, http::StatusCode::OK);
        front.secrets(mood);
        tool.clock.advance(SECRET_CACHE_SECONDS);
        let before = doorway_tests::log_lines().len();
        let id = tool.launch(&platform).await;
        assert_eq!(tool.redeem(&id).await.status, http::StatusCode::OK);
        let lines = doorway_tests::log_lines().split_off(before);
        let told = lines.iter().filter(|line| line["message"] == "secret is used although it is old");
        assert_eq!(told.inspect(|line| assert_eq!(line["level"], "ERROR")).count(), 3, "by login, launch and launches");
    }
}
