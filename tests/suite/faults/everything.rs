//! A Tool with AWS behind a front, and one call prepared for every function in every of its parts.

use std::sync::Arc;

use doorway_core::clock::Clock as _;
use doorway_core::invite::NewInvite;
use doorway_core::random::SystemRandom;
use doorway_local::tool::SecretsFrom;
use doorway_mock_platform::{Profile, find_user};
use doorway_tests::{Answer, AwsFront, Begun, School, TestTool, begun, log_lines};
use serde_json::{Value, json};

use super::assert_reason;

const BEN: &str = "52";
/// How many times the worker is asked until nothing waits.
const MOST_POLLS: usize = 20;

/// A school, and what is needed for one call of everything.
pub(super) struct Everything {
    pub(super) front: Arc<AwsFront>,
    pub(super) tool: TestTool,
    school: School,
    /// A login that was begun, and the Platform's answer to it.
    begun: (Begun, String),
    redeemed: String,
    unredeemed: String,
    to_forget: String,
    deep_linking: String,
    /// The score that waits in the queue.
    waiting: String,
    /// The way from an invite to the Tool's page, and what the page of another invite posts.
    invited: String,
    form: (String, String),
}

/// What was called, and its answer.
pub(super) type Answered = (&'static str, Answer);

/// The calls that are answered with a page.
const PAGES: [&str; 4] = ["login", "launch", "register, asked", "register, confirmed"];

fn grade(points: u32) -> Value {
    json!({ "scoreGiven": points, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded" })
}

impl Everything {
    /// All is well and nothing is in memory: each function is a new instance.
    pub(super) async fn start() -> Self {
        let mut tool = TestTool::start(&[]).await;
        tool.parts.tool_keys().publish(&tool.public_keys()).await.expect("the table takes items");
        let school = School::start(&tool, Profile::Plain).await;
        let redeemed = school.launch(&tool, BEN).await;
        let to_forget = school.launch(&tool, BEN).await;
        let deep_linking = school.deep_linking(&tool).await;
        let (begun, token) = begin(&tool, &school).await;
        let unredeemed = tool.post_token(&begun, &token).await.launch_id();
        let path = format!("/v1/launches/{redeemed}/scores");
        let queued = tool.api_json("POST", &path, &grade(3), &[("prefer", "respond-async")]).await;
        let waiting = queued.json()["id"].as_str().expect("a queued score has an id").to_owned();
        let invited = invite(&tool, &school).await;
        let page = tool.get(&invite(&tool, &school).await).await;
        let cookie = page.header("set-cookie").split(';').next().expect("a cookie has a value").to_owned();
        let form = (page.hidden_fields().swap_remove(0).1, cookie);
        let begun = begin(&tool, &school).await;
        let front = AwsFront::start(tool.database()).await;
        tool.parts.aws = front.aws().await;
        tool.parts.secrets = SecretsFrom::SecretsManager;
        tool.restart();
        front.take_tries();
        Self { front, tool, school, begun, redeemed, unredeemed, to_forget, deep_linking, waiting, invited, form }
    }

    /// New instances that wait for AWS no longer than deployed functions do.
    pub(super) async fn hurry(&mut self) {
        self.tool.parts.aws = self.front.hurried_aws().await;
        self.tool.restart();
    }

    /// New instances that wait for as long as it takes: whether all is well does not depend on how busy the machine is.
    pub(super) async fn take_time(&mut self) {
        self.tool.parts.aws = self.front.aws().await;
        self.tool.restart();
    }

    /// Calls everything that answers requests, all at once.
    pub(super) async fn calls(&self) -> Vec<Answered> {
        let Self { tool, redeemed, .. } = self;
        let call = async |method: &str, launch: &str, rest: &str, body: Value| {
            tool.api_json(method, &format!("/v1/launches/{launch}{rest}"), &body, &[]).await
        };
        let user =
            format!("/v1/users?issuer={}&sub=nobody", self.school.issuer.replace(':', "%3A").replace('/', "%2F"));
        let line_item = format!("{}/line-items/course-7/link-1201", self.school.issuer);
        let line_item = doorway_core::line_item_id::of(&line_item.parse().expect("the Platform's addresses are URLs"));
        let (item, results) = (format!("/line-items/{line_item}"), format!("/line-items/{line_item}/results"));
        let (redeem, waiting) =
            (format!("/v1/launches/{}/redeem", self.unredeemed), format!("/v1/scores/{}", self.waiting));
        let (fields, cookies) = ([("registration", self.form.0.as_str())], [self.form.1.as_str()]);
        let (login, launch, keys, redeem, read, forget, forget_user, deep_link) = tokio::join!(
            self.school.login(tool),
            tool.post_token(&self.begun.0, &self.begun.1),
            tool.get("/.well-known/jwks.json"),
            tool.api("POST", &redeem),
            call("GET", redeemed, "", json!({})),
            call("DELETE", &self.to_forget, "", json!({})),
            tool.api("DELETE", &user),
            call("POST", &self.deep_linking, "/deep-link", json!({ "contentItems": [] })),
        );
        let (score, record, items, item, results, members, asked, confirmed) = tokio::join!(
            call("POST", redeemed, "/scores", grade(7)),
            tool.api("GET", &waiting),
            call("GET", redeemed, "/line-items", json!({})),
            call("GET", redeemed, &item, json!({})),
            call("GET", redeemed, &results, json!({})),
            call("GET", redeemed, "/memberships", json!({})),
            tool.get(&self.invited),
            tool.post("/lti/register", &fields, &cookies),
        );
        vec![
            ("login", login),
            ("launch", launch),
            ("jwks", keys),
            ("launches, redeem", redeem),
            ("launches, read", read),
            ("launches, forget", forget),
            ("launches, forget a user", forget_user),
            ("deep-link", deep_link),
            ("scores, a score", score),
            ("scores, where a score stands", record),
            ("scores, line items", items),
            ("scores, a line item", item),
            ("scores, results", results),
            ("memberships", members),
            ("register, asked", asked),
            ("register, confirmed", confirmed),
        ]
    }

    /// The function that consumes the queue has one batch: the score that waits.
    pub(super) async fn deliver(&self) -> Delivered {
        let before = log_lines().len();
        assert_eq!(self.tool.poller().poll().await, 1, "the score waits");
        let lines: Vec<Value> = log_lines().split_off(before);
        let batch = lines.iter().find(|line| line["message"] == "deliveries").expect("a batch is logged").clone();
        let errors = lines.into_iter().filter(|line| line["level"] == "ERROR").collect();
        Delivered { batch, errors }
    }

    /// Every call works, and no score waits any longer: nothing was burned, nothing was lost.
    pub(super) async fn works(&self) {
        for (case, answer) in self.calls().await {
            assert!(answer.status.as_u16() < 400, "{case}: {} {}", answer.status, answer.body);
        }
        let queues = &self.tool.parts.queues;
        for _ in 0..MOST_POLLS {
            let Some(at) = queues.scores.next_visible_at() else { break };
            self.tool.clock.advance(at.0.saturating_sub(self.tool.now()));
            self.tool.poller().poll().await;
        }
        assert_eq!((queues.scores.len(), queues.dead.len()), (0, 0));
        let record = self.tool.api("GET", &format!("/v1/scores/{}", self.waiting)).await;
        assert_eq!(record.json()["state"], "superseded", "a newer grade overtook it: {}", record.body);
        let grade = self.school.platform.gradebook().grade("link-1201", BEN);
        let share = grade.and_then(|grade| Some(grade.result_score? / grade.result_maximum));
        assert_eq!(share, Some(0.7), "the newer grade is at the Platform");
    }
}

/// What the worker logged of one batch.
pub(super) struct Delivered {
    batch: Value,
    errors: Vec<Value>,
}

impl Delivered {
    pub(super) fn counts(&self) -> [(&'static str, u64); 3] {
        ["delivered", "superseded", "again"].map(|name| (name, self.batch[name].as_u64().expect("a count is a number")))
    }

    /// The score comes again, and the log says why.
    #[track_caller]
    pub(super) fn comes_again_because(&self, reason: &str) {
        assert_eq!(self.counts(), [("delivered", 0), ("superseded", 0), ("again", 1)]);
        let said = self.errors.iter().any(|line| line.to_string().contains(reason));
        assert!(said, "{reason} is not in {:?}", self.errors);
    }
}

/// All of these calls are refused like this: a page with words and a reference, or a problem with code and `Retry-After`; and
/// a log line with code and reason.
#[track_caller]
pub(super) fn all_refused(answers: &[Answered], code: &str, reason: &str) {
    for (case, answer) in answers {
        let line = doorway_tests::refused(case, answer, 503, code);
        assert_reason(case, &line, reason);
        assert_eq!((&line["level"], &line["failures"]), (&"ERROR".into(), &1.into()), "{case}");
        assert!(answer.body.contains("The tool is not available right now"), "{case}: {}", answer.body);
        assert!(answer.body.contains("Wait a minute, then open the link again"), "{case}: {}", answer.body);
        assert_eq!(answer.header("retry-after"), if PAGES.contains(case) { "" } else { "5" }, "{case}");
    }
}

/// Those of these calls.
pub(super) fn only(answers: Vec<Answered>, cases: &[&str]) -> Vec<Answered> {
    answers.into_iter().filter(|(case, _)| cases.contains(case)).collect()
}

async fn begin(tool: &TestTool, school: &School) -> (Begun, String) {
    let begun = begun(&school.login(tool).await);
    let user = find_user(BEN).expect("the school has Ben");
    let claims = school.platform.claims_of("video", &user, &begun.nonce()).expect("the course has the link");
    let token = school.platform.key().id_token(&claims);
    (begun, token)
}

/// The link of a new invite, as the school's administrator opens it.
async fn invite(tool: &TestTool, school: &School) -> String {
    let code = tool.parts.invites().create(&NewInvite::default(), &SystemRandom, tool.clock.now()).await;
    let code = code.expect("the table takes an invite");
    let link = format!("https://tool.example/lti/register?invite={}", code.text());
    let opened = school.platform.registration_initiation(&link, None).expect("the link is a URL");
    opened.replace("https://tool.example", "")
}
