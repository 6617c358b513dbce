//! Scores on their way: listed, shown, sent again. A score that failed goes through its lane again and has no second effect.

use doorway_cli::Exit;
use doorway_core::random::SystemRandom;
use doorway_core::scores::{SubmissionId, message};
use doorway_core::store::scores::LANE_LEASE_SECONDS;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use doorway_tests::{School, TestTool};
use serde_json::{Value, json};

use crate::support::Cli;

const DAY: u64 = 24 * 3600;

/// A Tool, a school, a launch of Ben's, and a command line.
pub(crate) struct Class {
    pub(crate) tool: TestTool,
    pub(crate) school: School,
    pub(crate) launch: String,
    pub(crate) cli: Cli,
}

impl Class {
    pub(crate) async fn start() -> Self {
        let tool = TestTool::start(&[]).await;
        let school = School::start(&tool, Profile::Plain).await;
        let launch = school.launch(&tool, "52").await;
        let cli = Cli::of(&tool).await;
        Self { tool, school, launch, cli }
    }

    fn fail(&self, fault: ServiceFault, times: Times) {
        self.school.platform.faults().switch_on(Endpoint::Score, fault, times);
    }

    /// Sends a grade; the answer's status, and the score's id as the App API or the record knows it.
    pub(crate) async fn send(&self, given: f64, headers: &[(&str, &str)]) -> (u16, String) {
        let score = json!({
            "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "comment": "Well done, Ben",
        });
        let key = format!("key-{given}");
        let headers = [headers, &[("idempotency-key", key.as_str())]].concat();
        let answer =
            self.tool.api_json("POST", &format!("/v1/launches/{}/scores", self.launch), &score, &headers).await;
        let launch = self.launch.as_str().try_into().unwrap();
        (answer.status.as_u16(), SubmissionId::of_request(&launch, &key).to_string())
    }

    /// A score that waits.
    pub(crate) async fn queue(&self, given: f64) -> String {
        let (status, id) = self.send(given, &[("prefer", "respond-async")]).await;
        assert_eq!(status, 202);
        id
    }

    /// A score that the worker could not deliver: in the dead-letter queue.
    async fn dead(&self, given: f64) -> String {
        self.fail(ServiceFault::Redirect { location: "https://elsewhere.example".to_owned() }, Times::All);
        let id = self.queue(given).await;
        self.work().await;
        self.school.platform.faults().clear();
        assert_eq!((self.state(&id).await.as_str(), self.tool.parts.queues.dead.len()), ("failed", 1));
        id
    }

    /// The worker works until nothing waits any more.
    pub(crate) async fn work(&self) {
        for _ in 0..100 {
            let Some(at) = self.tool.parts.queues.scores.next_visible_at() else { return };
            self.tool.clock.advance(at.0.saturating_sub(self.tool.now()));
            self.tool.poller().poll().await;
        }
        panic!("scores wait for ever");
    }

    pub(crate) async fn state(&self, id: &str) -> String {
        let shown = self.cli.done(&format!("scores show {id}")).await;
        shown["state"].as_str().unwrap().to_owned()
    }

    fn applied(&self) -> usize {
        self.school.platform.gradebook().applied_scores().len()
    }

    async fn listed(&self, rest: &str) -> Vec<String> {
        let listed = self.cli.done(&format!("scores list {rest}")).await;
        listed["scores"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn scores_are_listed_by_where_they_stand_and_name_nobody() {
    let class = Class::start().await;
    let (status, delivered) = class.send(1.0, &[]).await;
    assert_eq!(status, 200);
    let dead = class.dead(2.0).await;
    class.fail(ServiceFault::Redirect { location: "https://elsewhere.example".to_owned() }, Times::Next(1));
    let (status, refused) = class.send(3.0, &[]).await;
    assert_eq!(status, 502);
    let waiting = class.queue(4.0).await;
    assert_eq!(class.listed("--state delivered").await, [delivered]);
    assert_eq!(class.listed("--state dead").await, std::slice::from_ref(&dead));
    assert_eq!(class.listed("--state dead").await, std::slice::from_ref(&dead), "looking changes nothing");
    assert_eq!(class.listed("--state waiting").await, std::slice::from_ref(&waiting));
    let mut failed = class.listed("--state failed").await;
    failed.sort();
    let mut expected = vec![dead, refused];
    expected.sort();
    assert_eq!(failed, expected);
    assert_eq!(class.listed("").await.len(), 3, "what is delivered needs nobody");
    assert_eq!(class.listed("--issuer https://other.example").await, Vec::<String>::new());
    let one = class.cli.done(&format!("scores list --limit 1 --issuer {}", class.school.issuer)).await;
    assert_eq!((one["scores"].as_array().unwrap().len(), &one["notes"]), (1, &json!(["2 more: --limit shows more."])));
    let all = class.cli.done("scores list").await.to_string();
    assert!(!all.contains("Well done") && !all.contains("\"52\"") && !all.contains("userId"), "{all}");
}

#[tokio::test]
async fn a_score_is_shown_with_its_attempts() {
    let class = Class::start().await;
    let id = class.dead(7.5).await;
    let shown = class.cli.done(&format!("scores show {id}")).await;
    assert_eq!((&shown["attempts"][0]["outcome"], &shown["attempts"][0]["status"]), (&json!("refused"), &json!(302)));
    let unknown = SubmissionId::new(&SystemRandom);
    class.cli.refused(&format!("scores show {unknown}"), Exit::NotFound).await;
}

#[tokio::test]
async fn a_failed_score_is_sent_again_with_its_own_timestamp() {
    let class = Class::start().await;
    let id = class.dead(7.5).await;
    let before = class.cli.done(&format!("scores show {id}")).await;
    // Longer than it was ever to be tried.
    class.tool.clock.advance(10 * DAY);
    let retried = class.cli.done(&format!("scores retry {id}")).await;
    assert_eq!(retried["state"], "queued");
    class.work().await;
    let after = class.cli.done(&format!("scores show {id}")).await;
    assert_eq!((&after["state"], &after["timestamp"]), (&json!("delivered"), &before["timestamp"]));
    assert_eq!((class.applied(), &after["tries"]), (1, &json!(2)));
    class.cli.refused(&format!("scores retry {id}"), Exit::Conflict).await;
    assert_eq!(class.applied(), 1);
}

#[tokio::test]
async fn a_score_that_a_newer_one_has_overtaken_is_not_sent_again() {
    let class = Class::start().await;
    let older = class.dead(3.0).await;
    class.tool.clock.advance(60);
    assert_eq!(class.send(9.0, &[]).await.0, 200);
    let fault = class.cli.refused(&format!("scores retry {older}"), Exit::Conflict).await;
    assert!(fault.wrong.contains("overtaken"), "{fault}");
    let redriven = class.cli.done("scores redrive").await;
    assert_eq!(redriven["deadLetters"], json!([{ "id": older, "outcome": "overtaken", "isDone": true }]));
    class.work().await;
    assert_eq!((class.applied(), class.tool.parts.queues.dead.len()), (1, 0));
}

#[tokio::test]
async fn a_retried_score_that_is_overtaken_while_it_waits_is_superseded() {
    let class = Class::start().await;
    let older = class.dead(3.0).await;
    class.cli.done(&format!("scores retry {older}")).await;
    class.tool.clock.advance(60);
    assert_eq!(class.send(9.0, &[]).await.0, 200);
    class.work().await;
    assert_eq!((class.state(&older).await.as_str(), class.applied()), ("superseded", 1));
}

#[tokio::test]
async fn a_score_that_arrived_unseen_has_no_second_effect_when_it_is_retried() {
    let class = Class::start().await;
    // The Platform takes it, and every answer is lost until its time is over.
    class.fail(ServiceFault::AppliedButLost, Times::Next(1));
    let (status, id) = class.send(7.5, &[]).await;
    assert_eq!((status, class.applied()), (202, 1));
    class.fail(ServiceFault::ServiceUnavailable, Times::All);
    class.tool.clock.advance(8 * DAY);
    class.work().await;
    assert_eq!(class.state(&id).await, "failed");
    class.school.platform.faults().clear();
    class.cli.done(&format!("scores retry {id}")).await;
    class.work().await;
    let shown = class.cli.done(&format!("scores show {id}")).await;
    let last = shown["attempts"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&shown["state"], &last["outcome"], class.applied()),
        (&json!("delivered"), &json!("alreadyApplied"), 1)
    );
}

#[tokio::test]
async fn dead_letters_are_redriven_once_and_what_is_no_score_stays() {
    let class = Class::start().await;
    let id = class.dead(7.5).await;
    let dead = &class.tool.parts.queues.dead;
    dead.send("hello", 0);
    dead.send(&message(&SubmissionId::new(&SystemRandom)), 0);
    // The same letter twice: a worker that was killed after it had buried the score.
    dead.send(&message(&id.as_str().try_into().unwrap()), 0);
    let redriven = class.cli.done("scores redrive").await;
    assert_eq!((&redriven["queued"], &redriven["left"]), (&json!(2), &json!(2)));
    assert_eq!((dead.len(), dead.receive().len()), (2, 2), "they stay, and are visible");
    class.work().await;
    assert_eq!((class.state(&id).await.as_str(), class.applied()), ("delivered", 1));
}

#[tokio::test]
async fn at_most_so_many_are_redriven_as_is_said() {
    let class = Class::start().await;
    for given in [1.0, 2.0] {
        class.fail(ServiceFault::Redirect { location: "https://elsewhere.example".to_owned() }, Times::All);
        class.queue(given).await;
        class.work().await;
    }
    class.school.platform.faults().clear();
    assert_eq!(class.cli.done("scores redrive --limit 1").await["queued"], 1);
    assert_eq!(class.tool.parts.queues.dead.len(), 1);
}

/// A message that was received a thousand times moves to the dead letters by itself, with its score still queued.
#[tokio::test]
async fn a_dead_letter_whose_score_waits_goes_on_where_it_was() {
    let class = Class::start().await;
    let id = class.queue(7.5).await;
    let queues = &class.tool.parts.queues;
    let taken = queues.scores.receive();
    queues.dead.send(&taken[0].body, 0);
    queues.scores.delete(&taken[0].receipt);
    assert_eq!(class.cli.done("scores redrive").await["queued"], 1);
    class.work().await;
    assert_eq!((class.state(&id).await.as_str(), queues.dead.len()), ("delivered", 0));
}

#[tokio::test]
async fn a_score_that_is_being_sent_is_left_alone_for_as_long_as_that_takes() {
    let class = Class::start().await;
    let (status, id) = class.send(7.5, &[]).await;
    assert_eq!(status, 200);
    // Killed after the Platform took it, before that was recorded.
    class.set_state(&id, "sending").await;
    class.cli.refused(&format!("scores retry {id}"), Exit::Conflict).await;
    class.tool.clock.advance(LANE_LEASE_SECONDS);
    // Its body is gone only since it had been delivered; so there is nothing to send.
    class.cli.refused(&format!("scores retry {id}"), Exit::Conflict).await;
}

impl Class {
    async fn set_state(&self, id: &str, state: &str) {
        use doorway_tests::AttributeValue::S;
        let client = self.tool.parts.aws.dynamodb().await;
        let update = client.update_item().table_name(doorway_local::database::SCORES_TABLE);
        let update = update.key("id", S(id.to_owned())).update_expression("SET #state = :state");
        let update = update.expression_attribute_names("#state", "state");
        update.expression_attribute_values(":state", S(state.to_owned())).send().await.unwrap();
    }

    /// Everything in the tables, as text.
    pub(crate) async fn everything(&self) -> String {
        let mut all = self.tool.all_items().await.join("\n");
        for item in self.tool.items(doorway_local::database::SCORES_TABLE).await {
            all.push_str(&format!("\n{item:?}"));
        }
        all
    }
}

/// What the command says of a value that it was given.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}
