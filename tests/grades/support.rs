//! A class: a Tool, a school, a launch; scores on their way, and what became of them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use doorway_core::date::rfc3339;
use doorway_core::launch_id::LaunchId;
use doorway_core::registration::Registration;
use doorway_core::scores::SubmissionId;
use doorway_lti::id_token::UnixSeconds;
use doorway_mock_platform::claims::names::AGS_ENDPOINT;
use doorway_mock_platform::{
    AppliedScore, Endpoint, Grade, Profile, RecordedRequest, ServiceFault, ServicesConfig, Times,
};
use doorway_tests::{APP_KEY, Answer, School, TestTool};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use serde_json::{Value, json};

/// The teacher.
pub(crate) const ADA: &str = "41";
/// The student whose scores are sent.
pub(crate) const BEN: &str = "52";
/// Another student.
pub(crate) const CHLOE: &str = "53";
/// The column of the video lesson, which is the launch's own; out of 100 points.
pub(crate) const VIDEO: &str = "link-1201";
/// The column of the quiz; out of 10 points.
pub(crate) const QUIZ: &str = "link-1202";

/// Every kind of Platform.
pub(crate) const PROFILES: [Profile; 6] =
    [Profile::Plain, Profile::Moodle, Profile::Canvas, Profile::Blackboard, Profile::Brightspace, Profile::Sakai];

/// How many times the worker is asked until its queue is empty.
const MOST_POLLS: usize = 500;
/// How long a test waits for something that must happen, in real time.
const SOON: Duration = Duration::from_secs(30);

/// A Tool, a school, and a redeemed launch of the video lesson.
pub(crate) struct Class {
    pub(crate) tool: TestTool,
    pub(crate) school: School,
    pub(crate) launch: String,
}

impl Class {
    /// A school of this kind, into which Ben has launched.
    pub(crate) async fn of(profile: Profile) -> Self {
        Self::with_claims(profile, BEN, |_| {}).await
    }

    /// A school of this kind, into which somebody has launched with claims that a test changes.
    pub(crate) async fn with_claims(profile: Profile, user: &str, change: impl FnOnce(&mut Value)) -> Self {
        Self::start(profile, |_| {}, user, change).await
    }

    /// A school whose Registration is otherwise.
    pub(crate) async fn with_registration(change: impl FnOnce(&mut Registration)) -> Self {
        Self::start(Profile::Plain, change, BEN, |_| {}).await
    }

    async fn start(
        profile: Profile,
        registration: impl FnOnce(&mut Registration),
        user: &str,
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let tool = TestTool::start(&[]).await;
        let services = ServicesConfig { profile, ..ServicesConfig::default() };
        let school = School::start_with(&tool, services, registration).await;
        let launch = school.launch_with(&tool, "video", user, change).await;
        Self { tool, school, launch }
    }

    /// Sends a score.
    pub(crate) async fn send(&self, score: &Value) -> Answer {
        self.send_with(score, &[]).await
    }

    /// Sends a score with further headers.
    pub(crate) async fn send_with(&self, score: &Value, headers: &[(&str, &str)]) -> Answer {
        send_for(&self.tool, &self.launch, score, headers).await
    }

    /// Sends a score under an idempotency key.
    pub(crate) async fn send_keyed(&self, key: &str, score: &Value) -> Answer {
        self.send_with(score, &[("idempotency-key", key)]).await
    }

    /// Sends a body as it is.
    pub(crate) async fn send_raw(&self, body: &str) -> Answer {
        let request = Request::post(format!("/v1/launches/{}/scores", self.launch))
            .header(AUTHORIZATION, format!("Bearer {APP_KEY}"))
            .header(CONTENT_TYPE, "application/json");
        self.tool.send(request.body(Body::from(body.to_owned())).expect("the headers are right")).await
    }

    /// Sends a score that the App does not wait for; its id.
    pub(crate) async fn queue(&self, score: &Value) -> String {
        queued(&self.send_with(score, &[("prefer", "respond-async")]).await)
    }

    /// What the App API says of a score.
    pub(crate) async fn record(&self, id: &str) -> Value {
        let answer = self.tool.api("GET", &format!("/v1/scores/{id}")).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        answer.json()
    }

    /// Where a score stands.
    pub(crate) async fn state(&self, id: &str) -> String {
        self.record(id).await["state"].as_str().expect("a score has a state").to_owned()
    }

    /// How the attempts of a score ended.
    pub(crate) async fn outcomes(&self, id: &str) -> Vec<String> {
        let record = self.record(id).await;
        let attempts = record["attempts"].as_array().expect("attempts are listed");
        attempts.iter().map(|attempt| attempt["outcome"].as_str().expect("an attempt has an outcome").into()).collect()
    }

    /// The id that a score under this key has.
    pub(crate) fn id_of_key(&self, key: &str) -> String {
        let launch = LaunchId::try_from(self.launch.as_str()).expect("a launch has an id");
        SubmissionId::of_request(&launch, key).as_str().to_owned()
    }

    /// The scores that the Platform has applied.
    pub(crate) fn applied(&self) -> Vec<AppliedScore> {
        self.school.platform.gradebook().applied_scores()
    }

    /// What Ben has in the column of the video lesson.
    pub(crate) fn grade(&self) -> Option<Grade> {
        self.school.platform.gradebook().grade(VIDEO, BEN)
    }

    /// A teacher grades Ben's video lesson by hand, so many seconds from now.
    pub(crate) fn grade_by_hand(&self, points: f64, in_seconds: u64) {
        let instant = rfc3339(UnixSeconds(self.tool.now() + in_seconds));
        let is_graded = self.school.platform.gradebook().grade_by_hand(VIDEO, BEN, points, &instant);
        assert!(is_graded, "the column is there");
    }

    /// The requests to a path of the Platform that ends like this.
    pub(crate) fn requests(&self, method: &str, path_end: &str) -> Vec<RecordedRequest> {
        let requests = self.school.platform.requests().into_iter();
        requests.filter(|request| request.method == method && request.path.ends_with(path_end)).collect()
    }

    /// The requests that brought a score to the Platform.
    pub(crate) fn score_requests(&self) -> Vec<RecordedRequest> {
        self.requests("POST", "/scores")
    }

    /// How often the Platform was asked for a token.
    pub(crate) fn token_requests(&self) -> usize {
        self.requests("POST", "/token").len()
    }

    /// Lets a service of the Platform fail.
    pub(crate) fn fail(&self, endpoint: Endpoint, fault: ServiceFault, times: Times) {
        self.school.platform.faults().switch_on(endpoint, fault, times);
    }

    /// Lets the next so many score requests fail.
    pub(crate) fn fail_scores(&self, times: usize, fault: ServiceFault) {
        self.fail(Endpoint::Score, fault, Times::Next(times));
    }

    /// Ends all faults.
    pub(crate) fn mend(&self) {
        self.school.platform.faults().clear();
    }

    /// The worker handles one batch; how many messages it had.
    pub(crate) async fn poll(&self) -> usize {
        self.tool.poller().poll().await
    }

    /// Time passes, and the worker works, until nothing waits any more.
    pub(crate) async fn settle(&self) {
        for _ in 0..MOST_POLLS {
            if !self.poll_next().await {
                return;
            }
        }
        panic!("scores wait for ever");
    }

    /// Time passes until the next message is visible, and the worker handles a batch. Whether there was one.
    pub(crate) async fn poll_next(&self) -> bool {
        let Some(at) = self.tool.parts.queues.scores.next_visible_at() else { return false };
        self.tool.clock.advance(at.0.saturating_sub(self.tool.now()));
        self.poll().await;
        true
    }

    /// Time passes, and the worker works, until so many score requests have been made.
    pub(crate) async fn poll_until_requests(&self, count: usize) {
        for _ in 0..MOST_POLLS {
            if self.score_requests().len() >= count {
                return;
            }
            assert!(self.poll_next().await, "nothing waits any more");
        }
        panic!("too few attempts are made");
    }

    /// How many messages wait, and how many are dead.
    pub(crate) fn queue_lengths(&self) -> (usize, usize) {
        (self.tool.parts.queues.scores.len(), self.tool.parts.queues.dead.len())
    }

    /// A call about the line items of the launch.
    pub(crate) async fn line_items(&self, method: &str, rest: &str, body: &Value) -> Answer {
        self.tool.api_json(method, &format!("/v1/launches/{}/line-items{rest}", self.launch), body, &[]).await
    }

    /// The URL of a line item, as the Platform names it.
    pub(crate) fn line_item_url(&self, id: &str) -> String {
        let query = if self.school.platform.profile() == Profile::Moodle { "?type_id=2" } else { "" };
        format!("{}/line-items/course-7/{id}{query}", self.school.issuer)
    }

    /// The id of a line item in paths.
    pub(crate) fn line_item_id(&self, id: &str) -> String {
        let url = self.line_item_url(id).parse().expect("the Platform's addresses are URLs");
        doorway_core::line_item_id::of(&url)
    }
}

/// Sends a score for a launch.
pub(crate) async fn send_for(tool: &TestTool, launch: &str, score: &Value, headers: &[(&str, &str)]) -> Answer {
    tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), score, headers).await
}

/// A final score, out of ten.
pub(crate) fn grade(given: f64) -> Value {
    json!({
        "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    })
}

/// A final score of somebody.
pub(crate) fn grade_of(user_id: &str, given: f64) -> Value {
    with(grade(given), &json!({ "userId": user_id }))
}

/// The learner works on it: no grade.
pub(crate) fn progress() -> Value {
    json!({ "activityProgress": "InProgress", "gradingProgress": "Pending" })
}

/// A score with further members; `null` takes a member away.
pub(crate) fn with(mut score: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("members are given as an object") {
        score[name] = value.clone();
    }
    score.as_object_mut().expect("a score is an object").retain(|_, value| !value.is_null());
    score
}

/// Changes the scopes that a launch's claims grant.
pub(crate) fn grant(claims: &mut Value, scopes: &[&str]) {
    claims[AGS_ENDPOINT]["scope"] = json!(scopes);
}

/// Checks that a score was delivered at once; its id.
#[track_caller]
pub(crate) fn delivered(answer: &Answer) -> String {
    settled_as(answer, "delivered")
}

/// Checks that a score is settled like this; its id.
#[track_caller]
pub(crate) fn settled_as(answer: &Answer, state: &str) -> String {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let score = answer.json();
    assert_eq!(score["state"], state, "{score}");
    score["id"].as_str().expect("a score has an id").to_owned()
}

/// Checks that a score was queued; its id.
#[track_caller]
pub(crate) fn queued(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 202, "{}", answer.body);
    let score = answer.json();
    assert_eq!(score["state"], "queued", "{score}");
    let id = score["id"].as_str().expect("a score has an id").to_owned();
    assert_eq!(answer.header(LOCATION), format!("/v1/scores/{id}"));
    id
}

/// What every request answers; all of them run at once.
pub(crate) async fn at_once<F>(class: &Arc<Class>, many: usize, request: impl Fn(usize, Arc<Class>) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let running: Vec<_> = (0..many).map(|n| tokio::spawn(request(n, class.clone()))).collect();
    let mut answers = Vec::new();
    for request in running {
        answers.push(request.await.expect("no request panics"));
    }
    answers
}

/// What must happen without any clock being moved.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, what).await.expect("it happens soon")
}
