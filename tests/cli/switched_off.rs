//! What is disabled serves nothing, in any function, within the stated seconds; each had believed it active just before.

use doorway_core::registration::DeploymentPolicy;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_mock_platform::{ServicesConfig, find_user};
use doorway_tests::{Answer, Begun, School, TestTool, begun, refused};
use serde_json::{Value, json};

use crate::support::Cli;

/// A school, and one launch of it for every way to be served.
struct Everything {
    tool: TestTool,
    school: School,
    cli: Cli,
    redeemed: String,
    unredeemed: String,
    deep_linking: String,
    /// A login that was begun before.
    before: Begun,
}

const SCORE: &str = "scores";

fn grade() -> Value {
    json!({ "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded" })
}

impl Everything {
    async fn start() -> Self {
        let tool = TestTool::start(&[]).await;
        let any = |registration: &mut doorway_core::registration::Registration| {
            registration.deployments = DeploymentPolicy::Any;
        };
        let school = School::start_with(&tool, ServicesConfig::default(), any).await;
        let redeemed = school.launch(&tool, "52").await;
        let deep_linking = school.deep_linking(&tool).await;
        let first = begun(&school.login(&tool).await);
        let unredeemed = post(&tool, &school, &first).await.launch_id();
        let before = begun(&school.login(&tool).await);
        let cli = Cli::of(&tool).await;
        Self { tool, school, cli, redeemed, unredeemed, deep_linking, before }
    }

    async fn call(&self, method: &str, launch: &str, rest: &str, body: &Value) -> Answer {
        self.tool.api_json(method, &format!("/v1/launches/{launch}{rest}"), body, &[]).await
    }

    /// Every call of the App API about a launch, by the function that answers.
    async fn app_api(&self) -> Vec<(&'static str, Answer)> {
        let items = json!({ "contentItems": [] });
        vec![
            ("launches", self.call("GET", &self.redeemed, "", &json!({})).await),
            ("deep-link", self.call("POST", &self.deep_linking, "/deep-link", &items).await),
            (SCORE, self.call("POST", &self.redeemed, "/scores", &grade()).await),
            ("line items", self.call("GET", &self.redeemed, "/line-items", &json!({})).await),
            ("memberships", self.call("GET", &self.redeemed, "/memberships", &json!({})).await),
        ]
    }

    /// Puts a score into the queue for the worker, which believes from an earlier one that all is active.
    async fn queue(&self) {
        let path = format!("/v1/launches/{}/scores", self.redeemed);
        self.tool.clock.advance(1);
        let answer = self.tool.api_json("POST", &path, &grade(), &[("prefer", "respond-async")]).await;
        assert_eq!(answer.status.as_u16(), 202, "{}", answer.body);
    }

    fn scores_at_the_platform(&self) -> usize {
        let requests = self.school.platform.requests();
        requests.iter().filter(|request| request.method == "POST" && request.path.ends_with("/scores")).count()
    }

    /// All functions serve; then the command is given, and after the stated seconds none does.
    async fn serves_until(&self, command: &str, code: &str) {
        for (function, answer) in self.app_api().await {
            assert!(answer.status.is_success(), "{function} serves before: {}", answer.body);
        }
        self.queue().await;
        self.tool.poller().poll().await;
        self.queue().await;
        let sent = self.scores_at_the_platform();
        assert_eq!(sent, 2);

        let said = self.cli.done(command).await;
        assert_eq!(said["withinSeconds"], REGISTRATION_CACHE_SECONDS);
        self.tool.clock.advance(REGISTRATION_CACHE_SECONDS);

        refused("login", &self.school.login(&self.tool).await, 403, code);
        refused("launch", &post(&self.tool, &self.school, &self.before).await, 403, code);
        refused("redeem", &self.tool.redeem(&self.unredeemed).await, 403, code);
        for (function, answer) in self.app_api().await {
            refused(function, &answer, 403, code);
        }
        self.tool.poller().poll().await;
        assert_eq!((self.scores_at_the_platform(), self.tool.parts.queues.scores.len()), (sent, 1), "the worker waits");
    }
}

async fn post(tool: &TestTool, school: &School, begun: &Begun) -> Answer {
    let user = find_user("52").expect("the school has Ben");
    let claims = school.platform.claims_of("video", &user, &begun.nonce()).expect("the course has the link");
    tool.post_token(begun, &school.platform.key().id_token(&claims)).await
}

#[tokio::test]
async fn a_disabled_registration_serves_nothing_in_any_function_after_30_seconds() {
    let everything = Everything::start().await;
    let command = format!("platform disable {} doorway-at-school", everything.school.issuer);
    everything.serves_until(&command, "registration_disabled").await;
    // On again, and the score that waited is delivered.
    everything.cli.done(&command.replace("disable", "enable")).await;
    everything.tool.clock.advance(REGISTRATION_CACHE_SECONDS);
    everything.tool.clock.advance(3600);
    everything.tool.poller().poll().await;
    assert_eq!(everything.scores_at_the_platform(), 3);
}

#[tokio::test]
async fn a_disabled_deployment_serves_nothing_in_any_function_after_30_seconds() {
    let everything = Everything::start().await;
    let command = format!("deployment disable {} doorway-at-school 1", everything.school.issuer);
    everything.serves_until(&command, "deployment_disabled").await;
}
